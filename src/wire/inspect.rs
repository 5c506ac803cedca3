//! What an image carries, as JSON.

use super::{AnswerStatus, DEPTH, NeedDocument, malformed, refusal, to_text};
use crate::diagnostic::Diagnostic;
use crate::evidence::Artifacts;
use crate::inspect::{Inspection, Node, Options, inspect as walk};
use crate::json;
use crate::oci::{ImageReference, Repository};
use serde::{Deserialize, Serialize};

/// What to inspect.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct InspectDocument {
    /// The image, as in a Pod.
    pub image: String,
    /// Look for signatures of the manifests within an index too.
    pub platforms: Option<bool>,
    /// A further repository that signatures may be in.
    pub signature_repository: Option<String>,
    /// Predicates of statements up to this length, in bytes, are in the tree (4096).
    pub predicate_bytes: Option<usize>,
}

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

/// Inspects: JSON in, JSON out. Errors of the caller come back as `{"diagnostics": [...]}`.
pub fn inspect(request: &[u8], artifacts: &Artifacts) -> String {
    match answer(request, artifacts) {
        Ok(document) => to_text(&document),
        Err(diagnostic) => refusal(&[diagnostic]),
    }
}

fn answer(request: &[u8], artifacts: &Artifacts) -> Result<InspectionDocument, Diagnostic> {
    let value = json::parse(request, DEPTH).map_err(|error| malformed("request", &error))?;
    let asked: InspectDocument = serde_json::from_value(value).map_err(|error| malformed("request", &error))?;
    let image = ImageReference::parse(&asked.image).map_err(|error| malformed("image", &error))?;
    let repository = asked.signature_repository.as_deref().map(Repository::parse).transpose();
    let mut options = Options {
        platforms: asked.platforms.unwrap_or(false),
        repository: repository.map_err(|error| malformed("signatureRepository", &error))?,
        ..Options::default()
    };
    options.predicate_bytes = asked.predicate_bytes.unwrap_or(options.predicate_bytes);
    let Inspection { root, needs } = walk(&image, artifacts, &options);
    Ok(InspectionDocument {
        status: if needs.is_empty() { AnswerStatus::Complete } else { AnswerStatus::NeedsArtifacts },
        needs: needs.iter().map(NeedDocument::from).collect(),
        image: image.canonical().to_owned(),
        repository: image.repository().to_string(),
        root,
    })
}
