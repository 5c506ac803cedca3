//! YAML text to a tree of nodes that know where they were written, with the rules Kubernetes reads YAML by.

mod compose;
mod error;
mod node;
mod resolve;

pub use compose::parse_documents;
pub use error::YamlError;
pub use node::{Entry, Node, NodeKind};
