//! Classes of Unicode characters by name: `\pL`, `\p{Greek}`, `\P{^Lu}`.
//!
//! Source: Go, package `regexp/syntax`, `parseUnicodeClass` and `unicodeTable`, and package `unicode`.

mod fold;
mod runs;

pub(super) use fold::fold_case;

use super::class::class_of;
use super::error::{Problem, RegexError};
use super::translate::consumed;
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// General categories, each with its long names, in Go's canonical spelling. The order is that of the table.
pub(super) const CATEGORIES: [&str; 30] = [
    "Cc Control Cntrl",
    "Cf Format",
    "Cn Unassigned",
    "Co Privateuse",
    "Cs Surrogate",
    "Ll Lowercaseletter",
    "Lm Modifierletter",
    "Lo Otherletter",
    "Lt Titlecaseletter",
    "Lu Uppercaseletter",
    "Mc Spacingmark",
    "Me Enclosingmark",
    "Mn Nonspacingmark",
    "Nd Decimalnumber Digit",
    "Nl Letternumber",
    "No Othernumber",
    "Pc Connectorpunctuation",
    "Pd Dashpunctuation",
    "Pe Closepunctuation",
    "Pf Finalpunctuation",
    "Pi Initialpunctuation",
    "Po Otherpunctuation",
    "Ps Openpunctuation",
    "Sc Currencysymbol",
    "Sk Modifiersymbol",
    "Sm Mathsymbol",
    "So Othersymbol",
    "Zl Lineseparator",
    "Zp Paragraphseparator",
    "Zs Spaceseparator",
];

/// Categories of categories: their names, and those in them.
pub(super) const GROUPS: [(&str, &str); 8] = [
    ("C Other", "Cc Cf Cn Co Cs"),
    ("L Letter", "Ll Lm Lo Lt Lu"),
    ("Lc Casedletter", "Ll Lt Lu"),
    ("M Mark Combiningmark", "Mc Me Mn"),
    ("N Number", "Nd Nl No"),
    ("P Punctuation Punct", "Pc Pd Pe Pf Pi Po Ps"),
    ("S Symbol", "Sc Sk Sm So"),
    ("Z Separator", "Zl Zp Zs"),
];

/// Scripts. Those with two words (`Old_Italic`) are missing on purpose: since Go 1.25 they cannot be named, because
/// underscores are taken out of the name that is asked for, but not out of the names that there are. The order is that
/// of the table, which begins with 1.
pub(super) const SCRIPTS: &str = "Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi \
    Braille Buginese Buhid Carian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret \
    Devanagari Dogra Duployan Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han \
    Hangul Hanunoo Hatran Hebrew Hiragana Inherited Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki \
    Khudawadi Lao Latin Lepcha Limbu Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen \
    Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari Newa Nko Nushu Ogham Oriya Osage Osmanya \
    Palmyrene Phoenician Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham Sinhala Sogdian Soyombo Sundanese \
    Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai \
    Vithkuqi Wancho Yezidi Yi";

/// The class that `text` begins with, and what follows; none: it begins with something else.
pub(super) fn unicode_class(text: &str, fold: bool) -> Result<Option<(ClassUnicode, &str)>, RegexError> {
    let Some((negated, name)) =
        text.strip_prefix("\\p").map(|name| (false, name)).or(text.strip_prefix("\\P").map(|name| (true, name)))
    else {
        return Ok(None);
    };
    let (name, rest) = match name.strip_prefix('{') {
        Some(name) => name.split_once('}').ok_or_else(|| RegexError::syntax(Problem::CharRange, text))?,
        None => name.split_at_checked(name.chars().next().map_or(0, char::len_utf8)).unwrap_or((name, "")),
    };
    let (negated, name) = match name.strip_prefix('^') {
        Some(name) => (!negated, name),
        None => (negated, name),
    };
    let ranges =
        ranges(&canonical(name)).ok_or_else(|| RegexError::syntax(Problem::CharRange, consumed(text, rest)))?;
    Ok(Some((class_of(ranges, negated, fold), rest)))
}

/// A capital, then small letters, without underscores, blanks and hyphens.
fn canonical(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    (0..).zip(letters).map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}

/// The ranges of a class, by its name in Go's canonical spelling.
fn ranges(name: &str) -> Option<Vec<ClassUnicodeRange>> {
    let is = |names: &str| names.split_whitespace().any(|known| known == name);
    Some(match name {
        "Any" => vec![ClassUnicodeRange::new('\0', char::MAX)],
        "Assigned" => runs::categories(|category| category != UNASSIGNED),
        "Ascii" => vec![ClassUnicodeRange::new('\0', '\x7f')],
        _ => {
            if let Some((_, members)) = GROUPS.iter().find(|(names, _)| is(names)) {
                runs::categories(|category| category_name(category).is_some_and(|name| members.contains(name)))
            } else if let Some(wanted) = CATEGORIES.iter().position(|names| is(names)) {
                runs::categories(|category| category == wanted)
            } else {
                let wanted = SCRIPTS.split_whitespace().position(|script| script == name)?;
                runs::scripts(wanted + 1)
            }
        }
    })
}

#[cfg(test)]
pub(super) const TABLES: [(&str, &[u8]); 3] =
    [("categories.bin", runs::CATEGORIES), ("scripts.bin", runs::SCRIPTS), ("fold.bin", fold::TABLE)];

/// `Cn` among the categories.
const UNASSIGNED: usize = 2;

/// The two letters.
fn category_name(category: usize) -> Option<&'static str> {
    CATEGORIES.get(category)?.split_whitespace().next()
}

/// Is this a letter or a decimal digit of any script?
pub(super) fn is_letter_or_digit(c: char) -> bool {
    category_name(runs::category(c)).is_some_and(|name| name.starts_with('L') || name == "Nd")
}
