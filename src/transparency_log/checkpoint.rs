//! Checkpoints: the root of a tree, signed by its log as a signed note.
//!
//! Source: [C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint) and [signed-note](https://c2sp.org/signed-note); rekor
//! `pkg/util/checkpoint.go` and `signed_note.go`, rekor-tiles `pkg/note`, Go `golang.org/x/mod/sumdb/note`.

use super::key_details::usual_hash;
use super::{LogError, LogKey};
use crate::crypto::{HashAlgorithm, KeyKind, PublicKey, algorithm_for};
use crate::digest::Digest;
use crate::encoding::base64;

/// As many signatures as `sumdb/note` reads.
const MOST_SIGNATURES: usize = 100;

/// A checkpoint whose signatures nobody has looked at.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint<'a> {
    /// Name of the log.
    pub(super) origin: &'a str,
    /// How many entries the tree has.
    pub(super) size: u64,
    pub(super) root: Vec<u8>,
    /// What is signed: everything up to the blank line.
    note: &'a str,
    signatures: Vec<NoteSignature<'a>>,
}

#[derive(Clone, Debug)]
struct NoteSignature<'a> {
    name: &'a str,
    /// First four bytes of the key's id.
    key_hash: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Checkpoint<'a> {
    pub(super) fn parse(envelope: &'a str) -> Result<Self, LogError> {
        let malformed = LogError::CheckpointMalformed;
        if envelope.contains(|c: char| c < ' ' && c != '\n') {
            return Err(malformed("a control character"));
        }
        let (text, signatures) = envelope.rsplit_once("\n\n").ok_or(malformed("no blank line"))?;
        let note = envelope.get(..=text.len()).ok_or(malformed("no blank line"))?;
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(malformed("no origin"))?;
        let size = lines.next().and_then(decimal).ok_or(malformed("no size"))?;
        let root = lines.next().and_then(|line| base64::decode(line).ok()).ok_or(malformed("no root hash"))?;
        let signatures = signatures.strip_suffix('\n').ok_or(malformed("no signature, or no line feed at the end"))?;
        if signatures.split('\n').nth(MOST_SIGNATURES).is_some() {
            return Err(malformed("more than 100 signatures"));
        }
        let signatures: Option<Vec<_>> = signatures.split('\n').map(NoteSignature::parse).collect();
        Ok(Self { origin, size, root, note, signatures: signatures.ok_or(malformed("a line that is no signature"))? })
    }

    /// Rekor v1 writes the number of the tree behind the name.
    pub(super) fn is_version_1(&self) -> bool {
        self.origin
            .rsplit_once(" - ")
            .is_some_and(|(_, tree)| !tree.is_empty() && tree.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Did the log sign it?
    pub(super) fn check_signature(&self, log: &LogKey) -> Result<(), LogError> {
        let is_signed = if self.is_version_1() { self.is_signed_version_1(&log.key) } else { self.is_signed_by(log) };
        if is_signed { Ok(()) } else { Err(LogError::CheckpointSignature) }
    }

    /// Rekor v1: all signatures are the log's, whatever they are named. They are over SHA-256, which rekor cannot verify
    /// with a key that goes with another hash.
    fn is_signed_version_1(&self, key: &PublicKey) -> bool {
        let key_hash = first_four(&Digest::sha256(key.spki_der()));
        let takes_sha256 = key.kind() == KeyKind::Ed25519 || usual_hash(key) == HashAlgorithm::Sha256;
        takes_sha256
            && self
                .signatures
                .iter()
                .all(|signature| signature.key_hash == key_hash && self.is_good(signature, key, HashAlgorithm::Sha256))
    }

    /// Signed notes: the first signature under the log's name and key counts, those of others are passed over.
    fn is_signed_by(&self, log: &LogKey) -> bool {
        let name = host(&log.url);
        let key_hash = note_key_hash(&log.key, name);
        let mut signatures = self.signatures.iter();
        self.origin == name
            && signatures
                .find(|signature| signature.name == name && signature.key_hash == key_hash)
                .is_some_and(|signature| self.is_good(signature, &log.key, usual_hash(&log.key)))
    }

    fn is_good(&self, signature: &NoteSignature<'_>, key: &PublicKey, hash: HashAlgorithm) -> bool {
        algorithm_for(key, hash)
            .is_ok_and(|algorithm| algorithm.verify(key, self.note.as_bytes(), &signature.signature).is_ok())
    }
}

impl<'a> NoteSignature<'a> {
    /// `— NAME BASE64`.
    fn parse(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace()) {
            return None;
        }
        let bytes = base64::decode(encoded).ok()?;
        let (key_hash, signature) = bytes.split_at_checked(4).filter(|(_, signature)| !signature.is_empty())?;
        Some(Self { name, key_hash: key_hash.to_vec(), signature: signature.to_vec() })
    }
}

/// Go's `strconv.ParseUint`: digits, and no sign.
fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The id of a log's key in signed notes: of the name, the kind of the key and the key; ECDSA keys are named alone.
fn note_key_hash(key: &PublicKey, name: &str) -> Vec<u8> {
    let spki = key.spki_der();
    // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key (RFC 8410, section 4).
    let (kind, key): (&[u8], _) = match key.kind() {
        KeyKind::Ecdsa(_) => return first_four(&Digest::sha256(spki)),
        KeyKind::Ed25519 => (b"\x01", spki.get(spki.len().saturating_sub(32)..).unwrap_or_default()),
        KeyKind::Rsa { .. } => (b"\xffPKIX-RSA-PKCS#1v1.5", spki),
    };
    first_four(&Digest::sha256(&[name.as_bytes(), b"\n", kind, key].concat()))
}

fn first_four(digest: &Digest) -> Vec<u8> {
    digest.encoded().get(..8).and_then(|digits| hex::decode(digits).ok()).unwrap_or_default()
}

/// The host of the log's address, which is its name.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}
