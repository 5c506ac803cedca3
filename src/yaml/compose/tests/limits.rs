//! What no text can do, however it is made.

use super::{documents, parse_documents, refusal};
use crate::limits::Limits;

fn code(text: &str, limits: &Limits) -> &'static str {
    parse_documents(text, limits).map_or_else(|error| error.kind.code(), |_| "read")
}

#[test]
fn nesting_has_a_limit() {
    for opening in ["[", "[\n", "{a: ", "- "] {
        assert_eq!(refusal(&opening.repeat(100_000)).2, "yaml-too-deep", "{opening:?}");
    }
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(documents(&nested(100)).len(), 1);
    assert_eq!(refusal(&nested(101)), (1, 101, "yaml-too-deep"));
}

#[test]
fn aliases_count_towards_nesting() {
    let limits = Limits { depth: 4, ..Limits::default() };
    assert_eq!(code("- &a [[1]]\n- [*a]", &limits), "read");
    assert_eq!(code("- &a [[1]]\n- [[*a]]", &limits), "yaml-too-deep");
}

#[test]
fn aliases_cannot_stand_for_more_values_than_allowed() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(refusal(&text).2, "yaml-too-many-nodes");
}

#[test]
fn values_are_counted_with_their_copies() {
    let limits = Limits { yaml_nodes: 4, ..Limits::default() };
    assert_eq!(code("[1, 2, 3]", &limits), "read");
    assert_eq!(code("[1, 2, 3, 4]", &limits), "yaml-too-many-nodes");
    // The list, what the anchor names, the copy that is kept of it, and the copy that the alias is.
    assert_eq!(code("- &a 1\n- *a", &limits), "read");
    assert_eq!(code("- &a 1\n- *a\n- *a", &limits), "yaml-too-many-nodes");
}

#[test]
fn aliases_cannot_copy_more_text_than_allowed() {
    let limits = Limits { yaml_bytes: 100, ..Limits::default() };
    let text = format!("- &a {}\n- *a\n", "x".repeat(40));
    assert_eq!(code(&text, &limits), "read");
    assert_eq!(code(&format!("{text}- *a"), &limits), "yaml-expansion-too-large");
}

#[test]
fn a_text_has_a_largest_size() {
    let limits = Limits { yaml_bytes: 4, ..Limits::default() };
    assert_eq!(code("a: 1", &limits), "read");
    assert_eq!(code("a: 12", &limits), "yaml-too-large");
}

#[test]
fn layouts_that_need_one_more_reading_for_each_line_are_given_up() {
    let text = |lines: usize| format!("p: {}\nk: [{}\n]", "x".repeat(1 << 20), "\n\"y\",".repeat(lines));
    assert_eq!(code(&text(4), &Limits::default()), "read");
    assert_eq!(code(&text(20), &Limits::default()), "yaml-syntax");
}

const SAMPLE: &str = r#"%YAML 1.1
---
apiVersion: kyverno.io/v1 # comment
spec: &spec
  <<: [{a: !!str 1}, {b: &b .5}]
  rules:
  - {name: 'it''s', "value\u00e9": [1, 0x1F, ~, *b]}
  - key: |-
      -----BEGIN
       text

    folded: >+2
        a
? complex
: "line
  folded\
  \x41"
copy: *spec
---
["json", {"a":1}, -1e3]
...
"#;

#[test]
fn no_cut_and_no_changed_byte_makes_the_reader_panic() {
    let bytes = SAMPLE.as_bytes();
    let signs = b"{}[]:,-?&*!|>'\"#%@\t\r\n \\~<0\xC3\xFF";
    let limits = Limits::default();
    let (mut read, mut refused) = (0, 0);
    let mut count = |bytes: &[u8]| match parse_documents(&String::from_utf8_lossy(bytes), &limits) {
        Ok(_) => read += 1,
        Err(_) => refused += 1,
    };
    count(bytes);
    for at in 0..bytes.len() {
        count(&bytes[..at]);
        count(&bytes[at..]);
        for sign in signs {
            let mut changed = bytes.to_vec();
            changed[at] = *sign;
            count(&changed);
            changed.insert(at, bytes[at]);
            count(&changed);
        }
    }
    assert_eq!(documents(SAMPLE).len(), 2);
    assert!(read > 1000 && refused > 1000, "{read} read, {refused} refused");
}
