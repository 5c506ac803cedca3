mod tables;
mod vectors;

use super::{GoRegex, RegexError};

#[test]
fn what_go_refuses_is_refused_with_its_words() {
    for (expression, message) in vectors::REFUSED {
        let error = GoRegex::new(expression).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.code()), (*message, "regex-syntax"), "{expression}");
    }
}

#[test]
fn expressions_match_and_replace_what_they_do_in_go() {
    for (expression, text, template, matches, replaced) in vectors::MATCHED {
        let regex = GoRegex::new(expression).unwrap();
        assert_eq!(regex.is_match(text), *matches, "{expression} {text}");
        assert_eq!(regex.replace_all(text, template), *replaced, "{expression} {text} {template}");
    }
}

#[test]
fn a_literal_replacement_has_no_variables() {
    let regex = GoRegex::new("(a)b*").unwrap();
    assert_eq!(regex.replace_all_literal("abba", "$1"), "$1$1");
}

#[test]
fn a_large_expression_is_refused() {
    let error = GoRegex::new(r"(\pL{100}){10}").unwrap_err();
    assert_eq!(error, RegexError::TooLarge { limit: super::SIZE_LIMIT });
    assert_eq!(GoRegex::with_size_limit("a{100}", 100).unwrap_err(), RegexError::TooLarge { limit: 100 });
}

#[test]
fn groups_nest_as_deep_as_the_stack_allows() {
    let nested = |depth: usize| GoRegex::new(&format!("{}a{}", "(b|c".repeat(depth), "d)*".repeat(depth)));
    assert!(nested(64).unwrap().is_match("bad"));
    assert!(nested(65).unwrap_err().to_string().starts_with("error parsing regexp: expression nests too deeply: `(b|"));
    let repeated = |times: usize| GoRegex::new(&format!("a{}", "(?i)*".repeat(times)));
    assert!(repeated(65).is_ok());
    assert_eq!(repeated(100_000).unwrap_err().code(), "regex-syntax");
}

#[test]
fn no_expression_is_refused_by_the_engine_alone() {
    let pieces = [
        "a",
        "é",
        "(",
        ")",
        "(?i:",
        "(?P<n>",
        "[",
        "]",
        "[^",
        "\\",
        "\\Q",
        "\\x{",
        "d800}",
        "\\pL",
        "{2,3}",
        "*",
        "?",
        "|",
        "^",
        "\\B",
        "-",
        "&&",
        "[:alpha:]",
        "(?U)",
        "{0}",
        ".",
    ];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                if let Err(error) = GoRegex::new(&format!("{a}{b}{c}")) {
                    assert_eq!(error.code(), "regex-syntax", "{a}{b}{c}");
                }
            }
        }
    }
}
