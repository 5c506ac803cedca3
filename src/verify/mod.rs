//! Decides whether an image is signed by whom a policy asks for.
//!
//! This is the one place where that decision is taken. It knows nothing of rules, resources or admission: it receives
//! attestor sets and an image, and answers with a proof or with the reason why there is none.

mod attestor_set;
mod cosign;
mod error;
mod keys;
mod plan;

pub use attestor_set::{SetFailure, verify_sets};
pub use cosign::{VerifiedImage, resolve as resolve_image};
pub use error::{Rejection, VerifyError};
pub use plan::{AttestorPlan, PlannedAttestor, PlannedSet};

use crate::evidence::{Asker, Session};
use crate::oci::{ImageReference, Repository};
use crate::policy::ImageVerification;
use crate::trace::Tracer;
use std::collections::BTreeMap;

/// What one verification works on.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The image, as the policy names it.
    pub image: &'a ImageReference,
    /// Where the image is.
    pub repository: &'a Repository,
    /// The annotations that a signature must carry where its attestor names none.
    pub annotations: &'a BTreeMap<String, String>,
    /// Another repository for signatures, where its attestor names none.
    pub signature_repository: Option<&'a str>,
    /// Look among the OCI 1.1 referrers first.
    pub oci11: bool,
}

impl<'a> Subject<'a> {
    /// `image`, as `entry` asks for it.
    pub fn new(image: &'a ImageReference, repository: &'a Repository, entry: &'a ImageVerification) -> Self {
        Self {
            image,
            repository,
            annotations: &entry.annotations,
            signature_repository: entry.repository.as_deref(),
            oci11: entry.cosign_oci11,
        }
    }
}

/// What every step of a verification needs: artifacts, trace, and for whom it asks.
#[derive(Debug)]
pub struct Context<'a, 'b> {
    /// Look-ups.
    pub session: &'b Session<'a>,
    /// The reasoning.
    pub trace: &'b mut Tracer,
    /// Policy and rule that ask.
    pub asker: Asker,
}
