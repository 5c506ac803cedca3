//! Public keys, and the port that signatures are verified through.
//!
//! Everything that verifies goes through [`VerificationAlgorithm`]: the primitives behind it are RustCrypto's, and
//! `crrl` for P-256, which is 2.8 times faster in wasm. Nothing here signs, and nothing needs randomness.

mod algorithm;
mod ecdsa;
mod ed25519;
mod error;
mod hash;
mod key;
mod pem;
mod rsa;

pub use algorithm::{Scheme, VerificationAlgorithm, algorithm, cosign_algorithm};
pub use error::{KeyError, SignatureError};
pub use hash::HashAlgorithm;
pub use key::{Curve, KeyKind, PublicKey};
pub use rsa::{MAX_RSA_BITS, MIN_RSA_BITS};
