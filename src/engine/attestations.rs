//! Attestations of an image: who signed them, what their conditions say, and what is denied once all are there.
//!
//! Source: Kyverno `pkg/engine/internal/imageverifier.go` (`verifyAttestations` and what it calls).

use super::conditions;
use super::result::{RuleResult, RuleStatus};
use super::verify_phase::{EntryWork, Said};
use crate::digest::Digest;
use crate::oci::ImageReference;
use crate::policy::{Attestation, ImageVerification, condition_blocks};
use crate::trace::{Step, StepOutcome};
use crate::variables::substitute;
use crate::verify::{Attested, PlannedAttestor, PlannedSet, Subject, VerifyError, fetch_attestations};
use serde_json::{Map, Value};

/// Why an attestation does not do.
enum Failure {
    /// By whom it is cannot be told, or it is nobody's: the reason.
    Unverified(VerifyError),
    /// It is there and says something else: Kyverno's text, with the path of the attestor.
    Unmet { code: &'static str, message: String },
}

impl Failure {
    fn unmet(code: &'static str, message: impl Into<String>) -> Self {
        Self::Unmet { code, message: message.into() }
    }

    fn text(&self) -> String {
        match self {
            Self::Unverified(error) => error.to_string(),
            Self::Unmet { message, .. } => message.clone(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unverified(error) => error.code(),
            Self::Unmet { code, .. } => code,
        }
    }
}

/// The image under way; its digest may become known from the attestations.
struct Image<'i> {
    reference: &'i ImageReference,
    digest: Option<Digest>,
}

impl Image<'_> {
    /// As messages name it: by its digest, once that is known.
    fn name(&self) -> String {
        match &self.digest {
            Some(digest) => self.reference.with_digest(digest).canonical().to_owned(),
            None => self.reference.canonical().to_owned(),
        }
    }
}

impl EntryWork<'_, '_, '_> {
    /// Verifies the attestations of an image whose digest its signatures may have told.
    pub(super) fn verify_attestations(&mut self, reference: &ImageReference, digest: Option<Digest>) -> Said {
        let entry = self.entry;
        let plan = self.plan;
        let mut image = Image { reference, digest };
        for (index, (attestation, sets)) in entry.attestations.iter().zip(&plan.attestations).enumerate() {
            if attestation.predicate_type.is_empty() {
                let message = format!(".attestations[{index}]: missing type");
                return (Some(self.result(RuleStatus::Fail, "attestation-type-missing", message)), None);
            }
            let mut failures = Vec::new();
            for (at, set) in sets.iter().enumerate() {
                let path = format!(".attestations[{index}].attestors[{at}].entries[{index}]");
                let verified = self.count_entries(set, attestation, &path, &mut image, &mut failures);
                if verified < set.required {
                    return (Some(self.too_few(verified, set.required, &failures)), None);
                }
            }
        }
        let result = self.validated(&image);
        (Some(result), image.digest)
    }

    /// How many entries of the set have what is wanted; stops once there are enough.
    fn count_entries(
        &mut self,
        set: &PlannedSet,
        attestation: &Attestation,
        path: &str,
        image: &mut Image<'_>,
        failures: &mut Vec<Failure>,
    ) -> usize {
        let mut verified = 0;
        for attestor in &set.entries {
            // Upstream counts attestations where it means attestors: the index is that of the attestation.
            let path = format!("{path}{}", attestor.suffix);
            match self.verify_attestation(attestor, attestation, &path, image) {
                Ok(()) => verified += 1,
                Err(failure) => failures.push(failure),
            }
            if verified >= set.required {
                break;
            }
        }
        verified
    }

    fn verify_attestation(
        &mut self,
        attestor: &PlannedAttestor,
        attestation: &Attestation,
        path: &str,
        image: &mut Image<'_>,
    ) -> Result<(), Failure> {
        let attested = self.fetch_attestations(attestor, attestation, path, image)?;
        self.bind_predicate(&attestation.name, &attestation.predicate_type, &attested.statements)?;
        if image.digest.is_none() {
            image.digest = attested.digest;
        }
        let kind = &attestation.predicate_type;
        let of_kind: Vec<&Value> = attested.statements.iter().filter(|it| text(it, "type") == kind).collect();
        if of_kind.is_empty() {
            let found: Vec<&str> = attested.statements.iter().map(|statement| text(statement, "type")).collect();
            self.run.trace.record(|| {
                Step::new("predicate-type-absent", StepOutcome::Failed, "no attestation of the type")
                    .compare(kind.as_str(), found)
            });
            let message = format!("{path}: attestions not found for predicate type {kind}");
            return Err(Failure::unmet("predicate-type-absent", message));
        }
        of_kind.iter().try_for_each(|statement| self.check_conditions(attestation, statement, path, image))
    }

    fn fetch_attestations(
        &mut self,
        attestor: &PlannedAttestor,
        attestation: &Attestation,
        path: &str,
        image: &Image<'_>,
    ) -> Result<Attested, Failure> {
        let repository = image.reference.repository();
        let subject = Subject::new(image.reference, &repository, self.entry);
        let kind = &attestation.predicate_type;
        let fetched = fetch_attestations(attestor, kind, path, &subject, &mut self.context());
        fetched.map_err(Failure::Unverified)
    }

    /// Gives the predicate its name. It is merged into what had the name before, as in Kyverno.
    fn bind_predicate(&mut self, name: &str, kind: &str, statements: &[Value]) -> Result<(), Failure> {
        let objects = || statements.iter().filter(|statement| statement.get("predicate").is_some_and(Value::is_object));
        let Some(first) = objects().next() else {
            return Err(Failure::unmet("predicate-not-object", "predicate not found in any statement"));
        };
        // DIVERGENCE attestation-name-of-another-type: upstream gives every name the first predicate of any type.
        let exact = self.run.options.compat == super::Compat::Exact;
        let named = if exact { Some(first) } else { objects().find(|statement| text(statement, "type") == kind) };
        if let Some(predicate) = named.and_then(|statement| statement.get("predicate")).filter(|_| !name.is_empty()) {
            self.run.context.add(name, predicate.clone());
        }
        Ok(())
    }

    fn check_conditions(
        &mut self,
        attestation: &Attestation,
        statement: &Value,
        path: &str,
        image: &Image<'_>,
    ) -> Result<(), Failure> {
        if attestation.conditions.value.as_array().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        let mark = self.run.context.mark();
        let outcome = self.evaluate_conditions(attestation, statement);
        self.run.context.restore(mark);
        self.run.trace.record(|| match &outcome {
            Ok((true, _)) => Step::new("conditions-evaluated", StepOutcome::Ok, "the conditions hold"),
            Ok((false, message)) => Step::new("conditions-evaluated", StepOutcome::Failed, message.clone())
                .compare(attestation.conditions.value.clone(), Value::Null),
            Err(error) => Step::new("conditions-evaluated", StepOutcome::Failed, error.clone()),
        });
        let kind = &attestation.predicate_type;
        match outcome {
            Ok((true, _)) => Ok(()),
            Ok((false, message)) => {
                let name = image.name();
                let message = format!("{path}: attestation checks failed for {name} and predicate {kind}: {message}");
                Err(Failure::unmet("attestation-conditions-not-met", message))
            }
            Err(error) => {
                let message = format!("{path}: failed to check attestations: {error}");
                Err(Failure::unmet("attestation-conditions-failed", message))
            }
        }
    }

    /// With the fields of the predicate at the root. Every variable is substituted before the first condition is looked at.
    fn evaluate_conditions(&mut self, attestation: &Attestation, statement: &Value) -> Result<(bool, String), String> {
        let Some(Value::Object(predicate)) = statement.get("predicate") else {
            return Err(format!("failed to extract predicate from statement: {statement}"));
        };
        let context = &mut self.run.context;
        for (field, value) in predicate {
            context.add(field, value.clone());
        }
        let filled = context.fill(&attestation.conditions).map_err(|error| {
            let hint = missing_path(&attestation.conditions.value, predicate);
            let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("failed to substitute variables in attestation conditions: {error}{hint}")
        })?;
        for block in condition_blocks(&filled, attestation.span) {
            let (holds, message) = conditions::holds(&block, context)?;
            if !holds {
                return Ok((false, message));
            }
        }
        Ok((true, String::new()))
    }

    fn too_few(&self, verified: usize, required: usize, failures: &[Failure]) -> RuleResult {
        let pending = |failure: &&Failure| matches!(failure, Failure::Unverified(VerifyError::Pending));
        let undecided = |failure: &&Failure| {
            matches!(failure, Failure::Unverified(VerifyError::NotBuilt { .. } | VerifyError::TimeUnknown))
        };
        let cause = failures.iter().find(pending).or_else(|| failures.iter().find(undecided));
        // Kyverno: a registry that cannot be reached fails here, where for signatures it is an error.
        let status = if cause.is_some() { RuleStatus::Error } else { RuleStatus::Fail };
        let code = cause.or(failures.first()).map_or("attestation-missing", Failure::code);
        let texts: Vec<String> = failures.iter().map(Failure::text).collect();
        let reasons = if texts.is_empty() { "attestations verification failed".to_owned() } else { texts.join("; ") };
        let message = format!(
            "image attestations verification failed, verifiedCount: {verified}, requiredCount: {required}, error: {reasons}"
        );
        self.result(status, code, message)
    }

    /// What the rule's `validate` says, once every attestation is there.
    fn validated(&mut self, image: &Image<'_>) -> RuleResult {
        let entries = self.entries;
        if entries.iter().all(|entry| entry.validate.is_none()) {
            let message = format!("verified image attestations for {}", image.name());
            return self.result(RuleStatus::Pass, "attestations-verified", message);
        }
        for entry in entries {
            if let Err((code, reason)) = self.deny(entry) {
                let message = format!("validation in verifyImages failed: {reason}");
                return self.result(RuleStatus::Fail, code, message);
            }
        }
        let message = format!("verifyImages validation is passed in {} rule", self.view.rule.name);
        self.result(RuleStatus::Pass, "attestations-validated", message)
    }

    fn deny(&mut self, entry: &ImageVerification) -> Result<(), (&'static str, String)> {
        let Some(validation) = &entry.validate else { return Ok(()) };
        let Some(deny) = &validation.deny else { return Ok(()) };
        let context = &mut self.run.context;
        let denied = deny.as_ref().map_or(Ok((true, String::new())), |block| conditions::holds(block, context));
        match denied {
            Err(error) => Err(("deny-failed", format!("failed to check deny conditions: {error}"))),
            Ok((false, _)) => Ok(()),
            Ok((true, message)) => Err(("denied", self.deny_message(&validation.message, &message))),
        }
    }

    fn deny_message(&mut self, own: &str, message: &str) -> String {
        if own.is_empty() && message.is_empty() {
            // Upstream forgets to name the rule.
            return "validation error: imageVerify  failed".to_owned();
        }
        let text = Value::from(conditions::join(&[own, message], "; "));
        match substitute(&text, &mut self.run.context) {
            Ok(Value::String(text)) => text,
            Ok(_) => "the produced message didn't resolve to a string, check your policy definition.".to_owned(),
            Err(_) => message.to_owned(),
        }
    }
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// For the first variable of the conditions that leads out of the predicate: how far it leads, and what is there instead.
fn missing_path(conditions: &Value, predicate: &Map<String, Value>) -> Option<String> {
    match conditions {
        Value::Array(items) => items.iter().find_map(|item| missing_path(item, predicate)),
        Value::Object(fields) => fields.values().find_map(|field| missing_path(field, predicate)),
        Value::String(text) => paths(text).into_iter().find_map(|path| missing_field(path, predicate)),
        Value::Bool(_) | Value::Null | Value::Number(_) => None,
    }
}

/// The variables in a text that are plain paths.
fn paths(text: &str) -> Vec<&str> {
    let variables = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    let is_path = |path: &&str| path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    variables.map(|(variable, _)| variable.trim()).filter(is_path).collect()
}

fn missing_field(path: &str, predicate: &Map<String, Value>) -> Option<String> {
    let mut fields = predicate;
    let mut walked: Vec<&str> = Vec::new();
    for name in path.split('.') {
        let whole = if walked.is_empty() { "the predicate".to_owned() } else { format!("`{}`", walked.join(".")) };
        match fields.get(name) {
            // A path that leaves the predicate at once is about something else: the request, an entry.
            None if walked.is_empty() => return None,
            None => {
                let names: Vec<&str> = fields.keys().map(String::as_str).take(12).collect();
                let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
                return Some(format!("{whole} is there and has no `{name}`: it has {names}"));
            }
            Some(Value::Object(inner)) => fields = inner,
            Some(_) => return None,
        }
        walked.push(name);
    }
    None
}
