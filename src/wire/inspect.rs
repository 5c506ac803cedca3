//! What an image carries, as JSON.

use super::{AnswerStatus, NeedDocument, malformed, refusal, to_text};
use crate::evidence::Artifacts;
use crate::inspect::{Inspection, Node, Options, inspect as walk};
use crate::oci::{ImageReference, Repository};
use serde::Serialize;

/// What an image carries. **Nothing of it is verified**: only an evaluation says whether somebody signed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct InspectionDocument {
    /// Is everything there?
    pub status: AnswerStatus,
    /// What is missing, each once.
    pub needs: Vec<NeedDocument>,
    /// Canonical reference.
    pub image: String,
    /// Registry and path.
    pub repository: String,
    /// The image and what belongs to it; provisional while something is missing.
    pub root: Node,
}

/// Inspects; JSON out. Errors of the caller come back as `{"diagnostics": [...]}`.
///
/// `signature_repository` may be empty.
pub fn inspect(
    image: &str,
    platforms: bool,
    signature_repository: &str,
    predicate_bytes: usize,
    artifacts: &Artifacts,
) -> String {
    let mut options = Options { platforms, predicate_bytes, ..Options::default() };
    if !signature_repository.is_empty() {
        match Repository::parse(signature_repository) {
            Ok(repository) => options.repository = Some(repository),
            Err(error) => return refusal(&[malformed("signatureRepository", &error)]),
        }
    }
    let image = match ImageReference::parse(image) {
        Ok(image) => image,
        Err(error) => return refusal(&[malformed("image", &error)]),
    };
    let Inspection { root, needs } = walk(&image, artifacts, &options);
    to_text(&InspectionDocument {
        status: if needs.is_empty() { AnswerStatus::Complete } else { AnswerStatus::NeedsArtifacts },
        needs: needs.iter().map(NeedDocument::from).collect(),
        image: image.canonical().to_owned(),
        repository: image.repository().to_string(),
        root,
    })
}
