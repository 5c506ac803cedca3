//! Where values stand.

use super::{documents, parse_documents};
use crate::limits::Limits;
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

fn show(span: Span) -> String {
    format!("{}:{}-{}:{}", span.start.line, span.start.column, span.end.line, span.end.column)
}

fn collect(node: &Node, path: &str, found: &mut Vec<String>) {
    found.push(format!("{path} {}", show(node.span)));
    match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().for_each(|entry| {
            found.push(format!("{path}.{}: {}", entry.key, show(entry.key_span)));
            collect(&entry.value, &format!("{path}.{}", entry.key), found);
        }),
        NodeKind::Sequence(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(item, &format!("{path}[{index}]"), found));
        }
        _ => {}
    }
}

/// Every one of `expected` (path of a value, or of a key with its colon, and span) must be in `text`.
fn check(text: &str, expected: &[&str]) {
    let mut found = Vec::new();
    documents(text).iter().for_each(|node| collect(node, "", &mut found));
    for line in expected {
        assert!(found.iter().any(|known| known == line), "{line} is not in {found:#?}");
    }
}

#[test]
fn scalars_end_behind_their_last_character() {
    let text = "a: b   # c\né: 'ü' \nlong: x\n  z   \nquoted: \"p\n  q\"\nlast: !!str z";
    check(text, &[".a 1:4-1:5", ".é: 2:1-2:2", ".é 2:4-2:7", ".long 3:7-4:4", ".quoted 5:9-6:5", ".last 7:7-7:14"]);
}

#[test]
fn quoted_scalars_end_at_their_quote() {
    let text = "a: 'x''y' # 'z'\nb: \"\\\"\"  # \"\nc: 'x\n  ''y' # '\nd: !!str \"\" # x\n'k' : 'x'";
    check(text, &[".a 1:4-1:10", ".b 2:4-2:8", ".c 3:4-4:7", ".d 5:4-5:12", ".k: 6:1-6:4", ".k 6:7-6:10"]);
}

#[test]
fn block_scalars_span_their_text() {
    let text = "lit: |\n  x\n  yy\n\n# c\nfold: >-\n  q\n\nempty: |\nlast: |\n  z";
    check(text, &[".lit 2:3-3:5", ".fold 7:3-7:4", ".empty 9:6-9:6", ".last 11:3-11:4"]);
    check("a: |\r\n  x\r\n  y\r\nb: 1", &[".a 2:3-3:4", ".b 4:4-4:5"]);
}

#[test]
fn collections_end_with_their_content() {
    let text = "m:\n  k: v\n\n# c\ns:\n- - a\n  - b\n-\n  - c # d\nf: [x, {z: w} ]  # e\nt: {p, q: }\n";
    check(text, &[" 1:1-11:12", ".m 2:3-2:7", ".s 6:1-9:6", ".s[0] 6:3-7:6", ".s[1] 9:3-9:6", ".s[1][0] 9:5-9:6"]);
    check(text, &[".f 10:4-10:16", ".f[1] 10:8-10:14", ".t 11:4-11:12"]);
}

#[test]
fn what_is_not_there_has_an_empty_span() {
    check("a:\nb:\n  -\n  - x\nc: {d, e: }", &[".a 1:2-1:2", ".b[0] 3:4-3:4", ".c.d 5:6-5:6", ".c.e 5:9-5:9"]);
}

#[test]
fn an_alias_stands_where_it_is_written_and_its_content_where_it_was() {
    let text = "a: &x\n  k: v\nb: *x\nc: {<<: *x}";
    check(text, &[".a 1:4-2:7", ".b 3:4-3:6", ".b.k 2:6-2:7", ".c.k: 2:3-2:4"]);
}

#[test]
fn columns_count_the_characters_of_the_callers_text() {
    let json = "{\"é\":\"\\uD83D\\uDE00\\uD83D\\uDE00\",\"b\":1,\r\n\"c\":\"\\uD83D\\uDE00\", \"d\": 1}";
    check(json, &[".é 1:6-1:32", ".b: 1:33-1:36", ".c 2:5-2:19", ".d 2:26-2:27", " 1:1-2:28"]);
    let padded = "s:\n  k: [\n \"a\", b\n  ]\n  l: \"x\nz\"\n  m:\tv";
    check(padded, &[".s.k[0] 3:2-3:5", ".s.k[1] 3:7-3:8", ".s.k 2:6-4:4", ".s.l 5:6-6:3", ".s.m 7:6-7:7"]);
}

#[test]
fn errors_are_placed_in_the_callers_text_too() {
    let error = parse_documents("k: [\n1, 2\n] ]", &Limits::default()).unwrap_err();
    assert_eq!((error.position.line, error.position.column), (3, 3));
    let error = parse_documents("{\"a\":\"\\uD83D\\uDE00\",\"a\":1}", &Limits::default()).unwrap_err();
    assert_eq!((error.position.line, error.position.column), (1, 21));
}
