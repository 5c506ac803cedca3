//! Which controllers a policy wants rules for.

use std::collections::{BTreeMap, BTreeSet};

/// The annotation that says so: names, comma separated, not trimmed; `none` for no rules.
pub(in crate::policy) const ANNOTATION: &str = "pod-policies.kyverno.io/autogen-controllers";
const CRON_JOB: &str = "CronJob";
/// Kinds and the selectors that rules name them by, sorted as Kyverno sorts them.
const SELECTORS: [(&str, &str); 6] = [
    ("DaemonSet", "apps/v1/DaemonSet"),
    ("Deployment", "apps/v1/Deployment"),
    ("Job", "batch/v1/Job"),
    ("ReplicaSet", "apps/v1/ReplicaSet"),
    ("ReplicationController", "v1/ReplicationController"),
    ("StatefulSet", "apps/v1/StatefulSet"),
];

/// The kinds that a rule may name for autogen to be worth it.
pub(super) fn is_pod_or_controller(kind: &str) -> bool {
    kind == "Pod" || kind == CRON_JOB || SELECTORS.iter().any(|(name, _)| *name == kind)
}

/// The names of the annotation, or the seven controllers.
pub(super) struct Controllers {
    wanted: BTreeSet<String>,
}

impl Controllers {
    pub(super) fn of(annotations: &BTreeMap<String, String>) -> Self {
        let wanted = match annotations.get(ANNOTATION).map(String::as_str) {
            None => SELECTORS.iter().map(|(name, _)| *name).chain([CRON_JOB]).map(str::to_owned).collect(),
            Some("none") => BTreeSet::new(),
            Some(text) => text.split(',').map(str::to_owned).collect(),
        };
        Self { wanted }
    }

    /// The selectors of the rule for controllers; none: no such rule.
    ///
    /// Unknown names count for nothing beside a known one, and become kinds where there is none.
    pub(super) fn selectors(&self) -> Vec<String> {
        let known: Vec<String> = SELECTORS
            .iter()
            .filter(|(name, _)| self.wanted.contains(*name))
            .map(|(_, selector)| (*selector).to_owned())
            .collect();
        if !known.is_empty() {
            return known;
        }
        let others: Vec<String> = self.wanted.iter().filter(|name| *name != CRON_JOB).cloned().collect();
        if others == [""] { Vec::new() } else { others }
    }

    /// The selector of the rule for CronJobs. Kyverno searches the whole text for its name, and for `all`.
    pub(super) fn cron_job(&self) -> Option<&'static str> {
        let named = self.wanted.iter().any(|name| name.contains(CRON_JOB) || name.contains("all"));
        named.then_some("batch/v1/CronJob")
    }
}
