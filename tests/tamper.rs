//! Nothing that somebody altered is accepted: every part of the evidence of every fixture that verifies, each altered
//! once, with everything that names it made to fit.
//!
//! The ledger `conformance/tamper.json` lists the parts that nobody signs and nothing depends on, each with the reason; it
//! is strict in both directions.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vidimus::engine::RuleStatus;
use vidimus::evidence::Failure;
use vidimus::scalar::time::Timestamp;
use vidimus::yaml::parse_documents;
use vidimus::{AdmissionRequest, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus_tests::case::Case;
use vidimus_tests::layout::{LayoutRoot, evaluate};
use vidimus_tests::tamper::{Alteration, alterations};

/// Cases of one kind whose evidence is too large to alter it everywhere.
const MOST: usize = 4_000;

// Without the test harness, so that the number of alterations is printed.
fn main() {
    let Some(root) = vidimus_tests::shared("fixtures") else {
        return println!("test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
    };
    let ledger: BTreeMap<String, String> =
        serde_json::from_str(include_str!("conformance/tamper.json")).expect("the ledger is JSON");
    let layouts = LayoutRoot(root.join("images"));
    let (mut cases, mut tried) = (0, 0);
    let mut accepted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for case in Case::all(&root) {
        let Some(question) = Question::of(&case) else { continue };
        let Some(evidence) = question.good_evidence(&layouts) else { continue };
        // With several signatures one may be altered and another one still do.
        if !is_alone(&evidence) {
            continue;
        }
        // Many cases ask about one image.
        if !seen.insert((case.text("policy.yaml"), evidence["blobs"].to_string())) {
            continue;
        }
        cases += 1;
        for Alteration { part, change, evidence } in alterations(&evidence).into_iter().take(MOST) {
            tried += 1;
            if question.accepts(&evidence) {
                let part = in_context(&part, &case.text("policy.yaml"));
                accepted.entry(part).or_default().push(format!("{}: {change}", case.id));
            }
        }
    }
    println!("{tried} alterations of the evidence of {cases} cases: {} kinds of parts are not relied on", ledger.len());
    let explains =
        |entry: &str, part: &str| vidimus::wildcard::matches(&entry.replace("[]", "??"), &part.replace("[]", "??"));
    let unexplained: Vec<_> =
        accepted.iter().filter(|(part, _)| !ledger.keys().any(|entry| explains(entry, part))).collect();
    assert!(unexplained.is_empty(), "accepted although altered: {unexplained:#?}");
    let stale: Vec<_> = ledger.keys().filter(|entry| !accepted.keys().any(|part| explains(entry, part))).collect();
    assert!(stale.is_empty(), "ledger entries that are rejected or not there: {stale:?}");
    assert!(tried > 20_000, "only {tried} alterations");
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
}

/// The part, and what of the policy makes it count for nothing.
fn in_context(part: &str, policy: &str) -> String {
    let without = |written: &str| !policy.contains(written);
    match () {
        () if part.contains(".tlogEntries") && policy.contains("ignoreTlog: true") => {
            format!("{part} where the log is ignored")
        }
        () if part.contains("rfc3161timestamp") && without("tsaCertChain") => {
            format!("{part} where no authority is named")
        }
        () => part.to_owned(),
    }
}

/// Is everything in the evidence there once: one layer an artifact, one artifact an image?
fn is_alone(evidence: &Value) -> bool {
    let manifests = evidence["blobs"].as_object().into_iter().flatten().filter_map(|(digest, text)| {
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text.as_str()?).ok()?;
        let manifest: Value = serde_json::from_slice(&bytes).ok()?;
        Some((digest.clone(), manifest["layers"].as_array()?.len()))
    });
    let layers: BTreeMap<String, usize> = manifests.collect();
    let tagged = evidence["tags"].as_object().into_iter().flatten();
    let attached = tagged.filter(|(name, _)| name.ends_with(".sig") || name.ends_with(".att"));
    let single = |digest: &Value| layers.get(digest.as_str().unwrap_or_default()).is_none_or(|layers| *layers == 1);
    let referrers = evidence["referrers"].as_object().into_iter().flatten();
    attached.into_iter().all(|(_, digest)| single(digest))
        && referrers.into_iter().all(|(_, list)| {
            let list = list["descriptors"].as_array().map(Vec::as_slice).unwrap_or_default();
            list.len() < 2 && list.iter().all(|descriptor| single(&descriptor["digest"]))
        })
}

struct Question {
    set: PolicySet,
    request: AdmissionRequest,
    options: Options,
}

impl Question {
    /// `None`: the policy is no valid one.
    fn of(case: &Case) -> Option<Self> {
        let limits = Limits::default();
        let policy = case.text("policy.yaml");
        let set = PolicySet::load(&[(SourceName::new("policy.yaml"), policy.as_str())], &limits).ok()?;
        let resource = parse_documents(&case.text("resource.yaml"), &limits).ok()?;
        let request = AdmissionRequest::new(vidimus::policy::Operation::Create, resource[0].to_value(), None).ok()?;
        let options = Options {
            now: Timestamp::parse_rfc3339(case.now()).ok(),
            trust_root: Some(case.trust_root()),
            ..Options::default()
        };
        Some(Self { set, request, options })
    }

    /// The evidence of a case that verifies with cryptography.
    fn good_evidence(&self, layouts: &LayoutRoot) -> Option<Value> {
        let mut artifacts = Artifacts::new();
        let answer = evaluate(&self.set, &self.request, layouts, &mut artifacts, &self.options);
        let verified = answer.results.iter().all(|result| result.status == RuleStatus::Pass)
            && answer.results.iter().any(|result| result.message.starts_with("verified image"));
        verified.then(|| artifacts.to_document(Some(&answer.used)))
    }

    fn accepts(&self, evidence: &Value) -> bool {
        let mut artifacts = Artifacts::new();
        if artifacts.add_document(evidence.to_string().as_bytes()).is_err() {
            return false;
        }
        for _ in 0..20 {
            let answer = self.set.evaluate(&self.request, &artifacts, &self.options);
            if answer.is_complete() {
                return answer.admission.allowed
                    && answer.results.iter().any(|result| result.message.starts_with("verified image"));
            }
            for need in answer.needs {
                let failure = Failure { status: Some(404), error: "not found".to_owned(), transport: false };
                artifacts.add_failure(need.request, failure);
            }
        }
        false
    }
}
