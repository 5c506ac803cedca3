//! One rule.

use super::{Conditions, ContextEntry, ImageVerification, MatchResources, Mutation, Validation};
use crate::jmespath::Expression;
use crate::source::Span;
use crate::yaml::Node;
use std::collections::BTreeMap;

/// A part of a policy that is understood but not built. A rule that has one answers `error` and names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsupported {
    /// Path of the field, such as `spec.rules[0].preconditions`.
    pub path: String,
    /// What is not built, as a noun: `preconditions`, `variables`.
    pub feature: String,
    /// Where it is written.
    pub span: Span,
}

/// A rule, defaults applied.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name; generated rules are called `autogen-NAME` and `autogen-cronjob-NAME`.
    pub name: String,
    /// Where it is written; a generated rule has the place of the rule it was made from.
    pub span: Span,
    /// What it applies to.
    pub match_resources: MatchResources,
    /// What it does not apply to.
    pub exclude: Option<MatchResources>,
    /// Kind to the extractors that replace the built-in ones for it.
    pub image_extractors: BTreeMap<String, Vec<ImageExtractor>>,
    /// What reports say beside the result.
    pub report_properties: BTreeMap<String, String>,
    /// Named values.
    pub context: Vec<ContextEntry>,
    /// It does not concern objects for which these do not hold.
    pub preconditions: Option<Conditions>,
    /// The expressions of its variables that could be parsed.
    pub expressions: BTreeMap<String, Expression>,
    /// What it does.
    pub body: RuleBody,
    /// Parts whose behaviour is not built.
    pub unsupported: Vec<Unsupported>,
}

/// The one operation of a rule.
#[derive(Clone, Debug)]
pub enum RuleBody {
    /// `generate`.
    Generate,
    /// `mutate`.
    Mutate(Box<Mutation>),
    /// `validate`.
    Validate(Box<Validation>),
    /// `verifyImages`.
    VerifyImages(VerifyImages),
}

/// The entries of a verifyImages rule.
#[derive(Clone, Debug)]
pub struct VerifyImages {
    /// The entries.
    pub entries: Vec<ImageVerification>,
    /// Where variables stand in them: the list as it is written. Its entries are read again from what they become.
    pub dynamic: Option<Node>,
}

/// Where a custom kind keeps its images (`imageExtractors`).
#[derive(Clone, Debug, PartialEq)]
pub struct ImageExtractor {
    /// Components of the path to the object that holds the image; `*` is every element.
    pub path: Vec<String>,
    /// The field that holds the image.
    pub value: String,
    /// The group under `images`.
    pub name: String,
    /// The field whose text keys the image; without it, its JSON pointer does.
    pub key: Option<String>,
    /// JMESPath applied to the text.
    pub jmes_path: Option<String>,
    /// Where it is written.
    pub span: Span,
}
