//! Texts of generated rules.

use crate::policy::decode;
use crate::yaml::{Node, NodeKind};

const OBJECTS: [&str; 2] = ["request.object", "request.oldObject"];
const CEL_OBJECTS: [&str; 2] = ["object", "oldObject"];

/// Lets every text of `rule` look into the pod template at `template`.
///
/// Kyverno replaces in the serialised rule, keys included, without looking at word boundaries.
pub(super) fn rewrite(rule: &mut Node, template: &str) {
    let cel = decode::field(rule, "validate").is_some_and(|validate| decode::field(validate, "cel").is_some());
    let objects = if cel { CEL_OBJECTS } else { OBJECTS };
    let replacements: Vec<(String, String)> = ["spec", "metadata"]
        .into_iter()
        .flat_map(|part| objects.map(|object| (object, part)))
        .map(|(object, part)| (format!("{object}.{part}"), format!("{object}.{template}.{part}")))
        .collect();
    replace(rule, &replacements);
}

fn replace(node: &mut Node, replacements: &[(String, String)]) {
    let change = |text: &mut String| {
        for (from, to) in replacements {
            if text.contains(from) {
                *text = text.replace(from, to);
            }
        }
    };
    match &mut node.kind {
        NodeKind::String(text) => change(text),
        NodeKind::Sequence(items) => items.iter_mut().for_each(|item| replace(item, replacements)),
        NodeKind::Mapping(entries) => {
            for entry in entries {
                change(&mut entry.key);
                replace(&mut entry.value, replacements);
            }
        }
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => {}
    }
}

/// Puts `shift` behind `pivot` in the references `$(...)` of a message (`FindAndShiftReferences`). Behind `anyPattern`
/// comes the index of the pattern first.
pub(super) fn shift_references(text: &str, shift: &str, pivot: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("$(") {
        let (before, from) = rest.split_at(start);
        result.push_str(before);
        let length = reference_length(from);
        let is_reference = length.is_some() && !before.ends_with('\\');
        let (reference, behind) = from.split_at(length.unwrap_or(2));
        result.push_str(&if is_reference { shifted(reference, shift, pivot) } else { reference.to_owned() });
        rest = behind;
    }
    result.push_str(rest);
    result
}

/// Bytes of the reference that `text` begins with: after `$(` any character, then the most that ends with a bracket and
/// has no blank in it.
fn reference_length(text: &str) -> Option<usize> {
    let (head, _) = text.char_indices().nth(3)?;
    let word = text.get(head..)?.split(' ').next()?;
    word.rfind(')').map(|end| head + end + 1)
}

fn shifted(reference: &str, shift: &str, pivot: &str) -> String {
    let indexed = (pivot == "anyPattern").then(|| reference.split_once("anyPattern/")).flatten();
    match indexed.and_then(|(_, behind)| behind.split('/').next()) {
        Some(index) => {
            let pivot = format!("{pivot}/{index}");
            reference.replace(&pivot, &format!("{pivot}/{shift}"))
        }
        None => reference.replace(pivot, &format!("{pivot}/{shift}")),
    }
}
