//! Kyverno policies as typed data: what a document says, checked and defaulted, with the places it was written at.
//!
//! Nothing here decides about a resource.

mod autogen;
mod check;
mod decode;
mod exception;
mod image_verification;
mod load;
mod matching;
mod rule;
pub mod schema;
mod spec;
#[cfg(test)]
mod testing;
mod validation;

pub use exception::{ExceptionTarget, PolicyException};
pub use image_verification::{
    Attestation, Attestor, AttestorKind, AttestorSet, Certificates, Ctlog, HashName, ImageVerification, KeySource,
    Keyless, RegistryCredentials, Rekor, StaticKeys, VerificationType,
};
pub use load::{Loaded, load};
pub use matching::{
    Block, LabelSelector, MatchResources, Operation, Requirement, RequirementOperator, ResourceFilter, Subject,
    SubjectKind,
};
pub use rule::{ImageExtractor, Rule, RuleBody, Unsupported};
pub use spec::{ApplyRules, FailureAction, FailureActionOverride, FailurePolicy, Policy, PolicyKind, Spec};
