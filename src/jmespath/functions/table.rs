//! Name, arguments and handler of every function.

use super::{Answer, Argument, Call};
use super::{arithmetic, by, collection, data, number, pattern, random, text, time};
use serde_json::Value;

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// A list.
    Array,
    /// A list of numbers.
    ArrayNumber,
    /// A list of texts.
    ArrayString,
    /// `true` or `false`.
    Bool,
    /// `&expression`.
    Expref,
    /// A number.
    Number,
    /// An object.
    Object,
    /// A text.
    String,
}

impl Type {
    /// The name in messages and listings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Array => "array",
            Self::ArrayNumber => "array[number]",
            Self::ArrayString => "array[string]",
            Self::Bool => "bool",
            Self::Expref => "expref",
            Self::Number => "number",
            Self::Object => "object",
            Self::String => "string",
        }
    }

    pub(super) fn accepts(self, argument: &Argument<'_, '_>) -> bool {
        let Some(value) = argument.value() else { return matches!(self, Self::Expref | Self::Any) };
        let all = |test: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(test));
        match self {
            Self::Any => true,
            Self::Array => value.is_array(),
            Self::ArrayNumber => all(Value::is_number),
            Self::ArrayString => all(Value::is_string),
            Self::Bool => value.is_boolean(),
            Self::Expref => false,
            Self::Number => value.is_number(),
            Self::Object => value.is_object(),
            Self::String => value.is_string(),
        }
    }
}

/// A function.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What each argument may be; none: arguments are ignored.
    pub arguments: &'static [&'static [Type]],
    /// May the last argument be repeated.
    pub is_variadic: bool,
    /// What it gives.
    pub returns: Type,
    /// What it does.
    pub note: &'static str,
    pub(super) handler: for<'c, 'a, 'e> fn(&mut Call<'c, 'a, 'e>) -> Answer,
}

impl Function {
    /// `name(type, type) result`.
    pub fn signature(&self) -> String {
        let either = |types: &&[Type]| types.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("|");
        let arguments: Vec<String> = self.arguments.iter().map(either).collect();
        let more = if self.is_variadic { "..." } else { "" };
        format!("{}({}{more}) {}", self.name, arguments.join(", "), self.returns.name())
    }
}

/// The function of a name.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok().and_then(|index| FUNCTIONS.get(index))
}

const ANY: &[Type] = &[Type::Any];
const A: &[Type] = &[Type::Array];
const AN: &[Type] = &[Type::ArrayNumber];
const EITHER: &[Type] = &[Type::ArrayNumber, Type::ArrayString];
const AS: &[Type] = &[Type::ArrayString];
const E: &[Type] = &[Type::Expref];
const N: &[Type] = &[Type::Number];
const O: &[Type] = &[Type::Object];
const OA: &[Type] = &[Type::Object, Type::Array];
const S: &[Type] = &[Type::String];
const SN: &[Type] = &[Type::String, Type::Number];

const fn f(
    name: &'static str,
    arguments: &'static [&'static [Type]],
    returns: Type,
    handler: for<'c, 'a, 'e> fn(&mut Call<'c, 'a, 'e>) -> Answer,
    note: &'static str,
) -> Function {
    Function { name, arguments, is_variadic: false, returns, note, handler }
}

const fn variadic(function: Function) -> Function {
    Function { is_variadic: true, ..function }
}

/// Every function, by name.
pub static FUNCTIONS: &[Function] = &[
    f("abs", &[N], Type::Number, number::abs, "magnitude of a number"),
    f("add", &[ANY, ANY], Type::Any, arithmetic::add, "sum of two numbers, quantities or durations"),
    f("avg", &[AN], Type::Number, number::avg, "mean of the numbers"),
    f("base64_decode", &[S], Type::String, data::base64_decode, "text that a base64 text encodes"),
    f("base64_encode", &[S], Type::String, data::base64_encode, "base64 of a text"),
    f("ceil", &[N], Type::Number, number::ceil, "next whole number above"),
    f(
        "compare",
        &[S, S],
        Type::Number,
        text::compare,
        "-1, 0 or 1 as the first text is before, equal to or behind the second",
    ),
    f(
        "contains",
        &[&[Type::Array, Type::String], ANY],
        Type::Bool,
        collection::contains,
        "is the value in the list, or the text in the text",
    ),
    f("divide", &[ANY, ANY], Type::Any, arithmetic::divide, "quotient; the divisor must not be zero"),
    f("ends_with", &[S, S], Type::Bool, text::ends_with, "does the text end with the second"),
    f("equal_fold", &[S, S], Type::Bool, text::equal_fold, "are the texts equal in any case"),
    f("floor", &[N], Type::Number, number::floor, "next whole number below"),
    f("image_normalize", &[S], Type::String, data::image_normalize, "image reference with registry and tag"),
    f(
        "is_external_url",
        &[S],
        Type::Bool,
        data::is_external_url,
        "is the host neither loopback nor private; names are not resolved",
    ),
    f("items", &[OA, S, S], Type::Array, collection::items, "list of objects with key and value of each entry"),
    f("join", &[S, AS], Type::String, text::join, "the texts with a separator between them"),
    f("keys", &[O], Type::Array, collection::keys, "keys of an object, sorted"),
    f("label_match", &[O, O], Type::Bool, collection::label_match, "are all pairs of the first object in the second"),
    f(
        "length",
        &[&[Type::String, Type::Array, Type::Object]],
        Type::Number,
        collection::length,
        "number of characters, elements or entries",
    ),
    f("lookup", &[OA, SN], Type::Any, collection::lookup, "entry of a key or index; null where there is none"),
    f("map", &[E, A], Type::Array, by::map, "the expression on each element"),
    f("max", &[EITHER], Type::Any, number::max, "largest number, or last text"),
    f("max_by", &[A, E], Type::Any, by::max_by, "element for which the expression is largest"),
    f("md5", &[S], Type::String, data::md5, "MD5 in hexadecimal digits"),
    variadic(f("merge", &[O], Type::Object, collection::merge, "one object of all entries; later ones win")),
    f("min", &[EITHER], Type::Any, number::min, "smallest number, or first text"),
    f("min_by", &[A, E], Type::Any, by::min_by, "element for which the expression is smallest"),
    f(
        "modulo",
        &[ANY, ANY],
        Type::Any,
        arithmetic::modulo,
        "remainder; the divisor must not be zero, numbers must be whole",
    ),
    f("multiply", &[ANY, ANY], Type::Any, arithmetic::multiply, "product"),
    variadic(f("not_null", &[ANY], Type::Any, collection::not_null, "first argument that is not null")),
    f(
        "object_from_lists",
        &[A, A],
        Type::Object,
        collection::object_from_lists,
        "object of a list of keys and a list of values",
    ),
    f("parse_json", &[S], Type::Any, data::parse_json, "value that a JSON text says"),
    f("parse_yaml", &[S], Type::Any, data::parse_yaml, "value that a YAML text says"),
    f("path_canonicalize", &[S], Type::String, text::path_canonicalize, "path without `.`, `..` and double slashes"),
    f("pattern_match", &[S, SN], Type::Bool, pattern::pattern_match, "does the text match the wildcard pattern"),
    f("random", &[S], Type::String, random::random, "text that matches the regular expression; needs a seed"),
    f(
        "regex_match",
        &[S, SN],
        Type::Bool,
        pattern::regex_match,
        "does the regular expression match somewhere in the text",
    ),
    f(
        "regex_replace_all",
        &[S, SN, SN],
        Type::String,
        pattern::regex_replace_all,
        "text with matches replaced; $1 stands for a group",
    ),
    f(
        "regex_replace_all_literal",
        &[S, SN, SN],
        Type::String,
        pattern::regex_replace_all_literal,
        "text with matches replaced by a literal text",
    ),
    f("replace", &[S, S, S, N], Type::String, text::replace, "text with so many occurrences replaced; all if negative"),
    f("replace_all", &[S, S, S], Type::String, text::replace_all, "text with all occurrences replaced"),
    f("reverse", &[&[Type::Array, Type::String]], Type::Any, collection::reverse, "list or text backwards"),
    f("round", &[N, N], Type::Number, number::round, "number rounded to so many decimals"),
    f("semver_compare", &[S, S], Type::Bool, pattern::semver_compare, "is the version in the range"),
    f("sha1", &[S], Type::String, data::sha1, "SHA-1 in hexadecimal digits"),
    f("sha256", &[S], Type::String, data::sha256, "SHA-256 in hexadecimal digits"),
    f(
        "sort",
        &[&[Type::ArrayString, Type::ArrayNumber]],
        Type::Array,
        collection::sort,
        "sorted list of texts or numbers",
    ),
    f("sort_by", &[A, E], Type::Array, by::sort_by, "list sorted by the expression"),
    f("split", &[S, S], Type::ArrayString, text::split, "parts of a text between separators"),
    f("starts_with", &[S, S], Type::Bool, text::starts_with, "does the text start with the second"),
    f("subtract", &[ANY, ANY], Type::Any, arithmetic::subtract, "difference of two numbers, quantities or durations"),
    f("sum", &[A], Type::Any, arithmetic::sum, "sum of the elements"),
    f("time_add", &[S, S], Type::String, time::time_add, "time and duration later"),
    f("time_after", &[S, S], Type::Bool, time::time_after, "is the first time after the second"),
    f("time_before", &[S, S], Type::Bool, time::time_before, "is the first time before the second"),
    f("time_between", &[S, S, S], Type::Bool, time::time_between, "is the first time between the others"),
    f("time_diff", &[S, S], Type::String, time::time_diff, "duration from the first time to the second"),
    f("time_now", &[], Type::String, time::time_now, "time of the evaluation"),
    f("time_now_utc", &[], Type::String, time::time_now_utc, "time of the evaluation in UTC"),
    f("time_parse", &[S, S], Type::String, time::time_parse, "RFC 3339 of a time in a Go layout"),
    f(
        "time_since",
        &[S, S, S],
        Type::String,
        time::time_since,
        "duration between two times in a Go layout; to now if the second is empty",
    ),
    f("time_to_cron", &[S], Type::String, time::time_to_cron, "cron expression of a time"),
    f("time_truncate", &[S, S], Type::String, time::time_truncate, "time rounded down to a multiple of a duration"),
    f("time_utc", &[S], Type::String, time::time_utc, "the same time in UTC"),
    f("to_array", &[ANY], Type::Array, collection::to_array, "list of the value, unless it is one"),
    f("to_boolean", &[S], Type::Bool, text::to_boolean, "truth value that the text names"),
    f("to_lower", &[S], Type::String, text::to_lower, "text in lower case"),
    f("to_number", &[ANY], Type::Number, number::to_number, "number that the text says; null where it is none"),
    f("to_string", &[ANY], Type::String, text::to_string, "text, or JSON of the value"),
    f("to_upper", &[S], Type::String, text::to_upper, "text in upper case"),
    f("trim", &[S, S], Type::String, text::trim, "text without the characters of the second at its ends"),
    f("trim_prefix", &[S, S], Type::String, text::trim_prefix, "text without the prefix"),
    f("truncate", &[S, N], Type::String, text::truncate, "first characters of a text"),
    f("type", &[ANY], Type::String, collection::type_of, "kind of a value"),
    f("values", &[O], Type::Array, collection::values, "values of an object, in the order of its keys"),
    f(
        "x509_decode",
        &[S],
        Type::Object,
        data::x509_decode,
        "fields of a PEM certificate or certificate request with an RSA key",
    ),
];

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, find};

    #[test]
    fn functions_are_sorted_and_found() {
        assert!(FUNCTIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(FUNCTIONS.iter().all(|function| find(function.name).is_some_and(|f| f.name == function.name)));
        assert!(find("nothing").is_none());
        assert_eq!(find("replace").unwrap().signature(), "replace(string, string, string, number) string");
        assert_eq!(find("merge").unwrap().signature(), "merge(object...) object");
    }
}
