//! Kind selectors: `Pod`, `apps/v1/Deployment`, `*/*`, `Pod/exec`.
//!
//! Source: Kyverno `pkg/utils/kube/kind.go` (`ParseKindSelector`).

use crate::wildcard;

/// A kind selector, taken apart. Every part is a wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KindSelector<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
    sub_resource: &'a str,
}

impl<'a> KindSelector<'a> {
    /// Takes `text` apart; `None`: it is of no known form and matches nothing.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts: Vec<&str> = text.split('/').collect();
        let last = parts.pop()?;
        parts.extend(last.split('.'));
        let of = |group, version, kind, sub_resource| Some(Self { group, version, kind, sub_resource });
        match *parts.as_slice() {
            [kind] => of("*", "*", kind, ""),
            ["*", "*"] => of("*", "*", "*", "*"),
            ["*", sub] if !sub.is_empty() && sub.chars().all(|c| c.is_ascii_lowercase()) => of("*", "*", "*", sub),
            [version, kind] if is_version(version) => of("*", version, kind, ""),
            [kind, sub] => of("*", "*", kind, sub),
            [version, kind, sub] if is_version(version) => of("*", version, kind, sub),
            [group, version, kind] => of(group, version, kind, ""),
            [group, version, kind, sub] => of(group, version, kind, sub),
            _ => None,
        }
    }

    /// Does it select this kind and subresource?
    pub(super) fn matches(&self, api_version: &str, kind: &str, sub_resource: &str) -> bool {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let is_pod = group.is_empty() && version == "v1" && kind == "Pod";
        wildcard::matches(self.group, group)
            && wildcard::matches(self.version, version)
            && wildcard::matches(self.kind, kind)
            && (wildcard::matches(self.sub_resource, sub_resource)
                // Adding a debug container changes a Pod, so rules about Pods see it.
                || is_pod && self.sub_resource.is_empty() && sub_resource == "ephemeralcontainers")
    }
}

/// `v1`, `v2beta1`, `*`.
fn is_version(text: &str) -> bool {
    if text == "*" {
        return true;
    }
    let Some(rest) = text.strip_prefix('v') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (major, minor) = match rest.split_once("alpha").or_else(|| rest.split_once("beta")) {
        Some((major, minor)) => (major, Some(minor)),
        None => (rest, None),
    };
    digits(major) && minor.is_none_or(|minor| minor.is_empty() || digits(minor))
}

#[cfg(test)]
mod tests {
    use super::KindSelector;

    #[test]
    fn selectors_are_read_by_their_number_of_parts() {
        for (selector, api_version, kind, sub, expected) in [
            ("Pod", "v1", "Pod", "", true),
            ("Pod", "v1", "Pod", "exec", false),
            ("Pod", "v1", "Pod", "ephemeralcontainers", true),
            ("Pod", "v1", "Pods", "", false),
            ("pod", "v1", "Pod", "", false),
            ("v1/Pod", "v1", "Pod", "", true),
            ("v1/Pod", "apps/v1", "Pod", "", true),
            ("apps/v1/Deployment", "apps/v1", "Deployment", "", true),
            ("apps/v1/Deployment", "apps/v2", "Deployment", "", false),
            ("*/Deployment", "apps/v1", "Deployment", "", true),
            ("apps/*/*", "apps/v1", "DaemonSet", "", true),
            ("networking.k8s.io/v1/Ingress", "networking.k8s.io/v1", "Ingress", "", true),
            ("Pod/exec", "v1", "Pod", "exec", true),
            ("Pod.exec", "v1", "Pod", "exec", true),
            ("*/*", "v1", "Pod", "exec", true),
            ("*", "v1", "Pod", "", true),
            ("*", "v1", "Pod", "exec", false),
            ("*/exec", "v1", "Pod", "exec", true),
            ("v1/Pod/exec", "v1", "Pod", "exec", true),
            ("a/b/c/d/e", "v1", "Pod", "", false),
        ] {
            let matched = KindSelector::parse(selector).is_some_and(|s| s.matches(api_version, kind, sub));
            assert_eq!(matched, expected, "{selector} on {api_version} {kind}/{sub}");
        }
    }
}
