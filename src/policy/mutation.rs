//! `mutate`.

use super::{Conditions, ContextEntry, Template};

/// What a mutate rule changes.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The change.
    pub patch: Patch,
    /// The other objects that it changes, where it is not the one that is looked at.
    pub targets: Vec<MutationTarget>,
    /// The rule as it is written: variables anywhere in it are substituted before it is applied.
    pub rule: Template,
}

/// Which other objects.
#[derive(Clone, Debug)]
pub struct MutationTarget {
    /// `apiVersion`, `kind`, `namespace`, `name`, `uid`, `selector`.
    pub selector: Template,
    /// Named values.
    pub context: Vec<ContextEntry>,
    /// Targets for which these do not hold are left out.
    pub preconditions: Option<Conditions>,
}

/// A change.
#[derive(Clone, Debug)]
pub enum Patch {
    /// For each element of these lists.
    ForEach(Vec<ForEachMutation>),
    /// `patchesJson6902`.
    Json(Template),
    /// Nothing.
    Nothing,
    /// `patchStrategicMerge`.
    Strategic(Template),
}

/// One list of a `foreach`.
#[derive(Clone, Debug)]
pub struct ForEachMutation {
    /// JMESPath of the list.
    pub list: String,
    /// `Ascending` or `Descending`; without it, strategic merges go backwards.
    pub is_descending: Option<bool>,
    /// Named values.
    pub context: Vec<ContextEntry>,
    /// Elements for which these do not hold are left out.
    pub preconditions: Option<Conditions>,
    /// The change.
    pub patch: Patch,
}
