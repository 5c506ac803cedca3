//! Every case of the evidence generator through the core: the verdict is the one that the case was made for.

use serde_json::Value;
use vidimus::engine::RuleStatus;
use vidimus::policy::Operation;
use vidimus::{AdmissionRequest, Answer, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus_evidence::{Scenario, Verdict, large_payload, many_signatures, scenarios};

fn answer(scenario: &Scenario) -> Answer {
    let policy = scenario.policy();
    let set = PolicySet::load(&[(SourceName::new("policy.yaml"), policy.as_str())], &Limits::default())
        .unwrap_or_else(|found| panic!("{}: {found:?}", scenario.name));
    let request = AdmissionRequest::new(Operation::Create, scenario.resource(), None).expect("a pod");
    let mut artifacts = Artifacts::new();
    artifacts.add_document(scenario.to_json().as_bytes()).expect("an evidence document");
    set.evaluate(&request, &artifacts, &Options::default())
}

fn check(scenario: &Scenario) {
    let answer = answer(scenario);
    assert!(answer.is_complete(), "{}: {:?}", scenario.name, answer.needs);
    assert_eq!(answer.results.len(), 1, "{}: {:?}", scenario.name, answer.results);
    let result = &answer.results[0];
    let expected = match scenario.expect.verdict {
        Verdict::Error => RuleStatus::Error,
        Verdict::Fail => RuleStatus::Fail,
        Verdict::Pass => RuleStatus::Pass,
    };
    assert_eq!(result.status, expected, "{}: {} {}", scenario.name, scenario.what, result.message);
    assert_eq!(answer.admission.allowed, expected == RuleStatus::Pass, "{}", scenario.name);
    println!("{:38} {:24} {}", scenario.name, result.code, scenario.expect.reason);
}

#[test]
fn every_case_has_its_verdict() {
    let all = scenarios();
    assert!(all.len() > 60, "{}", all.len());
    all.iter().for_each(check);
}

#[test]
fn the_thousandth_signature_counts_and_the_thousand_and_first_is_too_many() {
    check(&many_signatures(1000, Some(999)));
    let answer = answer(&many_signatures(1001, Some(0)));
    assert_eq!(answer.results[0].code, "too-many-signatures");
    assert!(!answer.admission.allowed);
}

#[test]
fn a_payload_beyond_the_limit_is_a_rejection() {
    check(&large_payload(1 << 20));
    let answer = answer(&large_payload(Limits::default().signature_layer_bytes));
    assert!(answer.results[0].message.contains("no matching signatures: "), "{}", answer.results[0].message);
    assert!(answer.results[0].message.contains("at most"), "{}", answer.results[0].message);
}

/// Alters every string and every byte string of the evidence of a signed image, one at a time: none is admitted.
#[test]
fn no_altered_evidence_is_accepted() {
    let all = scenarios();
    let mut tried = 0;
    for name in ["signed-p256", "signed-rsa-2048", "signed-ed25519", "signed-p384", "signed-p521"] {
        let scenario = all.iter().find(|scenario| scenario.name == name).expect("the case is there");
        let set =
            PolicySet::load(&[(SourceName::new("p"), scenario.policy().as_str())], &Limits::default()).expect("good");
        let request = AdmissionRequest::new(Operation::Create, scenario.resource(), None).expect("a pod");
        let document: Value = serde_json::from_str(&scenario.to_json()).expect("JSON");
        let blobs = document["blobs"].as_object().expect("blobs").clone();
        let image =
            document["tags"].as_object().expect("tags").iter().find(|(key, _)| key.ends_with(":v1")).expect("v1").1;
        for (digest, text) in blobs.iter().filter(|(digest, _)| *digest != image) {
            let bytes = vidimus::encoding::base64::decode(text.as_str().expect("text")).expect("base64");
            for at in 0..bytes.len() {
                let mut altered = bytes.clone();
                altered[at] ^= 1;
                let mut document = document.clone();
                document["blobs"][digest] = vidimus::encoding::base64::encode(&altered).into();
                let mut artifacts = Artifacts::new();
                artifacts.add_document(document.to_string().as_bytes()).expect("an evidence document");
                let answer = set.evaluate(&request, &artifacts, &Options::default());
                assert!(!answer.admission.allowed, "{name}: byte {at} of {digest}");
                tried += 1;
            }
        }
    }
    println!("{tried} alterations, none accepted");
    assert!(tried > 1000, "{tried}");
}
