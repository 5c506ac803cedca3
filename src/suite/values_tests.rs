use super::*;
use serde_json::json;

const TEXT: &str = "\
apiVersion: cli.kyverno.io/v1alpha1
kind: Values
globalValues: { request.operation: UPDATE, a: global, b: global }
policies:
- name: p
  resources:
  - name: x
    values: { b: own, c: { d: 1 } }
  rules:
  - name: r
    values: { v: 1 }
    foreachValues: { e: [1, 2] }
namespaceSelector:
- name: team
  labels: { from: selector }
- name: m
  labels: { from: selector }
namespaces:
- metadata: { name: team, labels: { from: namespace } }
subresources:
- subresource: { name: deployments/scale, kind: Scale, group: autoscaling, version: v1 }
  parentResource: { name: deployments, kind: Deployment, group: apps, version: v1 }
";

fn values(text: &str) -> Result<Values, Vec<Diagnostic>> {
    read_values(text, &SourceName::new("values.yaml"), &Limits::default())
}

#[test]
fn rules_namespaces_and_subresources_are_read() {
    let values = values(TEXT).unwrap();
    let rule = &values.policies[0].rules[0];
    assert_eq!((&rule.values["v"], &rule.foreach["e"]), (&json!(1), &vec![json!(1), json!(2)]));
    assert_eq!(values.namespaces["team"]["from"], "namespace");
    assert_eq!(values.namespaces["m"]["from"], "selector");
    assert_eq!(values.subresources[0].of.api_version, "autoscaling/v1");
    assert_eq!(values.subresources[0].parent.kind, "Deployment");
}

#[test]
fn files_without_kind_or_with_unknown_fields_are_refused() {
    let message = |text: &str| values(text).unwrap_err()[0].message.clone();
    assert_eq!(
        message("globalValues: {}\n"),
        "values file values.yaml uses a deprecated schema — please migrate to the latest format"
    );
    assert_eq!(message("apiVersion: a\nkind: Values\npolicy: []\n"), "unknown field `policy`");
    assert_eq!(message(""), "expected one document, found 0");
    let user = |text: &str| read_user_info(text, &SourceName::new("u.yaml"), &Limits::default());
    assert!(user("userInfo: {}\n").unwrap_err()[0].message.starts_with("userInfo file u.yaml uses a deprecated"));
    assert_eq!(user("apiVersion: a\nkind: UserInfo\nuserInfo: { name: x }\n").unwrap_err()[0].code, "unknown-field");
}

#[test]
fn user_info_is_read() {
    let text =
        "apiVersion: a\nkind: UserInfo\nroles: [n:r]\nclusterRoles: [c]\nuserInfo: { username: u, groups: [g] }\n";
    let info = read_user_info(text, &SourceName::new("u.yaml"), &Limits::default()).unwrap();
    assert_eq!(
        (info.username.as_str(), &info.groups[..], &info.roles[..]),
        ("u", &["g".into()][..], &["n:r".into()][..])
    );
    assert_eq!(info.cluster_roles, ["c"]);
}
