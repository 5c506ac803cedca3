//! Ranges: `>1.0.0 <2.0.0 || >=3.1.x !3.2.0`.
//!
//! The Go module works on texts where a parser would do: a wildcard becomes other comparisons, as texts, before they are
//! read. So does this, because odd ranges mean what comes out of that.

use super::version::{Version, VersionError};
use crate::scalar::quoted::quoted;
use std::cmp::Ordering;
use thiserror::Error;

/// A set of versions: one of the alternatives, all of its comparisons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    alternatives: Vec<Vec<(Comparator, Version)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Why a text is no range. The messages are those of the Go module.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RangeError {
    /// Begins with `||`.
    #[error("First element in range is '||'")]
    FirstIsOr,
    /// Ends with `||`, or is empty.
    #[error("Last element in range is '||'")]
    LastIsOr,
    /// Nothing between two `||`. (The Go module takes it, and crashes when it comes to it.)
    #[error("expected a comparison between two '||', found none")]
    NothingBetweenOrs,
    /// No digit in a comparison.
    #[error("Could not get version from string: {}", quoted(.0))]
    NoVersion(String),
    /// Not an operator.
    #[error(
        "Could not parse Range {}: Could not parse comparator {} in {}",
        quoted(.comparison), quoted(.operator), quoted(.read)
    )]
    Operator {
        /// All of the comparison.
        comparison: String,
        /// The same without white space between operator and version.
        read: String,
        /// What stands for the operator.
        operator: String,
    },
    /// Not a version.
    #[error(
        "Could not parse Range {}: Could not parse version {} in {}: {source}",
        quoted(.comparison), quoted(.version), quoted(.read)
    )]
    Version {
        /// All of the comparison.
        comparison: String,
        /// The same without white space between operator and version.
        read: String,
        /// What stands for the version.
        version: String,
        /// What is wrong with it.
        source: VersionError,
    },
}

impl RangeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FirstIsOr => "range-first-or",
            Self::LastIsOr => "range-last-or",
            Self::NothingBetweenOrs => "range-nothing-between-ors",
            Self::NoVersion(_) => "range-no-version",
            Self::Operator { .. } => "range-operator",
            Self::Version { .. } => "range-version",
        }
    }
}

impl Range {
    /// Reads comparisons (all must hold) and `||` between them (one side must hold).
    pub fn parse(text: &str) -> Result<Self, RangeError> {
        let mut alternatives = vec![Vec::new()];
        let words = words(text);
        for word in &words {
            if word == "||" {
                alternatives.push(Vec::new());
            } else if let Some(last) = alternatives.last_mut() {
                last.push(word.as_str());
            }
        }
        if words.first().is_some_and(|word| word == "||") {
            return Err(RangeError::FirstIsOr);
        }
        if alternatives.last().is_none_or(Vec::is_empty) {
            return Err(RangeError::LastIsOr);
        }
        if alternatives.iter().any(Vec::is_empty) {
            return Err(RangeError::NothingBetweenOrs);
        }
        // All wildcards are expanded before any comparison is read.
        let expanded: Vec<Vec<String>> =
            alternatives.iter().map(|words| expand_all(words)).collect::<Result<_, _>>()?;
        let alternatives = expanded.iter().map(|words| comparisons(words)).collect::<Result<_, _>>()?;
        Ok(Self { alternatives })
    }

    /// Is the version in the range?
    pub fn contains(&self, version: &Version) -> bool {
        let holds = |(comparator, bound): &(Comparator, Version)| comparator.holds(version.cmp(bound));
        self.alternatives.iter().any(|comparisons| comparisons.iter().all(holds))
    }
}

impl Comparator {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "" | "=" | "==" => Self::Equal,
            "!" | "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// The words between blanks. Blanks behind `<`, `>` and `=` do not separate. A word of one character is dropped, as
/// there.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut last = ' ';
    for c in text.chars() {
        if c == ' ' && !matches!(last, '<' | '>' | '=') {
            words.push(std::mem::take(&mut word));
            continue;
        }
        word.push(c);
        if c != ' ' {
            last = c;
        }
    }
    words.push(word);
    words.iter().filter(|word| word.len() > 1).map(|word| word.replace(' ', "")).collect()
}

fn comparisons(words: &[String]) -> Result<Vec<(Comparator, Version)>, RangeError> {
    words.iter().map(|word| comparison(word)).collect()
}

fn comparison(word: &str) -> Result<(Comparator, Version), RangeError> {
    let (operator, version) = split(word)?;
    let read = format!("{operator}{version}");
    let Some(comparator) = Comparator::parse(operator) else {
        return Err(RangeError::Operator { comparison: word.to_owned(), read, operator: operator.to_owned() });
    };
    let version = Version::parse(version).map_err(|source| RangeError::Version {
        comparison: word.to_owned(),
        read,
        version: version.to_owned(),
        source,
    })?;
    Ok((comparator, version))
}

/// What stands before the first digit, and the rest.
fn split(word: &str) -> Result<(&str, &str), RangeError> {
    let (operator, version) = word
        .find(|c: char| c.is_ascii_digit())
        .and_then(|at| word.split_at_checked(at))
        .ok_or_else(|| RangeError::NoVersion(word.to_owned()))?;
    Ok((operator.trim(), version))
}

fn expand_all(words: &[&str]) -> Result<Vec<String>, RangeError> {
    let mut expanded = Vec::new();
    for word in words {
        if word.contains('x') {
            let (operator, version) = split(word)?;
            expand(&mut expanded, operator, version);
        } else {
            expanded.push((*word).to_owned());
        }
    }
    Ok(expanded)
}

/// `1.2.x` is at least 1.2.0 and less than 1.3.0; other operators likewise.
fn expand(expanded: &mut Vec<String>, operator: &str, version: &str) {
    let flat = flat_version(version);
    let next = next_version(version, &flat);
    match operator {
        ">" => expanded.push(format!(">={next}")),
        ">=" => expanded.push(format!(">={flat}")),
        "<" => expanded.push(format!("<{flat}")),
        "<=" => expanded.push(format!("<{next}")),
        "" | "=" | "==" => expanded.extend([format!(">={flat}"), format!("<{next}")]),
        "!" | "!=" => expanded.extend([format!("<{flat}"), format!(">={next}")]),
        // An operator that is none is forgotten: `~1.x` is 1.0.0.
        _ => expanded.push(flat),
    }
}

/// With zeros for the wildcards.
fn flat_version(version: &str) -> String {
    let flat = version.replacen(".x.x", ".x", 1).replacen(".x", ".0", 1);
    if flat.split('.').count() == 2 { format!("{flat}.0") } else { flat }
}

/// The first version that the wildcard does not stand for; empty, which is refused later, where there is no wildcard at
/// the end. The wildcard is the last part: `1.x.x` ends before 1.1.0.
fn next_version(version: &str, flat: &str) -> String {
    let place = match version.split('.').count() {
        _ if version.rsplit('.').next() != Some("x") => None,
        2 => Some(0),
        3 => Some(1),
        _ => None,
    };
    place.and_then(|place| increment(flat, place)).unwrap_or_default()
}

fn increment(version: &str, place: usize) -> Option<String> {
    let mut parts: Vec<String> = version.split('.').map(str::to_owned).collect();
    let part = parts.get_mut(place)?;
    *part = part.parse::<i64>().ok()?.wrapping_add(1).to_string();
    Some(parts.join("."))
}
