//! The context itself: names and their values, innermost last.

use super::paths::{expand, merge};
use super::{RuleValues, Supplied, base};
use crate::evidence::{Asker, Session};
use crate::jmespath::{Environment, Expression, Scope};
use crate::policy::{ContextEntry, ImageExtractor, Policy, Rule, Template};
use crate::resource::{AdmissionRequest, Operation};
use crate::variables::{Resolver, VariableError, substitute};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a context reads beside the request.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// Artifacts, and where needs are noted.
    pub session: &'a Session<'a>,
    /// What the caller supplies in place of a cluster.
    pub supplied: &'a Supplied,
    /// Time, seed, bounds.
    pub environment: Environment<'a>,
}

/// A point to return to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    bindings: usize,
    pending: usize,
}

#[derive(Debug)]
struct Binding {
    name: String,
    value: Value,
}

/// An entry that is loaded when it is named.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    pub(super) entry: &'a ContextEntry,
    /// Where its value is, once it is loaded.
    binding: Option<usize>,
}

/// The data of one request, rule by rule.
#[derive(Debug)]
pub struct Context<'a> {
    pub(super) world: World<'a>,
    bindings: Vec<Binding>,
    pending: Vec<Pending<'a>>,
    /// While an entry is loaded, those before it alone can be loaded in turn.
    loadable: usize,
    images: Option<Option<Value>>,
    extractors: BTreeMap<String, Vec<ImageExtractor>>,
    values: Option<&'a RuleValues>,
    /// Those of the rule that were parsed before.
    expressions: Option<&'a BTreeMap<String, Expression>>,
    is_delete: bool,
    /// Namespace of the policy; empty for a ClusterPolicy.
    pub(super) policy_namespace: String,
    pub(super) asker: Asker,
}

impl<'a> Context<'a> {
    /// The context of a request and of supplied values, before any rule.
    pub fn new(request: &AdmissionRequest, values: &BTreeMap<String, Value>, world: World<'a>) -> Self {
        let mut context = Self {
            world,
            bindings: Vec::new(),
            pending: Vec::new(),
            loadable: usize::MAX,
            images: None,
            extractors: BTreeMap::new(),
            values: None,
            expressions: None,
            is_delete: request.operation == Operation::Delete,
            policy_namespace: String::new(),
            asker: Asker { policy: String::new(), rule: String::new(), attestor: String::new() },
        };
        let (name, namespace) = base::service_account(&request.user_info.username);
        context.bind("serviceAccountName", name.into());
        context.bind("serviceAccountNamespace", namespace.into());
        context.bind("request", base::request(request));
        for (path, value) in values {
            context.supply(path, value);
        }
        context
    }

    /// Where the context stands.
    pub fn mark(&self) -> Mark {
        Mark { bindings: self.bindings.len(), pending: self.pending.len() }
    }

    /// Back to `mark`: what came since is forgotten.
    pub fn restore(&mut self, mark: Mark) {
        self.bindings.truncate(mark.bindings);
        self.pending.truncate(mark.pending);
        for pending in &mut self.pending {
            pending.binding = pending.binding.filter(|binding| *binding < mark.bindings);
        }
    }

    /// Enters a rule: its supplied values and its entries.
    pub fn enter(&mut self, policy: &Policy, rule: &'a Rule) {
        self.policy_namespace.clone_from(&policy.namespace);
        self.asker = Asker { policy: policy.key(), rule: rule.name.clone(), attestor: String::new() };
        let supplied = self.world.supplied;
        // Values of a rule are those of the rules that were generated from it too.
        let written = rule.name.strip_prefix("autogen-cronjob-").or(rule.name.strip_prefix("autogen-"));
        let of = |name: &str| supplied.rules.get(&(policy.name.clone(), name.to_owned()));
        self.values = of(&rule.name).or_else(|| written.and_then(of));
        self.expressions = Some(&rule.expressions);
        if self.extractors != rule.image_extractors {
            self.extractors.clone_from(&rule.image_extractors);
            self.images = None;
        }
        self.declare(&rule.context, 0);
    }

    /// Adds entries, to be loaded when they are named; `element` counts the elements of a foreach.
    pub fn declare(&mut self, entries: &'a [ContextEntry], element: usize) {
        if let Some(values) = self.values {
            for (path, value) in &values.values {
                self.supply(path, value);
            }
            for (path, elements) in &values.foreach {
                if let Some(value) = elements.get(element) {
                    self.supply(path, value);
                }
            }
        }
        self.pending.extend(entries.iter().map(|entry| Pending { entry, binding: None }));
    }

    /// Names a value; an earlier one of the name is hidden.
    pub fn bind(&mut self, name: &str, value: Value) {
        self.bindings.push(Binding { name: name.to_owned(), value });
    }

    /// Replaces `request.object`, for this rule and those after it.
    pub fn set_object(&mut self, object: &Value) {
        self.images = None;
        self.set_request("object", object.clone());
    }

    /// Replaces a field of `request`; gives what was there.
    pub fn set_request(&mut self, field: &str, value: Value) -> Option<Value> {
        let request = self.bindings.iter_mut().find(|binding| binding.name == "request");
        request?.value.as_object_mut()?.insert(field.to_owned(), value)
    }

    /// Gives a supplied value, merged into what has its name.
    fn supply(&mut self, path: &str, value: &Value) {
        let (name, value) = expand(path, value);
        if name == "request"
            && let Some(request) = self.bindings.iter_mut().find(|binding| binding.name == name)
        {
            return merge(&mut request.value, value);
        }
        self.merge(&name, value);
    }

    /// Names a value; where there is one of the name, it is merged into that, for as long as the new one lasts.
    pub fn add(&mut self, name: &str, value: Value) {
        // Entries and images of the name come first.
        let _ = self.load(name);
        self.merge(name, value);
    }

    pub(super) fn merge(&mut self, name: &str, value: Value) {
        let mut merged = self.value(name).cloned().unwrap_or_default();
        merge(&mut merged, value);
        self.bind(name, merged);
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let found = self.bindings.iter().rev().find(|binding| binding.name == name).map(|binding| &binding.value);
        match name {
            "images" => found.or(self.images.as_ref().and_then(Option::as_ref)),
            _ => found,
        }
    }

    /// The value of an expression. The error is upstream's text.
    pub fn query(&mut self, text: &str) -> Result<Value, String> {
        self.load(text)?;
        let text = text.trim();
        if text.is_empty() {
            return Err("invalid query (nil)".to_owned());
        }
        let world = self.world;
        let parsed;
        let expression = match self.expressions.and_then(|parsed| parsed.get(text)) {
            Some(expression) => expression,
            None => {
                parsed = Expression::parse(text).map_err(|error| format!("incorrect query {text}: {error}"))?;
                &parsed
            }
        };
        expression.search(self, &world.environment).map_err(|error| format!("JMESPath query failed: {error}"))
    }

    /// The template with its variables replaced; one without any is what is written.
    pub fn fill<'t>(&mut self, template: &'t Template) -> Result<Cow<'t, Value>, VariableError> {
        if !template.is_dynamic {
            return Ok(Cow::Borrowed(&template.value));
        }
        substitute(&template.value, self).map(Cow::Owned)
    }

    /// Loads the entries that `text` names.
    fn load(&mut self, text: &str) -> Result<(), String> {
        if self.images.is_none() && names(text, "images") {
            let object = self.value("request").and_then(|request| request.get("object")).unwrap_or(&Value::Null);
            self.images = Some(base::images(object, &self.extractors));
        }
        for index in 0..self.pending.len().min(self.loadable) {
            let Some(pending) = self.pending.get(index).filter(|pending| pending.binding.is_none()) else { continue };
            let entry = pending.entry;
            if !names(text, &entry.name) {
                continue;
            }
            let outer = std::mem::replace(&mut self.loadable, index);
            let loaded = self.load_entry(entry);
            self.loadable = outer;
            loaded?;
            let last = self.bindings.len().saturating_sub(1);
            if let Some(pending) = self.pending.get_mut(index) {
                pending.binding = Some(last);
            }
        }
        Ok(())
    }
}

/// Does `text` name the entry: not behind a dot or within a word?
///
/// Source: `pkg/engine/context/deferred.go`: `(?:\A|\z|\s|[^.0-9A-Za-z])NAME\b`.
fn names(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let ends_word = name.chars().next_back().is_some_and(is_word);
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        let starts = before.is_none_or(|c| !(c == '.' || c.is_ascii_alphanumeric()));
        starts && ends_word != after.is_some_and(is_word)
    })
}

impl Scope for Context<'_> {
    fn lookup(&self, name: &str) -> Option<&Value> {
        self.value(name)
    }

    fn whole(&self) -> Value {
        let mut whole = Map::new();
        if let Some(Some(images)) = &self.images {
            whole.insert("images".to_owned(), images.clone());
        }
        whole.extend(self.bindings.iter().map(|binding| (binding.name.clone(), binding.value.clone())));
        Value::Object(whole)
    }
}

impl Resolver for Context<'_> {
    fn resolve(&mut self, expression: &str) -> Result<Value, String> {
        self.query(expression)
    }

    fn has_target(&self) -> bool {
        self.value("target").is_some()
    }

    fn is_delete(&self) -> bool {
        self.is_delete
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn entries_are_named_at_the_start_of_a_path_alone() {
        for (text, expected) in [
            ("x", true),
            ("x.y", true),
            ("a.x", false),
            ("xy", false),
            ("length(x)", true),
            ("a || x", true),
            ("1x", false),
            ("_x", true),
            ("x_", false),
        ] {
            assert_eq!(names(text, "x"), expected, "{text}");
        }
    }
}
