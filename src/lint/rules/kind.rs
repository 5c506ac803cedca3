use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::diagnostic::nearest;
use crate::policy::{field, list};
use crate::resource::KindSelector;
use crate::wildcard;
use crate::yaml::Node;

/// A kind is written in a form that selects nothing: a group needs a version behind it.
pub(super) const SELECTOR: Rule = Rule {
    code: "lint-kind-selector",
    severity: Severity::Error,
    category: Category::NeverMatching,
    check: Check::Rule(selectors),
};

/// Kubernetes has no such kind, but one that is spelled nearly alike; kinds are case-sensitive.
pub(super) const UNKNOWN: Rule = Rule {
    code: "lint-kind-unknown",
    severity: Severity::Warning,
    category: Category::NeverMatching,
    check: Check::Rule(unknown),
};

/// Kinds that come with Kubernetes.
const KINDS: &[&str] = &[
    "APIService",
    "Binding",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "ControllerRevision",
    "CronJob",
    "CSIDriver",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "EndpointSlice",
    "Endpoints",
    "Event",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Job",
    "Lease",
    "LimitRange",
    "MutatingWebhookConfiguration",
    "Namespace",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PodTemplate",
    "PriorityClass",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "RuntimeClass",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
];
/// Groups of Kubernetes without a dot in their names.
const SHORT_GROUPS: [&str; 4] = ["apps", "autoscaling", "batch", "policy"];

/// The kinds that a rule names in match or exclude.
fn kinds(rule: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    for block in ["match", "exclude"].into_iter().filter_map(|name| field(rule, name)) {
        for filter in list(block, "any").iter().chain(list(block, "all")).chain([block]) {
            found.extend(field(filter, "resources").map_or(&[][..], |resources| list(resources, "kinds")));
        }
    }
    found
}

fn selectors(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for node in kinds(rule.node) {
        let text = node.as_str().unwrap_or_default();
        if KindSelector::parse(text).is_none() {
            report.add(
                rule.policy,
                node.span,
                format_args!("`{text}` has too many parts, and selects nothing"),
                format_args!("write group/version/Kind/subresource at most"),
            );
        }
        // Two parts are a version and a kind, or a kind and a subresource.
        let Some((group, kind)) = text.split_once('/').filter(|(_, kind)| !kind.contains('/')) else { continue };
        if group.contains('.') || SHORT_GROUPS.contains(&group) {
            report.add(
                rule.policy,
                node.span,
                format_args!("`{text}` is read as the subresource `{kind}` of a kind `{group}`"),
                format_args!("write {group}/*/{kind}"),
            );
        }
    }
}

fn unknown(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for node in kinds(rule.node) {
        let selector = KindSelector::parse(node.as_str().unwrap_or_default());
        // A group that is named may have any kinds.
        let Some(selector) = selector.filter(KindSelector::is_of_any_group) else { continue };
        let kind = selector.kind();
        let is_known = wildcard::is_pattern(kind) || KINDS.contains(&kind);
        if let Some(near) = nearest(kind, KINDS.iter().copied()).filter(|_| !is_known) {
            report.add(
                rule.policy,
                node.span,
                format_args!("Kubernetes has no kind `{kind}`"),
                format_args!("write {near}, or the group of a kind of your own"),
            );
        }
    }
}
