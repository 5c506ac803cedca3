//! Kyverno policies as typed data: what a document says, checked and defaulted, with the places it was written at.
//!
//! Nothing here decides about a resource.

mod autogen;
mod check;
mod conditions;
mod context_entry;
mod decode;
mod exception;
mod image_verification;
mod load;
mod matching;
mod mutation;
mod rule;
pub mod schema;
mod spec;
mod template;
#[cfg(test)]
mod testing;
mod validation;
mod validation_rule;

pub use conditions::{Condition, Conditions};
pub use context_entry::{ContextEntry, ContextSource};
pub use decode::{condition_blocks, image_verifications};
pub(crate) use decode::{field, is_empty, list};
pub use exception::{ExceptionTarget, PolicyException};
pub use image_verification::{
    Attestation, Attestor, AttestorKind, AttestorSet, Certificates, Ctlog, HashName, ImageValidation,
    ImageVerification, KeySource, Keyless, RegistryCredentials, Rekor, StaticKeys, VerificationType,
};
pub use load::{Loaded, load};
pub use matching::{
    Block, LabelSelector, MatchResources, Operation, Requirement, RequirementOperator, ResourceFilter, Subject,
    SubjectKind,
};
pub use mutation::{ForEachMutation, Mutation, MutationTarget, Patch};
pub use rule::{ImageExtractor, Rule, RuleBody, Unsupported, VerifyImages};
pub use spec::{ApplyRules, FailureAction, FailureActionOverride, FailurePolicy, Policy, PolicyKind, Spec};
pub use template::Template;
pub use validation_rule::{Check, ForEachValidation, Validation};
