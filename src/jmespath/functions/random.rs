//! `random`: a text that matches a regular expression.

use super::{Answer, Call};
use crate::jmespath::EvalError;
use crate::scalar::regex::GoRegex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Repetitions without an upper bound are repeated at most this often more than they must (goregen: 4096, which few
/// names can bear).
const MORE: u32 = 32;
const BYTES: usize = 64 << 10;

/// Kyverno takes the randomness of the machine; an evaluation that can be repeated needs a seed.
pub(super) fn random(call: &mut Call<'_, '_, '_>) -> Answer {
    let pattern = call.text(0);
    if pattern.is_empty() {
        return Err(EvalError::failed("no pattern provided"));
    }
    let Some(seed) = call.evaluation.environment.seed else {
        return Err(call.failed("no seed is given: random texts need one, so that the evaluation can be repeated"));
    };
    call.charge(BYTES)?;
    let regex = GoRegex::new(pattern).map_err(|error| EvalError::failed(error.to_string()))?;
    // Two calls in one expression are to differ.
    let state = seed ^ call.evaluation.done().rotate_left(32);
    let mut generator = Generator { state, text: String::new() };
    generator.write(regex.tree());
    if generator.text.len() > BYTES {
        return Err(call.failed(format!("the text is longer than {BYTES} bytes")));
    }
    if !regex.is_match(&generator.text) {
        return Err(call.failed("no text was found that the expression matches: it says what must stand around it"));
    }
    Ok(generator.text.into())
}

struct Generator {
    state: u64,
    text: String,
}

impl Generator {
    /// SplitMix64 (Steele, Lea, Flood 2014): a number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound.max(1)
    }

    fn write(&mut self, hir: &Hir) {
        if self.text.len() > BYTES {
            return;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(&String::from_utf8_lossy(&literal.0)),
            HirKind::Class(class) => self.class(class),
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(repetition.min.saturating_add(MORE));
                let more = u64::from(most.saturating_sub(repetition.min)) + 1;
                let count = u64::from(repetition.min) + self.below(more);
                for _ in 0..count {
                    self.write(&repetition.sub);
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.write(part)),
            HirKind::Alternation(parts) => {
                let index = self.below(u64::try_from(parts.len()).unwrap_or(1));
                if let Some(part) = usize::try_from(index).ok().and_then(|index| parts.get(index)) {
                    self.write(part);
                }
            }
        }
    }

    fn class(&mut self, class: &Class) {
        let ranges: Vec<(u32, u32)> = match class {
            Class::Unicode(class) => {
                class.ranges().iter().map(|r| (u32::from(r.start()), u32::from(r.end()))).collect()
            }
            Class::Bytes(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
        };
        // Printable ASCII where the class has some: names and tokens are made of it.
        let ascii: Vec<(u32, u32)> = ranges
            .iter()
            .map(|(low, high)| (*low.max(&0x20), *high.min(&0x7e)))
            .filter(|(low, high)| low <= high)
            .collect();
        let ranges = if ascii.is_empty() { ranges } else { ascii };
        let total: u64 = ranges.iter().map(|(low, high)| u64::from(high - low) + 1).sum();
        let mut index = self.below(total);
        for (low, high) in ranges {
            let width = u64::from(high - low) + 1;
            if index < width {
                let code = low.saturating_add(u32::try_from(index).unwrap_or_default());
                self.text.extend(char::from_u32(code));
                return;
            }
            index -= width;
        }
    }
}
