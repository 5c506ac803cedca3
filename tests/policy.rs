//! What is wrong with a policy, and where it says so.

use vidimus::diagnostic::{Diagnostic, Severity};
use vidimus::policy::{AttestorKind, FailurePolicy, HashName, KeySource, Loaded, RuleBody, load};
use vidimus::{Limits, SourceName};

const GOOD: &str = "\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: p
spec:
  validationFailureAction: Enforce
  rules:
  - name: r
    match:
      any:
      - resources:
          kinds: [Pod]
    verifyImages:
    - imageReferences: ['r.example/*']
      attestors:
      - count: 1
        entries:
        - keys:
            publicKeys: k8s://a/b
";

fn read(text: &str) -> Loaded {
    load(&[(SourceName::new("p.yaml"), text)], &Limits::default())
}

fn errors(text: &str) -> Vec<Diagnostic> {
    read(text).diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect()
}

/// The good policy with one line replaced.
fn with(line: &str, replacement: &str) -> String {
    assert!(GOOD.contains(line), "{line}");
    GOOD.replacen(line, replacement, 1)
}

#[test]
fn the_good_policy_has_kyvernos_defaults() {
    let loaded = read(GOOD);
    assert_eq!(loaded.diagnostics, []);
    let policy = &loaded.policies[0];
    assert_eq!(policy.spec.failure_policy, FailurePolicy::Fail);
    let names: Vec<&str> = policy.spec.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["r", "autogen-r", "autogen-cronjob-r"]);
    let RuleBody::VerifyImages(entries) = &policy.spec.rules[0].body else { panic!("verifyImages") };
    let entry = &entries[0];
    assert!(entry.mutate_digest && entry.verify_digest && entry.required && entry.use_cache);
    let Some(AttestorKind::Keys(keys)) = &entry.attestors[0].entries[0].kind else { panic!("keys") };
    assert_eq!(keys.signature_algorithm, HashName::Sha256);
    assert_eq!(keys.source.value, KeySource::Text("k8s://a/b".to_owned()));
}

#[test]
fn a_mistyped_field_has_its_place_and_the_nearest_name() {
    for (line, replacement, at, help) in [
        ("      attestors:", "      attestor:", (15, 7), "attestors"),
        ("        entries:", "        entry:", (17, 9), "entries"),
        ("            publicKeys:", "            publickeys:", (19, 13), "publicKeys"),
        ("    verifyImages:", "    verifyImage:", (13, 5), "verifyImages"),
        ("          kinds:", "          kind:", (12, 11), "kinds"),
        ("  validationFailureAction:", "  validationFailureActions:", (6, 3), "validationFailureAction"),
    ] {
        let found = errors(&with(line, replacement));
        let diagnostic = found.iter().find(|found| found.code == "unknown-field").expect("an unknown field");
        let start = diagnostic.span.expect("a place").start;
        assert_eq!((start.line, start.column), at, "{replacement}");
        assert_eq!(diagnostic.help.as_deref(), Some(format!("did you mean `{help}`?").as_str()), "{replacement}");
    }
}

#[test]
fn wrong_types_and_words_are_told_apart() {
    for (line, replacement, code) in [
        ("imageReferences: ['r.example/*']", "imageReferences: r.example/*", "wrong-type"),
        ("      - count: 1", "      - count: one", "wrong-type"),
        ("      - count: 1", "      - count: 0", "invalid-value"),
        ("      - count: 1", "      - count: 1.5", "invalid-value"),
        ("  name: p", "  name: 1", "wrong-type"),
        ("Enforce", "Enfore", "invalid-value"),
        ("          kinds: [Pod]", "          kinds: [Pod]\n          operations: [create]", "invalid-value"),
        ("  - name: r\n", "  - names: r\n", "missing-field"),
        ("kinds: [Pod]", "kinds: [null]", "wrong-type"),
        ("kyverno.io/v1", "kyverno.io/v3", "unsupported-kind"),
        ("ClusterPolicy", "ClusterPolicies", "unsupported-kind"),
        ("kyverno.io/v1", "policies.kyverno.io/v1", "unsupported-kind"),
    ] {
        let found = errors(&with(line, replacement));
        assert!(found.iter().any(|found| found.code == code), "{replacement}: {found:#?}");
    }
    assert_eq!(errors("")[0].code, "no-policy");
    assert_eq!(errors("a: [")[0].code, "yaml-syntax");
}

#[test]
fn what_kyverno_refuses_is_refused_with_its_words() {
    let keys = "        - keys:\n            publicKeys: k8s://a/b\n";
    for (line, replacement, code, words) in [
        ("Enforce", "Audit", "mutate-digest-in-audit", "mutateDigest must be set to false for ‘Audit’ failure action"),
        (
            "    - imageReferences: ['r.example/*']",
            "    - type: Cosign",
            "image-references-missing",
            "An image reference is required",
        ),
        ("count: 1", "count: 2", "count-too-high", "Count cannot exceed length of entries"),
        (keys, "          []\n", "attestor-set-empty", "An entry is required"),
        (
            keys,
            "        - repository: r\n",
            "attestor-kind",
            "keys, certificates, keyless, or a nested attestor is required",
        ),
        (
            keys,
            "        - keys: {publicKeys: x}\n          certificates: {cert: x}\n",
            "attestor-kind",
            "found keys and certificates",
        ),
        (
            keys,
            "        - keys: {signatureAlgorithm: sha256}\n",
            "key-missing",
            "A public key, kms key or secret is required",
        ),
        (
            keys,
            "        - keys: {publicKeys: x, signatureAlgorithm: md5}\n",
            "signature-algorithm",
            "Invalid signature algorithm provided",
        ),
        (keys, "        - certificates: {rekor: {}}\n", "certificate-missing", "cert or certChain required"),
        (keys, "        - keyless: {issuer: i}\n", "keyless-roots", "Either Rekor URL or roots are required"),
        (
            keys,
            "        - keyless: {issuer: i, rekor: {ignoreTlog: true}}\n",
            "keyless-rekor-url",
            "An URL is required",
        ),
        (keys, "        - attestor: {entries: []}\n", "attestor-set-empty", "An entry is required"),
        (
            "['r.example/*']",
            "['{{ x }}']",
            "variable-in-image-reference",
            "should not have variables in image reference section",
        ),
        ("kinds: [Pod]", "kinds: ['*']", "wildcard-kind", "wildcard policy does not support rule type"),
        (
            "kinds: [Pod]",
            "kinds: [Pod]\n          name: a\n          names: [b]",
            "match-name-twice",
            "Both name and names",
        ),
        (
            "kinds: [Pod]",
            "kinds: [Pod]\n          selector: {}",
            "selector-empty",
            "The requirements are not specified in selector",
        ),
        (
            "    match:",
            "    exclude: {any: [{resources: {kinds: [Pod]}}]}\n    match:",
            "match-empty-set",
            "Rule is matching an empty set",
        ),
        (
            "      any:",
            "      all: [{resources: {kinds: [Pod]}}]\n      any:",
            "match-any-and-all",
            "Can't specify any and all together",
        ),
        (
            "  name: p",
            "  name: p\n  namespace: ns",
            "namespace-on-cluster-policy",
            "should not have the namespace defined",
        ),
        ("  rules:", "  admission: false\n  rules:", "admission-disabled", "only allowed with validation policies"),
        (
            "    verifyImages:",
            "    mutate: {patchesJson6902: '[]'}\n    verifyImages:",
            "rule-operations",
            "only one operation",
        ),
        (
            "    - imageReferences:",
            "    - type: Notary\n      imageReferences:",
            "notary-attestor",
            "Keys field is not allowed for type notary",
        ),
        (
            "    - imageReferences:",
            "    - key: x\n      attestations: [{type: t}]\n      imageReferences:",
            "deprecated-key-with-attestations",
            "are not used for attestations",
        ),
    ] {
        let found = errors(&with(line, replacement));
        let diagnostic = found.iter().find(|found| found.code == code).unwrap_or_else(|| panic!("{code}: {found:#?}"));
        assert!(diagnostic.message.contains(words), "{code}: {}", diagnostic.message);
        assert!(diagnostic.span.is_some() && diagnostic.source.is_some(), "{code}");
    }
}

#[test]
fn deprecated_fields_work_and_warn() {
    let text = with(
        "    - imageReferences: ['r.example/*']\n      attestors:\n      - count: 1\n        entries:\n        - keys:\n            publicKeys: k8s://a/b\n",
        "    - image: 'r.example/*'\n      key: k8s://a/b\n      annotations: {a: b}\n",
    );
    let loaded = read(&text);
    assert!(loaded.diagnostics.iter().all(|found| found.code == "deprecated-field"), "{:#?}", loaded.diagnostics);
    assert_eq!(loaded.diagnostics.len(), 3);
    let RuleBody::VerifyImages(entries) = &loaded.policies[0].spec.rules[0].body else { panic!("verifyImages") };
    assert_eq!(entries[0].image_references[0].value, "r.example/*");
    assert!(matches!(entries[0].attestors[0].entries[0].kind, Some(AttestorKind::Keys(_))));
    let v2beta1 = text.replace("kyverno.io/v1", "kyverno.io/v2beta1");
    assert!(errors(&v2beta1).iter().filter(|found| found.code == "unknown-field").count() >= 3);
}

#[test]
fn autogen_follows_its_rules() {
    let names = |text: &str| -> Vec<String> {
        let loaded = read(text);
        assert!(
            loaded.diagnostics.iter().all(|found| found.severity == Severity::Warning),
            "{:#?}",
            loaded.diagnostics
        );
        loaded.policies[0].spec.rules.iter().map(|rule| rule.name.clone()).collect()
    };
    let annotated = |value: &str| {
        with(
            "  name: p",
            &format!("  name: p\n  annotations:\n    pod-policies.kyverno.io/autogen-controllers: {value}"),
        )
    };
    assert_eq!(names(&annotated("none")), ["r"]);
    assert_eq!(names(&annotated("Deployment,CronJob")), ["r", "autogen-r", "autogen-cronjob-r"]);
    assert_eq!(names(&annotated("CronJob")), ["r", "autogen-cronjob-r"]);
    assert_eq!(names(&with("kinds: [Pod]", "kinds: [Pod, Deployment]")), ["r"]);
    assert_eq!(names(&with("kinds: [Pod]", "kinds: [Deployment]")), ["r"]);
    assert_eq!(names(&with("kinds: [Pod]", "kinds: [Pod]\n          names: [x]")), ["r"]);
    let excluded = |kind: &str| {
        with(
            "    match:",
            &format!("    exclude: {{any: [{{resources: {{kinds: [{kind}], namespaces: [a]}}}}]}}\n    match:"),
        )
    };
    assert_eq!(names(&excluded("Service")), ["r"]);
    assert_eq!(names(&excluded("Pod")).len(), 3);
    let loaded = read(&annotated("Deployment"));
    assert_eq!(loaded.policies[0].spec.rules[1].match_resources.filters()[0].kinds, ["apps/v1/Deployment"]);
}

#[test]
fn what_is_not_built_is_listed_with_its_place() {
    let features = |text: &str| -> Vec<String> {
        let loaded = read(text);
        assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
        let rule = &loaded.policies[0].spec.rules[0];
        let entries = match &rule.body {
            RuleBody::VerifyImages(entries) => entries.clone(),
            _ => Vec::new(),
        };
        rule.unsupported
            .iter()
            .chain(entries.iter().flat_map(|entry| &entry.unsupported))
            .map(|u| u.path.clone())
            .collect()
    };
    assert_eq!(features(GOOD), [""; 0]);
    assert_eq!(
        features(&with("k8s://a/b", "'{{ key }}'")),
        ["spec.rules[0].verifyImages[0].attestors[0].entries[0].keys.publicKeys"]
    );
    let before = |field: &str| with("    verifyImages:", &format!("    {field}\n    verifyImages:"));
    assert_eq!(
        features(&before("preconditions: {all: [{key: a, operator: Equals, value: b}]}")),
        ["spec.rules[0].preconditions"]
    );
    assert_eq!(features(&before("preconditions: {all: []}")), [""; 0]);
    assert_eq!(features(&before("context: [{name: x, variable: {value: 1}}]")), ["spec.rules[0].context"]);
    let within = |field: &str| with("    - imageReferences:", &format!("    - {field}\n      imageReferences:"));
    assert_eq!(features(&within("type: SigstoreBundle")), ["spec.rules[0].verifyImages[0].type"]);
    assert_eq!(features(&within("attestations: [{type: t}]")), ["spec.rules[0].verifyImages[0].attestations"]);
    assert_eq!(
        features(&within("imageRegistryCredentials: {secrets: [a]}")),
        ["spec.rules[0].verifyImages[0].imageRegistryCredentials"]
    );
}

#[test]
fn a_thousand_rules_load_quickly_enough_to_be_loaded_in_a_test() {
    let (head, rule) = GOOD.split_at(GOOD.find("  - name: r").expect("the rule"));
    let rules: String = (0..1000).map(|index| rule.replace("name: r", &format!("name: r{index}"))).collect();
    assert_eq!(read(&format!("{head}{rules}")).policies[0].spec.rules.len(), 3000);
}
