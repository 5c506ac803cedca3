mod vectors;

use super::{Range, Version, semver_compare};
use std::cmp::Ordering;

#[test]
fn what_the_go_module_refuses_is_refused_with_its_words() {
    for (text, message) in vectors::NO_VERSIONS {
        assert_eq!(Version::parse(text).unwrap_err().to_string(), *message, "{text}");
    }
}

#[test]
fn versions_are_ordered_as_by_the_go_module() {
    for (a, b, expected) in vectors::COMPARED {
        let order = Version::parse(a).unwrap().cmp(&Version::parse(b).unwrap());
        assert_eq!(order, expected.cmp(&0), "{a} {b}");
    }
}

#[test]
fn ranges_hold_the_versions_that_they_hold_in_the_go_module() {
    for (range, expected) in vectors::RANGES {
        let inside = |version: &&&str| semver_compare(version, range) == Ok(true);
        let found = match Range::parse(range) {
            Err(error) => error.to_string(),
            Ok(_) => match vectors::VERSIONS.iter().filter(inside).copied().collect::<Vec<_>>() {
                inside if inside.is_empty() => "none".to_owned(),
                inside => format!("in: {}", inside.join(" ")).trim_end().to_owned(),
            },
        };
        assert_eq!(found, *expected, "{range}");
    }
}

#[test]
fn a_text_that_is_no_version_is_the_first_of_all_versions() {
    assert_eq!(semver_compare("v9.9.9", "<0.0.1"), Ok(true));
    assert_eq!(Version::default().cmp(&Version::parse("0.0.0").unwrap()), Ordering::Equal);
}

#[test]
fn nothing_between_two_alternatives_is_refused() {
    let error = Range::parse(">1.0.0 || || <2.0.0").unwrap_err();
    assert_eq!(error.code(), "range-nothing-between-ors");
}
