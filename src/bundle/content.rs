//! Is the signature over the artifact, or over a statement about it?
//!
//! Source: sigstore-go v1.3, `verify/signature.go` (`verifyEnvelopeWithArtifactDigests`,
//! `verifyMessageSignatureWithArtifactDigest`), `verify/statement.go`.

use super::key_id::ssh_fingerprint;
use super::signer::Signer;
use super::{Artifact, Bundle, BundleContent, BundleError, MessageSignature};
use crate::crypto::KeyKind;
use crate::digest::Digest;
use crate::in_toto::{Envelope, InTotoError, PAYLOAD_TYPE, Statement};

const MOST_SUBJECTS: usize = 1024;
const MOST_DIGESTS: usize = 32;

/// The statement that is signed, if it is one.
pub(super) fn check_content(
    bundle: &Bundle,
    artifact: &Artifact<'_>,
    signer: &Signer<'_>,
) -> Result<Option<Statement>, BundleError> {
    let signature = bundle.signature()?;
    match &bundle.content {
        BundleContent::Envelope(envelope) => {
            check_key_id(envelope, signer)?;
            signer.check(&envelope.pre_authentication_encoding(), signature, &signer.hashes()?)?;
            let statement = statement(envelope).map_err(BundleError::Content)?;
            check_subject(&statement, artifact.digest)?;
            Ok(Some(statement))
        }
        BundleContent::Message(message) => check_message(message, artifact, signer).map(|()| None),
    }
}

/// An id in the envelope must be the key's fingerprint.
fn check_key_id(envelope: &Envelope, signer: &Signer<'_>) -> Result<(), BundleError> {
    let expected = ssh_fingerprint(signer.key()?);
    let named = envelope.signatures.iter().map(|signature| &signature.key_id).find(|id| !id.is_empty());
    match (named, expected) {
        (Some(found), Some(expected)) if *found != expected => {
            Err(BundleError::KeyId { expected, found: found.clone() })
        }
        _ => Ok(()),
    }
}

/// The signed statement. Other than in cosign's tag layout, its predicate is no text.
fn statement(envelope: &Envelope) -> Result<Statement, InTotoError> {
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err(InTotoError::PayloadType { found: envelope.payload_type.clone() });
    }
    let statement = Statement::parse(&envelope.payload)?;
    if statement.predicate.is_string() {
        let field = "predicate".to_owned();
        return Err(InTotoError::Type { what: "statement", field, expected: "an object", found: "a string" });
    }
    Ok(statement)
}

/// One of the subjects has the digest. Every digest must be hex, whatever it is of.
fn check_subject(statement: &Statement, digest: &Digest) -> Result<(), BundleError> {
    let found = statement.subjects.len();
    if found > MOST_SUBJECTS {
        return Err(BundleError::TooMany { what: "subjects", found, limit: MOST_SUBJECTS });
    }
    let mut is_about = false;
    let mut named = Vec::new();
    for subject in &statement.subjects {
        let found = subject.digests.len();
        if found > MOST_DIGESTS {
            return Err(BundleError::TooMany { what: "digests of a subject", found, limit: MOST_DIGESTS });
        }
        for (algorithm, written) in &subject.digests {
            if hex::decode(written).is_err() {
                let at = format!("the digest {algorithm} of subject `{}`", subject.name);
                return Err(BundleError::malformed(at, "hex digits"));
            }
            is_about |= algorithm == digest.algorithm() && written.eq_ignore_ascii_case(digest.encoded());
            named.push(format!("{algorithm}:{written}"));
        }
    }
    if is_about {
        return Ok(());
    }
    let found = if named.is_empty() { "nothing".to_owned() } else { named.join(", ") };
    Err(BundleError::Subject { expected: digest.to_string(), found })
}

/// Only a signature over the artifact's digest counts: sigstore-go has nothing else of the artifact.
fn check_message(message: &MessageSignature, artifact: &Artifact<'_>, signer: &Signer<'_>) -> Result<(), BundleError> {
    let found = hex::encode(&message.digest);
    let bytes = artifact.bytes.filter(|bytes| artifact.digest.is_of(bytes));
    let (true, Some(bytes)) = (found == artifact.digest.encoded(), bytes) else {
        let found = format!("{}:{found}", message.algorithm);
        return Err(BundleError::Subject { expected: artifact.digest.to_string(), found });
    };
    if signer.key()?.kind() == KeyKind::Ed25519 {
        return Err(BundleError::SignerKind { expected: "key that signs a digest", found: "ed25519 key" });
    }
    let mut hashes = signer.hashes()?;
    hashes.retain(|hash| hash.as_str() == artifact.digest.algorithm());
    signer.check(bytes, &message.signature, &hashes)
}
