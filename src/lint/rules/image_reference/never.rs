use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::digest::Digest;
use crate::lint::EntrySubject;
use crate::oci::{ImageReference, is_registry};
use crate::wildcard;

/// The pattern matches no image: images are compared as `registry/path:tag` or `registry/path@digest`, in lower case
/// but for the tag, with `docker.io` and `latest` added where none is written.
pub(in super::super) const NEVER: Rule = Rule {
    code: "lint-image-reference-never-matches",
    severity: Severity::Error,
    category: Category::NeverMatching,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry) {
        let pattern = &reference.value;
        if let Some((why, advice)) = reason(pattern) {
            let message = format_args!("`{pattern}` matches no image: {why}");
            report.add(entry.policy, reference.span, message, format_args!("write {advice}"));
        }
    }
}

/// Why a pattern matches no image, and what to write.
pub(super) fn reason(pattern: &str) -> Option<(&'static str, String)> {
    if let Some((_, rest)) = pattern.split_once("//") {
        return Some(("references have no scheme and no empty component", rest.to_owned()));
    }
    if !wildcard::is_pattern(pattern) {
        return exact(pattern);
    }
    let (first, rest) = pattern.split_once('/')?;
    if !wildcard::is_pattern(first) && !is_registry(first) {
        return Some(("what it begins with is no registry, and every image has one", format!("docker.io/{pattern}")));
    }
    if has_uppercase_path(rest) {
        return Some(("paths of repositories are in lower case", format!("{first}/{}", rest.to_lowercase())));
    }
    let last = rest.rsplit_once('/').map_or(rest, |(_, last)| last);
    if !wildcard::is_pattern(last) && !last.contains([':', '@']) {
        return Some(("every image has a tag or a digest behind its path", format!("{pattern}*")));
    }
    let (name, digest) = rest.split_once('@')?;
    if let Some((name, _)) = name.split_once(':') {
        return Some(("the tag is dropped where there is a digest", format!("{first}/{name}@{digest}")));
    }
    let is_digest = wildcard::is_pattern(digest) || Digest::parse(digest).is_ok();
    (!is_digest).then(|| ("what follows `@` is no digest", format!("{first}/{name}@*")))
}

/// A pattern without wildcards is one image, in the form in which images are compared.
fn exact(pattern: &str) -> Option<(&'static str, String)> {
    let Ok(image) = ImageReference::parse(pattern) else {
        return Some(("it is no image reference", "registry/path:tag".to_owned()));
    };
    let last = pattern.rsplit_once('/').map_or(pattern, |(_, last)| last);
    let is_tagged = last.contains([':', '@']);
    let advice = if is_tagged { image.canonical().to_owned() } else { format!("{}*", image.repository()) };
    (image.canonical() != pattern).then_some(("it is not in the form in which images are compared", advice))
}

/// Is there an upper-case letter where only the path can be? In the last component, a `*` may stand for a tag's begin.
fn has_uppercase_path(rest: &str) -> bool {
    let last = rest.rfind('/').unwrap_or(0);
    let end = rest.char_indices().find(|(at, c)| *at >= last && matches!(c, '*' | '?' | ':' | '@'));
    rest.get(..end.map_or(rest.len(), |(at, _)| at)).is_some_and(|path| path.contains(|c: char| c.is_ascii_uppercase()))
}
