//! Does a bundle prove that an artifact was signed as a policy asks?
//!
//! Source: sigstore-go v1.3, `verify/signed_entity.go` (`Verifier.Verify`): the same steps in the same order.

use super::error::ChainReason;
use super::key_id::ssh_fingerprint;
use super::{Bundle, BundleContent, BundleError, BundleIdentity, BundleSigner, identity};
use crate::crypto::{Curve, HashAlgorithm, KeyKind, PublicKey, SignatureError, VerificationAlgorithm, cosign_verifier};
use crate::digest::Digest;
use crate::in_toto::{Envelope, Statement};
use crate::scalar::time::Timestamp;
use crate::timestamp::{TimestampError, VerifiedTime, verify_token};
use crate::transparency_log::{EntryContent, EntrySigner, LogEvidence, SignedContent, verify_entry};
use crate::trust_root::TrustRoot;
use crate::x509::sct::{Sct, embedded};
use crate::x509::{Certificate, Chaining, Usage, verify_chain};

/// Subject alternative names: Fulcio marks them critical, whatever kind of name they are.
const NAMES: &str = "2.5.29.17";

/// What must be signed.
#[derive(Clone, Copy, Debug)]
pub struct Artifact<'a> {
    /// Its digest.
    pub digest: &'a Digest,
    /// Its bytes, which message signatures are over.
    pub bytes: Option<&'a [u8]>,
}

/// Who must have signed.
#[derive(Clone, Debug)]
pub enum BundlePolicy {
    /// The holder of a certificate with this identity.
    Identity(BundleIdentity),
    /// The holder of this key, over this hash.
    Key {
        /// The key.
        key: PublicKey,
        /// The hash.
        hash: HashAlgorithm,
    },
}

/// What must prove the signature beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirements {
    /// A trusted log has it.
    pub log: bool,
    /// A log or a timestamp authority proves when it was made. Without it certificates must be valid now.
    pub time: bool,
    /// A trusted certificate log promises to have the certificate. Kyverno never asks for that.
    pub certificate_log: bool,
}

/// What a bundle proves.
#[derive(Clone, Debug)]
pub struct VerifiedBundle {
    /// Who signed.
    pub signer: VerifiedSigner,
    /// Entries of trusted logs.
    pub logged: Vec<LogEvidence>,
    /// Times that authorities prove.
    pub stamped: Vec<VerifiedTime>,
    /// What was signed, where it is a statement.
    pub statement: Option<Statement>,
}

/// Who signed.
#[derive(Clone, Debug)]
pub enum VerifiedSigner {
    /// The holder of a certificate.
    Certificate {
        /// The certificate.
        certificate: Certificate,
        /// Whom it names.
        subject: String,
        /// Who authenticated that.
        issuer: String,
    },
    /// The holder of the policy's key.
    Key,
}

/// Verifies `bundle` about `artifact`; the error is the first reason that speaks against it.
pub fn verify(
    bundle: &Bundle,
    artifact: &Artifact<'_>,
    policy: &BundlePolicy,
    requirements: Requirements,
    trust: &TrustRoot,
    now: Option<&Timestamp>,
) -> Result<VerifiedBundle, BundleError> {
    let material = Material::of(bundle, policy)?;
    let logged = if requirements.log { check_log(bundle, &material, trust)? } else { Vec::new() };
    let (stamped, times) = check_times(bundle, &logged, requirements, trust, now, &material)?;
    let signer = check_signer(&material, &times, requirements, trust)?;
    let statement = check_content(bundle, artifact, &material)?;
    if let (BundlePolicy::Identity(wanted), Material::Certificate(certificate)) = (policy, &material) {
        wanted.check(certificate)?;
    }
    Ok(VerifiedBundle { signer, logged, stamped, statement })
}

/// What the signature is checked with.
enum Material<'a> {
    Certificate(&'a Certificate),
    Key { key: &'a PublicKey, hash: HashAlgorithm },
}

impl<'a> Material<'a> {
    fn of(bundle: &'a Bundle, policy: &'a BundlePolicy) -> Result<Self, BundleError> {
        match (&bundle.signer, policy) {
            (BundleSigner::Certificate(certificate), BundlePolicy::Identity(_)) => Ok(Self::Certificate(certificate)),
            (BundleSigner::Key(_), BundlePolicy::Key { key, hash }) => Ok(Self::Key { key, hash: *hash }),
            (BundleSigner::Certificate(_), BundlePolicy::Key { .. }) => {
                Err(BundleError::SignerKind { expected: "key", found: "certificate" })
            }
            (BundleSigner::Key(_), BundlePolicy::Identity(_)) => {
                Err(BundleError::SignerKind { expected: "certificate", found: "key" })
            }
        }
    }

    fn key(&self) -> Result<&PublicKey, BundleError> {
        match self {
            Self::Certificate(certificate) => certificate.public_key().map_err(|error| BundleError::Key(error.clone())),
            Self::Key { key, .. } => Ok(key),
        }
    }

    /// What the signature may be checked by: for certificates with large curves old clients used SHA-256 too.
    fn algorithms(&self) -> Result<Vec<&'static dyn VerificationAlgorithm>, BundleError> {
        let key = self.key()?;
        let hashes: &[HashAlgorithm] = match (self, key.kind()) {
            (Self::Key { hash, .. }, _) => &[*hash],
            (_, KeyKind::Ecdsa(Curve::P384)) => &[HashAlgorithm::Sha384, HashAlgorithm::Sha256],
            (_, KeyKind::Ecdsa(Curve::P521)) => &[HashAlgorithm::Sha512, HashAlgorithm::Sha256],
            _ => &[HashAlgorithm::Sha256],
        };
        hashes.iter().map(|hash| cosign_verifier(key, *hash).map_err(BundleError::Key)).collect()
    }

    fn check(&self, message: &[u8], signature: &[u8]) -> Result<(), BundleError> {
        let key = self.key()?;
        let mut outcome = Err(SignatureError::Mismatch { algorithm: "none" });
        for algorithm in self.algorithms()? {
            outcome = algorithm.verify(key, message, signature);
            if outcome.is_ok() {
                break;
            }
        }
        outcome.map_err(BundleError::Signature)
    }
}

fn check_log(bundle: &Bundle, material: &Material<'_>, trust: &TrustRoot) -> Result<Vec<LogEvidence>, BundleError> {
    let entries = &bundle.log_entries;
    for (index, entry) in entries.iter().enumerate() {
        let is_same = |other: &&crate::transparency_log::TransparencyLogEntry| {
            other.log_id == entry.log_id && other.log_index == entry.log_index
        };
        if entries.iter().take(index).any(|other| is_same(&other)) {
            return Err(BundleError::malformed("verificationMaterial.tlogEntries", "different entries"));
        }
    }
    let content = EntryContent {
        signature: bundle.signature()?,
        signer: match material {
            Material::Certificate(certificate) => EntrySigner::Certificate(certificate),
            Material::Key { key, .. } => EntrySigner::Key(key),
        },
        signed: match &bundle.content {
            BundleContent::Envelope(envelope) => SignedContent::Envelope(envelope),
            BundleContent::Message(message) => {
                SignedContent::Message { algorithm: &message.algorithm, digest: &message.digest }
            }
        },
    };
    let mut found = Vec::new();
    for entry in entries {
        let Some(evidence) = verify_entry(entry, &content, &trust.transparency_logs).map_err(BundleError::Log)? else {
            continue;
        };
        if entry.integrated_time != 0 {
            check_integrated_time(material, &Timestamp::from_unix(entry.integrated_time))?;
        }
        found.push(evidence);
    }
    if found.is_empty() { Err(BundleError::LogEntryMissing { found: 0 }) } else { Ok(found) }
}

fn check_integrated_time(material: &Material<'_>, time: &Timestamp) -> Result<(), BundleError> {
    let Material::Certificate(certificate) = material else { return Ok(()) };
    if certificate.not_before() <= time && time <= certificate.not_after() {
        return Ok(());
    }
    Err(BundleError::IntegratedTime {
        time: time.to_rfc3339(),
        not_before: certificate.not_before().to_rfc3339(),
        not_after: certificate.not_after().to_rfc3339(),
    })
}

/// The times at which a certificate must have been valid.
fn check_times(
    bundle: &Bundle,
    logged: &[LogEvidence],
    requirements: Requirements,
    trust: &TrustRoot,
    now: Option<&Timestamp>,
    material: &Material<'_>,
) -> Result<(Vec<VerifiedTime>, Vec<Timestamp>), BundleError> {
    if !requirements.time {
        let times = match material {
            Material::Certificate(_) => vec![now.ok_or(BundleError::TimeUnknown)?.clone()],
            Material::Key { .. } => Vec::new(),
        };
        return Ok((Vec::new(), times));
    }
    let signature = bundle.signature()?;
    let mut stamped: Vec<VerifiedTime> = Vec::new();
    let mut reason = None;
    for token in &bundle.timestamps {
        match check_timestamp(token, signature, trust) {
            Ok(time) if stamped.iter().all(|other| other.signer != time.signer) => stamped.push(time),
            Ok(_) => {}
            Err(error) => reason = Some(error),
        }
    }
    let times = logged.iter().filter_map(|evidence| evidence.integrated_time.clone());
    let times: Vec<Timestamp> = times.chain(stamped.iter().map(|stamp| stamp.time.clone())).collect();
    if times.is_empty() { Err(BundleError::TimeMissing { reason }) } else { Ok((stamped, times)) }
}

fn check_timestamp(token: &[u8], signature: &[u8], trust: &TrustRoot) -> Result<VerifiedTime, TimestampError> {
    let mut reason = TimestampError::RootsMissing;
    for authority in &trust.timestamp_authorities {
        match verify_token(token, signature, authority) {
            Ok(stamp) if authority.is_valid_at(&stamp.time) => return Ok(stamp),
            Ok(stamp) => reason = TimestampError::NotInUse { time: stamp.time.to_rfc3339() },
            Err(error) => reason = error,
        }
    }
    Err(reason)
}

fn check_signer(
    material: &Material<'_>,
    times: &[Timestamp],
    requirements: Requirements,
    trust: &TrustRoot,
) -> Result<VerifiedSigner, BundleError> {
    let Material::Certificate(certificate) = material else { return Ok(VerifiedSigner::Key) };
    let subject = identity::subject(certificate).ok_or_else(|| {
        BundleError::malformed("verificationMaterial.certificate", "a certificate that names somebody")
    })?;
    let mut issuer_certificate = None;
    for time in times {
        issuer_certificate = Some(check_chain(certificate, time, trust)?);
    }
    if requirements.certificate_log {
        check_certificate_log(certificate, issuer_certificate.as_ref(), trust)?;
    }
    let issuer = identity::issuer(certificate);
    Ok(VerifiedSigner::Certificate { certificate: (*certificate).clone(), subject, issuer })
}

/// A log in the trust root promises to have the certificate.
fn check_certificate_log(
    leaf: &Certificate,
    issuer: Option<&Certificate>,
    trust: &TrustRoot,
) -> Result<(), BundleError> {
    let timestamps = embedded(leaf).map_err(BundleError::CertificateLog)?;
    let issuer = issuer.ok_or(BundleError::CertificateLogMissing)?;
    let is_good = |sct: &Sct| {
        let mut logs = trust.certificate_logs.iter().filter(|log| log.log_id == sct.log_id);
        logs.any(|log| log.is_valid_at(&sct.time()) && sct.verify(leaf, issuer, &log.key).is_ok())
    };
    if timestamps.iter().any(is_good) { Ok(()) } else { Err(BundleError::CertificateLogMissing) }
}

/// The issuer of `leaf`, whom an authority of the trust root vouches for at `time`.
fn check_chain(leaf: &Certificate, time: &Timestamp, trust: &TrustRoot) -> Result<Certificate, BundleError> {
    let mut reason = ChainReason::NoAuthority;
    for authority in &trust.certificate_authorities {
        let Some((root, intermediates)) = authority.chain.split_last() else { continue };
        if !authority.is_valid_at(time) {
            reason = ChainReason::NotInUse;
            continue;
        }
        let chaining = Chaining {
            roots: std::slice::from_ref(root),
            intermediates,
            time,
            usage: Usage::CodeSigning,
            tolerated_critical: &[NAMES],
        };
        match verify_chain(leaf, &chaining) {
            Ok(chains) => {
                let issuer = chains.first().and_then(|chain| chain.get(1)).copied();
                return Ok(issuer.unwrap_or(leaf).clone());
            }
            Err(error) => reason = ChainReason::Error(error),
        }
    }
    Err(BundleError::Chain { time: time.to_rfc3339(), reason })
}

fn check_content(
    bundle: &Bundle,
    artifact: &Artifact<'_>,
    material: &Material<'_>,
) -> Result<Option<Statement>, BundleError> {
    let signature = bundle.signature()?;
    match &bundle.content {
        BundleContent::Envelope(envelope) => {
            check_key_id(envelope, material)?;
            material.check(&envelope.pre_authentication_encoding(), signature)?;
            let statement = Statement::parse(&envelope.payload).map_err(BundleError::Content)?;
            check_subject(&statement, artifact.digest)?;
            Ok(Some(statement))
        }
        BundleContent::Message(message) => {
            let found = hex::encode(&message.digest);
            if message.algorithm != artifact.digest.algorithm() || found != artifact.digest.encoded() {
                let found = format!("{}:{found}", message.algorithm);
                return Err(BundleError::Subject { expected: artifact.digest.to_string(), found });
            }
            if material.key()?.kind() == KeyKind::Ed25519 {
                // sigstore-go has the digest alone, and Ed25519 signs the message itself.
                return Err(BundleError::SignerKind { expected: "key that signs a digest", found: "ed25519 key" });
            }
            let bytes = artifact.bytes.unwrap_or_default();
            material.check(bytes, signature)?;
            Ok(None)
        }
    }
}

/// An id in the envelope must be the key's fingerprint.
fn check_key_id(envelope: &Envelope, material: &Material<'_>) -> Result<(), BundleError> {
    let expected = ssh_fingerprint(material.key()?);
    let named = envelope.signatures.iter().map(|signature| &signature.key_id).find(|id| !id.is_empty());
    match (named, expected) {
        (Some(found), Some(expected)) if *found != expected => {
            Err(BundleError::KeyId { expected, found: found.clone() })
        }
        _ => Ok(()),
    }
}

fn check_subject(statement: &Statement, digest: &Digest) -> Result<(), BundleError> {
    const SUBJECTS: usize = 1024;
    const DIGESTS: usize = 32;
    let found = statement.subjects.len();
    if found > SUBJECTS {
        return Err(BundleError::TooMany { what: "subjects", found, limit: SUBJECTS });
    }
    let most = statement.subjects.iter().map(|subject| subject.digests.len()).max().unwrap_or(0);
    if most > DIGESTS {
        return Err(BundleError::TooMany { what: "digests of a subject", found: most, limit: DIGESTS });
    }
    if statement.is_about(digest) {
        return Ok(());
    }
    let found = statement.subjects.iter().flat_map(|subject| &subject.digests);
    let found: Vec<String> = found.map(|(algorithm, hex)| format!("{algorithm}:{hex}")).collect();
    let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
    Err(BundleError::Subject { expected: digest.to_string(), found })
}
