//! The encodings of ECDSA signatures, all read into r and s as long as the field, one after the other.

use crate::crypto::{Curve, EcdsaEncoding, SignatureError};
use spki::der::asn1::{IntRef, UintRef};
use spki::der::{self, Decode as _, Header, Reader, SliceReader, Tag};

/// Reads `signature`; the numbers may still be zero or beyond the group order.
pub(super) fn read(signature: &[u8], encoding: EcdsaEncoding, curve: Curve) -> Result<Vec<u8>, SignatureError> {
    match encoding {
        EcdsaEncoding::Asn1 => read_asn1(signature, curve),
        EcdsaEncoding::Cosign => read_cosign(signature, curve),
        EcdsaEncoding::P1363 => read_p1363(signature, curve),
    }
}

/// Strict DER: minimal lengths and numbers, nothing behind them.
///
/// Source: Go 1.26, crypto/ecdsa, `parseSignature`, over cryptobyte.
fn read_asn1(signature: &[u8], curve: Curve) -> Result<Vec<u8>, SignatureError> {
    let error = |problem: &dyn ToString| malformed(curve, "ASN.1 DER", signature, problem);
    let mut reader = SliceReader::new(signature).map_err(|e| error(&e))?;
    let (r, s): (UintRef<'_>, UintRef<'_>) =
        reader.sequence(|inner| Ok::<_, der::Error>((inner.decode()?, inner.decode()?))).map_err(|e| error(&e))?;
    reader.finish().map_err(|e| error(&e))?;
    join(r.as_bytes(), s.as_bytes(), curve).ok_or_else(|| error(&"a number is longer than the curve's field"))
}

/// Two halves of the field's length (IEEE P1363; RFC 7518, section 3.4).
fn read_p1363(signature: &[u8], curve: Curve) -> Result<Vec<u8>, SignatureError> {
    if signature.len() == 2 * curve.field_length() {
        Ok(signature.to_vec())
    } else {
        Err(malformed(curve, "IEEE P1363", signature, &format!("it must have {} bytes", 2 * curve.field_length())))
    }
}

/// What cosign does: ASN.1 if Go's encoding/asn1 can read it, else two halves of any equal length up to 66 bytes.
///
/// encoding/asn1 is laxer than the check that follows it: a signature with something behind its numbers is *not* tried
/// as halves, and fails. Source: sigstore v1.10, `pkg/signature/ecdsa.go`, `VerifySignature`.
fn read_cosign(signature: &[u8], curve: Curve) -> Result<Vec<u8>, SignatureError> {
    const LONGEST: usize = 132;
    if is_lax_asn1(signature).is_ok() {
        return read_asn1(signature, curve);
    }
    let error = |problem: &str| malformed(curve, "ASN.1 DER or IEEE P1363", signature, &problem);
    let length = signature.len();
    if length == 0 || length > LONGEST || !length.is_multiple_of(2) {
        return Err(error("it is no ASN.1, and P1363 takes an even number of bytes up to 132"));
    }
    let (r, s) = signature.split_at(length / 2);
    join(r, s, curve).ok_or_else(|| error("a number is longer than the curve's field"))
}

/// Does `asn1.Unmarshal` read a structure of two integers? It ignores what follows them and what follows the sequence.
fn is_lax_asn1(signature: &[u8]) -> der::Result<()> {
    let mut reader = SliceReader::new(signature)?;
    let header = Header::decode(&mut reader)?;
    header.tag().assert_eq(Tag::Sequence)?;
    let mut inner = SliceReader::new(reader.read_slice(header.length())?)?;
    inner.decode::<IntRef<'_>>()?;
    inner.decode::<IntRef<'_>>()?;
    Ok(())
}

/// Both numbers, filled up with zeros to the field's length; `None` if one is longer.
fn join(r: &[u8], s: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let mut numbers = pad(r, curve)?;
    numbers.extend(pad(s, curve)?);
    Some(numbers)
}

fn pad(number: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let significant: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut padded = vec![0; curve.field_length().checked_sub(significant.len())?];
    padded.extend(significant);
    Some(padded)
}

fn malformed(curve: Curve, form: &str, signature: &[u8], problem: &dyn ToString) -> SignatureError {
    SignatureError::Malformed {
        expected: format!("an ecdsa-{curve} signature in {form}"),
        found: format!("{} bytes that are not: {}", signature.len(), problem.to_string().to_lowercase()),
    }
}
