//! YAML text to a tree of nodes that know where they were written, with the rules Kubernetes reads YAML by.

mod budget;
mod compose;
mod error;
mod lines;
mod mapping;
mod node;
mod number;
mod repair;
mod resolve;
mod text;

pub use compose::parse_documents;
pub use error::{YamlError, YamlErrorKind};
pub use node::{Entry, Node, NodeKind};
