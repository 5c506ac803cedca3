//! Loading a context entry.
//!
//! Source: Kyverno `pkg/engine/context/loaders`.

use super::{ClusterAccess, Context};
use crate::evidence::Unavailable;
use crate::jmespath::Expression;
use crate::policy::{ContextEntry, ContextSource, Template};
use crate::scalar::print;
use crate::variables::substitute;
use serde_json::{Value, json};
use std::borrow::Cow;

impl Context<'_> {
    /// Loads `entry`. What nobody can be asked for is left out without a word, as upstream does: naming it then is an
    /// unknown key.
    pub(super) fn load_entry(&mut self, entry: &ContextEntry) -> Result<(), String> {
        let name = entry.name.as_str();
        match &entry.source {
            ContextSource::Variable(variable) => {
                let value = self.variable(name, &variable.value)?;
                self.bind(name, value);
                Ok(())
            }
            ContextSource::ConfigMap(template) => {
                let found = self.config_map(name, template)?;
                self.merge_found(name, found);
                Ok(())
            }
            ContextSource::GlobalReference(template) => {
                let found = self.global_reference(name, template)?;
                self.merge_found(name, found);
                Ok(())
            }
            ContextSource::ApiCall(template) => {
                let found = self.api_call(name, template)?;
                self.merge_found(name, found);
                Ok(())
            }
            ContextSource::ImageRegistry(_) if self.is_supplied(name) => Ok(()),
            ContextSource::ImageRegistry(_) if self.world.supplied.cluster == ClusterAccess::Absent => Ok(()),
            ContextSource::ImageRegistry(template) => {
                let found = self.image_data(name, template)?;
                self.merge_found(name, found);
                Ok(())
            }
        }
    }

    fn is_supplied(&self, name: &str) -> bool {
        crate::jmespath::Scope::lookup(self, name).is_some()
    }

    fn merge_found(&mut self, name: &str, found: Option<Value>) {
        if let Some(value) = found {
            self.merge(name, value);
        }
    }

    /// The template with its variables replaced.
    pub(super) fn substituted<'t>(&mut self, name: &str, template: &'t Template) -> Result<Cow<'t, Value>, String> {
        let failed = |error| format!("failed to substitute variables in context entry {name}: {error}");
        self.fill(template).map_err(failed)
    }

    fn variable(&mut self, name: &str, written: &Value) -> Result<Value, String> {
        let mut part = |key: &str| -> Result<Option<Value>, String> {
            let Some(value) = written.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
            let text = match value {
                Value::String(text) => text.clone(),
                other => print::json(other),
            };
            let failed = |error| format!("failed to substitute variables in context entry {name} {text}: {error}");
            substitute(value, self).map(Some).map_err(failed)
        };
        let path = match part("jmesPath")? {
            Some(Value::String(path)) => Some(path).filter(|path| !path.is_empty()),
            Some(_) => return Err(format!("jmespath value must be a string {name}: <nil>")),
            None => None,
        };
        let default = part("default")?.filter(|value| !value.is_null());
        let has_value = written.get("value").is_some_and(|value| !value.is_null());
        let value = part("value")?;
        let found = match (path, has_value) {
            (None, _) => value,
            (Some(path), true) => {
                let value = value.unwrap_or_default();
                let shown = print::display(&value);
                Some(
                    self.applied(&path, value, default.as_ref())
                        .map_err(|error| format!("failed to apply jmespath {path} to variable {shown}: {error}"))?,
                )
            }
            (Some(path), false) => match self.query(&path) {
                Ok(Value::Null) => None,
                Ok(value) => Some(value),
                Err(_) if default.is_some() => None,
                Err(error) => {
                    return Err(format!("failed to apply jmespath {path} to variable <nil>: {error}"));
                }
            },
        };
        // A null that an expression finds in `value` stays null, whatever the default.
        let found = found.or(default).unwrap_or_default();
        if found.is_null() {
            return Err(format!("failed to add context entry for variable {name} since it evaluated to nil"));
        }
        Ok(found)
    }

    fn applied(&self, path: &str, value: Value, default: Option<&Value>) -> Result<Value, String> {
        self.search(path, &value).or_else(|error| default.cloned().ok_or(error))
    }

    /// An expression on a value.
    pub(super) fn search(&self, path: &str, value: &Value) -> Result<Value, String> {
        let parse = |error| format!("failed to compile JMESPath: {path}, error: {error}");
        let expression = Expression::parse(path).map_err(parse)?;
        expression.search(value, &self.world.environment).map_err(|error| error.to_string())
    }

    fn config_map(&mut self, name: &str, template: &Template) -> Result<Option<Value>, String> {
        let access = self.world.supplied.cluster;
        if access == ClusterAccess::Absent || self.is_supplied(name) {
            return Ok(None);
        }
        let written = self.substituted(name, template)?;
        let text = |key: &str| written.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (map, mut namespace) = (text("name"), text("namespace"));
        if namespace.is_empty() {
            namespace.clone_from(&self.policy_namespace);
        }
        if namespace.is_empty() {
            "default".clone_into(&mut namespace);
        }
        if !self.policy_namespace.is_empty() && self.policy_namespace != namespace {
            let own = &self.policy_namespace;
            return Err(format!(
                "failed to retrieve config map for context entry {name}: configMap {map}: a policy of namespace {own} \
                 cannot read namespace {namespace}"
            ));
        }
        match self.object("v1", "ConfigMap", &namespace, &map) {
            Ok(object) => {
                let part = |key: &str| object.get(key).cloned().unwrap_or_else(|| json!({}));
                Ok(Some(json!({"data": part("data"), "metadata": part("metadata")})))
            }
            Err(why) => Err(format!("failed to retrieve config map for context entry {name}: {why}")),
        }
    }

    /// A Kubernetes object.
    pub(super) fn object(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, String> {
        let missing = || format!("{kind} {namespace}/{name} not found");
        if self.world.supplied.cluster == ClusterAccess::Complete {
            let text = |object: &Value, pointer: &str| {
                object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let found = self.world.session.artifacts().objects().iter().find(|object| {
                let own = text(object, "/metadata/namespace");
                text(object, "/apiVersion") == api_version
                    && text(object, "/kind") == kind
                    && text(object, "/metadata/name") == name
                    && (own == namespace || own.is_empty() && namespace == "default")
            });
            self.world.session.rests_on_all(found);
            return found.cloned().ok_or_else(missing);
        }
        match self.world.session.object(api_version, kind, namespace, name, &self.asker) {
            Ok(object) => Ok(object.clone()),
            Err(Unavailable::Pending) => Err(format!("{kind} {namespace}/{name} is not known yet")),
            Err(Unavailable::Failed(failure)) => Err(format!("{kind} {namespace}/{name}: {}", failure.error)),
            Err(_) => Err(missing()),
        }
    }

    fn global_reference(&mut self, name: &str, template: &Template) -> Result<Option<Value>, String> {
        let written = self.substituted(name, template)?;
        let reference = written.get("name").and_then(Value::as_str).unwrap_or_default();
        let Some(data) = self.world.supplied.global_context.get(reference) else {
            if self.world.supplied.cluster != ClusterAccess::Ask || self.is_supplied(name) {
                return Ok(None);
            }
            return Err(format!("failed to load context entry {name}: no data is supplied for {reference}"));
        };
        match written.get("jmesPath").and_then(Value::as_str).filter(|path| !path.is_empty()) {
            None => Ok(Some(data.clone())),
            Some(path) => self
                .search(path, data)
                .map(Some)
                .map_err(|error| format!("failed to apply JMESPath for context entry {name}: {error}")),
        }
    }
}
