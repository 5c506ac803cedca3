//! `{{@}}`: the field of the object at the same place.
//!
//! Source: Kyverno `pkg/utils/jsonpointer`.

/// JMESPath of the field that a place in a policy stands for: what is behind a `foreach` step, less two more steps,
/// within `prefix`.
pub(super) fn same_field(path: &str, prefix: &str) -> String {
    let mut steps = split(path);
    if let Some(foreach) = steps.iter().position(|step| step == "foreach") {
        steps = steps.split_off(foreach + 1);
    }
    let steps = steps.split_off(steps.len().min(2));
    let mut expression = prefix.to_owned();
    for step in steps {
        if !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
            expression.push_str(&format!("[{step}]"));
        } else if is_identifier(&step) {
            expression.push_str(&format!(".{step}"));
        } else {
            expression.push_str(&format!(".\"{}\"", step.replace('\\', "\\\\").replace('"', "\\\"")));
        }
    }
    expression
}

fn is_identifier(step: &str) -> bool {
    let mut bytes = step.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Steps of a path; a slash within one is written `\/`.
fn split(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut characters = path.strip_prefix('/').unwrap_or(path).chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek() == Some(&'/') => {
                characters.next();
                push(&mut steps, '/');
            }
            '/' => steps.push(String::new()),
            c => push(&mut steps, c),
        }
    }
    steps
}

fn push(steps: &mut [String], c: char) {
    if let Some(step) = steps.last_mut() {
        step.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::same_field;

    #[test]
    fn a_place_in_a_mutate_rule_is_the_same_place_in_the_object() {
        let path = "/mutate/patchStrategicMerge/spec/containers/0/image";
        assert_eq!(same_field(path, "request.object"), "request.object.spec.containers[0].image");
        let path = "/mutate/foreach/0/patchStrategicMerge/metadata/labels/a\\/b.c";
        assert_eq!(same_field(path, "target"), "target.metadata.labels.\"a/b.c\"");
        assert_eq!(same_field("/a", "x"), "x");
    }
}
