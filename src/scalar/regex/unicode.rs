//! Classes of Unicode characters by name: `\pL`, `\p{Greek}`, `\P{^Lu}`.
//!
//! Source: Go, package `regexp/syntax`, `parseUnicodeClass` and `unicodeTable`, and package `unicode`.

use super::error::{Problem, RegexError};
use super::translate::consumed;

/// General categories and their long names, in Go's canonical spelling.
pub(super) const CATEGORIES: &str = "C Cc Cf Cn Co Cs L Lc Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm \
    So Z Zl Zp Zs Casedletter Closepunctuation Cntrl Combiningmark Connectorpunctuation Control Currencysymbol \
    Dashpunctuation Decimalnumber Digit Enclosingmark Finalpunctuation Format Initialpunctuation Letter Letternumber \
    Lineseparator Lowercaseletter Mark Mathsymbol Modifierletter Modifiersymbol Nonspacingmark Number Openpunctuation \
    Other Otherletter Othernumber Otherpunctuation Othersymbol Paragraphseparator Privateuse Punct Punctuation \
    Separator Spaceseparator Spacingmark Surrogate Symbol Titlecaseletter Unassigned Uppercaseletter";

/// Scripts. Those with two words (`Old_Italic`) are missing on purpose: since Go 1.25 they cannot be named, because
/// underscores are taken out of the name that is asked for, but not out of the names that there are.
pub(super) const SCRIPTS: &str = "Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi \
    Braille Buginese Buhid Carian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret \
    Devanagari Dogra Duployan Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han \
    Hangul Hanunoo Hatran Hebrew Hiragana Inherited Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki \
    Khudawadi Lao Latin Lepcha Limbu Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen \
    Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari Newa Nko Nushu Ogham Oriya Osage Osmanya \
    Palmyrene Phoenician Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham Sinhala Sogdian Soyombo Sundanese \
    Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai \
    Vithkuqi Wancho Yezidi Yi";

/// The class that `text` begins with, for the engine, and what follows; none: it begins with something else.
pub(super) fn unicode_class(text: &str) -> Result<Option<(String, &str)>, RegexError> {
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
    let class =
        class(&canonical(name), negated).ok_or_else(|| RegexError::syntax(Problem::CharRange, consumed(text, rest)))?;
    Ok(Some((class, rest)))
}

/// A capital, then small letters, without underscores, blanks and hyphens.
fn canonical(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    (0..).zip(letters).map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}

fn class(name: &str, negated: bool) -> Option<String> {
    let known = |names: &str| !name.is_empty() && names.split_whitespace().any(|known| known == name);
    let p = if negated { "\\P" } else { "\\p" };
    Some(match name {
        "Any" if negated => super::class::NOTHING.to_owned(),
        "Any" => super::class::ANYTHING.to_owned(),
        "Assigned" if negated => "\\p{gc=Cn}".to_owned(),
        "Assigned" => "\\P{gc=Cn}".to_owned(),
        "Ascii" if negated => "[^\\x{0}-\\x{7f}]".to_owned(),
        "Ascii" => "[\\x{0}-\\x{7f}]".to_owned(),
        // There are no surrogates in a text.
        "Cs" | "Surrogate" if negated => super::class::ANYTHING.to_owned(),
        "Cs" | "Surrogate" => super::class::NOTHING.to_owned(),
        _ if known(CATEGORIES) => format!("{p}{{gc={name}}}"),
        _ if known(SCRIPTS) => format!("{p}{{sc={name}}}"),
        _ => return None,
    })
}
