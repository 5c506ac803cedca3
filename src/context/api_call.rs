//! `apiCall`: answered by what the caller supplies, or from the objects that are known.
//!
//! Source: Kyverno `pkg/engine/apicall`, `cmd/cli/kubectl-kyverno/store`.

use super::{ClusterAccess, Context};
use crate::policy::Template;
use serde_json::{Value, json};

impl Context<'_> {
    pub(super) fn api_call(&mut self, name: &str, template: &Template) -> Result<Option<Value>, String> {
        // Without a cluster and without answers in its place the entry is not even looked at, as upstream.
        let supplied = self.world.supplied;
        if supplied.cluster == ClusterAccess::Absent && supplied.api_calls.is_empty() {
            return Ok(None);
        }
        let call = self.substituted(name, template)?;
        let default = call.get("default").filter(|value| !value.is_null()).cloned();
        let text = |pointer: &str| call.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let url = if call.get("service").is_some() { text("/service/url") } else { text("/urlPath") };
        let method = match text("/method") {
            "" => "GET",
            method => method,
        };
        let response = match self.respond(method, url) {
            Ok(Some(response)) => Ok(response),
            Ok(None) if supplied.cluster == ClusterAccess::Absent => return Ok(None),
            Ok(None) if crate::jmespath::Scope::lookup(self, name).is_some() => return Ok(None),
            Ok(None) => Err(format!("no response is supplied for {method} {url}")),
            Err(error) => Err(error),
        };
        let result = response.and_then(|response| match text("/jmesPath") {
            "" => Ok(response),
            path => self.search(path, &response).map_err(|error| format!("failed to apply jmespath {path}: {error}")),
        });
        match (result, default) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(_), Some(default)) => Ok(Some(default)),
            (Err(error), None) => Err(format!("failed to execute APICall for context entry {name}: {error}")),
        }
    }

    /// The body of a supplied response, or what the known objects answer; `None`: nobody knows.
    fn respond(&self, method: &str, url: &str) -> Result<Option<Value>, String> {
        let supplied = self.world.supplied;
        let fits = |exact: bool| {
            supplied.api_calls.iter().find(|response| {
                let same_method =
                    if exact { response.method.eq_ignore_ascii_case(method) } else { response.method.is_empty() };
                response.url == url && same_method
            })
        };
        if let Some(response) = fits(true).or_else(|| fits(false)) {
            return match response.status {
                200..=299 => Ok(Some(response.body.clone())),
                status => Err(format!("HTTP {status}")),
            };
        }
        if supplied.cluster != ClusterAccess::Complete || method != "GET" || !url.starts_with('/') {
            return Ok(None);
        }
        self.listed(url)
    }

    /// A GET of the Kubernetes API on the objects that are known.
    fn listed(&self, url: &str) -> Result<Option<Value>, String> {
        let path = url.split('?').next().unwrap_or_default();
        let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
        let (api_version, rest) = match steps.as_slice() {
            ["api", version, rest @ ..] => ((*version).to_owned(), rest),
            ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
            _ => return Err(format!("{url} is no path of the Kubernetes API")),
        };
        let (namespace, resource, name) = match rest {
            ["namespaces", namespace, resource] => (Some(*namespace), *resource, None),
            ["namespaces", namespace, resource, name] => (Some(*namespace), *resource, Some(*name)),
            [resource] => (None, *resource, None),
            [resource, name] => (None, *resource, Some(*name)),
            _ => return Err(format!("{url} is no path of an object or a list")),
        };
        let text = |object: &Value, pointer: &str| {
            object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let found: Vec<&Value> = self
            .world
            .session
            .artifacts()
            .objects()
            .iter()
            .filter(|object| {
                let own = text(object, "/metadata/namespace");
                let own = if own.is_empty() { "default".to_owned() } else { own };
                text(object, "/apiVersion") == api_version
                    && plural(&text(object, "/kind")) == resource
                    && namespace.is_none_or(|namespace| namespace == own)
                    && name.is_none_or(|name| name == text(object, "/metadata/name"))
            })
            .collect();
        self.world.session.rests_on_all(found.iter().copied());
        match (name, found.first()) {
            (None, first) => {
                let kind = first.map(|object| text(object, "/kind")).unwrap_or_default();
                Ok(Some(json!({"apiVersion": api_version, "kind": format!("{kind}List"), "items": found})))
            }
            (Some(_), Some(object)) => Ok(Some((*object).clone())),
            (Some(name), None) => {
                Err(format!("failed to get resource with raw url : {url}: {resource} \"{name}\" not found"))
            }
        }
    }
}

/// The name of a kind in paths, by the rule that Kubernetes guesses with.
///
/// Source: `apimachinery` `meta.UnsafeGuessKindToResource`.
fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    match kind.strip_suffix('y') {
        _ if kind == "endpoints" => kind,
        _ if kind.ends_with('s') => format!("{kind}es"),
        Some(stem) if !kind.ends_with("ey") => format!("{stem}ies"),
        _ => format!("{kind}s"),
    }
}
