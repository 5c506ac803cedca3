//! The first PEM block of a text, as Go finds it.
//!
//! RFC 7468 crates are stricter than Go's `encoding/pem`: they refuse text before the block, headers, and lines of other
//! lengths. Policies are written by hand and copied from web pages, and Kyverno takes them with Go's rules.

use super::KeyError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A PEM block.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The first block whose markers agree and whose body is base64 (Go `pem.Decode`).
pub(super) fn first_block(text: &str) -> Result<Block, KeyError> {
    let mut reason = "no `-----BEGIN ...-----` line";
    let mut lines = text.lines().map(str::trim_end);
    while let Some(line) = lines.next() {
        let label = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(DASHES));
        let Some(label) = label else { continue };
        let footer = format!("{END}{label}{DASHES}");
        let mut body = String::new();
        let mut closed = false;
        // Headers stand before the body, each with a colon, and end with a blank line.
        for line in lines.by_ref().skip_while(|line| line.contains(':')) {
            if line == footer {
                closed = true;
                break;
            }
            body.extend(line.chars().filter(|c| !c.is_ascii_whitespace()));
        }
        if !closed {
            return Err(KeyError::PemMissing { reason: "no `-----END ...-----` line of the same name" });
        }
        match STANDARD.decode(body) {
            Ok(bytes) => return Ok(Block { label: label.to_owned(), bytes }),
            Err(_) => reason = "the text between the markers is not base64: is it still a placeholder?",
        }
    }
    Err(KeyError::PemMissing { reason })
}
