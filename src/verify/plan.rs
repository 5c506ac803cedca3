//! Attestor sets made ready once, when the policy is loaded: PEM lists expanded, keys and certificates parsed.

use super::check_plan::CheckPlan;
use super::keys::split_pem;
use crate::policy::{Attestor, AttestorKind, AttestorSet, ImageVerification, KeySource, StaticKeys, VerificationType};
use crate::source::Spanned;
use std::collections::BTreeMap;

/// What one verifyImages entry asks for.
#[derive(Clone, Debug)]
pub struct EntryPlan {
    /// Sets for the image's signatures; every one must succeed.
    pub attestors: Vec<PlannedSet>,
    /// For each attestation, the sets for it; every one must succeed.
    pub attestations: Vec<Vec<PlannedSet>>,
}

/// One set.
#[derive(Clone, Debug)]
pub struct PlannedSet {
    /// How many entries must succeed.
    pub required: usize,
    /// The entries, PEM lists expanded.
    pub entries: Vec<PlannedAttestor>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct PlannedAttestor {
    /// What messages call its kind: `.keys`, `.certificates`, `.keyless` or nothing.
    pub suffix: &'static str,
    /// What it verifies with.
    pub kind: PlannedKind,
    /// Annotations that replace the entry's.
    pub annotations: Option<BTreeMap<String, String>>,
    /// Repository that replaces the entry's.
    pub repository: Option<String>,
}

/// What an entry verifies with.
#[derive(Clone, Debug)]
pub enum PlannedKind {
    /// A set of its own.
    Nested(PlannedSet),
    /// A key, certificates, or an identity.
    Signer(Box<CheckPlan>),
}

/// What an attestor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Attestation,
    Signature,
}

impl EntryPlan {
    /// Plans the sets of an entry.
    pub fn new(entry: &ImageVerification) -> Self {
        let kind = entry.kind;
        let planned = |sets: &[AttestorSet], purpose| sets.iter().map(|set| plan_set(set, purpose, kind)).collect();
        let of_attestation = |sets: &Vec<AttestorSet>| match sets.as_slice() {
            // Kyverno: no attestors are one that names nobody.
            [] => planned(&[AttestorSet { count: None, entries: vec![nobody(entry)] }], Purpose::Attestation),
            sets => planned(sets, Purpose::Attestation),
        };
        Self {
            attestors: planned(&entry.attestors, Purpose::Signature),
            attestations: entry.attestations.iter().map(|attestation| of_attestation(&attestation.attestors)).collect(),
        }
    }
}

fn nobody(entry: &ImageVerification) -> Attestor {
    Attestor {
        span: entry.span,
        kind: None,
        annotations: None,
        repository: None,
        signature_algorithm: crate::policy::HashName::Sha256,
    }
}

fn plan_set(set: &AttestorSet, purpose: Purpose, kind: VerificationType) -> PlannedSet {
    // PEM lists are expanded for signatures alone (Kyverno `verifyAttestations` takes the first key).
    let expanded: Vec<Attestor> = match purpose {
        Purpose::Attestation => set.entries.clone(),
        Purpose::Signature => set.entries.iter().flat_map(expand).collect(),
    };
    let entries: Vec<_> = expanded.iter().map(|attestor| plan_attestor(attestor, purpose, kind)).collect();
    let required = match set.count {
        None | Some(0) => entries.len(),
        Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
    };
    PlannedSet { required, entries }
}

/// Several PEM keys in one text are as many entries (Kyverno `ExpandStaticKeys`).
fn expand(attestor: &Attestor) -> Vec<Attestor> {
    let Some(AttestorKind::Keys(keys)) = &attestor.kind else {
        return vec![attestor.clone()];
    };
    let KeySource::Text(text) = &keys.source.value else {
        return vec![attestor.clone()];
    };
    let parts = split_pem(text);
    if parts.len() < 2 {
        return vec![attestor.clone()];
    }
    let with_key = |part: String| {
        let source = Spanned::new(KeySource::Text(part), keys.source.span);
        let kind = Some(AttestorKind::Keys(StaticKeys { source, ..keys.clone() }));
        Attestor { kind, ..attestor.clone() }
    };
    parts.into_iter().map(with_key).collect()
}

fn plan_attestor(attestor: &Attestor, purpose: Purpose, kind: VerificationType) -> PlannedAttestor {
    let suffix = match &attestor.kind {
        _ if kind == VerificationType::Notary && !matches!(attestor.kind, Some(AttestorKind::Nested(_))) => "",
        None => "",
        Some(AttestorKind::Certificates(_)) => ".certificates",
        Some(AttestorKind::Keyless(_)) => ".keyless",
        Some(AttestorKind::Keys(_)) => ".keys",
        Some(AttestorKind::Nested(_)) if purpose == Purpose::Attestation => "",
        Some(AttestorKind::Nested(_)) => ".attestor",
    };
    let planned = match &attestor.kind {
        Some(AttestorKind::Nested(set)) => PlannedKind::Nested(plan_set(set, purpose, kind)),
        _ => PlannedKind::Signer(Box::new(CheckPlan::new(attestor, purpose == Purpose::Attestation, kind))),
    };
    PlannedAttestor {
        suffix,
        kind: planned,
        // Upstream passes the rule through JSON, which drops an empty map: the entry's annotations stay in force then.
        annotations: attestor.annotations.clone().filter(|annotations| !annotations.is_empty()),
        repository: attestor.repository.clone().filter(|repository| !repository.is_empty()),
    }
}
