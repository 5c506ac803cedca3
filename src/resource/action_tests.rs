//! Which action counts.

use super::*;
use crate::policy::{ImageVerification, VerificationType, VerifyImages};
use crate::resource::testing::{all, cluster_policy, create, kinds, labels, map, pod, strings};
use crate::source::Span;
use FailureAction::{Audit, Enforce};
use serde_json::json;
use std::collections::BTreeMap;

fn rule(actions: &[Option<FailureAction>]) -> Rule {
    Rule {
        name: "r".to_owned(),
        span: Span::default(),
        match_resources: all(vec![kinds(&["Pod"])]),
        exclude: None,
        image_extractors: BTreeMap::new(),
        report_properties: BTreeMap::new(),
        context: Vec::new(),
        preconditions: None,
        expressions: BTreeMap::new(),
        body: RuleBody::VerifyImages(VerifyImages {
            entries: actions.iter().copied().map(entry).collect(),
            dynamic: None,
        }),
        unsupported: Vec::new(),
    }
}

fn entry(failure_action: Option<FailureAction>) -> ImageVerification {
    ImageVerification {
        span: Span::default(),
        path: String::new(),
        failure_action,
        kind: VerificationType::Cosign,
        image_references: Vec::new(),
        skip_image_references: Vec::new(),
        attestors: Vec::new(),
        attestations: Vec::new(),
        annotations: BTreeMap::new(),
        repository: None,
        cosign_oci11: false,
        mutate_digest: true,
        verify_digest: true,
        required: true,
        use_cache: true,
        credentials: None,
        validate: None,
        unsupported: Vec::new(),
    }
}

fn over(action: Option<FailureAction>, namespaces: &[&str], pairs: Option<&[(&str, &str)]>) -> FailureActionOverride {
    FailureActionOverride { action, namespaces: strings(namespaces), namespace_selector: pairs.map(labels) }
}

#[test]
fn entries_come_before_the_policy_and_enforce_before_audit() {
    let request = create(pod());
    for (actions, policy_action, expected) in [
        (&[None][..], Audit, Audit),
        (&[None][..], Enforce, Enforce),
        (&[][..], Enforce, Enforce),
        (&[Some(Audit)][..], Enforce, Audit),
        (&[None, Some(Audit)][..], Enforce, Audit),
        (&[Some(Audit), None, Some(Enforce)][..], Audit, Enforce),
        (&[Some(Enforce), Some(Audit)][..], Audit, Enforce),
    ] {
        let mut policy = cluster_policy();
        policy.spec.failure_action = policy_action;
        assert_eq!(
            failure_action(&policy, &rule(actions), &request.target()),
            expected,
            "{actions:?} {policy_action:?}"
        );
    }
}

#[test]
fn the_first_override_that_covers_the_namespace_counts() {
    let mut request = create(pod());
    request.namespace_labels.insert("shop".to_owned(), map(&[("env", "prod")]));
    let (prod, dev) = (&[("env", "prod")][..], &[("env", "dev")][..]);
    for (overrides, expected) in [
        (vec![over(Some(Enforce), &[], None)], Enforce),
        (vec![over(Some(Enforce), &["sh*"], None)], Enforce),
        (vec![over(Some(Enforce), &["other"], None)], Audit),
        (vec![over(Some(Enforce), &["other", "shop"], None)], Enforce),
        (vec![over(Some(Enforce), &[], Some(prod))], Enforce),
        (vec![over(Some(Enforce), &[], Some(dev))], Audit),
        (vec![over(Some(Enforce), &["shop"], Some(prod))], Enforce),
        (vec![over(Some(Enforce), &["shop"], Some(dev))], Audit),
        (vec![over(Some(Enforce), &["other"], Some(prod))], Audit),
        (vec![over(None, &["shop"], None), over(Some(Enforce), &["shop"], None)], Enforce),
        (vec![over(Some(Audit), &["shop"], None), over(Some(Enforce), &["shop"], None)], Audit),
    ] {
        let mut policy = cluster_policy();
        policy.spec.failure_action_overrides = overrides.clone();
        assert_eq!(failure_action(&policy, &rule(&[None]), &request.target()), expected, "{overrides:?}");
        assert_eq!(failure_action(&policy, &rule(&[Some(Audit)]), &request.target()), Audit, "an entry comes first");
    }
}

#[test]
fn a_namespace_is_in_no_namespace_for_overrides() {
    let request = create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}));
    let mut policy = cluster_policy();
    policy.spec.failure_action_overrides = vec![over(Some(Enforce), &["shop"], None)];
    assert_eq!(failure_action(&policy, &rule(&[None]), &request.target()), Audit);
}
