//! From Go's syntax to the engine's tree, from left to right.
//!
//! Source: Go, package `regexp/syntax`, `parse`.

use super::class::{bracketed, class_of, perl_class};
use super::error::{Problem, RegexError};
use super::escape::{escape, invalid};
use super::group::{Flags, Opening, opening};
use super::repeat::{Counts, MOST, counts};
use super::unicode::unicode_class;
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, Look, Repetition};
use std::mem::take;

/// Groups in groups. Go has 1000 parts in parts; here it is what the stack of a WebAssembly module has room for.
const DEPTH: usize = 64;

/// An expression for the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Translated {
    pub(super) tree: Hir,
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
        inner: Branches::default(),
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
    Ok(Translated { tree: translator.inner.tree(), names: translator.names })
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

/// What was read of a group, or of the whole expression.
#[derive(Debug, Default)]
struct Branches {
    /// The alternatives that are complete.
    complete: Vec<Hir>,
    /// The parts of the one that is not.
    parts: Vec<Hir>,
}

impl Branches {
    fn next(&mut self) {
        self.complete.push(Hir::concat(take(&mut self.parts)));
    }

    fn tree(mut self) -> Hir {
        self.next();
        Hir::alternation(self.complete)
    }
}

/// What is known about the last part, which a repetition would repeat.
#[derive(Clone, Copy, Debug)]
struct Part {
    measure: Measure,
    repeated: bool,
}

/// A group that is open.
#[derive(Debug)]
struct Open {
    /// Its number, if it is remembered.
    capture: Option<usize>,
    /// What was read of the group around it.
    around: Branches,
    /// The flags before it, which hold again behind it.
    flags: Flags,
    /// What was counted before it in the group around it.
    outside: Measure,
}

struct Translator<'a> {
    expression: &'a str,
    /// What was read of the innermost group.
    inner: Branches,
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
            '(' => self.open_group(Some(""), self.flags)?,
            '|' => {
                self.inner.next();
                self.last = None;
            }
            ')' => self.close_group()?,
            '^' => self.push(Hir::look(if self.flags.lines { Look::StartLF } else { Look::Start })),
            '$' => self.push(Hir::look(if self.flags.lines { Look::EndLF } else { Look::End })),
            '.' => self.push(Hir::dot(if self.flags.dot_all { Dot::AnyChar } else { Dot::AnyCharExceptLF })),
            '[' => {
                let (class, rest) = bracketed(text, self.flags.fold_case)?;
                self.push_class(class);
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
            Some('A') => self.push(Hir::look(Look::Start)),
            Some('z') => self.push(Hir::look(Look::End)),
            Some('b') => self.push(Hir::look(Look::WordAscii)),
            Some('B') => self.push(Hir::look(Look::WordAsciiNegate)),
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
        if let Some((class, rest)) = unicode_class(text, self.flags.fold_case)? {
            self.push_class(class);
            return Ok(rest);
        }
        if let Some((class, rest)) = perl_class(text, self.flags.fold_case) {
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
            return self.push(Hir::fail());
        };
        if self.flags.fold_case {
            self.push_class(class_of(vec![ClassUnicodeRange::new(c, c)], false, true));
        } else {
            self.push(Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()));
        }
    }

    fn push_class(&mut self, class: ClassUnicode) {
        self.push(Hir::class(Class::Unicode(class)));
    }

    fn push(&mut self, part: Hir) {
        self.last = Some(Part { measure: Measure::default(), repeated: false });
        self.inner.parts.push(part);
    }

    fn open_with_flags(&mut self, text: &'a str) -> Result<&'a str, RegexError> {
        let (what, rest) = opening(text, self.flags)?;
        match what {
            Opening::Named(name) => self.open_group(Some(name), self.flags)?,
            Opening::Group(flags) => self.open_group(None, flags)?,
            // The part before stays the one to repeat, as in Go: `a(?i)*` is `a*`.
            Opening::Flags(flags) => self.flags = flags,
        }
        Ok(rest)
    }

    /// Opens a group; one with a name, which may be empty, is remembered.
    fn open_group(&mut self, name: Option<&str>, flags: Flags) -> Result<(), RegexError> {
        if self.open.len() >= DEPTH {
            return Err(RegexError::syntax(Problem::NestingDepth, self.expression));
        }
        let capture = name.map(|_| self.names.len());
        self.names.extend(name.map(str::to_owned));
        let around = take(&mut self.inner);
        self.open.push(Open { capture, around, flags: self.flags, outside: self.inside });
        self.flags = flags;
        self.inside = Measure::default();
        self.last = None;
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), RegexError> {
        let Some(open) = self.open.pop() else {
            return Err(RegexError::syntax(Problem::UnexpectedParenthesis, self.expression));
        };
        let tree = std::mem::replace(&mut self.inner, open.around).tree();
        self.inner.parts.push(match open.capture {
            // There are fewer than 2^32 groups: each takes a byte of the expression.
            Some(number) => {
                let index = u32::try_from(number).unwrap_or(u32::MAX);
                Hir::capture(Capture { index, name: None, sub: Box::new(tree) })
            }
            None => tree,
        });
        self.flags = open.flags;
        let measure = Measure { depth: self.inside.depth + 1, ..self.inside };
        self.inside = open.outside.with(measure);
        self.last = Some(Part { measure, repeated: false });
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
            // Only flags stand between the two operators.
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
        if let Some(sub) = self.inner.parts.pop() {
            self.inner.parts.push(repetition(operator, !lazy, sub));
        }
        self.inside = self.inside.with(part.measure);
        self.last = Some(Part { repeated: true, ..part });
        Ok(after)
    }
}

fn repetition(operator: Operator, greedy: bool, sub: Hir) -> Hir {
    // At most `MOST`.
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let (min, max) = match operator {
        Operator::Symbol('*') => (0, None),
        Operator::Symbol('+') => (1, None),
        Operator::Symbol(_) => (0, Some(1)),
        Operator::Counted(Counts { least, most }) => (count(least), most.map(count)),
    };
    Hir::repetition(Repetition { min, max, greedy, sub: Box::new(sub) })
}
