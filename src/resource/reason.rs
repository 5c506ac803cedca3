//! Why a rule does not apply.

use super::SelectorError;
use thiserror::Error;

/// Why a rule does not apply. The texts are Kyverno's, which only its log shows.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Reason {
    /// `annotations`.
    #[error("annotations does not match")]
    Annotations,
    /// `clusterRoles`.
    #[error("user info does not match clustersRoles for the given conditionBlock")]
    ClusterRoles,
    /// Every filter of `exclude.all` holds.
    #[error("resource excluded since the combination of all criteria exclude it")]
    ExcludedByAll,
    /// A filter of `exclude` holds.
    #[error("resource excluded since one of the criteria excluded it")]
    ExcludedByOne {
        /// Which one, from 0.
        filter: usize,
    },
    /// `kinds`.
    #[error("kind does not match [{}]", .0.join(" "))]
    Kind(Vec<String>),
    /// A match filter names no criterion that can be looked at.
    #[error("match cannot be empty")]
    MatchEmpty,
    /// `name`.
    #[error("name does not match")]
    Name,
    /// `names`.
    #[error("none of the names match")]
    Names,
    /// `namespaces`.
    #[error("namespace does not match")]
    Namespace,
    /// `namespaceSelector`.
    #[error("namespace selector does not match labels{}", because_unknown(.unknown.as_deref()))]
    NamespaceSelector {
        /// The namespace whose labels nobody gave; they count as none.
        unknown: Option<String>,
    },
    /// `namespaceSelector` cannot be evaluated.
    #[error("failed to parse namespace selector: {0}")]
    NamespaceSelectorInvalid(SelectorError),
    /// `namespaceSelector` on a Namespace.
    #[error("namespace selector is not applicable for namespace resource")]
    NamespaceSelectorOnNamespace,
    /// No filter of `match.any` holds.
    #[error("no resource matched")]
    NoneMatched {
        /// Why, for each filter.
        filters: Vec<Vec<Reason>>,
    },
    /// `operations`.
    #[error("operation does not match")]
    Operation,
    /// The policy is another namespace's.
    #[error("policy and resource namespaces mismatch")]
    PolicyNamespace {
        /// Namespace of the policy.
        policy: String,
        /// Namespace of the object.
        resource: String,
    },
    /// There is no object.
    #[error("resource is empty")]
    ResourceEmpty,
    /// `roles`.
    #[error("user info does not match roles for the given conditionBlock")]
    Roles,
    /// `selector`.
    #[error("selector does not match")]
    Selector,
    /// `selector` cannot be evaluated.
    #[error("failed to parse selector: {0}")]
    SelectorInvalid(SelectorError),
    /// `subjects`.
    #[error("user info does not match subject for the given conditionBlock")]
    Subjects,
}

impl Reason {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Annotations => "annotations-mismatch",
            Self::ClusterRoles => "cluster-roles-mismatch",
            Self::ExcludedByAll => "excluded-by-all",
            Self::ExcludedByOne { .. } => "excluded-by-one",
            Self::Kind(_) => "kind-mismatch",
            Self::MatchEmpty => "match-empty",
            Self::Name => "name-mismatch",
            Self::Names => "names-mismatch",
            Self::Namespace => "namespace-mismatch",
            Self::NamespaceSelector { .. } => "namespace-selector-mismatch",
            Self::NamespaceSelectorInvalid(_) => "namespace-selector-invalid",
            Self::NamespaceSelectorOnNamespace => "namespace-selector-on-namespace",
            Self::NoneMatched { .. } => "none-matched",
            Self::Operation => "operation-mismatch",
            Self::PolicyNamespace { .. } => "policy-namespace-mismatch",
            Self::ResourceEmpty => "resource-empty",
            Self::Roles => "roles-mismatch",
            Self::Selector => "selector-mismatch",
            Self::SelectorInvalid(_) => "selector-invalid",
            Self::Subjects => "subjects-mismatch",
        }
    }
}

fn because_unknown(namespace: Option<&str>) -> String {
    namespace.map_or_else(String::new, |name| format!(" (those of namespace `{name}` are unknown and count as none)"))
}
