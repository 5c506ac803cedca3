//! Which policies and rules get generated rules.

use super::controllers::is_pod_or_controller;
use crate::policy::decode;
use crate::yaml::Node;

/// One rule that does not allow it turns autogen off for the whole policy (`CanAutoGen`).
pub(super) fn of_policy(rules: &[Node]) -> bool {
    let names_one =
        |rule: &Node| kinds(rule, "match").iter().chain(&kinds(rule, "exclude")).any(|kind| is_pod_or_controller(kind));
    rules.iter().all(allows) && rules.iter().any(names_one)
}

/// Does the rule itself get variants?
pub(super) fn of_rule(rule: &Node) -> bool {
    let excluded = kinds(rule, "exclude");
    !decode::text(rule, "name").unwrap_or_default().starts_with("autogen-")
        && names_pod(&kinds(rule, "match"))
        && (excluded.is_empty() || names_pod(&excluded))
        && has_body(rule)
}

/// Does one of the selectors name the kind Pod, in whatever group and version, or a subresource of it?
pub(super) fn names_pod(kinds: &[String]) -> bool {
    kinds.iter().any(|selector| kind_of(selector) == "Pod")
}

/// The kind of a selector (`GetKindFromGVK`, `SplitSubresource`): `v1/Pod`, `Pod/exec` and `Pod.exec` are about Pods.
fn kind_of(selector: &str) -> &str {
    let is_version = |text: &str| {
        text == "*" || text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let parts: Vec<&str> = selector.split('/').collect();
    let kind = match parts.as_slice() {
        [kind] => kind,
        [version, kind] if is_version(version) => kind,
        [kind, _] => kind,
        [version, kind, _] if is_version(version) => kind,
        [_, _, kind] | [_, _, kind, _] => kind,
        _ => return "",
    };
    kind.split('.').next().unwrap_or_default()
}

fn allows(rule: &Node) -> bool {
    let json_patch = |node: &Node| decode::text(node, "patchesJson6902").is_some_and(|patch| !patch.is_empty());
    let mutate = decode::field(rule, "mutate");
    let patches = mutate.is_some_and(|m| json_patch(m) || decode::list(m, "foreach").iter().any(json_patch));
    let selective = ["match", "exclude"].into_iter().flat_map(|block| resources(rule, block)).any(is_selective);
    !decode::operations(rule).contains(&"generate") && !patches && !selective
}

/// What is said of a Pod by these need not be said of its controller.
fn is_selective(resources: &Node) -> bool {
    let kinds = decode::texts(resources, "kinds");
    decode::text(resources, "name").is_some_and(|name| !name.is_empty())
        || !decode::list(resources, "names").is_empty()
        || ["selector", "annotations"].into_iter().any(|name| decode::field(resources, name).is_some())
        || kinds.len() > 1 && names_pod(&kinds)
}

/// Is there something that variants are made of? Of manifests and of JSON patches there are none.
fn has_body(rule: &Node) -> bool {
    let of = |operation: &str, bodies: &[&str]| {
        decode::field(rule, operation)
            .is_some_and(|body| bodies.iter().any(|name| decode::field(body, name).is_some_and(|b| !is_empty_list(b))))
    };
    of("mutate", &["patchStrategicMerge", "foreach"])
        || of("validate", &["pattern", "anyPattern", "deny", "podSecurity", "foreach", "cel"])
        || !decode::list(rule, "verifyImages").is_empty()
}

fn is_empty_list(node: &Node) -> bool {
    matches!(&node.kind, crate::yaml::NodeKind::Sequence(items) if items.is_empty())
}

fn kinds(rule: &Node, block: &str) -> Vec<String> {
    resources(rule, block).into_iter().flat_map(|resources| decode::texts(resources, "kinds")).collect()
}

/// The `resources` of every filter of the block, the direct form included.
fn resources<'a>(rule: &'a Node, block: &str) -> Vec<&'a Node> {
    let Some(block) = decode::field(rule, block) else { return Vec::new() };
    let listed = decode::list(block, "any").iter().chain(decode::list(block, "all"));
    listed.chain(std::iter::once(block)).filter_map(|filter| decode::field(filter, "resources")).collect()
}
