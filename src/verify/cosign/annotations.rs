//! What the annotations of a signature's layer are called.
//!
//! Source: cosign `pkg/oci/static/options.go`, `pkg/types/media.go`.

use crate::encoding::base64;
use serde_json::Value;

/// Base64 of the signature.
pub(crate) const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
/// PEM of the signer's certificate.
pub(crate) const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
/// PEM of the certificates above it.
pub(crate) const CHAIN: &str = "dev.sigstore.cosign/chain";
/// The entry of a transparency log.
pub(crate) const BUNDLE: &str = "dev.sigstore.cosign/bundle";
/// A timestamp.
pub(crate) const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

/// `{"SignedRFC3161Timestamp": base64}`.
pub(crate) fn timestamp_response(text: &str) -> Result<Vec<u8>, String> {
    let document: Value = crate::json::parse(text.as_bytes(), 4).map_err(|error| format!("not JSON: {error}"))?;
    let response = document.get("SignedRFC3161Timestamp").and_then(Value::as_str);
    let response = response.ok_or("expected a text at `SignedRFC3161Timestamp`")?;
    base64::decode(response).map_err(|error| format!("SignedRFC3161Timestamp is not base64: {error}"))
}
