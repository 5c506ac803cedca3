//! Text encodings of bytes, read as Go reads them: whoever wrote the input tried it against cosign or Kyverno.

pub mod base64;
pub mod cbor;
pub mod der;
pub mod gzip;
pub mod pem;
