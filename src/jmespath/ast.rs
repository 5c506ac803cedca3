//! What an expression is made of.

use serde_json::Value;

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    And(Box<Node>, Box<Node>),
    Comparator(Comparator, Box<Node>, Box<Node>),
    Current,
    ExpressionReference(Box<Node>),
    Field {
        name: String,
        offset: usize,
    },
    Filter {
        left: Box<Node>,
        right: Box<Node>,
        condition: Box<Node>,
    },
    Flatten(Box<Node>),
    Function {
        name: String,
        offset: usize,
        arguments: Vec<Node>,
    },
    Identity,
    Index(i64),
    Literal(Value),
    MultiSelectHash(Vec<(String, Node)>),
    MultiSelectList(Vec<Node>),
    Not(Box<Node>),
    Or(Box<Node>, Box<Node>),
    Pipe(Box<Node>, Box<Node>),
    Projection(Box<Node>, Box<Node>),
    Slice([Option<i64>; 3]),
    /// `left.right` and `left[right]`.
    Sub(Box<Node>, Box<Node>),
    ValueProjection(Box<Node>, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparator {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    NotEqual,
}

impl Node {
    fn children(&self) -> Vec<&Node> {
        match self {
            Self::And(left, right)
            | Self::Comparator(_, left, right)
            | Self::Or(left, right)
            | Self::Pipe(left, right)
            | Self::Projection(left, right)
            | Self::Sub(left, right)
            | Self::ValueProjection(left, right) => vec![left, right],
            Self::ExpressionReference(node) | Self::Flatten(node) | Self::Not(node) => vec![node],
            Self::Filter { left, right, condition } => vec![left, right, condition],
            Self::Function { arguments, .. } => arguments.iter().collect(),
            Self::MultiSelectHash(entries) => entries.iter().map(|(_, node)| node).collect(),
            Self::MultiSelectList(nodes) => nodes.iter().collect(),
            Self::Current
            | Self::Field { .. }
            | Self::Identity
            | Self::Index(_)
            | Self::Literal(_)
            | Self::Slice(_) => Vec::new(),
        }
    }

    pub(super) fn functions(&self) -> Vec<(&str, usize)> {
        let mut found: Vec<_> = self.children().into_iter().flat_map(Self::functions).collect();
        if let Self::Function { name, offset, .. } = self {
            found.push((name, *offset));
        }
        found
    }

    /// Fields that are looked up in what the whole expression is evaluated on.
    pub(super) fn roots(&self) -> Vec<(&str, usize)> {
        match self {
            Self::Field { name, offset } => vec![(name, *offset)],
            Self::Sub(left, _)
            | Self::Pipe(left, _)
            | Self::Projection(left, _)
            | Self::ValueProjection(left, _)
            | Self::Filter { left, .. } => left.roots(),
            Self::ExpressionReference(_) => Vec::new(),
            other => other.children().into_iter().flat_map(Self::roots).collect(),
        }
    }

    pub(super) fn tree(&self, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let label = match self {
            Self::And(..) => "and".to_owned(),
            Self::Comparator(comparator, ..) => format!("comparator {comparator:?}"),
            Self::Current => "current".to_owned(),
            Self::ExpressionReference(_) => "expression-reference".to_owned(),
            Self::Field { name, .. } => format!("field {name}"),
            Self::Filter { .. } => "filter (left, right, condition)".to_owned(),
            Self::Flatten(_) => "flatten".to_owned(),
            Self::Function { name, .. } => format!("function {name}"),
            Self::Identity => "identity".to_owned(),
            Self::Index(index) => format!("index {index}"),
            Self::Literal(value) => format!("literal {value}"),
            Self::MultiSelectHash(entries) => {
                let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
                format!("multi-select-hash {}", keys.join(", "))
            }
            Self::MultiSelectList(_) => "multi-select-list".to_owned(),
            Self::Not(_) => "not".to_owned(),
            Self::Or(..) => "or".to_owned(),
            Self::Pipe(..) => "pipe".to_owned(),
            Self::Projection(..) => "projection".to_owned(),
            Self::Slice(parts) => {
                let part = |part: &Option<i64>| part.map_or_else(String::new, |number| number.to_string());
                format!("slice {}", parts.iter().map(part).collect::<Vec<_>>().join(":"))
            }
            Self::Sub(..) => "sub-expression".to_owned(),
            Self::ValueProjection(..) => "value-projection".to_owned(),
        };
        let children: String = self.children().into_iter().map(|child| child.tree(depth + 1)).collect();
        format!("{indent}{label}\n{children}")
    }
}
