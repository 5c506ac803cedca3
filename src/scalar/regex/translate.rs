//! From Go's syntax to the engine's, from left to right.
//!
//! What is written for the engine needs no flags and no escapes beyond `\x{..}`: every part is a character, a class in
//! brackets, an assertion or a group, so that a repetition behind it means that part.
//!
//! Source: Go, package `regexp/syntax`, `parse`.

use super::class::{NOTHING, bracketed, perl_class};
use super::error::{Problem, RegexError};
use super::escape::{escape, invalid};
use super::group::{Flags, Opening, opening};
use super::repeat::{Counts, MOST, counts};
use super::unicode::unicode_class;
use std::fmt::Write as _;

/// Groups in groups. Go has 1000 parts in parts; here it is what the stack of a WebAssembly module has room for.
const DEPTH: usize = 64;
/// The engine counts alternatives, sequences and repetitions, too.
pub(super) const ENGINE_DEPTH: u32 = 300;

/// An expression for the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Translated {
    pub(super) pattern: String,
    /// The name of each group, empty for none; the first is the whole match.
    pub(super) names: Vec<String>,
}

/// The part of `text` before `rest`, which is its end.
pub(super) fn consumed<'a>(text: &'a str, rest: &str) -> &'a str {
    text.len().checked_sub(rest.len()).and_then(|length| text.get(..length)).unwrap_or(text)
}

pub(super) fn translate(expression: &str) -> Result<Translated, RegexError> {
    let mut translator = Translator {
        expression,
        out: String::with_capacity(expression.len() * 2),
        flags: Flags::default(),
        open: Vec::new(),
        names: vec![String::new()],
        last: None,
        inside: Measure::default(),
    };
    let mut rest = expression;
    // From the repetition that was just read on.
    let mut repeated = None;
    while let Some(first) = rest.chars().next() {
        let here = rest;
        if let Some((counts, after)) = operator(rest, first)? {
            rest = translator.repeat(counts, here, after, repeated)?;
            repeated = Some(here);
        } else {
            rest = translator.part(first, rest)?;
            repeated = None;
        }
    }
    if !translator.open.is_empty() {
        return Err(RegexError::syntax(Problem::MissingParenthesis, expression));
    }
    Ok(Translated { pattern: translator.out, names: translator.names })
}

/// How a repetition is written, how many copies it asks for if it counts them.
#[derive(Clone, Copy, Debug)]
enum Operator {
    Symbol(char),
    Counted(Counts),
}

fn operator(text: &str, first: char) -> Result<Option<(Operator, &str)>, RegexError> {
    let rest = text.strip_prefix(first).unwrap_or_default();
    match first {
        '*' | '+' | '?' => Ok(Some((Operator::Symbol(first), rest))),
        '{' => match counts(text) {
            Some((counts, after)) if counts.is_valid() => Ok(Some((Operator::Counted(counts), after))),
            Some((_, after)) => Err(RegexError::syntax(Problem::RepeatSize, consumed(text, after))),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// What is counted about a part or the parts of a group.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Copies of the innermost part.
    copies: u64,
    /// Groups in groups.
    depth: usize,
}

impl Measure {
    fn with(self, other: Self) -> Self {
        Self { copies: self.copies.max(other.copies), depth: self.depth.max(other.depth) }
    }
}

/// The part that a repetition would repeat.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Where it begins in the output.
    start: usize,
    measure: Measure,
    repeated: bool,
}

/// A group that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: usize,
    /// The flags before it, which hold again behind it.
    flags: Flags,
    /// What was counted before it in the group around it.
    outside: Measure,
}

struct Translator<'a> {
    expression: &'a str,
    out: String,
    flags: Flags,
    open: Vec<Open>,
    names: Vec<String>,
    last: Option<Part>,
    /// What was counted in the group that is open.
    inside: Measure,
}

impl<'a> Translator<'a> {
    /// Reads one part that is no repetition.
    fn part(&mut self, first: char, text: &'a str) -> Result<&'a str, RegexError> {
        let rest = text.strip_prefix(first).unwrap_or_default();
        match first {
            '(' if rest.starts_with('?') => return self.open_with_flags(text),
            '(' => self.open_group("", "(", self.flags)?,
            '|' => {
                self.out.push('|');
                self.last = None;
            }
            ')' => self.close_group()?,
            '^' => self.push(if self.flags.lines { "(?m:^)" } else { "\\A" }),
            '$' => self.push(if self.flags.lines { "(?m:$)" } else { "\\z" }),
            '.' => self.push(if self.flags.dot_all { "(?s:.)" } else { "[^\\n]" }),
            '[' => {
                let (class, rest) = bracketed(text)?;
                self.push_class(&class);
                return Ok(rest);
            }
            '\\' => return self.backslash(text),
            c => self.literal(u32::from(c)),
        }
        Ok(rest)
    }

    fn backslash(&mut self, text: &'a str) -> Result<&'a str, RegexError> {
        let mut chars = text.chars();
        chars.next();
        let kind = chars.next();
        let rest = chars.as_str();
        match kind {
            Some('A') => self.push("\\A"),
            Some('z') => self.push("\\z"),
            Some('b') => self.push("(?-u:\\b)"),
            Some('B') => self.push("(?-u:\\B)"),
            Some('C') => return Err(invalid(text, rest)),
            Some('Q') => {
                let (literal, rest) = rest.split_once("\\E").unwrap_or((rest, ""));
                literal.chars().for_each(|c| self.literal(u32::from(c)));
                return Ok(rest);
            }
            _ => return self.class_or_character(text),
        }
        Ok(rest)
    }

    fn class_or_character(&mut self, text: &'a str) -> Result<&'a str, RegexError> {
        if let Some((class, rest)) = unicode_class(text)? {
            self.push_class(&class);
            return Ok(rest);
        }
        if let Some((class, rest)) = perl_class(text) {
            self.push_class(class);
            return Ok(rest);
        }
        let (code, rest) = escape(text)?;
        self.literal(code);
        Ok(rest)
    }

    fn literal(&mut self, code: u32) {
        let Some(c) = char::from_u32(code) else {
            // A surrogate: no text has it.
            return self.push(NOTHING);
        };
        let mut text = String::new();
        if c.is_ascii_alphanumeric() || !c.is_ascii() {
            text.push(c);
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(text, "\\x{{{code:x}}}");
        }
        if self.flags.fold_case && (c.is_ascii_alphabetic() || !c.is_ascii()) {
            text = format!("(?i:{text})");
        }
        self.push(&text);
    }

    fn push_class(&mut self, class: &str) {
        if self.flags.fold_case {
            self.push(&format!("(?i:{class})"));
        } else {
            self.push(class);
        }
    }

    fn push(&mut self, part: &str) {
        self.last = Some(Part { start: self.out.len(), measure: Measure::default(), repeated: false });
        self.out.push_str(part);
    }

    fn open_with_flags(&mut self, text: &'a str) -> Result<&'a str, RegexError> {
        let (what, rest) = opening(text, self.flags)?;
        match what {
            Opening::Named(name) => self.open_group(name, "(", self.flags)?,
            Opening::Group(flags) => self.open_group("", "(?:", flags)?,
            // The part before stays the one to repeat, as in Go: `a(?i)*` is `a*`.
            Opening::Flags(flags) => self.flags = flags,
        }
        Ok(rest)
    }

    fn open_group(&mut self, name: &str, parenthesis: &str, flags: Flags) -> Result<(), RegexError> {
        if self.open.len() >= DEPTH {
            return Err(RegexError::syntax(Problem::NestingDepth, self.expression));
        }
        if parenthesis == "(" {
            self.names.push(name.to_owned());
        }
        self.open.push(Open { start: self.out.len(), flags: self.flags, outside: self.inside });
        self.out.push_str(parenthesis);
        self.flags = flags;
        self.inside = Measure::default();
        self.last = None;
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), RegexError> {
        let Some(open) = self.open.pop() else {
            return Err(RegexError::syntax(Problem::UnexpectedParenthesis, self.expression));
        };
        self.out.push(')');
        self.flags = open.flags;
        let measure = Measure { depth: self.inside.depth + 1, ..self.inside };
        self.inside = open.outside.with(measure);
        self.last = Some(Part { start: open.start, measure, repeated: false });
        Ok(())
    }

    /// Repeats the last part. `before` is the text from the operator on, `repeated` the text from an operator right
    /// before it on.
    fn repeat(
        &mut self,
        operator: Operator,
        before: &'a str,
        after: &'a str,
        repeated: Option<&str>,
    ) -> Result<&'a str, RegexError> {
        let (lazy, after) = match after.strip_prefix('?') {
            Some(after) => (!self.flags.lazy, after),
            None => (self.flags.lazy, after),
        };
        if let Some(repeated) = repeated {
            return Err(RegexError::syntax(Problem::RepeatOperator, consumed(repeated, after)));
        }
        let error = |problem| RegexError::syntax(problem, consumed(before, after));
        let mut part = self.last.ok_or_else(|| error(Problem::MissingRepeatArgument))?;
        if part.repeated {
            // Only flags stand between the two operators. The engine would read the second one as a part of the first.
            self.out.insert_str(part.start, "(?:");
            self.out.push(')');
            part.measure.depth += 1;
        }
        if let Operator::Counted(counts) = operator {
            part.measure.copies = counts.copies(part.measure.copies);
            if counts.is_counted() && part.measure.copies > MOST {
                return Err(error(Problem::RepeatSize));
            }
        }
        if self.open.len() + part.measure.depth > DEPTH {
            return Err(RegexError::syntax(Problem::NestingDepth, self.expression));
        }
        self.push_operator(operator, lazy);
        self.inside = self.inside.with(part.measure);
        self.last = Some(Part { repeated: true, ..part });
        Ok(after)
    }

    fn push_operator(&mut self, operator: Operator, lazy: bool) {
        // Writing to a `String` does not fail.
        let _ = match operator {
            Operator::Symbol(symbol) => write!(self.out, "{symbol}"),
            Operator::Counted(Counts { least, most: None }) => write!(self.out, "{{{least},}}"),
            Operator::Counted(Counts { least, most: Some(most) }) => write!(self.out, "{{{least},{most}}}"),
        };
        if lazy {
            self.out.push('?');
        }
    }
}
