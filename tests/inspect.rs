//! Inspections: what the tree of an image lists, and what it makes of parts that cannot be read.

use serde_json::Value;
use std::collections::BTreeSet;
use vidimus::inspect::{Inspection, Node, NodeKind, Options, inspect};
use vidimus::oci::{ImageReference, Repository};
use vidimus::policy::Operation;
use vidimus::scalar::time::Timestamp;
use vidimus::trace::{Step, StepOutcome, TraceLevel};
use vidimus::yaml::parse_documents;
use vidimus::{AdmissionRequest, Answer, Artifacts, Limits, PolicySet, SourceName};
use vidimus_evidence::scenarios;
use vidimus_tests::case::Case;
use vidimus_tests::layout::{LayoutRoot, evaluate};
use vidimus_tests::tamper::alterations;

const SAMPLE: &str = include_str!("../policies/require-signed-image/evidence.json");

fn artifacts(document: &str) -> Artifacts {
    let mut artifacts = Artifacts::new();
    artifacts.add_document(document.as_bytes()).expect("an evidence document");
    artifacts
}

fn at_hand(image: &str, artifacts: &Artifacts) -> Inspection {
    inspect(&ImageReference::parse(image).expect("a reference"), artifacts, &Options::default())
}

/// The node and everything below it.
fn all(node: &Node) -> Vec<&Node> {
    std::iter::once(node).chain(node.children.iter().flat_map(all)).collect()
}

fn of_kind(node: &Node, kind: NodeKind) -> Vec<&Node> {
    all(node).into_iter().filter(|node| node.kind == kind).collect()
}

fn codes(node: &Node) -> Vec<&str> {
    all(node).into_iter().flat_map(|node| node.problems.iter().map(|problem| problem.code)).collect()
}

#[test]
fn a_signature_behind_the_tag_is_listed_with_what_it_claims() {
    let inspection = at_hand("registry.example/shop/checkout:v1", &artifacts(SAMPLE));
    let signatures = of_kind(&inspection.root, NodeKind::CosignSignature);
    assert_eq!(signatures.len(), 1);
    let signature = signatures[0].signature.as_ref().expect("it is decoded");
    assert_eq!((signature.format, signature.claims.as_ref()), ("simple-signing", inspection.root.digest.as_ref()));
    assert!(signature.certificates.is_empty() && signature.log_entries.is_empty());
    assert!(!signatures[0].annotations.keys().any(|name| name.contains("cosign/")), "{:?}", signatures[0].annotations);
}

#[test]
fn what_is_not_at_hand_is_a_need_and_the_tree_goes_as_far_as_it_can() {
    let nothing = at_hand("registry.example/shop/checkout:v1", &Artifacts::new());
    assert_eq!(nothing.needs.len(), 1);
    assert_eq!(codes(&nothing.root), ["artifacts-missing"]);
    let sample = at_hand("registry.example/shop/checkout:v1", &artifacts(SAMPLE));
    let open: Vec<String> = sample.needs.iter().map(|need| format!("{:?}", need.request)).collect();
    assert!(open.iter().any(|need| need.starts_with("Referrers")), "{open:?}");
    assert!(open.iter().any(|need| need.contains(".att")), "{open:?}");
    assert!(!open.iter().any(|need| need.contains(".sig")), "{open:?}");
}

#[test]
fn parts_that_cannot_be_read_are_problems_of_their_node() {
    for (name, code) in [
        ("annotation-missing", "signature-annotation-missing"),
        ("annotation-not-base64", "base64-character"),
        ("image-missing", "image-not-found"),
        ("image-unreachable", "registry-unreachable"),
        ("image-manifest-forged", "digest-mismatch"),
        ("payload-array", "payload-type"),
        ("payload-blob-forged", "digest-mismatch"),
    ] {
        let scenario = scenarios().into_iter().find(|scenario| scenario.name == name).expect(name);
        let resource = scenario.resource();
        let image = resource["spec"]["containers"][0]["image"].as_str().expect("an image").to_owned();
        let inspection = at_hand(&image, &artifacts(&scenario.to_json()));
        assert!(codes(&inspection.root).contains(&code), "{name}: {:?}", codes(&inspection.root));
    }
}

#[test]
fn no_evidence_of_the_generator_breaks_an_inspection() {
    let mut signatures = 0;
    for scenario in scenarios() {
        let image = scenario.resource()["spec"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned();
        let Ok(image) = ImageReference::parse(&image) else { continue };
        let options = Options { platforms: true, ..Options::default() };
        let inspection = inspect(&image, &artifacts(&scenario.to_json()), &options);
        signatures += of_kind(&inspection.root, NodeKind::CosignSignature).len();
    }
    assert!(signatures > 60, "{signatures}");
}

#[test]
fn what_is_said_is_said_of_bytes_with_that_digest() {
    let forged = scenarios().into_iter().find(|scenario| scenario.name == "payload-blob-forged").expect("the case");
    let image = forged.resource()["spec"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned();
    let inspection = at_hand(&image, &artifacts(&forged.to_json()));
    let signatures = of_kind(&inspection.root, NodeKind::CosignSignature);
    assert!(signatures.iter().any(|node| node.signature.as_ref().is_some_and(|it| it.claims.is_none())));
}

/// An inspection with everything that the layouts have.
fn whole(image: &str, layouts: &LayoutRoot, artifacts: &mut Artifacts, options: &Options) -> Inspection {
    let image = ImageReference::parse(image).expect("a reference");
    for _ in 0..50 {
        let inspection = inspect(&image, artifacts, options);
        if inspection.needs.is_empty() {
            return inspection;
        }
        inspection.needs.iter().for_each(|need| layouts.answer(need, artifacts));
    }
    panic!("the needs never end");
}

fn ask(case: &Case, layouts: &LayoutRoot) -> Option<Answer> {
    let limits = Limits::default();
    let (policy, exceptions) = (case.text("policy.yaml"), case.text("exceptions.yaml"));
    let mut sources = vec![(SourceName::new("policy.yaml"), policy.as_str())];
    if !exceptions.is_empty() {
        sources.push((SourceName::new("exceptions.yaml"), exceptions.as_str()));
    }
    let set = PolicySet::load(&sources, &limits).ok()?;
    let resource = parse_documents(&case.text("resource.yaml"), &limits).expect("the resource is YAML");
    let request = AdmissionRequest::new(Operation::Create, resource[0].to_value(), None).expect("an object");
    let options = vidimus::Options {
        trace: TraceLevel::Full,
        now: Some(Timestamp::parse_rfc3339(case.now()).expect("the case has a time")),
        trust_root: Some(case.trust_root()),
        ..vidimus::Options::default()
    };
    Some(evaluate(&set, &request, layouts, &mut Artifacts::new(), &options))
}

/// The digests of the signatures that a verdict rests on.
fn used(step: &Step, found: &mut BTreeSet<String>) {
    let is_signature = matches!(step.code, "signature-layer" | "bundle" | "notary-signature");
    if is_signature && step.outcome == StepOutcome::Ok {
        found.extend(step.data.get("digest").and_then(Value::as_str).map(str::to_owned));
    }
    step.steps.iter().for_each(|step| used(step, found));
}

/// Another repository that the policy names for signatures.
fn signature_repository(policy: &str) -> Option<Repository> {
    let line = policy.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix("repository: "))?;
    Repository::parse(line.trim().trim_matches(['"', '\''])).ok()
}

#[test]
fn every_signature_that_a_verdict_of_kyvernos_cases_rests_on_is_in_the_tree() {
    let Some(root) = vidimus_tests::shared("fixtures") else { return };
    let layouts = LayoutRoot(root.join("images"));
    let (mut images, mut signatures) = (0, 0);
    for case in Case::all(&root) {
        let Some(answer) = ask(&case, &layouts) else { continue };
        let mut wanted = BTreeSet::new();
        answer.results.iter().filter_map(|result| result.trace.as_ref()).for_each(|step| used(step, &mut wanted));
        let options = Options {
            platforms: true,
            repository: signature_repository(&case.text("policy.yaml")),
            ..Options::default()
        };
        let mut listed = BTreeSet::new();
        for report in &answer.images {
            let inspection = whole(&report.image, &layouts, &mut Artifacts::new(), &options);
            let nodes = all(&inspection.root);
            listed.extend(nodes.iter().filter_map(|node| node.digest.clone()));
            images += 1;
        }
        signatures += wanted.len();
        let missing: Vec<&String> = wanted.difference(&listed).collect();
        assert!(missing.is_empty(), "{}: {missing:?} are not listed", case.id);
    }
    assert!(images > 700 && signatures > 200, "{images} images, {signatures} signatures");
}

/// The sample's evidence, with the field that it has no need of.
fn own_sample() -> Value {
    let mut document: Value = serde_json::from_str(SAMPLE).expect("JSON");
    document.as_object_mut().expect("an object").entry("referrers").or_insert_with(|| serde_json::json!({}));
    document
}

#[test]
fn nothing_altered_breaks_an_inspection() {
    let mut evidence: Vec<(String, Value)> = vec![("registry.example/shop/checkout:v1".to_owned(), own_sample())];
    if let Some(root) = vidimus_tests::shared("fixtures") {
        let layouts = LayoutRoot(root.join("images"));
        for case in Case::all(&root) {
            if !["seed-keyless", "seed-notation-cose", "seed-notation-jws", "seed-sbom"].contains(&case.id.as_str()) {
                continue;
            }
            let answer = ask(&case, &layouts).expect("an answer");
            let mut artifacts = Artifacts::new();
            let image = answer.images[0].image.clone();
            whole(&image, &layouts, &mut artifacts, &Options::default());
            evidence.push((image, artifacts.to_document(None)));
        }
        assert_eq!(evidence.len(), 5);
    }
    for (image, document) in &evidence {
        let (mut altered, mut problems) = (0, 0);
        for alteration in alterations(document) {
            let inspection = at_hand(image, &artifacts(&alteration.evidence.to_string()));
            altered += 1;
            problems += usize::from(!codes(&inspection.root).is_empty());
        }
        println!("{image}: {altered} alterations, {problems} of them with problems");
        assert!(altered > 20 && problems > 5, "{image}: {altered} {problems}");
    }
}
