//! The functions of the dialect: JMESPath's own of 2021 and Kyverno's.
//!
//! Sources: `kyverno/go-jmespath` `functions.go`; Kyverno `pkg/engine/jmespath`. The messages are theirs. Where upstream
//! crashes, there is an error here. A list is a list here; upstream, `items` makes one of a type of its own, on which
//! some functions crash.

mod arithmetic;
mod by;
mod call;
mod collection;
mod data;
mod letters;
mod list;
mod number;
mod object;
mod random;
mod regex;
mod table;
mod text;
mod time;
mod url;

pub(super) use call::{Argument, call};
pub use table::{Function, Type, find, names};

#[cfg(test)]
mod tests;
