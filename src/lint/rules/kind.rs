use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::diagnostic::nearest;
use crate::policy::{field, list};
use crate::resource::KindSelector;
use crate::wildcard;
use crate::yaml::Node;

pub(super) const SELECTOR: Rule = Rule {
    code: "lint-kind-selector",
    severity: Severity::Error,
    category: Category::NeverMatching,
    explanation: "A kind is written in a form that selects nothing: a group needs a version behind it.",
    check: Check::Rule(selectors),
};

pub(super) const UNKNOWN: Rule = Rule {
    code: "lint-kind-unknown",
    severity: Severity::Warning,
    category: Category::NeverMatching,
    explanation: "Kubernetes has no such kind, but one that is spelled nearly alike; kinds are case-sensitive.",
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
    let blocks = ["match", "exclude"].into_iter().filter_map(|name| field(rule, name));
    let filters = blocks.flat_map(|block| ["any", "all"].iter().flat_map(|name| list(block, name)).chain([block]));
    filters.filter_map(|filter| field(filter, "resources")).flat_map(|resources| list(resources, "kinds")).collect()
}

fn selectors(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for node in kinds(rule.node) {
        let text = node.as_str().unwrap_or_default();
        let first = text.split('/').next().unwrap_or_default();
        let is_group = first.contains('.') || SHORT_GROUPS.contains(&first);
        match KindSelector::parse(text) {
            None => {
                let message = format!("`{text}` has too many parts, and selects nothing");
                report.add(rule.policy, node.span, message, "write group/version/Kind/subresource at most");
            }
            // Two parts are a version and a kind, or a kind and a subresource.
            Some(_) if is_group && text.matches('/').count() == 1 => {
                let kind = text.rsplit('/').next().unwrap_or_default();
                let message = format!("`{text}` is read as the subresource `{kind}` of a kind `{first}`");
                report.add(rule.policy, node.span, message, format!("write {first}/*/{kind}"));
            }
            Some(_) => {}
        }
    }
}

fn unknown(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for node in kinds(rule.node) {
        let text = node.as_str().unwrap_or_default();
        // A group that is named may have any kinds.
        let Some(selector) = KindSelector::parse(text).filter(KindSelector::is_of_any_group) else { continue };
        let kind = selector.kind();
        if wildcard::is_pattern(kind) || KINDS.contains(&kind) {
            continue;
        }
        if let Some(near) = nearest(kind, KINDS.iter().copied()) {
            let message = format!("Kubernetes has no kind `{kind}`");
            report.add(rule.policy, node.span, message, format!("write {near}, or the group of a kind of your own"));
        }
    }
}
