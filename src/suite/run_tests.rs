use crate::suite::RowCode;
use crate::suite::testing::run;

const POLICY: &str = "\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: signed }
spec:
  rules:
  - name: check
    match: { any: [{ resources: { kinds: [Pod] } }] }
    verifyImages:
    - imageReferences: ['registry.example/*']
      failureAction: Enforce
      required: false
      verifyDigest: false
";
const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { containers: [{ name: c, image: 'registry.example/app:v1' }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: b }
";

const NAMED: &str = "policies: [p.yaml]\nresources: [r.yaml]\n";

fn shown(fields: &str, policy: &str) -> Vec<String> {
    let outcome = run(fields, &[("p.yaml", policy), ("r.yaml", POD)]);
    let rows = outcome.rows.iter().map(|row| format!("{} {} {}", row.rule, row.resource, row.code.as_str()));
    rows.chain(outcome.diagnostics.iter().map(ToString::to_string)).collect()
}

#[test]
fn objects_that_no_rule_concerns_are_excluded_and_missing_artifacts_decide_nothing() {
    let rows = shown(&format!("{NAMED}results:\n- {{policy: signed, rule: check, result: pass}}\n"), POLICY);
    assert_eq!(rows, ["check default/a missing-artifacts", "check default/b excluded"]);
}

#[test]
fn policies_of_other_kinds_are_errors_that_name_the_kind() {
    let policy = "apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata: { name: v }\nspec: {}\n";
    let fields = format!("{NAMED}results:\n- {{policy: v, resources: [a], result: error}}\n");
    assert_eq!(shown(&fields, policy), [" default/a not-built"]);
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place_and_nothing_is_evaluated() {
    let fields = format!("{NAMED}results:\n- {{policy: signed, result: pass}}\n");
    let found = shown(&fields, &POLICY.replace("imageReferences", "imageReference"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("p.yaml:9:7: error[unknown-field]: "), "{}", found[0]);
    let outcome = run(&fields, &[("p.yaml", POLICY)]);
    assert!(outcome.rows.is_empty());
    assert_eq!(outcome.diagnostics[0].to_string(), "kyverno-test.yaml:5:13: error[file-missing]: r.yaml: no such file");
}

#[test]
fn an_invalid_policy_is_left_out_with_a_warning() {
    let fields = format!("{NAMED}results:\n- {{policy: signed, resources: [a], result: pass}}\n");
    let twice = POLICY.replace("verifyDigest: false", "verifyDigest: false\n  - name: check\n    match: { any: [{ resources: { kinds: [Pod] } }] }\n    verifyImages: [{ imageReferences: ['*'] }]");
    let outcome = run(&fields, &[("p.yaml", &twice), ("r.yaml", POD)]);
    assert_eq!(outcome.rows.iter().map(|row| row.code).collect::<Vec<_>>(), [RowCode::InvalidPolicy]);
    assert!(outcome.diagnostics.iter().any(|diagnostic| diagnostic.to_string().contains("warning[")));
}
