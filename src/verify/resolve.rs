//! From an image reference to the digest that must be signed.

use super::{Context, Rejection, Subject, VerifyError};
use crate::digest::Digest;
use crate::evidence::Unavailable;
use crate::trace::{Step, StepOutcome};

/// The digest of the image: that of the reference, else what the tag names.
///
/// An index is taken as it is: its own digest is the one that must be signed, not that of a platform's manifest.
pub fn resolve(subject: &Subject<'_>, context: &mut Context<'_, '_>) -> Result<Digest, VerifyError> {
    if let Some(digest) = subject.image.digest() {
        return Ok(digest.clone());
    }
    let tag = subject.image.tag().unwrap_or("latest");
    let name = subject.image.canonical();
    match context.session.tag(subject.repository, tag, &context.asker) {
        Ok(digest) => {
            let kind = context.session.manifest_at_hand(&digest).map_or("unknown", kind);
            context.trace.record(|| {
                let text = format!("the registry resolves {name} to {digest}");
                Step::new("tag-resolved", StepOutcome::Ok, text).fact("digest", digest.as_str()).fact("kind", kind)
            });
            Ok(digest)
        }
        Err(Unavailable::Absent) => Err(Rejection::ImageNotFound(name.to_owned()).into()),
        Err(other) => Err(unavailable(name.to_owned(), other)),
    }
}

/// `index` or `manifest`, as far as the bytes tell: for the trace.
fn kind(bytes: &[u8]) -> &'static str {
    let document: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    match document {
        Some(document) if document.get("manifests").is_some() => "index",
        Some(document) if document.get("layers").is_some() => "manifest",
        _ => "unknown",
    }
}

/// The error for `what`, which could not be had.
pub(crate) fn unavailable(what: String, error: Unavailable) -> VerifyError {
    match error {
        Unavailable::Absent => Rejection::Http { what, status: Some(404), error: "not found".to_owned() }.into(),
        Unavailable::Corrupt(digest) => Rejection::DigestMismatch { what, digest }.into(),
        Unavailable::Failed(failure) => VerifyError::from_failure(what, &failure),
        Unavailable::Pending => VerifyError::Pending,
        Unavailable::TooLarge { bytes, limit } => Rejection::TooLarge { what, found: bytes, limit }.into(),
    }
}
