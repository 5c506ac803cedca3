//! What an image carries, decoded for people: manifests, signatures, attestations, certificates, log entries, timestamps.
//!
//! **Nothing here is verified.** A certificate in this tree may be anybody's, a log entry made up, a time invented: only
//! [`crate::verify`] answers whether an image is signed by somebody. What can be relied on is this alone: every node that
//! has a digest was read from bytes of that digest.
//!
//! What cannot be read is a node with [`Problem`]s, never a failure of the whole. What is not at hand is a need, as in an
//! evaluation.

mod artifact;
mod bundle;
mod certificate;
mod cosign;
mod node;
mod notation;
mod statement;
mod walk;

pub use certificate::{CertificateDetails, SctDetails};
pub use node::{LogEntryDetails, Node, NodeKind, Problem, Signature, TimestampDetails};
pub use notation::NotationDetails;
pub use statement::{StatementDetails, SubjectDetails};

use crate::evidence::{Artifacts, Need, Session, Unavailable};
use crate::limits::Limits;
use crate::oci::{ImageReference, Repository};
use walk::Walk;

/// What to look at.
#[derive(Clone, Debug)]
pub struct Options {
    /// Look for signatures of the manifests within an index too.
    pub platforms: bool,
    /// A further repository that signatures may be in.
    pub repository: Option<Repository>,
    /// Predicates of statements up to this length are in the tree.
    pub predicate_bytes: usize,
    /// Bounds.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self { platforms: false, repository: None, predicate_bytes: 4096, limits: Limits::default() }
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The image, or a node that says why there is none.
    pub root: Node,
    /// What is still to be fetched; the tree is provisional until nothing is.
    pub needs: Vec<Need>,
}

/// Inspects an image with the artifacts at hand.
pub fn inspect(image: &ImageReference, artifacts: &Artifacts, options: &Options) -> Inspection {
    let session = Session::new(artifacts, &options.limits);
    let walk = Walk::new(&session, image.repository(), options);
    let root = walk.image(image);
    Inspection { root, needs: session.needs() }
}

/// The problem of something that could not be had.
fn unavailable(part: &'static str, what: String, error: Unavailable) -> Problem {
    let error = crate::verify::unavailable(what, error);
    Problem::new(part, error.code(), &error)
}
