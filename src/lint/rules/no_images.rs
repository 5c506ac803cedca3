use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::lint::subject::place;
use crate::policy::RuleBody;
use crate::resource::KindSelector;
use crate::wildcard;

/// Kyverno finds images in Pods and their controllers; in other kinds only with `imageExtractors`. Without, the rule
/// applies to nothing, and says so nowhere.
pub(super) const RULE: Rule = Rule {
    code: "lint-no-images",
    severity: Severity::Error,
    category: Category::NeverMatching,
    check: Check::Rule(check),
};

/// Kinds whose images are found. Source: Kyverno `pkg/utils/api/image.go`.
const KINDS: [&str; 8] =
    ["Pod", "DaemonSet", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "Job", "CronJob"];

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    if !matches!(rule.rule.body, RuleBody::VerifyImages(_)) {
        return;
    }
    let extractors = &rule.rule.image_extractors;
    let has_images = |text: &String| {
        let kind = KindSelector::parse(text).map_or("", |selector| selector.kind());
        KINDS.iter().any(|known| wildcard::matches(kind, known)) || extractors.contains_key(kind)
    };
    let filters = rule.rule.match_resources.filters();
    let kind = filters.iter().find_map(|filter| filter.kinds.first());
    if let Some(kind) = kind.filter(|_| !filters.iter().any(|filter| filter.kinds.iter().any(has_images))) {
        report.add(
            rule.policy,
            place(rule.node, "match"),
            format_args!("verifyImages finds no images in {kind}"),
            format_args!("match Pod or its controllers, or say with imageExtractors where the images are"),
        );
    }
}
