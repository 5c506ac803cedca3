use crate::diagnostic::Severity;
use crate::policy::testing::{self, GOOD, edit, errors, places, read, with, with_operation};

const KEYS: &str = "        - keys:\n            publicKeys: k8s://a/b\n";

/// The error with this code, checked for its words and path.
fn refused(text: &str, code: &str, path: &str, words: &str) {
    let found = errors(text);
    let diagnostic = found.iter().find(|found| found.code == code && found.path == path);
    let diagnostic = diagnostic.unwrap_or_else(|| panic!("{code} at {path}: {found:#?}\n{text}"));
    assert!(diagnostic.message.contains(words), "{}", diagnostic.message);
    assert!(diagnostic.span.is_some() && diagnostic.source.is_some());
}

fn taken(text: &str) {
    assert!(errors(text).is_empty(), "{:#?}\n{text}", errors(text));
}

fn spec(field: &str) -> String {
    with("  rules:", &format!("  {field}\n  rules:"))
}

fn rule(field: &str) -> String {
    with("    verifyImages:", &format!("    {field}\n    verifyImages:"))
}

fn resources(field: &str) -> String {
    with("          kinds: [Pod]", &format!("          kinds: [Pod]\n          {field}"))
}

fn attestor(text: &str) -> String {
    with(KEYS, &format!("        - {text}\n"))
}

#[test]
fn a_good_policy_is_taken_without_a_word() {
    assert!(read(GOOD).diagnostics.is_empty());
}

#[test]
fn a_digest_is_not_mutated_in_audit() {
    let words = "mutateDigest must be set to false for ‘Audit’ failure action";
    let path = "spec.rules[0].verifyImages[0].mutateDigest";
    let minimal = with("failureAction: Enforce\n      ", "");
    refused(&minimal, "mutate-digest-in-audit", path, words);
    let audit = with("failureAction: Enforce", "failureAction: Audit\n      mutateDigest: true");
    assert_eq!(places(&audit), [format!("mutate-digest-in-audit {path} 14:21")]);
    taken(&with("failureAction: Enforce", "failureAction: Audit\n      mutateDigest: false"));
    for action in ["Enforce", "enforce"] {
        taken(&edit(&minimal, "  rules:", &format!("  validationFailureAction: {action}\n  rules:")));
    }
}

#[test]
fn the_action_of_an_entry_stays_for_those_behind_it() {
    let bare = "    - imageReferences: [x]\n      attestors: [{entries: [{keys: {publicKeys: k}}]}]\n";
    taken(&format!("{GOOD}{bare}"));
    let audit = "    - failureAction: Audit\n      mutateDigest: false\n      imageReferences: [w]\n";
    let text = format!("{GOOD}{audit}{bare}");
    assert_eq!(errors(&text).len(), 1);
    refused(&text, "mutate-digest-in-audit", "spec.rules[0].verifyImages[2].mutateDigest", "Audit");
    let enforced = edit(&text, "  rules:", "  validationFailureAction: Enforce\n  rules:");
    refused(&enforced, "mutate-digest-in-audit", "spec.rules[0].verifyImages[2].mutateDigest", "Audit");
}

#[test]
fn an_entry_names_images_without_variables() {
    let entry = "spec.rules[0].verifyImages[0]";
    let line = "imageReferences: ['r.example/*']";
    refused(&with(line, "imageReferences: []"), "image-references-missing", entry, "An image reference is required");
    taken(&with(line, "image: x"));
    let words = "rule \"r\" should not have variables in image reference section";
    let path = format!("{entry}.imageReferences[0]");
    refused(&with(line, "imageReferences: ['{{ x }}']"), "variable-in-image-reference", &path, words);
    refused(&with(line, "image: '{{ x }}'"), "variable-in-image-reference", &path, words);
    taken(&with(line, "imageReferences: [x]\n      skipImageReferences: ['{{ request.object.metadata.name }}']"));
}

#[test]
fn attestor_sets_are_complete() {
    let set = "spec.rules[0].verifyImages[0].attestors[0]";
    let count = with("      - entries:", "      - count: 2\n        entries:");
    refused(&count, "count-too-high", set, "Count cannot exceed length of entries");
    taken(&with("      - entries:", "      - count: 1\n        entries:"));
    refused(&with(KEYS, "          []\n"), "attestor-set-empty", set, "An entry is required");
    let words = "keys, certificates, keyless, or a nested attestor is required";
    let entry = format!("{set}.entries[0]");
    refused(&attestor("repository: r"), "attestor-kind", &entry, words);
    refused(
        &attestor("{keys: {publicKeys: x}, keyless: {roots: r}}"),
        "attestor-kind",
        &entry,
        "found keys and keyless",
    );
    refused(&attestor("attestor: {entries: []}"), "attestor-set-empty", &format!("{entry}.attestor"), "An entry");
    let deep = "attestor: {entries: [{attestor: {count: 2, entries: [{keys: {kms: x}}]}}]}";
    let path = format!("{entry}.attestor.entries[0].attestor");
    refused(&attestor(deep), "count-too-high", &path, "Count cannot exceed length of entries");
    taken(&attestor("attestor: {count: 0, entries: [{keys: {kms: x}}]}"));
    let attestation =
        with("      attestors:", "      attestations: [{type: t, attestors: [{entries: []}]}]\n      attestors:");
    let path = "spec.rules[0].verifyImages[0].attestations[0].attestors[0]";
    refused(&attestation, "attestor-set-empty", path, "An entry is required");
}

#[test]
fn each_kind_of_attestor_says_what_to_trust() {
    let entry = "spec.rules[0].verifyImages[0].attestors[0].entries[0]";
    for (text, code, field, words) in [
        ("keys: {signatureAlgorithm: sha256}", "key-missing", "keys", "A public key, kms key or secret is required"),
        ("keys: {publicKeys: ''}", "key-missing", "keys", "A public key, kms key or secret is required"),
        (
            "keys: {publicKeys: x, signatureAlgorithm: md5}",
            "signature-algorithm",
            "keys",
            "Invalid signature algorithm provided",
        ),
        ("certificates: {rekor: {}}", "certificate-missing", "certificates", "cert or certChain required"),
        ("keyless: {issuer: i}", "keyless-roots", "keyless", "Either Rekor URL or roots are required"),
        ("keyless: {rekor: {ignoreTlog: true}, roots: r}", "keyless-rekor-url", "keyless", "An URL is required"),
    ] {
        refused(&attestor(text), code, &format!("{entry}.{field}"), words);
    }
    for good in [
        "keys: {kms: x, signatureAlgorithm: md5}",
        "keys: {secret: {name: a, namespace: b}}",
        "keys: {publicKeys: x, signatureAlgorithm: ''}",
        "certificates: {certChain: x}",
        "keyless: {roots: r}",
        "keyless: {rekor: {url: u}}",
    ] {
        taken(&attestor(good));
    }
}

#[test]
fn notary_takes_certificates_alone() {
    let notary = |text: String| edit(&text, "    - failureAction", "    - type: Notary\n      failureAction");
    let path = "spec.rules[0].verifyImages[0].attestors";
    refused(&notary(GOOD.to_owned()), "notary-attestor", path, "Keys field is not allowed for type notary");
    let keyless = notary(attestor("keyless: {roots: r}"));
    refused(&keyless, "notary-attestor", path, "Keyless field is not allowed for type notary");
    taken(&notary(attestor("certificates: {cert: c}")));
    taken(&notary(attestor("attestor: {entries: [{keys: {publicKeys: k}}]}")));
}

#[test]
fn image_extractors_are_for_verify_images_and_do_not_mutate_what_they_transform() {
    let path = "spec.rules[0].imageExtractors";
    let words = "jmespath may not be used in an image extractor when mutating digests with verify images";
    let extractor = "imageExtractors: {Task: [{path: /spec/image, jmesPath: \"trim_prefix(@, 'x')\"}]}";
    refused(&rule(extractor), "extractor-jmespath-mutates", path, words);
    taken(&edit(&rule(extractor), "failureAction: Enforce", "failureAction: Enforce\n      mutateDigest: false"));
    let elsewhere =
        edit(&with_operation("validate: {pattern: {}}"), "    validate", "    imageExtractors: {}\n    validate");
    let words = "Invalid rule spec for rule 'r', imageExtractors can only be defined for verifyImages rule";
    refused(&elsewhere, "extractors-elsewhere", path, words);
}

#[test]
fn validate_of_one_entry_asks_for_deny_in_all() {
    let validate = |text: &str| with("    - failureAction", &format!("    - validate: {text}\n      failureAction"));
    let path = "spec.rules[0].verifyImages[0].validate";
    refused(&validate("{message: m}"), "validate-without-deny", path, "validate.deny");
    taken(&validate("{}"));
    taken(&validate("{deny: {}}"));
}

#[test]
fn a_rule_has_one_operation() {
    let words = "No operation defined in the rule 'r'.(supported operations: mutate,validate,generate,verifyImages)";
    for none in ["verifyImages: []", "mutate: {}", "validate: {pattern: null}", "context: []"] {
        refused(&with_operation(none), "rule-operations", "spec.rules[0]", words);
    }
    let words = "Multiple operations defined in the rule 'r', only one operation";
    refused(&rule("mutate: {patchesJson6902: '[]'}"), "rule-operations", "spec.rules[0]", words);
    taken(&rule("mutate: {}"));
    let body = "spec.rules[0].validate";
    refused(&with_operation("validate: {message: m, assert: {}}"), "validate-body", body, "one of pattern");
    refused(&with_operation("validate: {pattern: {}, deny: {}}"), "validate-body", body, "only one of");
}

#[test]
fn names_are_short_and_unique() {
    let long = "x".repeat(64);
    refused(&with("  - name: r", &format!("  - name: {long}")), "name-too-long", "spec.rules[0].name", "63");
    refused(&with("  name: p", &format!("  name: {long}")), "name-too-long", "metadata.name", "63");
    refused(&format!("{GOOD}{}", testing::rule()), "duplicate-rule", "spec.rules[1].name", "Duplicate rule name: 'r'");
}

#[test]
fn metadata_fits_the_kind() {
    let words = "A clusterpolicy should not have the namespace defined";
    let namespaced = with("  name: p", "  name: p\n  namespace: x");
    refused(&namespaced, "namespace-on-cluster-policy", "metadata.namespace", words);
    taken(&edit(&namespaced, "ClusterPolicy", "Policy"));
    let annotated = |value: &str| {
        with(
            "  name: p",
            &format!("  name: p\n  annotations: {{pod-policies.kyverno.io/autogen-controllers: '{value}'}}"),
        )
    };
    refused(&annotated("all"), "autogen-all", "metadata.annotations", "does not support 'all'");
    taken(&annotated("none"));
}

#[test]
fn a_namespaced_policy_stays_in_its_namespace() {
    let policy = |text: &str| edit(text, "ClusterPolicy", "Policy");
    let path = "spec.rules[0].match.any[0].resources.namespaces";
    let words = "Filtering namespaces not allowed in namespaced policies";
    refused(&policy(&resources("namespaces: [x]")), "match-namespaces", path, words);
    let overrides = spec("validationFailureActionOverrides: [{action: Audit, namespaces: [x]}]");
    let path = "spec.validationFailureActionOverrides";
    refused(&policy(&overrides), "overrides-in-policy", path, "is supported only with ClusterPolicy");
    taken(&overrides);
}

#[test]
fn overrides_do_not_contradict_each_other() {
    let overrides = |text: &str| spec(&format!("validationFailureActionOverrides: {text}"));
    let path = "spec.validationFailureActionOverrides[1].namespaces";
    for conflict in ["x", "'x*'", "'*'"] {
        let text =
            overrides(&format!("[{{action: Audit, namespaces: [x]}}, {{action: enforce, namespaces: [{conflict}]}}]"));
        refused(&text, "override-conflict", path, "conflicting namespaces found");
    }
    taken(&overrides("[{action: Audit, namespaces: [x]}, {action: Enforce, namespaces: [w, 'z*']}]"));
    let path = "spec.validationFailureActionOverrides[0]";
    refused(&overrides("[{namespaces: [x]}]"), "override-without-action", path, "invalid action");
}

#[test]
fn the_spec_does_not_say_things_twice_or_too_large() {
    for (fields, code, path, words) in [
        ("admission: false", "admission-disabled", "spec.admission", "only allowed with validation policies"),
        (
            "admission: false\n  background: false",
            "never-evaluated",
            "spec.admission",
            "disabling both admission and background processing is not allowed",
        ),
        ("webhookTimeoutSeconds: 31", "timeout-out-of-range", "spec.webhookTimeoutSeconds", "between 1 and 30"),
        (
            "webhookConfiguration: {timeoutSeconds: 31}",
            "timeout-out-of-range",
            "spec.webhookConfiguration.timeoutSeconds",
            "between 1 and 30",
        ),
        (
            "failurePolicy: Fail\n  webhookConfiguration: {failurePolicy: Fail}",
            "field-twice",
            "spec.failurePolicy",
            "use spec.webhookConfiguration.failurePolicy instead",
        ),
        (
            "generateExistingOnPolicyUpdate: false",
            "obsolete-field",
            "spec.generateExistingOnPolicyUpdate",
            "remove the deprecated field",
        ),
    ] {
        refused(&spec(fields), code, path, words);
    }
    assert_eq!(errors(&spec("webhookTimeoutSeconds: 0"))[0].code, "invalid-value");
    let mutate = with_operation("mutate: {mutateExistingOnPolicyUpdate: true, patchStrategicMerge: {a: b}}");
    refused(&mutate, "targets-missing", "spec.rules[0].mutate", "targets has to be specified");
}

#[test]
fn match_blocks_take_one_form() {
    let path = "spec.rules[0].match";
    let all = with("      any:", "      all: [{resources: {kinds: [Pod]}}]\n      any:");
    refused(&all, "match-any-and-all", path, "Can't specify any and all together");
    let mixed = with("      any:", "      resources: {kinds: [Pod]}\n      any:");
    refused(&mixed, "match-mixed", path, "Can't specify any/all together with match resources");
    taken(&with("      any:\n      - resources:\n          kinds", "      resources:\n        kinds"));
    let words = "the kind attribute is mandatory";
    refused(&with("kinds: [Pod]", "namespaces: [x]"), "match-kinds-missing", "spec.rules[0].match.any[0]", words);
    refused(
        &with("      any:\n      - resources:\n          kinds: [Pod]", "      {}"),
        "match-kinds-missing",
        path,
        words,
    );
    taken(&rule("exclude: {any: [{resources: {namespaces: [x]}}]}"));
}

#[test]
fn criteria_are_well_formed() {
    let filter = "spec.rules[0].match.any[0]";
    for (field, code, path, words) in [
        ("name: a\n          names: [b]", "match-name-twice", "", "Both name and names can not be specified together"),
        ("selector: {}", "selector-empty", ".selector", "The requirements are not specified in selector"),
        (
            "selector: {matchExpressions: [{key: a, operator: In}]}",
            "selector-values",
            ".selector.matchExpressions[0]",
            "expected at least one value",
        ),
        (
            "namespaceSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}",
            "selector-values",
            ".namespaceSelector.matchExpressions[0]",
            "expected no values",
        ),
    ] {
        refused(&resources(field), code, &format!("{filter}.resources{path}"), words);
    }
    taken(&resources("namespaceSelector: {}"));
    taken(&resources("selector: {matchLabels: {'a*': '?'}}"));
    let user = |field: &str| {
        edit(&resources("names: [x]"), "  rules:", "  background: false\n  rules:").replacen(
            "          names: [x]",
            &format!("        {field}"),
            1,
        )
    };
    let path = format!("{filter}.subjects[0].namespace");
    refused(&user("subjects: [{kind: ServiceAccount, name: a}]"), "subject-namespace", &path, "namespace is required");
    refused(&user("subjects: [{kind: User, name: ''}]"), "subject-name", &format!("{filter}.subjects[0].name"), "name");
    assert_eq!(errors(&user("subjects: [{kind: Robot, name: a}]"))[0].code, "invalid-value");
    let words = "Role is expected to be in namespace:name format";
    refused(&user("roles: [a]"), "role-form", &format!("{filter}.roles[0]"), words);
    taken(&user("roles: ['a:b']"));
    refused(
        &resources("names: ['{{ x }}']"),
        "variable-in-match",
        &format!("{filter}.resources.names[0]"),
        "match section",
    );
}

#[test]
fn a_rule_for_everything_is_no_image_rule() {
    let path = "spec.rules[0].match";
    let every = with("kinds: [Pod]", "kinds: ['*']");
    refused(&every, "wildcard-kind-in-background", path, "wildcard policy not allowed in background mode");
    let foreground = edit(&every, "  rules:", "  background: false\n  rules:");
    assert_eq!(errors(&foreground).len(), 1);
    refused(&foreground, "wildcard-kind", path, "wildcard policy does not support rule type");
}

#[test]
fn background_scans_know_no_user() {
    let subjects = "          kinds: [Pod]\n        subjects: [{kind: User, name: u}]";
    let text = with("          kinds: [Pod]", subjects);
    let path = "spec.rules[0].match.any[0].subjects";
    refused(&text, "user-info-in-background", path, "Set spec.background=false to disable background mode");
    taken(&edit(&text, "  rules:", "  background: false\n  rules:"));
    let variable = |text: &str| rule(&format!("reportProperties: {{a: '{text}'}}"));
    let path = "spec.rules[0].reportProperties.a";
    for used in ["{{ request.userInfo.username }}", "{{serviceAccountName}}", "{{ x || request.roles }}"] {
        refused(&variable(used), "user-info-in-background", path, used);
    }
    for other in ["{{ request.object.request.userInfo }}", "{{ request.rolesx }}", "serviceAccountName"] {
        taken(&variable(other));
    }
}

#[test]
fn a_rule_that_excludes_what_it_matches_is_refused() {
    let words = "Rule is matching an empty set";
    let path = "spec.rules[0]";
    for empty in [
        "exclude: {any: [{resources: {namespaces: [x]}}, {resources: {kinds: [Pod]}}]}",
        "exclude: {any: [{resources: {kinds: [Pod], operations: []}}]}",
    ] {
        refused(&rule(empty), "match-empty-set", path, words);
    }
    taken(&rule("exclude: {any: [{resources: {kinds: [Pod], namespaces: [x]}}]}"));
    taken(&rule("exclude: {all: [{resources: {kinds: [Pod]}}]}"));
    taken(&rule("exclude: {}"));
    let direct = |matching: &str, exclude: &str| {
        let text =
            with("      any:\n      - resources:\n          kinds: [Pod]", &format!("      resources: {{{matching}}}"));
        edit(&text, "    verifyImages:", &format!("    exclude: {{resources: {{{exclude}}}}}\n    verifyImages:"))
    };
    for (matching, exclude, is_empty) in [
        ("kinds: [Pod]", "kinds: [Pod, Job]", true),
        ("kinds: [Pod, Job]", "kinds: [Pod]", false),
        ("kinds: [Pod]", "kinds: [Pod], namespaces: [x]", false),
        ("kinds: [Pod], namespaces: [x]", "namespaces: [x, w]", true),
        ("kinds: [Pod], names: [abc]", "names: ['a*']", true),
        ("kinds: [Pod], names: [abc]", "names: [b]", false),
        ("kinds: [Pod], selector: {matchLabels: {a: b}}", "selector: {matchLabels: {a: b, c: d}}", true),
        ("kinds: [Pod], selector: {matchLabels: {a: b}}", "selector: {matchLabels: {a: c}}", false),
        ("kinds: [Pod]", "selector: {matchLabels: {a: b}}", false),
        ("kinds: [Pod]", "annotations: {a: b}", false),
    ] {
        let found = errors(&direct(matching, exclude));
        assert_eq!(found.iter().any(|found| found.code == "match-empty-set"), is_empty, "{matching} / {exclude}");
    }
}

#[test]
fn context_entries_have_a_name_and_one_source() {
    let context = |text: &str| rule(&format!("context: [{text}]"));
    let entry = "spec.rules[0].context[0]";
    for (text, code, field, words) in [
        (
            "{name: request.x, variable: {value: 1}}",
            "context-name",
            ".name",
            "conflicts with a pre-defined variable request",
        ),
        ("{name: '', variable: {value: 1}}", "context-name", ".name", "a name is required"),
        ("{name: a}", "context-source", "", "exactly one of"),
        ("{name: a, variable: {value: 1}, configMap: {name: x, namespace: z}}", "context-source", "", "exactly one of"),
        ("{name: a, variable: {default: 1}}", "context-variable", ".variable", "a value or a jmesPath"),
        ("{name: a, variable: {value: 1, default: 1}}", "context-variable", ".variable", "only when a jmesPath"),
        ("{name: a, configMap: {name: x}}", "context-config-map", ".configMap.namespace", "a namespace is required"),
    ] {
        refused(&context(text), code, &format!("{entry}{field}"), words);
    }
    taken(&context("{name: requests, variable: {jmesPath: a, default: 1}}"));
}

#[test]
fn deprecated_fields_warn() {
    let warned = |text: &str| -> Vec<String> {
        let found = read(text).diagnostics;
        assert!(found.iter().all(|found| found.severity == Severity::Warning), "{found:#?}");
        found.into_iter().map(|found| format!("{} {}", found.code, found.path)).collect()
    };
    for field in [
        "failurePolicy: Fail",
        "webhookTimeoutSeconds: 5",
        "schemaValidation: false",
        "generateExisting: false",
        "mutateExistingOnPolicyUpdate: false",
        "validationFailureActionOverrides: [{action: Audit}]",
        "validationFailureAction: enforce",
    ] {
        let name = field.split(':').next().unwrap();
        assert_eq!(warned(&spec(field)), [format!("deprecated-field spec.{name}")]);
    }
    assert!(warned(&spec("validationFailureAction: Enforce")).is_empty());
    let entry = "spec.rules[0].verifyImages[0]";
    let within = |field: &str| with("    - failureAction", &format!("    - {field}\n      failureAction"));
    assert_eq!(
        warned(&within("additionalExtensions: {a: b}")),
        [
            format!("deprecated-field {entry}.additionalExtensions"),
            format!("field-without-effect {entry}.additionalExtensions")
        ]
    );
    let predicate = within("attestations: [{predicateType: t}]");
    assert_eq!(warned(&predicate), [format!("deprecated-field {entry}.attestations[0].predicateType")]);
    assert_eq!(
        read(&predicate).diagnostics[0].message,
        "predicateType has been deprecated use 'type: t' instead of 'predicateType: t'"
    );
    let old = rule("preconditions: {all: [{key: a, operator: In, value: [b]}]}");
    assert_eq!(warned(&old), ["deprecated-operator spec.rules[0].preconditions.all[0].operator"]);
    assert_eq!(
        warned(&attestor("{keys: {publicKeys: x}, signatureAlgorithm: sha512}")),
        [format!("field-without-effect {entry}.attestors[0].entries[0].signatureAlgorithm")]
    );
}

#[test]
fn a_deprecated_key_beside_attestations_is_refused() {
    let text = with("    - failureAction", "    - key: k\n      attestations: [{type: t}]\n      failureAction");
    let path = "spec.rules[0].verifyImages[0]";
    refused(&text, "deprecated-key-with-attestations", path, "anybody's attestation would do");
}

#[test]
fn fields_that_the_type_does_not_read_are_named() {
    let warned = |text: &str| -> Vec<String> {
        let found = read(text).diagnostics;
        let found = found.into_iter().filter(|found| found.code == "field-without-effect");
        found.map(|found| found.path.trim_start_matches("spec.rules[0].verifyImages[0].").to_owned()).collect()
    };
    let within = |field: &str| with("    - failureAction", &format!("    - {field}\n      failureAction"));
    assert_eq!(warned(&within("type: SigstoreBundle\n      cosignOCI11: true")), ["cosignOCI11"]);
    assert_eq!(warned(&within("cosignOCI11: true")), Vec::<String>::new());
    let keyless = within("type: SigstoreBundle").replace(
        "keys:\n            publicKeys: k8s://a/b",
        "keyless: {subject: s, issuer: i, roots: r, rekor: {url: u, pubkey: p}}\n          repository: a.io/b",
    );
    let entry = "attestors[0].entries[0]";
    assert_eq!(
        warned(&keyless),
        ["repository", "keyless.roots", "keyless.rekor.pubkey"].map(|field| format!("{entry}.{field}"))
    );
    let notary = within("type: Notary").replace(
        "keys:\n            publicKeys: k8s://a/b",
        "certificates: {cert: c, rekor: {ignoreTlog: true}}\n          annotations: {a: b}",
    );
    assert_eq!(warned(&notary), ["annotations", "certificates.rekor"].map(|field| format!("{entry}.{field}")));
}
