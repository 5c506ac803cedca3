//! `match` and `exclude`, as data.

use std::collections::BTreeMap;

/// How the filters of a block combine.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Every filter.
    All(Vec<ResourceFilter>),
    /// At least one filter.
    Any(Vec<ResourceFilter>),
    /// The old form: one filter, written directly.
    Direct(Box<ResourceFilter>),
}

/// `match` or `exclude`.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchResources {
    /// The filters.
    pub block: Block,
}

impl MatchResources {
    /// The filters, however they combine.
    pub fn filters(&self) -> &[ResourceFilter] {
        match &self.block {
            Block::All(filters) | Block::Any(filters) => filters,
            Block::Direct(filter) => std::slice::from_ref(filter),
        }
    }
}

/// One filter: every criterion that it names must hold. An empty list or map is a criterion that is not named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceFilter {
    /// Kind selectors as written: `Pod`, `apps/v1/Deployment`, `Pod/exec`.
    pub kinds: Vec<String>,
    /// Wildcard on the name.
    pub name: Option<String>,
    /// Wildcards on the name.
    pub names: Vec<String>,
    /// Wildcards on the namespace.
    pub namespaces: Vec<String>,
    /// Wildcards on annotation keys and values.
    pub annotations: BTreeMap<String, String>,
    /// Selector on the labels.
    pub selector: Option<LabelSelector>,
    /// Selector on the labels of the namespace.
    pub namespace_selector: Option<LabelSelector>,
    /// Operations.
    pub operations: Vec<Operation>,
    /// `namespace:name` of roles.
    pub roles: Vec<String>,
    /// Names of cluster roles.
    pub cluster_roles: Vec<String>,
    /// Who asks.
    pub subjects: Vec<Subject>,
}

/// The operation of an admission request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Something calls a subresource.
    Connect,
    /// A new object.
    #[default]
    Create,
    /// An object goes.
    Delete,
    /// An object changes.
    Update,
}

impl Operation {
    /// As Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Create => "CREATE",
            Self::Delete => "DELETE",
            Self::Update => "UPDATE",
        }
    }

    /// From what Kubernetes writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Connect, Self::Create, Self::Delete, Self::Update].into_iter().find(|op| op.as_str() == text)
    }
}

/// A Kubernetes label selector; `match_labels` may hold wildcards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelSelector {
    /// Labels that must be there.
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements.
    pub match_expressions: Vec<Requirement>,
}

/// One element of `matchExpressions`.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Label key.
    pub key: String,
    /// The relation.
    pub operator: RequirementOperator,
    /// Values for `In` and `NotIn`.
    pub values: Vec<String>,
}

/// Relations of `matchExpressions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequirementOperator {
    /// The label is absent.
    DoesNotExist,
    /// The label is there.
    Exists,
    /// Its value is one of the values.
    In,
    /// It is absent or its value is none of them.
    NotIn,
}

/// Who asks, as a criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// User, Group or ServiceAccount.
    pub kind: SubjectKind,
    /// Wildcard on the name.
    pub name: String,
    /// Namespace of a ServiceAccount.
    pub namespace: String,
}

/// Kinds of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// One of the user's groups.
    Group,
    /// `system:serviceaccount:NAMESPACE:NAME`.
    ServiceAccount,
    /// The user name.
    User,
}
