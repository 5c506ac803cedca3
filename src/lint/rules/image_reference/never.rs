use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::digest::Digest;
use crate::lint::EntrySubject;
use crate::oci::{ImageReference, is_registry};
use crate::wildcard;

pub(in super::super) const NEVER: Rule = Rule {
    code: "lint-image-reference-never-matches",
    severity: Severity::Error,
    category: Category::NeverMatching,
    explanation: "The pattern matches no image: images are compared as `registry/path:tag` or `registry/path@digest`, \
                  in lower case but for the tag, with `docker.io` and `latest` added where none is written.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry) {
        if let Some((why, advice)) = reason(&reference.value) {
            let message = format!("`{}` matches no image: {why}", reference.value);
            report.add(entry.policy, reference.span, message, advice);
        }
    }
}

/// Why a pattern matches no image, and what to write.
pub(super) fn reason(pattern: &str) -> Option<(String, String)> {
    let found = |why: &str, advice: String| Some((why.to_owned(), advice));
    if pattern.contains("//") {
        let rest = pattern.split_once("//").map_or(pattern, |(_, rest)| rest);
        return found("references have no scheme and no empty component", format!("write {rest}"));
    }
    if !wildcard::is_pattern(pattern) {
        return exact(pattern);
    }
    let (first, rest) = pattern.split_once('/')?;
    if !wildcard::is_pattern(first) && !is_registry(first) {
        let why = format!("`{first}` is no registry, and every image has one");
        return found(&why, format!("write docker.io/{pattern}, or the registry that is meant"));
    }
    if has_uppercase_path(rest) {
        return found("paths of repositories are in lower case", format!("write {first}/{}", rest.to_lowercase()));
    }
    let last = rest.rsplit('/').next().unwrap_or(rest);
    if !last.contains(['*', '?', ':', '@']) {
        return found("every image has a tag or a digest behind its path", format!("write {pattern}*"));
    }
    let (name, digest) = last.split_once('@')?;
    if let Some((name, _)) = rest.split_once(':').filter(|(name, _)| rest.find('@') > Some(name.len())) {
        return found("the tag is dropped where there is a digest", format!("write {first}/{name}@{digest}"));
    }
    if !wildcard::is_pattern(digest) && Digest::parse(digest).is_err() {
        return found("what follows `@` is no digest", format!("write {name}@sha256: and its 64 digits"));
    }
    None
}

/// A pattern without wildcards is one image, in the form in which images are compared.
fn exact(pattern: &str) -> Option<(String, String)> {
    let Ok(image) = ImageReference::parse(pattern) else {
        return Some(("it is no image reference".to_owned(), "write registry/path:tag".to_owned()));
    };
    let canonical = image.canonical();
    let is_untagged = pattern.rsplit('/').next().is_some_and(|last| !last.contains([':', '@']));
    let advice = if is_untagged { format!("{}*", image.repository()) } else { canonical.to_owned() };
    (canonical != pattern).then(|| (format!("it is compared with `{canonical}`"), format!("write {advice}")))
}

/// Is there an upper-case letter where only the path can be? In the last component, a `*` may stand for a tag's begin.
fn has_uppercase_path(rest: &str) -> bool {
    let (path, last) = rest.rsplit_once('/').unwrap_or(("", rest));
    let last = last.split(['*', ':', '@', '?']).next().unwrap_or_default();
    path.chars().chain(last.chars()).any(|c| c.is_ascii_uppercase())
}
