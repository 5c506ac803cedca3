//! What the registry answers on the way to a Notary signature, and what becomes of it.

use serde_json::{Value, json};
use vidimus::engine::{Compat, RuleStatus};
use vidimus::evidence::{Failure, Request};
use vidimus::scalar::time::Timestamp;
use vidimus::trace::TraceLevel;
use vidimus::yaml::parse_documents;
use vidimus::{AdmissionRequest, Answer, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus_tests::case::Case;
use vidimus_tests::layout::LayoutRoot;

/// Where notation itself, asked with an equivalent trust policy, decides otherwise, and why.
/// The trust store of the command wants authorities; the library takes what it is given, and so does Kyverno.
const LEAF_IN_STORE: &str =
    "a certificate that is neither an authority nor self-signed has no place in notation's store";

const NOTATION_DIFFERS: [(&str, &str); 20] = [
    ("notary-anchor-cert-and-chain", LEAF_IN_STORE),
    ("notary-anchor-text-after", "Kyverno reads every PEM block and refuses a rest, notation's store stops at it"),
    ("notary-cert-critical-extension", "notation passes over critical extensions; RFC 5280, section 4.2, does not"),
    ("notary-config-empty", "in a layout notation goes by the type of the config; a registry lists artifactType"),
    ("notary-cose-crit-not-understood", "notation leaves critical headers to plugins; RFC 9052, section 3.1, does not"),
    ("notary-cose-p256", LEAF_IN_STORE),
    ("notary-cose-rsa2048", LEAF_IN_STORE),
    ("notary-empty-config", "in a layout notation goes by the type of the config; a registry lists artifactType"),
    ("notary-inter-both-fields", LEAF_IN_STORE),
    ("notary-inter-leaf", LEAF_IN_STORE),
    (
        "notary-jws-crit-not-understood",
        "notation leaves critical headers to plugins; RFC 7515, section 4.1.11, does not",
    ),
    ("notary-jws-crit-unknown", "notation leaves critical headers to plugins; RFC 7515, section 4.1.11, does not"),
    ("notary-jws-p384", LEAF_IN_STORE),
    ("notary-jws-p521", LEAF_IN_STORE),
    ("notary-jws-rsa4096", LEAF_IN_STORE),
    ("notary-layer-gzip", "Kyverno unpacks layers, notation reads them as they are"),
    ("notary-referrers-51", "the limit of fifty referrers is Kyverno's"),
    ("notary-two-layers", "notation wants one layer, Kyverno reads the first"),
    ("seed-notation-cose", LEAF_IN_STORE),
    ("seed-notation-jws", LEAF_IN_STORE),
];

struct Question {
    set: PolicySet,
    request: AdmissionRequest,
    options: Options,
    layouts: LayoutRoot,
}

impl Question {
    /// A fixture case; `None` where the fixtures are absent, which is told loudly.
    fn of(id: &str) -> Option<Self> {
        let root = vidimus_tests::shared("fixtures")?;
        let case = Case::all(&root).into_iter().find(|case| case.id == id).expect("the case is there");
        Some(Self::of_case(&case, LayoutRoot(root.join("images"))))
    }

    fn of_case(case: &Case, layouts: LayoutRoot) -> Self {
        let limits = Limits::default();
        let policy = case.text("policy.yaml");
        let set = PolicySet::load(&[(SourceName::new("policy.yaml"), policy.as_str())], &limits).expect("a policy");
        let resource = parse_documents(&case.text("resource.yaml"), &limits).expect("YAML");
        let request = AdmissionRequest::new(vidimus::policy::Operation::Create, resource[0].to_value(), None);
        let options =
            Options { now: Timestamp::parse_rfc3339(case.now()).ok(), trace: TraceLevel::Full, ..Options::default() };
        Self { set, request: request.expect("an object"), options, layouts }
    }

    /// Asks until nothing is missing: `refuse` answers needs that the layout is not asked about. How many rounds it took.
    fn ask(&self, artifacts: &mut Artifacts, refuse: impl Fn(&Request) -> Option<Failure>) -> (Answer, usize) {
        for round in 0..20 {
            let answer = self.set.evaluate(&self.request, artifacts, &self.options);
            if answer.is_complete() {
                return (answer, round);
            }
            for need in &answer.needs {
                match refuse(&need.request) {
                    Some(failure) => artifacts.add_failure(need.request.clone(), failure),
                    None => self.layouts.answer(need, artifacts),
                }
            }
        }
        panic!("the needs never end");
    }

    /// The answer where requests that `wanted` tells fail.
    fn with_failure(&self, wanted: impl Fn(&Request) -> bool, failure: &Failure) -> (RuleStatus, String, String) {
        let (answer, _) = self.ask(&mut Artifacts::new(), |request| wanted(request).then(|| failure.clone()));
        let result = &answer.results[0];
        (result.status, result.code.to_owned(), result.message.clone())
    }

    /// The answer to altered evidence.
    fn with_evidence(&self, alter: impl Fn(&mut Value)) -> Answer {
        let mut artifacts = Artifacts::new();
        let (answer, _) = self.ask(&mut artifacts, |_| None);
        let mut document = artifacts.to_document(Some(&answer.used));
        alter(&mut document);
        let mut artifacts = Artifacts::new();
        artifacts.add_document(document.to_string().as_bytes()).expect("an evidence document");
        self.ask(&mut artifacts, |_| None).0
    }
}

fn no_connection() -> Failure {
    Failure { status: None, error: "connection refused".to_owned(), transport: true }
}

fn unavailable() -> Failure {
    Failure { status: Some(503), error: "unavailable".to_owned(), transport: false }
}

#[test]
fn artifacts_are_asked_for_in_few_rounds() {
    for id in ["notary-jws-p256", "notary-ten-one-trusted", "notary-twelve-trusted"] {
        let Some(question) = Question::of(id) else { return };
        let (answer, rounds) = question.ask(&mut Artifacts::new(), |_| None);
        assert_eq!(answer.results[0].status, RuleStatus::Pass, "{id}");
        assert_eq!(rounds, 4, "{id}: tag, manifest and referrers, signatures, envelopes");
    }
}

#[test]
fn signatures_behind_the_fallback_tag_count_as_well() {
    let Some(question) = Question::of("notary-cose-p256") else { return };
    let answer = question.with_evidence(|document| {
        for list in document["referrers"].as_object_mut().expect("referrers").values_mut() {
            list["source"] = json!("fallback-tag");
        }
    });
    assert_eq!(answer.results[0].status, RuleStatus::Pass);
    let trace = serde_json::to_string(&answer.results[0].trace).expect("JSON");
    assert!(trace.contains("fallback tag"), "{trace}");
}

#[test]
fn a_registry_that_cannot_be_reached_is_an_error_until_a_signature_is_fetched() {
    let Some(question) = Question::of("notary-jws-p256") else { return };
    let referrers = |request: &Request| matches!(request, Request::Referrers { .. });
    let blob = |request: &Request| matches!(request, Request::Blob { .. });
    let (status, code, message) = question.with_failure(referrers, &no_connection());
    assert_eq!((status, code.as_str()), (RuleStatus::Error, "registry-unreachable"), "{message}");
    let (status, code, message) = question.with_failure(referrers, &unavailable());
    assert_eq!((status, code.as_str()), (RuleStatus::Fail, "registry-error"), "{message}");
    assert!(message.contains(".attestors[0].entries[0]: failed to verify localhost:5000/"), "{message}");
    for (failure, expected) in [(no_connection(), "registry-unreachable"), (unavailable(), "registry-error")] {
        let (status, code, message) = question.with_failure(blob, &failure);
        assert_eq!((status, code.as_str()), (RuleStatus::Fail, expected), "{message}");
        assert!(message.contains("unable to retrieve digital signature with digest \"sha256:"), "{message}");
    }
}

/// A signed attestation of another image: the registry's list is nobody's word but its own.
#[test]
fn an_attestation_of_another_image_or_type_is_refused_whatever_the_registry_lists() {
    let Some(mut question) = Question::of("notary-att-sbom") else { return };
    let good = question.with_evidence(|_| {});
    assert_eq!(good.results[0].status, RuleStatus::Pass);
    // The image gets other bytes, and the list of the old one.
    let other_image = |document: &mut Value| {
        let (tag, old) = document["tags"].as_object().and_then(|tags| tags.iter().next()).expect("a tag");
        let (tag, old) = (tag.clone(), old.as_str().expect("a digest").to_owned());
        let new = vidimus::digest::Digest::sha256(b"{}").to_string();
        document["tags"][tag] = new.clone().into();
        document["blobs"][&new] = "e30=".into();
        let lists = document["referrers"].as_object_mut().expect("referrers");
        let (name, list) = lists.iter().find(|(name, _)| name.ends_with(&old)).expect("the image's referrers");
        let (name, list) = (name.replace(&old, &new), list.clone());
        lists.insert(name, list);
    };
    let answer = question.with_evidence(other_image);
    let message = &answer.results[0].message;
    assert_eq!(answer.results[0].status, RuleStatus::Fail, "{message}");
    assert!(message.contains("error: digest mismatch: the registry lists sha256:"), "{message}");
    question.options.compat = Compat::Exact;
    assert_eq!(question.with_evidence(other_image).results[0].status, RuleStatus::Pass, "as upstream");
}

#[test]
fn the_trace_tells_who_signed_and_what_was_looked_at() {
    for (id, codes) in [
        (
            "notary-jws-p256",
            &[
                "certificates-loaded",
                "tag-resolved",
                "referrers-listed",
                "signatures-found",
                "notary-signature",
                "envelope-verified",
                "plugin-checked",
                "trust-checked",
                "expiry-checked",
                "validity-checked",
                "revocation-checked",
                "descriptor-compared",
            ][..],
        ),
        ("notary-att-sbom", &["attestation-found", "referrers-listed", "envelope-verified", "descriptor-compared"]),
    ] {
        let Some(question) = Question::of(id) else { return };
        let (answer, _) = question.ask(&mut Artifacts::new(), |_| None);
        let trace = serde_json::to_string(&answer.results[0].trace).expect("JSON");
        for code in codes {
            assert!(trace.contains(&format!("\"code\":\"{code}\"")), "{id}: {code} in {trace}");
        }
        assert!(trace.contains("signed by CN="), "{id}: {trace}");
    }
}

#[test]
fn the_time_of_the_evaluation_is_needed() {
    let Some(mut question) = Question::of("notary-jws-p256") else { return };
    question.options.now = None;
    let (answer, _) = question.ask(&mut Artifacts::new(), |_| None);
    assert_eq!((answer.results[0].status, answer.results[0].code), (RuleStatus::Error, "time-unknown"));
}

#[test]
fn notation_itself_decides_the_same_but_where_the_reason_is_known() {
    let Some(root) = vidimus_tests::shared("fixtures") else { return };
    let answers: Value = serde_json::from_str(include_str!("data/notation/fixtures.json")).expect("JSON");
    let (mut asked, mut differ) = (0, Vec::new());
    for case in Case::all(&root) {
        let Some(notation) = answers[&case.id].as_str() else { continue };
        let question = Question::of_case(&case, LayoutRoot(root.join("images")));
        let (answer, _) = question.ask(&mut Artifacts::new(), |_| None);
        asked += 1;
        if answer.admission.allowed != notation.is_empty() {
            differ.push(case.id);
        }
    }
    assert_eq!(asked, answers.as_object().expect("answers").len());
    assert_eq!(differ, NOTATION_DIFFERS.map(|(id, _)| id));
}

/// What the engine asks about revocation is answered by evidence, and garbage is no answer.
#[test]
fn certificates_that_name_where_to_ask_are_asked_about() {
    for (id, is_list) in [("notary-cert-crl", true), ("notary-cert-ocsp-unreachable", false)] {
        let Some(question) = Question::of(id) else { return };
        let asked = std::cell::RefCell::new(Vec::new());
        let note = |request: &Request| {
            let is_revocation = matches!(request, Request::OcspResponse { .. } | Request::RevocationList { .. });
            is_revocation.then(|| {
                asked.borrow_mut().push(request.clone());
                no_connection()
            })
        };
        let (answer, _) = question.ask(&mut Artifacts::new(), note);
        assert_eq!(answer.results[0].status, RuleStatus::Fail, "{id}");
        let message = &answer.results[0].message;
        assert!(message.contains("revocation status is unknown"), "{id}: {message}");
        assert!(message.contains("connection"), "{id}: {message}");
        let request = asked.borrow().first().cloned().expect("a question");
        assert_eq!(matches!(request, Request::RevocationList { .. }), is_list, "{id}");
        let mut artifacts = Artifacts::new();
        artifacts.add_revocation(&request, b"garbage".to_vec());
        let (answer, _) = question.ask(&mut artifacts, |_| None);
        assert_eq!(answer.results[0].status, RuleStatus::Fail, "{id}");
        let message = &answer.results[0].message;
        assert!(message.contains("revocation status is unknown"), "{id}: {message}");
        assert!(answer.results[0].message.contains("it is no "), "{id}: {}", answer.results[0].message);
    }
}
