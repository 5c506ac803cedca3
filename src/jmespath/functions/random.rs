//! `random`: a text that an expression matches, the same one for the same seed.

use super::super::error::EvalError;
use super::super::eval::Outcome;
use super::call::{Call, given};
use super::table::{Function, STRING, Type};
use crate::scalar::regex::GoRegex;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Repetition};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("random", &[STRING], Type::String, "some text that a regular expression matches", random)];

/// Characters of the text; a name in Kubernetes has at most 253.
const LENGTH: usize = 4096;
/// How many more times than it must something without a bound is repeated at most.
const REPEATS: u32 = 16;
/// Texts that are tried: what an expression says about its surroundings is not looked at when a text is made.
const ATTEMPTS: usize = 16;

fn random<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let expression = call.text(0)?;
    if expression.is_empty() {
        return Err(EvalError::failed("no pattern provided"));
    }
    let seed = call.evaluation.environment.seed;
    let seed = seed.ok_or_else(|| EvalError::failed("no seed is given: random texts need one"))?;
    call.charge(expression.len().saturating_add(LENGTH * ATTEMPTS))?;
    let regex = GoRegex::new(expression).map_err(|error| EvalError::failed(error.to_string()))?;
    let hir = regex_syntax::parse(regex.pattern()).map_err(|error| call.fail(error.to_string()))?;
    // Two calls in one expression are to differ.
    let mut generator = Generator { state: seed ^ call.evaluation.done().rotate_left(32), text: String::new() };
    for _ in 0..ATTEMPTS {
        generator.text.clear();
        if generator.emit(&hir).is_some() && regex.is_match(&generator.text) {
            return given(generator.text);
        }
    }
    Err(call.fail(format!("no text of at most {LENGTH} characters was found that the expression matches")))
}

struct Generator {
    state: u64,
    text: String,
}

impl Generator {
    /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or(0)
    }

    /// Adds what `hir` stands for; `None` where the text gets too long, or there is nothing it could stand for.
    fn emit(&mut self, hir: &Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(Class::Unicode(class)) => {
                let c = self.pick(class)?;
                self.text.push(c);
            }
            HirKind::Class(Class::Bytes(class)) => {
                let class = class.to_unicode_class()?;
                let c = self.pick(&class)?;
                self.text.push(c);
            }
            HirKind::Repetition(repetition) => self.repeat(repetition)?,
            HirKind::Capture(capture) => self.emit(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.emit(part))?,
            HirKind::Alternation(choices) => {
                let choice = self.below(u32::try_from(choices.len()).ok()?);
                self.emit(choices.get(usize::try_from(choice).ok()?)?)?;
            }
        }
        (self.text.len() <= LENGTH).then_some(())
    }

    fn repeat(&mut self, repetition: &Repetition) -> Option<()> {
        // What only ever stands for nothing need not be repeated.
        if repetition.sub.properties().maximum_len() == Some(0) {
            return Some(());
        }
        let most = repetition.max.unwrap_or_else(|| repetition.min.saturating_add(REPEATS));
        let times = repetition.min + self.below(most.saturating_sub(repetition.min).saturating_add(1));
        (0..times).try_for_each(|_| self.emit(&repetition.sub))
    }

    /// A character of the class, a visible one of ASCII if there is one.
    fn pick(&mut self, class: &ClassUnicode) -> Option<char> {
        let visible: Vec<char> = ('!'..='~')
            .filter(|c| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(c)))
            .collect();
        if !visible.is_empty() {
            return visible.get(usize::try_from(self.below(u32::try_from(visible.len()).ok()?)).ok()?).copied();
        }
        let range = class.ranges().get(usize::try_from(self.below(u32::try_from(class.ranges().len()).ok()?)).ok()?)?;
        let span = u32::from(range.end()) - u32::from(range.start());
        let code = u32::from(range.start()) + self.below(span.saturating_add(1));
        // The codes of surrogates are no characters.
        Some(char::from_u32(code).unwrap_or_else(|| range.start()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jmespath::{Environment, Expression};
    use serde_json::{Value, json};

    fn evaluate(expression: &str, seed: Option<u64>) -> Result<Value, EvalError> {
        let environment = Environment { now: None, seed, steps: 100_000 };
        Expression::parse(expression).unwrap().search(&json!({}), &environment)
    }

    #[test]
    fn texts_match_and_depend_on_the_seed_alone() {
        for expression in ["[a-z0-9]{8}", "a|b+|(cd)*x", "^v[0-9]+\\.[0-9]+$", ".{3}", "[^a]{2}", "\\pL{4}", "é?x{2,}"]
        {
            let call = format!("random('{expression}')");
            for seed in 0..20 {
                let text = evaluate(&call, Some(seed)).unwrap();
                assert!(GoRegex::new(expression).unwrap().is_match(text.as_str().unwrap()), "{expression}: {text}");
                assert_eq!(evaluate(&call, Some(seed)).unwrap(), text);
            }
        }
        let different = "random('[a-z]{20}') == random('[a-z]{20}')";
        assert_eq!(evaluate(different, Some(1)), Ok(json!(false)));
    }

    #[test]
    fn what_cannot_be_answered_is_an_error() {
        assert_eq!(evaluate("random('')", Some(1)), Err(EvalError::failed("no pattern provided")));
        let no_seed = EvalError::failed("no seed is given: random texts need one");
        assert_eq!(evaluate("random('a')", None), Err(no_seed));
        for expression in ["random('(')", "random('((a{1000}){100})')", "random('a^b')"] {
            assert!(evaluate(expression, Some(1)).is_err(), "{expression}");
        }
    }
}
