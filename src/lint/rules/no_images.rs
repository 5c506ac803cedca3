use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::policy::{RuleBody, field};
use crate::resource::KindSelector;
use crate::wildcard;

pub(super) const RULE: Rule = Rule {
    code: "lint-no-images",
    severity: Severity::Error,
    category: Category::NeverMatching,
    explanation: "Kyverno finds images in Pods and their controllers; in other kinds only with `imageExtractors`. Without, \
                  the rule applies to nothing, and says so nowhere.",
    check: Check::Rule(check),
};

/// Kinds whose images are found. Source: Kyverno `pkg/utils/api/image.go`.
const KINDS: [&str; 8] =
    ["Pod", "DaemonSet", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "Job", "CronJob"];

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    if !matches!(rule.rule.body, RuleBody::VerifyImages(_)) {
        return;
    }
    let has_images = |text: &str| {
        let kind = KindSelector::parse(text).map_or("", |selector| selector.kind());
        let extracted = || KINDS.into_iter().chain(rule.rule.image_extractors.keys().map(String::as_str));
        extracted().any(|known| wildcard::matches(kind, known))
    };
    let kinds = || rule.rule.match_resources.filters().iter().flat_map(|filter| &filter.kinds);
    if let Some(kind) = kinds().next().filter(|_| !kinds().any(|kind| has_images(kind))) {
        let span = field(rule.node, "match").map_or(rule.node.span, |node| node.span);
        let message = format!("verifyImages finds no images in {kind}");
        let advice = "match Pod or its controllers, or say with imageExtractors where the images are";
        report.add(rule.policy, span, message, advice);
    }
}
