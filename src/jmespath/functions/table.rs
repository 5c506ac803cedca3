//! Which functions there are.

use super::call::Handler;
use super::{arithmetic, by, collection, data, list, number, object, random, regex, text, time, url};
use serde_json::Value;

/// What an argument may be, or a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// A list.
    Array,
    /// A list of numbers.
    ArrayOfNumber,
    /// A list of texts.
    ArrayOfString,
    /// `true` or `false`.
    Bool,
    /// `&expression`.
    Expression,
    /// A number.
    Number,
    /// An object.
    Object,
    /// A text.
    String,
}

impl Type {
    /// As upstream names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Array => "array",
            Self::ArrayOfNumber => "array[number]",
            Self::ArrayOfString => "array[string]",
            Self::Bool => "bool",
            Self::Expression => "expref",
            Self::Number => "number",
            Self::Object => "object",
            Self::String => "string",
        }
    }

    /// Is the value of this type?
    pub(super) fn admits(self, value: &Value) -> bool {
        let list_of = |belongs: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(belongs));
        match self {
            Self::Any => true,
            Self::Array => value.is_array(),
            Self::ArrayOfNumber => list_of(Value::is_number),
            Self::ArrayOfString => list_of(Value::is_string),
            Self::Bool => value.is_boolean(),
            Self::Expression => false,
            Self::Number => value.is_number(),
            Self::Object => value.is_object(),
            Self::String => value.is_string(),
        }
    }
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What each argument may be.
    pub arguments: &'static [&'static [Type]],
    /// May the last argument be there several times?
    pub variadic: bool,
    /// What it gives.
    pub returns: Type,
    /// What it does.
    pub note: &'static str,
    pub(super) handler: Handler,
}

impl Function {
    /// A row of the table.
    pub(super) const fn new(
        name: &'static str,
        arguments: &'static [&'static [Type]],
        returns: Type,
        note: &'static str,
        handler: Handler,
    ) -> Self {
        Self { name, arguments, variadic: false, returns, note, handler }
    }

    /// The same with any number of last arguments.
    pub(super) const fn variadic(self) -> Self {
        Self { variadic: true, ..self }
    }

    /// Its name, what it takes and what it gives: `lookup(object|array, string|number) any`.
    pub fn signature(&self) -> String {
        let argument = |types: &&[Type]| types.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("|");
        let arguments: Vec<String> = self.arguments.iter().map(argument).collect();
        let more = if self.variadic { "..." } else { "" };
        format!("{}({}{more}) {}", self.name, arguments.join(", "), self.returns.name())
    }
}

/// An argument that is a text.
pub(super) const STRING: &[Type] = &[Type::String];
/// An argument that is a number.
pub(super) const NUMBER: &[Type] = &[Type::Number];
/// An argument that is a list.
pub(super) const ARRAY: &[Type] = &[Type::Array];
/// An argument that is an object.
pub(super) const OBJECT: &[Type] = &[Type::Object];
/// An argument that is anything.
pub(super) const ANY: &[Type] = &[Type::Any];
/// An argument that is an expression.
pub(super) const EXPRESSION: &[Type] = &[Type::Expression];
/// An argument that is a text, or a number that becomes one.
pub(super) const TEXT: &[Type] = &[Type::String, Type::Number];

const TABLES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    by::FUNCTIONS,
    collection::FUNCTIONS,
    data::FUNCTIONS,
    list::FUNCTIONS,
    number::FUNCTIONS,
    object::FUNCTIONS,
    random::FUNCTIONS,
    regex::FUNCTIONS,
    text::FUNCTIONS,
    time::FUNCTIONS,
    url::FUNCTIONS,
];

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    TABLES.iter().flat_map(|table| table.iter()).find(|function| function.name == name)
}

/// All names, sorted.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = TABLES.iter().flat_map(|table| table.iter()).map(|function| function.name).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_once_and_can_be_found() {
        let names = names();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        assert!(names.iter().all(|name| find(name).is_some_and(|function| function.name == *name)));
        assert_eq!(names.len(), 76);
        assert!(find("group_by").is_none());
    }

    #[test]
    fn signatures_show_what_is_taken_and_given() {
        let signature = |name| find(name).map(Function::signature);
        assert_eq!(signature("lookup").as_deref(), Some("lookup(object|array, string|number) any"));
        assert_eq!(signature("merge").as_deref(), Some("merge(object...) object"));
        assert_eq!(signature("time_now").as_deref(), Some("time_now() string"));
        assert_eq!(signature("sort_by").as_deref(), Some("sort_by(array, expref) array"));
    }
}
