//! DER of public keys, read into the form that is computed with.

use super::KeyError;
use super::key::{Curve, KeyMaterial};
use crate::encoding::{base64, pem};
use const_oid::db::{rfc5912, rfc8410};
use rsa::pkcs1;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, RsaPublicKey};
use spki::der::Decode as _;
use spki::der::asn1::AnyRef;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

/// The shortest RSA key. Go's crypto/rsa refuses less since 1.24 (`checkKeySize`), unless `GODEBUG` says otherwise.
pub const MINIMUM_RSA_BITS: usize = 1024;

/// The longest RSA key, which bounds the time that a verification takes. Go has no bound in crypto/rsa (8192 in
/// crypto/tls); this is OpenSSL's (`OPENSSL_RSA_MAX_MODULUS_BITS`).
pub const MAXIMUM_RSA_BITS: usize = 16_384;

/// Go's `int` may have 32 bits: crypto/rsa, `checkPublicKey`.
const MAXIMUM_EXPONENT: u64 = (1 << 31) - 1;

const SPKI: &str = "a public key (SubjectPublicKeyInfo)";
const PKCS1: &str = "an RSA public key (PKCS#1)";

/// Reads a SubjectPublicKeyInfo.
pub(super) fn parse_spki(der: &[u8]) -> Result<KeyMaterial, KeyError> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|error| malformed(SPKI, der, &error))?;
    let key = info.subject_public_key.as_bytes().ok_or_else(|| malformed(SPKI, der, &"its bits do not fill bytes"))?;
    match info.algorithm.oid {
        rfc5912::ID_EC_PUBLIC_KEY => parse_point(named_curve(info.algorithm.parameters)?, key),
        rfc5912::RSA_ENCRYPTION => {
            // RFC 3279, section 2.3.1; Go insists on it too.
            if info.algorithm.parameters != Some(AnyRef::NULL) {
                return Err(malformed(SPKI, der, &"the parameters of an RSA key must be NULL"));
            }
            parse_pkcs1(key).map(|key| KeyMaterial::Rsa(Box::new(key)))
        }
        rfc8410::ID_ED_25519 => {
            // RFC 8410, section 3.
            if info.algorithm.parameters.is_some() {
                return Err(malformed(SPKI, der, &"an Ed25519 key must have no parameters"));
            }
            parse_ed25519(key)
        }
        other => Err(KeyError::TypeUnsupported { found: name(&other) }),
    }
}

/// Reads the RSAPublicKey of PKCS#1 (RFC 8017, appendix A.1.1).
pub(super) fn parse_pkcs1(der: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let numbers = pkcs1::RsaPublicKeyRef::from_der(der).map_err(|error| malformed(PKCS1, der, &error))?;
    let modulus = numbers.modulus.as_bytes();
    let bits = bit_length(modulus);
    if bits < MINIMUM_RSA_BITS {
        return Err(KeyError::TooSmall { bits, minimum: MINIMUM_RSA_BITS });
    }
    if bits > MAXIMUM_RSA_BITS {
        return Err(KeyError::TooLarge { bits, maximum: MAXIMUM_RSA_BITS });
    }
    let exponent = parse_exponent(numbers.public_exponent.as_bytes())?;
    let modulus = BoxedUint::from_be_slice_vartime(modulus);
    RsaPublicKey::new_with_size_limits(modulus, BoxedUint::from(exponent), MINIMUM_RSA_BITS..=MAXIMUM_RSA_BITS)
        .map_err(|error| malformed(PKCS1, der, &error))
}

/// `key` as a SubjectPublicKeyInfo.
pub(super) fn rsa_spki_der(key: &RsaPublicKey) -> Result<Box<[u8]>, KeyError> {
    let document = key.to_public_key_der().map_err(|error| malformed(PKCS1, &[], &error))?;
    Ok(document.as_bytes().into())
}

/// Length of the modulus of `key`.
pub(super) fn modulus_bits(key: &RsaPublicKey) -> usize {
    bit_length(&key.n_bytes())
}

fn parse_exponent(bytes: &[u8]) -> Result<u64, KeyError> {
    let out_of_range = || KeyError::Exponent { found: format!("one of {} bits", bit_length(bytes)) };
    let value = bytes
        .iter()
        .try_fold(0_u64, |value, byte| value.checked_mul(256)?.checked_add(u64::from(*byte)))
        .ok_or_else(out_of_range)?;
    if !(3..=MAXIMUM_EXPONENT).contains(&value) || value.is_multiple_of(2) {
        return Err(KeyError::Exponent { found: value.to_string() });
    }
    Ok(value)
}

fn bit_length(big_endian: &[u8]) -> usize {
    let mut significant = big_endian.iter().skip_while(|byte| **byte == 0);
    significant
        .next()
        .map_or(0, |first| 8 - usize::try_from(first.leading_zeros()).unwrap_or(0) + 8 * significant.count())
}

/// RFC 5480, section 2.1.1: only named curves.
fn named_curve(parameters: Option<AnyRef<'_>>) -> Result<Curve, KeyError> {
    let oid = parameters.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    match oid {
        Some(rfc5912::SECP_256_R_1) => Ok(Curve::P256),
        Some(rfc5912::SECP_384_R_1) => Ok(Curve::P384),
        Some(rfc5912::SECP_521_R_1) => Ok(Curve::P521),
        Some(other) => Err(KeyError::TypeUnsupported { found: format!("elliptic curve {}", name(&other)) }),
        None => Err(KeyError::TypeUnsupported { found: "an elliptic curve that is not given by its name".to_owned() }),
    }
}

/// Go reads uncompressed points only (crypto/ecdsa, `ParseUncompressedPublicKey`).
fn parse_point(curve: Curve, bytes: &[u8]) -> Result<KeyMaterial, KeyError> {
    let length = 2 * curve.field_length() + 1;
    let error = |found: String| KeyError::Point {
        expected: format!("an uncompressed {curve} point (04 and {} bytes)", length - 1),
        found,
    };
    let first = bytes.first().copied().unwrap_or_default();
    if bytes.len() != length || first != 4 {
        return Err(error(format!("{} bytes that start with {first:02x}", bytes.len())));
    }
    match curve {
        Curve::P256 => crrl::p256::PublicKey::decode(bytes).map(KeyMaterial::P256),
        Curve::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok().map(KeyMaterial::P384),
        Curve::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok().map(KeyMaterial::P521),
    }
    .ok_or_else(|| error("coordinates that are not on the curve".to_owned()))
}

/// Go takes every encoding that decompresses to a point, non-canonical ones too, and so does dalek (ZIP-215 rules). A
/// point of small order is refused here, which Go does not: signatures for such a key need no private key.
fn parse_ed25519(bytes: &[u8]) -> Result<KeyMaterial, KeyError> {
    let error = |found: String| KeyError::Point { expected: "an ed25519 point (32 bytes)".to_owned(), found };
    let array = bytes.try_into().map_err(|_| error(format!("{} bytes", bytes.len())))?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(array).map_err(|_| error("no point of the curve".to_owned()))?;
    if key.is_weak() { Err(KeyError::Weak) } else { Ok(KeyMaterial::Ed25519(key)) }
}

fn malformed(structure: &'static str, der: &[u8], problem: &dyn ToString) -> KeyError {
    KeyError::Der {
        structure,
        length: der.len(),
        problem: problem.to_string().to_lowercase(),
        placeholder: pem::looks_like_placeholder(&base64::encode(der)),
    }
}

/// The names that people may meet: keys that other tools make, and this verifier (or cosign) does not take.
fn name(oid: &ObjectIdentifier) -> String {
    let dotted = oid.to_string();
    let name = match dotted.as_str() {
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.11" => "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13" => "brainpoolP512r1",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.113" => "Ed448",
        "1.3.132.0.10" => "secp256k1",
        "1.3.132.0.33" => "P-224",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        _ => return dotted,
    };
    format!("{name} ({dotted})")
}
