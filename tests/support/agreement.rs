//! Does an answer agree with what Kyverno said? The rules are those of the fixtures' README.

use crate::case::{Case, Row};
use vidimus::engine::RuleStatus;
use vidimus::{AdmissionRequest, Answer};

/// What an engine says of a case.
pub enum Actual {
    /// The policy is refused, with these codes and messages.
    Refused(Vec<String>),
    /// Rule responses.
    Rows(Vec<Row>),
}

/// How far an answer agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In every respect.
    Agrees,
    /// It says `error` and names what is not built; nothing passed that should not.
    NotBuilt,
    /// It differs, so.
    Differs(String),
}

/// Details that Kyverno words itself: they are equal from here on, once they begin.
const KYVERNOS_OWN: [&str; 11] = [
    "no signatures found",
    "subject mismatch: ",
    "issuer mismatch: ",
    "extension mismatch: ",
    "no signature matched the required annotations",
    "invalid or missing digest in claim: ",
    "attestions not found for predicate type ",
    "attestation checks failed for ",
    "unverified image ",
    "missing digest for ",
    "certificate not found",
];

/// Rows of an answer.
pub fn rows(answer: &Answer, request: &AdmissionRequest) -> Vec<Row> {
    let id = request.resource_id();
    let mut rows: Vec<Row> = answer
        .results
        .iter()
        .map(|result| Row {
            policy: result.policy_key.clone(),
            rule: result.rule.clone(),
            resource: format!("{}/{}/{}", id.namespace, id.kind, id.name),
            status: status(result.status).to_owned(),
            message: result.message.clone(),
        })
        .collect();
    rows.sort();
    rows
}

fn status(status: RuleStatus) -> &'static str {
    match status {
        RuleStatus::Error => "error",
        RuleStatus::Fail => "fail",
        RuleStatus::Pass => "pass",
        RuleStatus::Skip => "skip",
        RuleStatus::Warn => "warn",
    }
}

/// Holds an answer against the case.
pub fn compare(case: &Case, actual: &Actual) -> Verdict {
    match (case.decision(), actual) {
        (Some("invalid-policy"), Actual::Refused(_)) => Verdict::Agrees,
        (Some(decision), Actual::Rows(rows)) if decision != "invalid-policy" => decided(decision, rows),
        (Some(decision), _) => Verdict::Differs(format!("decided {decision}, answered otherwise")),
        (None, Actual::Refused(_)) if case.is_invalid() => Verdict::Agrees,
        (None, Actual::Refused(messages)) => Verdict::Differs(format!("policy refused: {}", messages.join("; "))),
        (None, Actual::Rows(_)) if case.is_invalid() => Verdict::Differs("the policy was not refused".to_owned()),
        (None, Actual::Rows(rows)) => multiset(&case.rows(), rows),
    }
}

/// Holds an answer of `compat: exact` against what Kyverno said, whatever is decided otherwise.
pub fn compare_with_upstream(case: &Case, actual: &Actual) -> Verdict {
    match actual {
        Actual::Refused(messages) => Verdict::Differs(format!("exact: policy refused: {}", messages.join("; "))),
        Actual::Rows(rows) => multiset(&case.rows(), rows),
    }
}

fn is_not_built(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.status == "error" && row.message.contains("not available"))
}

/// The worst status of the rule is the one that was decided.
fn decided(decision: &str, rows: &[Row]) -> Verdict {
    let worst = ["fail", "error", "warn", "skip", "pass"]
        .into_iter()
        .find(|status| rows.iter().any(|row| row.status == *status))
        .unwrap_or("none");
    let any_error = rows.iter().any(|row| row.status == "error");
    if is_not_built(rows) {
        Verdict::NotBuilt
    } else if worst == decision || (decision == "error" && any_error) {
        Verdict::Agrees
    } else {
        Verdict::Differs(format!("decided {decision}, answered {worst}: {rows:?}"))
    }
}

fn multiset(expected: &[Row], actual: &[Row]) -> Verdict {
    let key = |row: &Row| (row.policy.clone(), row.rule.clone(), row.resource.clone(), row.status.clone());
    let keys = |rows: &[Row]| rows.iter().map(key).collect::<Vec<_>>();
    if keys(expected) != keys(actual) {
        let false_pass =
            actual.iter().filter(|row| row.status == "pass").any(|row| !keys(expected).contains(&key(row)));
        if is_not_built(actual) && !false_pass {
            return Verdict::NotBuilt;
        }
        return Verdict::Differs(format!("expected {expected:#?}, answered {actual:#?}"));
    }
    for (wanted, found) in pair(expected, actual) {
        match message_difference(&wanted, &found) {
            None => {}
            Some(_) if is_not_built(std::slice::from_ref(&found)) => return Verdict::NotBuilt,
            Some(difference) => return Verdict::Differs(difference),
        }
    }
    Verdict::Agrees
}

/// Pairs rows of equal key so that equal messages meet.
fn pair(expected: &[Row], actual: &[Row]) -> Vec<(Row, Row)> {
    let mut left: Vec<Row> = actual.to_vec();
    expected
        .iter()
        .map(|wanted| {
            let same_key =
                |row: &Row| (&row.policy, &row.rule, &row.status) == (&wanted.policy, &wanted.rule, &wanted.status);
            let best = left
                .iter()
                .enumerate()
                .filter(|(_, row)| same_key(row))
                .max_by_key(|(_, row)| common_prefix(&row.message, &wanted.message))
                .map_or(0, |(index, _)| index);
            (wanted.clone(), left.remove(best))
        })
        .collect()
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count()
}

fn message_difference(wanted: &Row, found: &Row) -> Option<String> {
    let (expected, actual) = (&wanted.message, &found.message);
    if expected == actual {
        return None;
    }
    let free = |text: &str| significant(text);
    if matches!(wanted.status.as_str(), "fail" | "error") && free(expected) == free(actual) {
        return None;
    }
    Some(format!("message differs\n  expected {expected}\n  answered {actual}"))
}

/// The part of a message that must be equal: up to the attestor path, then Kyverno's own words if the detail has any.
fn significant(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("failed to update digest: ") {
        let _ = rest;
        return "failed to update digest: ".to_owned();
    }
    if let Some(at) = text.find("error: ").filter(|_| text.starts_with("image attestations verification failed")) {
        return of_attestation(text, at + "error: ".len());
    }
    let detail = text.find(": .att").and_then(|start| text[start + 2..].find(": ").map(|end| start + 2 + end + 2));
    let Some(detail) = detail else { return text.to_owned() };
    let (head, tail) = text.split_at(detail);
    let (head, tail) = match tail.strip_prefix("no matching signatures: ") {
        Some(reasons) => (format!("{head}no matching signatures: "), reasons),
        None => (head.to_owned(), tail),
    };
    match KYVERNOS_OWN.iter().find(|words| tail.starts_with(**words)) {
        Some(_) => format!("{head}{tail}"),
        None => head,
    }
}

/// Behind `error: `, with the path of the attestor if there is one.
fn of_attestation(text: &str, detail: usize) -> String {
    let (head, tail) = text.split_at(detail);
    let path = tail.strip_prefix(".attestations[").and_then(|_| tail.find(": ")).map_or(0, |end| end + 2);
    let (path, tail) = tail.split_at(path);
    match KYVERNOS_OWN.iter().find(|words| tail.starts_with(**words)) {
        Some(_) => format!("{head}{path}{tail}"),
        None => format!("{head}{path}"),
    }
}
