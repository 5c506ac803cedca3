//! One version: `1.2.3-rc.1+build`.

use crate::scalar::quoted::quoted;
use std::cmp::Ordering;
use thiserror::Error;

/// A version. Two are equal if neither comes before the other; what stands behind a plus sign does not count.
#[derive(Clone, Debug, Default)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    prerelease: Vec<Identifier>,
}

/// A part of a pre-release: numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(Box<str>),
}

/// Why a text is no version. The messages are those of the Go module.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VersionError {
    /// Nothing there.
    #[error("Version string empty")]
    Empty,
    /// Fewer than three numbers.
    #[error("No Major.Minor.Patch elements found")]
    Elements,
    /// Something else than digits, or letters where they are allowed.
    #[error("Invalid character(s) found in {part} {}", quoted(.found))]
    Characters {
        /// Which part.
        part: &'static str,
        /// What stands there.
        found: String,
    },
    /// A number such as 01.
    #[error("{part} must not contain leading zeroes {}", quoted(.found))]
    LeadingZeroes {
        /// Which part.
        part: &'static str,
        /// What stands there.
        found: String,
    },
    /// No number, or one that needs more than 64 bits.
    #[error("strconv.ParseUint: parsing {}: {problem}", quoted(.found))]
    Number {
        /// What stands there.
        found: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A hyphen or a dot with nothing behind it.
    #[error("Prerelease is empty")]
    PrereleaseEmpty,
    /// A plus sign or a dot with nothing behind it.
    #[error("Build meta data is empty")]
    BuildEmpty,
}

impl VersionError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "version-empty",
            Self::Elements => "version-elements",
            Self::Characters { .. } => "version-characters",
            Self::LeadingZeroes { .. } => "version-leading-zeroes",
            Self::Number { .. } => "version-number",
            Self::PrereleaseEmpty => "version-prerelease-empty",
            Self::BuildEmpty => "version-build-empty",
        }
    }
}

impl Version {
    /// Reads a version with three numbers; no `v` in front, no blanks, no leading zeros.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        let (major, rest) = text.split_once('.').ok_or(VersionError::Elements)?;
        let (minor, rest) = rest.split_once('.').ok_or(VersionError::Elements)?;
        let major = number(major, "major number", "Major number")?;
        let minor = number(minor, "minor number", "Minor number")?;
        let (rest, build) = split_optional(rest, '+');
        let (patch, prerelease) = split_optional(rest, '-');
        let patch = number(patch, "patch number", "Patch number")?;
        let prerelease = parts(prerelease).map(identifier).collect::<Result<_, _>>()?;
        parts(build).try_for_each(check_build)?;
        Ok(Self { major, minor, patch, prerelease })
    }
}

fn split_optional(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn parts(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|text| text.split('.'))
}

fn number(text: &str, part: &'static str, beginning: &'static str) -> Result<u64, VersionError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(VersionError::Characters { part, found: text.to_owned() });
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(VersionError::LeadingZeroes { part: beginning, found: text.to_owned() });
    }
    let problem = if text.is_empty() { "invalid syntax" } else { "value out of range" };
    text.parse().map_err(|_| VersionError::Number { found: text.to_owned(), problem })
}

fn identifier(text: &str) -> Result<Identifier, VersionError> {
    if text.is_empty() {
        return Err(VersionError::PrereleaseEmpty);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(text, "prerelease", "Numeric PreRelease version").map(Identifier::Number);
    }
    if is_word(text) {
        return Ok(Identifier::Word(text.into()));
    }
    Err(VersionError::Characters { part: "prerelease", found: text.to_owned() })
}

fn check_build(text: &str) -> Result<(), VersionError> {
    if text.is_empty() {
        return Err(VersionError::BuildEmpty);
    }
    if is_word(text) {
        Ok(())
    } else {
        Err(VersionError::Characters { part: "build meta data", found: text.to_owned() })
    }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Ord for Version {
    /// A pre-release comes before its release.
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch, version.prerelease.is_empty());
        numbers(self).cmp(&numbers(other)).then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}
