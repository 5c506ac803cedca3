//! The rules of `vidimus lint`: each has an example that it alone finds something in, and `docs/lint.md` shows them.
//!
//! `BLESS=1` writes the page. An example is `data/lint/RULE.yaml`: what is wrong as a comment, the policies that have it, and
//! behind the line `# corrected` the same without.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use vidimus::lint::{Category, Finding, RULES, Rule, Severity, lint};
use vidimus::{Limits, SourceName};

/// Every policy of the classic kinds has this one.
const OF_EVERY_POLICY: &str = "lint-kind-removed";
const HEAD: &str = "# What `vidimus lint` finds\n\nGenerated from the rules and their examples in `tests/data/lint`; do not edit. An *error* says that the policy cannot do\nwhat it says, or that anybody gets past it; a *warning* that there is a gap; *info* is worth knowing.\n";

const MODULE_HEAD: &str = "// Generated from the rules and their examples; do not edit.\n\n/** A rule of `lint`. */\nexport interface LintRule {\n  /** Stable code. */\n  code: string;\n  severity: \"error\" | \"info\" | \"warning\";\n  /** What is wrong, and why it matters. */\n  explanation: string;\n}\n\n/** Everything that `lint` looks for. */\nexport const LINT_RULES: readonly LintRule[] = [\n";

struct Example {
    /// Why it matters.
    explanation: String,
    bad: String,
    corrected: Option<String>,
}

fn root(path: &str) -> String {
    format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))
}

fn example(rule: &Rule) -> Example {
    let name = rule.code.strip_prefix("lint-").expect("codes begin with lint-");
    let path = root(&format!("tests/data/lint/{name}.yaml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} has no example: write {path}", rule.code));
    let lines = text.lines().take_while(|line| line.starts_with("# "));
    let explanation: Vec<&str> = lines.map(|line| &line[2..]).collect();
    assert!(!explanation.is_empty(), "{path} does not say what is wrong");
    let policies = text.splitn(explanation.len() + 1, '\n').last().expect("text behind the comment");
    let (bad, corrected) = match policies.split_once("# corrected\n") {
        Some((bad, corrected)) => (bad, Some(corrected.to_owned())),
        None => (policies, None),
    };
    Example { explanation: explanation.join(" "), bad: bad.to_owned(), corrected }
}

/// What is found in a text, but for what every policy has.
fn findings(text: &str, rule: &Rule) -> Vec<Finding> {
    let found = lint(&[(SourceName::new("policy.yaml"), text)], &Limits::default());
    let mut found = found.unwrap_or_else(|wrong| panic!("the example of {} is no policy: {wrong:?}", rule.code));
    found.retain(|finding| rule.code == OF_EVERY_POLICY || finding.rule.code != OF_EVERY_POLICY);
    found
}

#[test]
fn each_example_has_its_finding_alone_and_its_correction_none() {
    for rule in RULES {
        let example = example(rule);
        let found = findings(&example.bad, rule);
        let codes: BTreeSet<&str> = found.iter().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, BTreeSet::from([rule.code]), "{found:#?}");
        for finding in &found {
            assert!(finding.span.start.line > 1 || rule.code == OF_EVERY_POLICY, "{finding:?} has no place");
            assert!(
                !finding.policy.is_empty() && !finding.message.is_empty() && !finding.advice.is_empty(),
                "{finding:?}"
            );
        }
        match &example.corrected {
            Some(corrected) => assert!(findings(corrected, rule).is_empty(), "{:#?}", findings(corrected, rule)),
            None => assert_eq!(rule.code, OF_EVERY_POLICY, "{} has no correction", rule.code),
        }
    }
}

#[test]
fn every_example_is_that_of_a_rule() {
    let known: BTreeSet<String> =
        RULES.iter().map(|rule| format!("{}.yaml", rule.code.strip_prefix("lint-").expect("a prefix"))).collect();
    let there: BTreeSet<String> = fs::read_dir(root("tests/data/lint"))
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .collect();
    assert_eq!(there, known);
}

#[test]
fn the_sample_policies_have_no_errors() {
    let folders = fs::read_dir(root("policies")).expect("the samples are there");
    let mut linted = 0;
    for folder in folders.map(|entry| entry.expect("readable")).filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().expect("UTF-8");
        let text = fs::read_to_string(folder.path().join(format!("{name}.yaml"))).expect("the policy is there");
        let found = lint(&[(SourceName::new(&name), &text)], &Limits::default()).expect("a policy");
        let errors: Vec<&Finding> = found.iter().filter(|finding| finding.rule.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        linted += 1;
    }
    assert!(linted > 0, "no sample was looked at");
}

#[test]
fn what_cannot_be_loaded_is_not_linted() {
    let wrong = lint(&[(SourceName::new("policy.yaml"), "kind: Pod\napiVersion: v1\n")], &Limits::default());
    assert_eq!(wrong.expect_err("no policy")[0].code, "unsupported-kind");
}

#[test]
fn policies_of_a_list_are_linted_where_they_stand() {
    let text = "{apiVersion: v1, kind: List, items: [\n{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: p}, spec: {rules: [\n{name: r, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {failureAction: Enforce, pattern: {}}}]}}]}";
    let found = lint(&[(SourceName::new("list.yaml"), text)], &Limits::default()).expect("policies");
    let vacuous = found.iter().find(|finding| finding.rule.code == "lint-pattern-vacuous").expect("found in the list");
    assert_eq!((vacuous.policy.as_str(), vacuous.policy_rule.as_deref(), vacuous.span.start.line), ("p", Some("r"), 3));
}

#[test]
fn the_page_shows_the_rules_and_their_examples() {
    for (path, text) in [("docs/lint.md", page()), ("pkg/npm/src/lint/rules.ts", module())] {
        if std::env::var_os("BLESS").is_some() {
            fs::write(root(path), &text).expect("writable");
        }
        let written = fs::read_to_string(root(path)).unwrap_or_default();
        assert_eq!(written, text, "{path} is not up to date: BLESS=1 writes it");
    }
}

/// The rules for the npm package: reports explain them.
fn module() -> String {
    let mut text = MODULE_HEAD.to_owned();
    for rule in RULES {
        let explanation = serde_json::to_string(&example(rule).explanation).expect("a text is JSON");
        let severity = rule.severity.as_str();
        writeln!(text, "  {{ code: \"{}\", severity: \"{severity}\", explanation: {explanation} }},", rule.code)
            .expect("written");
    }
    text + "];\n"
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for (category, title) in [
        (Category::NeverMatching, "Applies to nothing"),
        (Category::Vacuous, "Checks nothing, or lets nothing pass"),
        (Category::FailOpen, "Admits what it seems to deny"),
        (Category::WithoutEffect, "Says something in vain"),
        (Category::Deprecated, "Will not work for ever"),
        (Category::OrderDependent, "Depends on other rules"),
    ] {
        write!(page, "\n## {title}\n").expect("written");
        RULES.iter().filter(|rule| rule.category == category).for_each(|rule| section(rule, &mut page));
    }
    page
}

fn section(rule: &Rule, page: &mut String) {
    let example = example(rule);
    write!(page, "\n### `{}` ({})\n\n{}\n\n", rule.code, rule.severity.as_str(), example.explanation).expect("written");
    for Finding { message, advice, .. } in findings(&example.bad, rule) {
        writeln!(page, "- {message}: {advice}").expect("written");
    }
    if let Some(corrected) = &example.corrected {
        write!(page, "\n```diff\n{}```\n", difference(&example.bad, corrected)).expect("written");
    }
}

/// What is corrected, with a line before and behind it.
fn difference(bad: &str, corrected: &str) -> String {
    let (bad, corrected): (Vec<&str>, Vec<&str>) = (bad.lines().collect(), corrected.lines().collect());
    let before = bad.iter().zip(&corrected).take_while(|(one, other)| one == other).count();
    let (old, new) = (&bad[before..], &corrected[before..]);
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let mut text = String::new();
    let mut add =
        |mark: char, lines: &[&str]| lines.iter().for_each(|line| writeln!(text, "{mark} {line}").expect("written"));
    add(' ', &bad[before.saturating_sub(2)..before]);
    add('-', &old[..old.len() - behind]);
    add('+', &new[..new.len() - behind]);
    add(' ', &old[old.len() - behind..(old.len() - behind + 1).min(old.len())]);
    text
}

#[test]
fn patterns_that_match_no_image_are_told_from_those_that_do() {
    for (pattern, expected) in [
        ("*", None),
        ("*/shop/*", None),
        ("ghcr.io/acme*", None),
        ("ghcr.io/acme/app*", None),
        ("localhost:5000/app*", None),
        ("ghcr.io/acme/app@*", None),
        ("Registry.example/app*", None),
        ("ghcr.io/acme/*V1", None),
        ("ghcr.io/acme/app", Some("lint-image-reference-never-matches")),
        ("ghcr.io/*/app", Some("lint-image-reference-never-matches")),
        ("ghcr.io/acme/", Some("lint-image-reference-never-matches")),
        ("ghcr.io/acme/App*", Some("lint-image-reference-never-matches")),
        ("https://ghcr.io/acme/*", Some("lint-image-reference-never-matches")),
        ("acme/*", Some("lint-image-reference-never-matches")),
        ("ghcr.io/acme/app:*@sha256:*", Some("lint-image-reference-never-matches")),
        ("ghcr.io/acme/a*@sha256:12", Some("lint-image-reference-never-matches")),
        ("ghcr.io/acme/app:v1", Some("lint-image-reference-tag-only")),
        ("ghcr.io/acme/app:*", Some("lint-image-reference-tag-only")),
        ("nginx:*", Some("lint-image-reference-without-registry")),
        ("docker.io/library/*", Some("lint-image-reference-library")),
    ] {
        let text = format!(
            "{{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {{name: p}}, spec: {{rules: [{{name: r, \
             match: {{any: [{{resources: {{kinds: [Pod]}}}}]}}, verifyImages: [{{imageReferences: ['{pattern}'], \
             failureAction: Enforce, attestors: [{{entries: [{{keys: {{publicKeys: 'k8s://a/b'}}}}]}}]}}]}}]}}}}"
        );
        let found = lint(&[(SourceName::new("p"), &text)], &Limits::default()).expect("a policy");
        let codes: Vec<&str> =
            found.iter().map(|finding| finding.rule.code).filter(|code| *code != OF_EVERY_POLICY).collect();
        assert_eq!(codes, Vec::from_iter(expected), "{pattern}");
    }
}
