//! Go's regular expressions.
//!
//! The syntax is Go's RE2: the expression is read into the tree of the `regex` family of crates, whose engine has the
//! same semantics (leftmost-first, linear time). What Go refuses is refused here with the same words. The parser of
//! that family has another syntax, and its tables of Unicode are ten times the size of ours: neither is used.
//!
//! Source: Go, packages `regexp` and `regexp/syntax`.

mod class;
mod error;
mod escape;
mod expand;
mod group;
mod repeat;
mod translate;
mod unicode;

pub use error::{Problem, RegexError};

use regex_automata::Input;
use regex_automata::nfa::thompson::{Compiler, Config, pikevm::PikeVM};
use regex_automata::util::captures::Captures;
use regex_syntax::hir::Hir;

/// How much memory an expression may take by default when compiled, in bytes.
pub const SIZE_LIMIT: usize = 16 << 20;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct GoRegex {
    engine: PikeVM,
    tree: Hir,
    /// The name of each group; empty for groups without, and for the whole match, the first one.
    names: Vec<String>,
}

impl GoRegex {
    /// Compiles Go's syntax.
    pub fn new(expression: &str) -> Result<Self, RegexError> {
        Self::with_size_limit(expression, SIZE_LIMIT)
    }

    /// Compiles Go's syntax to at most so many bytes.
    pub fn with_size_limit(expression: &str, limit: usize) -> Result<Self, RegexError> {
        let translate::Translated { tree, names } = translate::translate(expression)?;
        let config = Config::new().nfa_size_limit(Some(limit));
        let engine = Compiler::new().configure(config).build_from_hir(&tree).and_then(PikeVM::new_from_nfa).map_err(
            |error| match error.size_limit() {
                Some(limit) => RegexError::TooLarge { limit },
                None => RegexError::Refused { message: error.to_string() },
            },
        )?;
        Ok(Self { engine, tree, names })
    }

    /// The expression as a tree.
    pub(crate) fn tree(&self) -> &Hir {
        &self.tree
    }

    /// Does any part of the text match?
    pub fn is_match(&self, text: &str) -> bool {
        self.engine.is_match(&mut self.engine.create_cache(), text)
    }

    /// Replaces every match by the template, in which `$1`, `${1}`, `$name` and `${name}` stand for what a group
    /// matched, nothing if it did not match or is not there; `$$` is a dollar sign.
    pub fn replace_all(&self, text: &str, template: &str) -> String {
        self.replace(text, |out, captures| {
            let group = |index| captures.get_group(index).and_then(|span| text.get(span.range()));
            expand::expand(out, template, &self.names, group);
        })
    }

    /// Replaces every match by the text as it is.
    pub fn replace_all_literal(&self, text: &str, replacement: &str) -> String {
        self.replace(text, |out, _| out.push_str(replacement))
    }

    /// Source: Go, package `regexp`, `Regexp.replaceAll`: a match of nothing right behind another match is none.
    fn replace(&self, text: &str, mut replacement: impl FnMut(&mut String, &Captures)) -> String {
        let mut out = String::with_capacity(text.len());
        let (mut cache, mut captures) = (self.engine.create_cache(), self.engine.create_captures());
        let (mut copied, mut search_from) = (0, 0);
        while search_from <= text.len() {
            let input = Input::new(text).range(search_from..);
            self.engine.search(&mut cache, &input, &mut captures);
            let Some(all) = captures.get_group(0) else {
                break;
            };
            out.push_str(text.get(copied..all.start).unwrap_or_default());
            if all.end > copied || all.start == 0 {
                replacement(&mut out, &captures);
            }
            copied = all.end;
            let width = text.get(search_from..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            search_from = all.end.max(search_from + width);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests;
