//! JMESPath in Kyverno's dialect.
//!
//! The grammar is JMESPath's; a missing key of an object is an error and not null, which is what the rest of the
//! language builds on; and there are more functions. Source: `kyverno/go-jmespath`, Kyverno `pkg/engine/jmespath`.
//!
//! From text to value: `lexer`, `parser`, `eval`, which calls [`functions`].

mod ast;
mod error;
mod eval;
pub mod functions;
mod lexer;
mod parser;

pub use error::{EvalError, SyntaxError};
pub use eval::{Environment, Scope};

use ast::Node;
use serde_json::Value;

/// A parsed expression.
#[derive(Clone, Debug)]
pub struct Expression {
    root: Node,
}

impl Expression {
    /// Parses `text`. Functions are looked up when they are called, as upstream does: see [`Expression::functions`].
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        parser::parse(text).map(|root| Self { root })
    }

    /// The value of the expression on `scope`.
    pub fn search(&self, scope: &dyn Scope, environment: &Environment<'_>) -> Result<Value, EvalError> {
        eval::search(&self.root, scope, environment)
    }

    /// Names of the functions that it calls, with the offset of each in characters.
    pub fn functions(&self) -> Vec<(&str, usize)> {
        self.root.functions()
    }

    /// Names that it looks up in the scope itself, with the offset of each in characters.
    pub fn roots(&self) -> Vec<(&str, usize)> {
        self.root.roots()
    }

    /// The tree, one node a line.
    pub fn tree(&self) -> String {
        self.root.tree(0)
    }
}
