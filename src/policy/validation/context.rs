//! Context entries of a rule: a name that is free, and one source.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::decode;
use crate::yaml::Node;

const SOURCES: [&str; 5] = ["configMap", "apiCall", "imageRegistry", "variable", "globalReference"];
const RESERVED: [&str; 6] =
    ["images", "request", "serviceAccountName", "serviceAccountNamespace", "element", "elementIndex"];

/// Checks the entries of the rule at `path`.
pub(super) fn validate(rule: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, entry) in decode::list(rule, "context").iter().enumerate() {
        let path = format!("{path}.context[{index}]");
        name(entry, &path, found);
        let sources: Vec<&str> = SOURCES.into_iter().filter(|name| decode::field(entry, name).is_some()).collect();
        match sources.as_slice() {
            ["configMap"] => config_map(entry, &path, found),
            ["variable"] => variable(entry, &path, found),
            [_] => {}
            _ => {
                let message = "exactly one of configMap or apiCall or imageRegistry or variable is required for \
                               context entries";
                found.push(error("context-source", message, path, entry.span));
            }
        }
    }
}

fn name(entry: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let name = decode::text(entry, "name").unwrap_or_default();
    let reserved = |word: &&str| name.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let message = if name.is_empty() {
        "a name is required for context entries".to_owned()
    } else if let Some(word) = RESERVED.iter().find(|word| reserved(word)) {
        format!("entry name {name} is invalid as it conflicts with a pre-defined variable {word}")
    } else {
        return;
    };
    found.push(error("context-name", message, format!("{path}.name"), super::place(entry, "name")));
}

fn config_map(entry: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let Some(map) = decode::field(entry, "configMap") else { return };
    for field in ["name", "namespace"] {
        if decode::text(map, field).is_none_or(|text| text.is_empty()) {
            let message = format!("a {field} is required for configMap context entry");
            found.push(error("context-config-map", message, format!("{path}.configMap.{field}"), map.span));
        }
    }
}

fn variable(entry: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let Some(variable) = decode::field(entry, "variable") else { return };
    let queried = decode::text(variable, "jmesPath").is_some_and(|text| !text.is_empty());
    let message = if queried {
        return;
    } else if decode::field(variable, "value").is_none() {
        "a variable must define a value or a jmesPath expression"
    } else if decode::field(variable, "default").is_some() {
        "a variable must define a default value only when a jmesPath expression is defined"
    } else {
        return;
    };
    found.push(error("context-variable", message, format!("{path}.variable"), variable.span));
}
