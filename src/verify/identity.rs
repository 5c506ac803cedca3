//! Whom a certificate names, and whom an attestor wants it to name.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/cosign/cosign.go` (`matchSignatures` to `extractCertExtensionValue`).

use super::{Context, Rejection};
use crate::policy::Keyless;
use crate::scalar::regex::GoRegex;
use crate::trace::{Step, StepOutcome};
use crate::wildcard;
use crate::x509::Certificate;
use std::collections::BTreeMap;

/// Extensions that a policy can ask for: their names, and their identifiers.
///
/// Source: cosign `pkg/cosign/certextensions.go`; Fulcio's `docs/oid-info.md` lists many more.
pub const EXTENSIONS: [(&str, &str); 6] = [
    ("oidcIssuer", "1.3.6.1.4.1.57264.1.1"),
    ("githubWorkflowTrigger", "1.3.6.1.4.1.57264.1.2"),
    ("githubWorkflowSha", "1.3.6.1.4.1.57264.1.3"),
    ("githubWorkflowName", "1.3.6.1.4.1.57264.1.4"),
    ("githubWorkflowRepository", "1.3.6.1.4.1.57264.1.5"),
    ("githubWorkflowRef", "1.3.6.1.4.1.57264.1.6"),
];
const ISSUER: &str = "1.3.6.1.4.1.57264.1.1";
/// Names that differ by more are other names.
const MOST_EDITS: usize = 8;
const LONGEST_COMPARED: usize = 512;

/// Whom an attestor wants.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Wildcard on the subject names.
    pub subject: Option<String>,
    /// Expression on the subject names.
    pub subject_reg_exp: Option<Expression>,
    /// Wildcard on the issuer.
    pub issuer: Option<String>,
    /// Expression on the issuer.
    pub issuer_reg_exp: Option<Expression>,
    /// Extension, by name or identifier, to a wildcard on its value.
    pub extensions: BTreeMap<String, String>,
}

/// A regular expression of a policy.
#[derive(Clone, Debug)]
pub struct Expression {
    /// As written.
    pub text: String,
    /// Compiled, or what is wrong with it.
    pub compiled: Result<GoRegex, String>,
}

impl Expression {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), compiled: GoRegex::new(text).map_err(|error| error.to_string()) }
    }

    pub(super) fn compiled(&self, of: &'static str) -> Result<&GoRegex, Rejection> {
        self.compiled.as_ref().map_err(|error| Rejection::RegularExpression {
            of,
            text: self.text.clone(),
            error: error.clone(),
        })
    }
}

impl Identity {
    pub(super) fn new(keyless: &Keyless) -> Self {
        let text = |field: &Option<crate::source::Spanned<String>>| field.as_ref().map(|text| text.value.clone());
        let expression =
            |field: &Option<crate::source::Spanned<String>>| field.as_ref().map(|text| Expression::new(&text.value));
        Self {
            subject: text(&keyless.subject),
            subject_reg_exp: expression(&keyless.subject_reg_exp),
            issuer: text(&keyless.issuer),
            issuer_reg_exp: expression(&keyless.issuer_reg_exp),
            extensions: keyless.additional_extensions.clone(),
        }
    }

    /// Does it want nobody in particular?
    pub fn is_anybody(&self) -> bool {
        let Self { subject, subject_reg_exp, issuer, issuer_reg_exp, extensions } = self;
        subject.is_none()
            && subject_reg_exp.is_none()
            && issuer.is_none()
            && issuer_reg_exp.is_none()
            && extensions.is_empty()
    }

    /// Does `certificate` name whom it wants?
    pub(super) fn check(&self, certificate: &Certificate, context: &mut Context<'_, '_>) -> Result<(), Rejection> {
        let outcome = self
            .check_subject(certificate, context.exact)
            .and_then(|()| self.check_issuer(certificate))
            .and_then(|()| self.check_extensions(certificate));
        context.trace.record(|| {
            let (state, text) = match &outcome {
                Ok(()) => (StepOutcome::Ok, "the certificate names whom the attestor wants".to_owned()),
                Err(rejection) => (StepOutcome::Failed, rejection.to_string()),
            };
            match outcome.as_ref().err().and_then(near_miss) {
                Some((name, distance)) => {
                    let characters = if distance == 1 { "character" } else { "characters" };
                    let text = format!("{text} (a near miss: {distance} {characters} differ)");
                    let miss = serde_json::json!({ "found": name, "charactersThatDiffer": distance });
                    Step::new("identity-compared", state, text).fact("nearMiss", miss)
                }
                None => Step::new("identity-compared", state, text),
            }
            .compare(self.wanted(), named(certificate))
        });
        outcome
    }

    fn check_subject(&self, certificate: &Certificate, exact: bool) -> Result<(), Rejection> {
        if self.subject.is_none() && self.subject_reg_exp.is_none() {
            return Ok(());
        }
        let names = subject_names(certificate);
        // DIVERGENCE certificate-without-names: upstream, a certificate that names nobody is anybody's.
        if names.is_empty() && exact {
            return Ok(());
        }
        if self.subject.as_ref().is_some_and(|wanted| names.iter().any(|name| wildcard::matches(wanted, name))) {
            return Ok(());
        }
        if let Some(expression) = &self.subject_reg_exp {
            let compiled = expression.compiled("subject")?;
            if names.iter().any(|name| compiled.is_match(name)) {
                return Ok(());
            }
        }
        let written = self.subject_reg_exp.as_ref().map(|expression| expression.text.clone());
        let expected = self.subject.clone().or(written).unwrap_or_default();
        Err(Rejection::SubjectMismatch { expected, found: names })
    }

    /// Both, where both are given.
    fn check_issuer(&self, certificate: &Certificate) -> Result<(), Rejection> {
        if self.issuer.is_none() && self.issuer_reg_exp.is_none() {
            return Ok(());
        }
        let found = extension_text(certificate, ISSUER);
        let mismatch =
            |expected: &String| Rejection::IssuerMismatch { expected: expected.clone(), found: found.clone() };
        if let Some(wanted) = self.issuer.as_ref().filter(|wanted| !wildcard::matches(wanted, &found)) {
            return Err(mismatch(wanted));
        }
        if let Some(expression) = &self.issuer_reg_exp
            && !expression.compiled("issuer")?.is_match(&found)
        {
            return Err(mismatch(&expression.text));
        }
        Ok(())
    }

    fn check_extensions(&self, certificate: &Certificate) -> Result<(), Rejection> {
        for (key, expected) in &self.extensions {
            let known = EXTENSIONS.iter().find(|(name, identifier)| key == name || key == identifier);
            let Some((_, identifier)) = known else { return Err(Rejection::ExtensionUnknown { key: key.clone() }) };
            let found = extension_text(certificate, identifier);
            if !wildcard::matches(expected, &found) {
                return Err(Rejection::ExtensionMismatch { key: key.clone(), expected: expected.clone(), found });
            }
        }
        Ok(())
    }

    fn wanted(&self) -> serde_json::Value {
        let text = |expression: &Option<Expression>| expression.as_ref().map(|expression| expression.text.clone());
        let all = [
            ("subject", self.subject.clone()),
            ("subjectRegExp", text(&self.subject_reg_exp)),
            ("issuer", self.issuer.clone()),
            ("issuerRegExp", text(&self.issuer_reg_exp)),
        ];
        let given = all.into_iter().filter_map(|(name, text)| Some((name.to_owned(), serde_json::Value::from(text?))));
        let extensions = self.extensions.iter().map(|(name, text)| (name.clone(), text.as_str().into()));
        given.chain(extensions).collect()
    }
}

/// What a slip of the pen would explain: the name that is nearest to the wanted one, and by how many characters it differs.
fn near_miss(rejection: &Rejection) -> Option<(String, usize)> {
    let (expected, found) = match rejection {
        Rejection::SubjectMismatch { expected, found } => (expected, found.iter().collect::<Vec<_>>()),
        Rejection::IssuerMismatch { expected, found } => (expected, vec![found]),
        _ => return None,
    };
    let nearest = found.into_iter().map(|name| (edit_distance(expected, name), name)).min()?;
    let (distance, name) = nearest;
    (distance <= MOST_EDITS && distance < name.chars().count()).then(|| (name.clone(), distance))
}

/// Characters to insert, remove or replace.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(LONGEST_COMPARED).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in (1..).zip(left.chars().take(LONGEST_COMPARED)) {
        let mut diagonal = at - 1;
        let mut before = at;
        let mut next = vec![at];
        for (other, above) in right.iter().zip(row.iter().skip(1)) {
            let cost = usize::from(*other != letter);
            let value = (diagonal + cost).min(before + 1).min(above + 1);
            diagonal = *above;
            before = value;
            next.push(value);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// What a certificate says of its holder: for the trace.
pub(super) fn named(certificate: &Certificate) -> serde_json::Value {
    let extensions = EXTENSIONS.iter().filter_map(|(name, identifier)| {
        certificate.extension(identifier)?;
        Some(((*name).to_owned(), serde_json::Value::from(extension_text(certificate, identifier))))
    });
    let subjects = ("subject".to_owned(), serde_json::Value::from(subject_names(certificate)));
    std::iter::once(subjects).chain(extensions).collect()
}

/// DNS names, e-mail addresses, IP addresses, URIs, then Fulcio's user names (sigstore `GetSubjectAlternateNames`).
pub(crate) fn subject_names(certificate: &Certificate) -> Vec<String> {
    let names = certificate.names();
    let all = names.dns.iter().chain(&names.emails).chain(&names.ip_addresses).chain(&names.uris).cloned();
    all.chain(names.fulcio_user_name().map(str::to_owned)).collect()
}

/// The value of one of the extensions whose bytes are the text itself; empty where it is absent.
fn extension_text(certificate: &Certificate, identifier: &str) -> String {
    let value =
        certificate.extension(identifier).map(|extension| String::from_utf8_lossy(&extension.value).into_owned());
    value.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Rejection, edit_distance, near_miss};

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (left, right, expected) in
            [("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("abc", "abc", 0)]
        {
            assert_eq!(edit_distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn a_name_that_differs_by_a_character_is_a_near_miss_and_another_one_is_none() {
        let mismatch = |found: &[&str]| Rejection::SubjectMismatch {
            expected: "https://github.com/acme/shop".into(),
            found: found.iter().map(|name| (*name).to_owned()).collect(),
        };
        let miss = near_miss(&mismatch(&["x@example.com", "https://github.com/acme/shops"]));
        assert_eq!(miss, Some(("https://github.com/acme/shops".to_owned(), 1)));
        assert!(near_miss(&mismatch(&["release@example.com"])).is_none());
    }
}
