//! Attestor sets made ready once, when the policy is loaded: PEM lists expanded, keys parsed, paths written.

use super::Rejection;
use super::keys::{KeyPlan, plan_key, split_pem};
use crate::policy::{Attestor, AttestorKind, AttestorSet, Ctlog, HashName, KeySource, Rekor, StaticKeys};
use crate::source::Spanned;
use std::collections::BTreeMap;

/// The attestor sets of one verifyImages entry.
#[derive(Clone, Debug)]
pub struct AttestorPlan {
    /// Every set must succeed.
    pub sets: Vec<PlannedSet>,
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
    /// Nothing at all.
    Empty,
    /// A set of its own.
    Nested(PlannedSet),
    /// Something that is not built, as a noun.
    NotBuilt(String),
    /// A static key.
    Key {
        /// The key, or where it is.
        key: Box<KeyPlan>,
        /// Its hash; an unknown one is a rejection when it is used, as in Kyverno.
        hash: Result<crate::crypto::HashAlgorithm, Rejection>,
        /// Must a transparency log have it.
        log_required: bool,
        /// Must a timestamp authority have signed it.
        timestamp_required: bool,
    },
}

impl AttestorPlan {
    /// Plans the sets of an entry.
    pub fn new(sets: &[AttestorSet]) -> Self {
        Self { sets: sets.iter().map(plan_set).collect() }
    }
}

fn plan_set(set: &AttestorSet) -> PlannedSet {
    let entries: Vec<_> = set.entries.iter().flat_map(expand).map(|attestor| plan_attestor(&attestor)).collect();
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

fn plan_attestor(attestor: &Attestor) -> PlannedAttestor {
    let (suffix, kind) = match &attestor.kind {
        None => ("", PlannedKind::Empty),
        Some(AttestorKind::Certificates(_)) => (".certificates", not_built("certificate attestors are")),
        Some(AttestorKind::Keyless(_)) => (".keyless", not_built("keyless verification is")),
        Some(AttestorKind::Keys(keys)) => (".keys", plan_keys(keys)),
        Some(AttestorKind::Nested(set)) => (".attestor", PlannedKind::Nested(plan_set(set))),
    };
    PlannedAttestor {
        suffix,
        kind,
        // Upstream passes the rule through JSON, which drops an empty map: the entry's annotations stay in force then.
        annotations: attestor.annotations.clone().filter(|annotations| !annotations.is_empty()),
        repository: attestor.repository.clone().filter(|repository| !repository.is_empty()),
    }
}

fn not_built(feature: &str) -> PlannedKind {
    PlannedKind::NotBuilt(feature.to_owned())
}

fn plan_keys(keys: &StaticKeys) -> PlannedKind {
    PlannedKind::Key {
        key: Box::new(plan_key(&keys.source.value)),
        hash: hash(&keys.signature_algorithm),
        log_required: !keys.rekor.as_ref().is_some_and(|rekor: &Rekor| rekor.ignore_tlog),
        timestamp_required: keys.ctlog.as_ref().is_some_and(|ctlog: &Ctlog| ctlog.tsa_cert_chain.is_some()),
    }
}

fn hash(name: &HashName) -> Result<crate::crypto::HashAlgorithm, Rejection> {
    use crate::crypto::HashAlgorithm;
    match name {
        HashName::Sha224 => Ok(HashAlgorithm::Sha224),
        HashName::Sha256 => Ok(HashAlgorithm::Sha256),
        HashName::Sha384 => Ok(HashAlgorithm::Sha384),
        HashName::Sha512 => Ok(HashAlgorithm::Sha512),
        HashName::Other(text) => Err(Rejection::HashUnknown(text.clone())),
    }
}
