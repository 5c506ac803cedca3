//! The id of a key in an envelope: its fingerprint as SSH writes it.
//!
//! Source: `go-securesystemslib`, `dsse.SHA256KeyID`; RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4.

use crate::crypto::{Curve, KeyKind, PublicKey};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::encoding::der::{INTEGER, Reader, SEQUENCE};

/// `SHA256:` and base64 without padding; `None` where the key cannot be written so.
pub(super) fn ssh_fingerprint(key: &PublicKey) -> Option<String> {
    let mut spki = Reader::new(key.spki_der()).read(SEQUENCE)?;
    spki.read(SEQUENCE)?;
    let bits = spki.bit_string()?;
    let curve = |name: &str| [text(&format!("ecdsa-sha2-{name}")), text(name), bytes(bits.bytes)].concat();
    let encoded = match key.kind() {
        KeyKind::Ecdsa(Curve::P256) => curve("nistp256"),
        KeyKind::Ecdsa(Curve::P384) => curve("nistp384"),
        KeyKind::Ecdsa(Curve::P521) => curve("nistp521"),
        KeyKind::Ed25519 => [text("ssh-ed25519"), bytes(bits.bytes)].concat(),
        KeyKind::Rsa { .. } => {
            let mut numbers = Reader::new(bits.bytes).read(SEQUENCE)?;
            let modulus = numbers.integer(INTEGER)?;
            let exponent = numbers.integer(INTEGER)?;
            [text("ssh-rsa"), bytes(exponent), bytes(modulus)].concat()
        }
    };
    let hash = hex::decode(Digest::sha256(&encoded).encoded()).ok()?;
    Some(format!("SHA256:{}", base64::encode(&hash).trim_end_matches('=')))
}

fn text(text: &str) -> Vec<u8> {
    bytes(text.as_bytes())
}

/// Behind their length.
fn bytes(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), bytes].concat()
}
