use crate::policy::testing::{GOOD, edit, entries, read, with, with_operation};
use crate::policy::{
    ApplyRules, AttestorKind, Block, FailureAction, FailurePolicy, HashName, KeySource, Operation, SubjectKind,
    VerificationType,
};

fn within(field: &str) -> String {
    with("    - failureAction", &format!("    - {field}\n      failureAction"))
}

#[test]
fn what_is_not_written_has_kyvernos_defaults() {
    let loaded = read(GOOD);
    let spec = &loaded.policies[0].spec;
    assert!(spec.admission && spec.background && !spec.emit_warning);
    assert_eq!(spec.apply_rules, ApplyRules::All);
    assert_eq!(spec.failure_action, FailureAction::Audit);
    assert_eq!(spec.failure_policy, FailurePolicy::Fail);
    let entry = &entries(GOOD)[0];
    assert!(entry.mutate_digest && entry.verify_digest && entry.required && entry.use_cache && !entry.cosign_oci11);
    assert_eq!(entry.kind, VerificationType::Cosign);
    assert_eq!(entry.attestors[0].count, None);
    let attestor = &entry.attestors[0].entries[0];
    assert_eq!((&attestor.annotations, &attestor.repository), (&None, &None));
    assert_eq!(attestor.signature_algorithm, HashName::Sha256);
    let Some(AttestorKind::Keys(keys)) = &attestor.kind else { panic!("keys") };
    assert_eq!(keys.signature_algorithm, HashName::Sha256);
    assert_eq!((&keys.rekor, &keys.ctlog), (&None, &None));
}

#[test]
fn what_is_written_is_kept() {
    let text = edit(GOOD, "  rules:", "  applyRules: One\n  webhookConfiguration: {failurePolicy: Ignore}\n  rules:");
    let spec = read(&text).policies[0].spec.clone();
    assert_eq!((spec.apply_rules, spec.failure_policy), (ApplyRules::One, FailurePolicy::Ignore));
    let entry = &entries(
        &within("required: false\n      mutateDigest: false\n      repository: r\n      type: Notary").replace(
            "        - keys:\n            publicKeys: k8s://a/b\n",
            "        - certificates: {cert: c}\n          annotations: {a: b}\n          signatureAlgorithm: sha512\n",
        ),
    )[0];
    assert!(!entry.required && !entry.mutate_digest && entry.verify_digest);
    assert_eq!((entry.kind, entry.repository.as_deref()), (VerificationType::Notary, Some("r")));
    let attestor = &entry.attestors[0].entries[0];
    assert_eq!(attestor.signature_algorithm, HashName::Sha512);
    assert_eq!(attestor.annotations.as_ref().unwrap()["a"], "b");
    let Some(AttestorKind::Certificates(certificates)) = &attestor.kind else { panic!("certificates") };
    assert_eq!(certificates.cert.as_ref().unwrap().value, "c");
}

#[test]
fn a_key_is_text_before_secret_before_kms() {
    let source = |keys: &str| {
        let entry = entries(&with("            publicKeys: k8s://a/b\n", keys)).remove(0);
        let Some(AttestorKind::Keys(keys)) = entry.attestors[0].entries[0].kind.clone() else { panic!("keys") };
        keys.source
    };
    let secret = "            secret: {name: x, namespace: z}\n";
    let kms = "            kms: awskms://a\n";
    let text = "            publicKeys: \"  -----BEGIN PUBLIC KEY-----\\r\\n \"\n";
    let found = source(&format!("{kms}{secret}{text}"));
    assert_eq!(found.value, KeySource::Text("  -----BEGIN PUBLIC KEY-----\r\n ".to_owned()));
    assert_eq!((found.span.start.line, found.span.start.column), (20, 25));
    let expected = KeySource::Secret { namespace: "z".to_owned(), name: "x".to_owned() };
    assert_eq!(source(&format!("{kms}{secret}")).value, expected);
    assert_eq!(source(kms).value, KeySource::Kms("awskms://a".to_owned()));
}

#[test]
fn deprecated_fields_become_an_attestor() {
    let old = |fields: &str| {
        let (head, _) = GOOD.split_once("      imageReferences").unwrap();
        entries(&format!("{head}{fields}")).remove(0)
    };
    let entry = old("      image: i\n      key: k\n      issuer: x\n      annotations: {a: b}\n");
    assert_eq!(entry.image_references[0].value, "i");
    assert_eq!(entry.attestors.len(), 1);
    let attestor = &entry.attestors[0].entries[0];
    assert_eq!(attestor.annotations.as_ref().unwrap()["a"], "b");
    let Some(AttestorKind::Keys(keys)) = &attestor.kind else { panic!("keys") };
    assert_eq!(keys.source.value, KeySource::Text("k".to_owned()));
    let entry = old("      imageReferences: [r]\n      image: i\n      issuer: x\n      subject: s\n      roots: t\n");
    let references: Vec<&str> = entry.image_references.iter().map(|reference| reference.value.as_str()).collect();
    assert_eq!(references, ["r", "i"]);
    let Some(AttestorKind::Keyless(keyless)) = &entry.attestors[0].entries[0].kind else { panic!("keyless") };
    let text = |field: &Option<crate::source::Spanned<String>>| field.as_ref().unwrap().value.clone();
    assert_eq!([text(&keyless.issuer), text(&keyless.subject), text(&keyless.roots)], ["x", "s", "t"]);
    assert_eq!(entry.attestors[0].entries[0].annotations, None);
    // Without image, key and issuer nothing is converted; the annotations stay those of the entry.
    let entry = old("      imageReferences: [r]\n      annotations: {a: b}\n      subject: s\n");
    assert!(entry.attestors.is_empty());
    assert_eq!(entry.annotations["a"], "b");
    let entry = old("      image: i\n      annotations: {a: b}\n      attestations: [{type: t}]\n");
    assert!(entry.attestors.is_empty() && entry.attestations[0].attestors.is_empty());
}

#[test]
fn attestations_go_by_type_and_else_by_predicate_type() {
    let kind =
        |fields: &str| entries(&within(&format!("attestations: [{{{fields}}}]"))).remove(0).attestations.remove(0);
    assert_eq!(kind("type: a, predicateType: b, name: c").predicate_type, "a");
    assert_eq!(kind("type: '', predicateType: b").predicate_type, "b");
    assert_eq!(kind("name: c").predicate_type, "");
    assert_eq!(kind("type: a, conditions: [{any: []}]").conditions.value, serde_json::json!([{"any": []}]));
}

#[test]
fn match_blocks_become_filters() {
    let filter = |text: &str| {
        let block = GOOD.replace("      any:\n      - resources:\n          kinds: [Pod]\n", text);
        let text = edit(&block, "  rules:", "  background: false\n  rules:");
        let loaded = read(&text);
        assert_eq!(loaded.policies.len(), 1, "{:#?}", loaded.diagnostics);
        loaded.policies[0].spec.rules[0].match_resources.clone()
    };
    let block = filter(
        "      all:\n      - resources: {kinds: [Pod], operations: [DELETE], name: x}\n        subjects: [{kind: Group, name: g}]\n",
    );
    let Block::All(filters) = &block.block else { panic!("all") };
    assert_eq!(filters[0].operations, [Operation::Delete]);
    assert_eq!((filters[0].name.as_deref(), filters[0].subjects[0].kind), (Some("x"), SubjectKind::Group));
    assert!(matches!(filter("      resources: {kinds: [Pod]}\n").block, Block::Direct(_)));
}

#[test]
fn extractors_name_the_last_component_where_no_value_is_written() {
    let extractor = |fields: &str| {
        let field = format!("    imageExtractors: {{Task: [{{{fields}}}]}}\n    verifyImages:");
        let text = edit(GOOD, "    verifyImages:", &field);
        read(&text).policies[0].spec.rules[0].image_extractors["Task"][0].clone()
    };
    let default = extractor("path: '/spec/ steps //*/image/'");
    assert_eq!((default.path, default.value), (vec!["spec".into(), "steps".into(), "*".into()], "image".into()));
    assert_eq!((default.name.as_str(), default.key), ("custom", None));
    let full = extractor("path: /spec/steps/*, value: image, name: steps, key: name");
    assert_eq!((full.path.len(), full.value.as_str(), full.name.as_str()), (3, "image", "steps"));
    assert_eq!(full.key.as_deref(), Some("name"));
}

#[test]
fn what_is_not_built_is_listed() {
    let listed = |text: &str| -> Vec<String> {
        let loaded = read(text);
        assert_eq!(loaded.policies.len(), 1, "{:#?}", loaded.diagnostics);
        let rule = &loaded.policies[0].spec.rules[0];
        rule.unsupported.iter().map(|part| format!("{} {}", part.feature, part.path)).collect()
    };
    let rule = |field: &str| edit(GOOD, "    verifyImages:", &format!("    {field}\n    verifyImages:"));
    let path = "spec.rules[0]";
    assert!(listed(GOOD).is_empty());
    assert_eq!(listed(&rule("celPreconditions: [{name: x, expression: 'true'}]")).len(), 1);
    for (body, feature) in [
        ("podSecurity: {level: baseline}", "podSecurity is"),
        ("cel: {expressions: [{expression: 'true'}]}", "cel is"),
        ("manifests: {attestors: [{entries: [{keys: {publicKeys: k}}]}]}", "manifest verification is"),
    ] {
        let name = body.split(':').next().unwrap();
        let found = listed(&with_operation(&format!("validate: {{{body}}}")));
        assert_eq!(found, [format!("{feature} {path}.validate.{name}")]);
    }
    for built in ["validate: {pattern: {a: '{{ b }}'}}", "mutate: {foreach: [{list: l, patchStrategicMerge: {}}]}"] {
        assert!(listed(&with_operation(built)).is_empty(), "{built}");
    }
    assert_eq!(
        listed(&with_operation("generate: {kind: x, data: {}}")),
        [format!("generate rules are {path}.generate")]
    );
    let conditions = "  webhookConfiguration: {matchConditions: [{name: a, expression: b}]}\n  rules:";
    let policy = &read(&edit(GOOD, "  rules:", conditions)).policies[0];
    assert_eq!(policy.spec.unsupported[0].path, "spec.webhookConfiguration.matchConditions");
}

#[test]
fn entries_in_which_variables_stand_are_kept_as_written() {
    let is_dynamic = |text: &str| match &read(text).policies[0].spec.rules[0].body {
        crate::policy::RuleBody::VerifyImages(rules) => rules.dynamic.is_some(),
        _ => panic!("no verifyImages rule"),
    };
    assert!(!is_dynamic(GOOD));
    assert!(is_dynamic(&within("repository: 'a/{{ b }}'")));
    assert!(is_dynamic(&within("validate: {message: '{{ a }}', deny: {}}")));
    let later = "attestations: [{type: t, conditions: [{all: [{key: '{{ a }}', operator: Equals, value: 1}]}]}]";
    assert!(!is_dynamic(&within(later)));
}

#[test]
fn what_an_entry_needs_and_is_not_built_is_listed_with_it() {
    let listed = entries(&within("imageRegistryCredentials: {secrets: [x]}")).remove(0).unsupported;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].path, "spec.rules[0].verifyImages[0].imageRegistryCredentials");
    assert_eq!(listed[0].span.start.line, 13);
    assert!(entries(&within("type: Cosign"))[0].unsupported.is_empty());
}
