//! Kind selectors: `Pod`, `apps/v1/Deployment`, `*/*`, `Pod/exec`.
//!
//! Source: Kyverno `pkg/utils/kube/kind.go` (`ParseKindSelector`), `pkg/utils/match/kind.go`.

use super::Target;
use crate::wildcard;

/// A kind selector, taken apart. Every part is a wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindSelector<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
    sub_resource: &'a str,
}

impl<'a> KindSelector<'a> {
    /// Takes `text` apart; `None`: it has too many parts and selects nothing.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts: Vec<&str> = text.split('/').collect();
        let last = parts.pop()?;
        parts.extend(last.split('.'));
        let (group, version, kind, sub_resource) = match *parts.as_slice() {
            [kind] => ("*", "*", kind, ""),
            ["*", "*"] => ("*", "*", "*", "*"),
            ["*", sub] if sub.to_lowercase() == sub => ("*", "*", "*", sub),
            [version, kind] if is_version(version) => ("*", version, kind, ""),
            [kind, sub] => ("*", "*", kind, sub),
            [version, kind, sub] if is_version(version) => ("*", version, kind, sub),
            [group, version, kind] => (group, version, kind, ""),
            [group, version, kind, sub] => (group, version, kind, sub),
            _ => return None,
        };
        Some(Self { group, version, kind, sub_resource })
    }

    /// The part that names the kind.
    pub fn kind(&self) -> &'a str {
        self.kind
    }

    /// The part that names the subresource.
    pub fn sub_resource(&self) -> &'a str {
        self.sub_resource
    }

    /// Is the group any group?
    pub fn is_of_any_group(&self) -> bool {
        self.group == "*"
    }

    /// Does it select everything that the other selects? Some that do are not seen.
    pub fn covers(&self, other: &Self) -> bool {
        wildcard::covers(self.group, other.group)
            && wildcard::covers(self.version, other.version)
            && wildcard::covers(self.kind, other.kind)
            && wildcard::covers(self.sub_resource, other.sub_resource)
    }

    /// Does it select the object and subresource of the request?
    ///
    /// Adding a debug container changes a Pod, so whatever selects Pods selects that subresource too.
    pub fn selects(&self, target: &Target<'_>) -> bool {
        let (group, version, kind) = match &target.request.parent {
            Some((api_version, kind)) => {
                let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
                (group, version, kind.as_str())
            }
            None => (target.group(), target.version(), target.kind()),
        };
        let sub_resource = target.request.sub_resource.as_str();
        let is_debug = group.is_empty() && version == "v1" && kind == "Pod" && sub_resource == "ephemeralcontainers";
        wildcard::matches(self.group, group)
            && wildcard::matches(self.version, version)
            && wildcard::matches(self.kind, kind)
            && (is_debug || wildcard::matches(self.sub_resource, sub_resource))
    }
}

/// `v1`, `v2beta1`, `*`.
fn is_version(text: &str) -> bool {
    if text == "*" {
        return true;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = text.strip_prefix('v') else { return false };
    match rest.split_once("alpha").or_else(|| rest.split_once("beta")) {
        Some((major, minor)) => digits(major) && digits(minor),
        None => digits(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::testing::request_of;

    fn selects(selector: &str, api_version: &str, kind: &str, sub_resource: &str) -> bool {
        let mut request = request_of(api_version, kind);
        request.sub_resource = sub_resource.to_owned();
        KindSelector::parse(selector).is_some_and(|selector| selector.selects(&request.target()))
    }

    #[test]
    fn selectors_are_read_by_their_number_of_parts() {
        for (selector, api_version, kind, sub, expected) in [
            ("Pod", "v1", "Pod", "", true),
            ("Pod", "v1", "Pod", "exec", false),
            ("Pod", "v1", "PodTemplate", "", false),
            ("pod", "v1", "Pod", "", false),
            ("P?d", "v1", "Pod", "", true),
            ("*", "apps/v1", "Deployment", "", true),
            ("*", "v1", "Pod", "exec", false),
            ("*/*", "v1", "Pod", "exec", true),
            ("*/*", "apps/v1", "Deployment", "", true),
            ("*/exec", "v1", "Pod", "exec", true),
            ("*/exec", "v1", "Pod", "", false),
            ("*/ex*", "v1", "Pod", "exec", true),
            ("*/Deployment", "apps/v1", "Deployment", "", true),
            ("v1/Pod", "v1", "Pod", "", true),
            ("v1/Pod", "any/v1", "Pod", "", true),
            ("v1/Pod", "v2", "Pod", "", false),
            ("v1beta1/X", "g/v1beta1", "X", "", true),
            ("v1alpha/X", "g/v1alpha", "X", "", false),
            ("Deployment/scale", "apps/v1", "Deployment", "scale", true),
            ("Deployment.scale", "apps/v1", "Deployment", "scale", true),
            ("Deployment/scale", "apps/v1", "Deployment", "", false),
            ("v1/Pod/exec", "v1", "Pod", "exec", true),
            ("v1/Pod.exec", "v1", "Pod", "exec", true),
            ("apps/v1/Deployment", "apps/v1", "Deployment", "", true),
            ("apps/v1/Deployment", "apps/v1beta1", "Deployment", "", false),
            ("apps/*/Deploy*", "apps/v1beta1", "Deployment", "", true),
            ("batch/*/*", "batch/v1", "CronJob", "", true),
            ("batch/*/*", "batch/v1", "CronJob", "status", false),
            ("networking.k8s.io/v1/Ingress", "networking.k8s.io/v1", "Ingress", "", true),
            ("apps/v1/Deployment/scale", "apps/v1", "Deployment", "scale", true),
            ("apps/v1/Deployment.scale", "apps/v1", "Deployment", "scale", true),
            ("a/b/c/d/e", "a/b", "c", "d", false),
            ("", "v1", "Pod", "", false),
            ("/", "v1", "Pod", "", false),
            (".", "v1", "Pod", "", false),
        ] {
            assert_eq!(selects(selector, api_version, kind, sub), expected, "{selector} on {api_version} {kind}/{sub}");
        }
    }

    #[test]
    fn an_object_of_a_subresource_is_selected_by_the_kind_that_it_belongs_to() {
        let mut request = request_of("autoscaling/v1", "Scale");
        request.sub_resource = "scale".to_owned();
        request.parent = Some(("apps/v1".to_owned(), "Deployment".to_owned()));
        let selects = |selector| KindSelector::parse(selector).is_some_and(|s| s.selects(&request.target()));
        assert!(selects("Deployment/scale") && selects("apps/v1/Deployment/scale"));
        assert!(!selects("Scale/scale") && !selects("Deployment"));
    }

    #[test]
    fn debug_containers_are_seen_by_whatever_selects_pods() {
        for (selector, expected) in [
            ("Pod", true),
            ("v1/Pod", true),
            ("*", true),
            ("Pod/exec", true),
            ("Deployment", false),
            ("apps/v1/Pod", false),
        ] {
            assert_eq!(selects(selector, "v1", "Pod", "ephemeralcontainers"), expected, "{selector}");
        }
        assert!(!selects("Pod", "v2", "Pod", "ephemeralcontainers"));
    }
}
