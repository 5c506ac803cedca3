//! Does a bundle prove that an artifact was signed as a policy asks?
//!
//! Source: sigstore-go v1.3, `verify/signed_entity.go` (`Verifier.Verify`): the same steps in the same order.

use super::chain::{check_certificate_log, check_chains};
use super::content::check_content;
use super::log::check_log;
use super::signer::Signer;
use super::time::proven_times;
use super::{Bundle, BundleError, BundleIdentity, ProvenTime, identity};
use crate::crypto::{HashAlgorithm, PublicKey};
use crate::digest::Digest;
use crate::in_toto::Statement;
use crate::scalar::time::Timestamp;
use crate::transparency_log::LogEvidence;
use crate::trust_root::TrustRoot;
use crate::x509::Certificate;

/// What must be signed.
#[derive(Clone, Copy, Debug)]
pub struct Artifact<'a> {
    /// Its digest.
    pub digest: &'a Digest,
    /// Its bytes, which message signatures are over; `None`: these count for nothing.
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
    /// When it was signed; nothing where nobody asked.
    pub times: Vec<ProvenTime>,
    /// What was signed, where it is a statement.
    pub statement: Option<Statement>,
}

/// Who signed.
#[derive(Clone, Debug)]
pub enum VerifiedSigner {
    /// The holder of a certificate.
    Certificate {
        /// The certificate.
        certificate: Box<Certificate>,
        /// Whom it names.
        subject: String,
        /// Who authenticated that.
        issuer: String,
        /// Who issued the certificate: its address in the trust root, or where that is not told, the name of its root.
        authority: String,
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
    let signer = Signer::of(bundle, policy)?;
    let logged = if requirements.log { check_log(bundle, &signer, trust)? } else { Vec::new() };
    let times = proven_times(bundle, &logged, requirements, trust, now, &signer)?;
    let verified = check_signer(&signer, &times, requirements, trust)?;
    let statement = check_content(bundle, artifact, &signer)?;
    if let (BundlePolicy::Identity(wanted), VerifiedSigner::Certificate { subject, issuer, .. }) = (policy, &verified) {
        wanted.check(subject, issuer)?;
    }
    Ok(VerifiedBundle { signer: verified, logged, times, statement })
}

fn check_signer(
    signer: &Signer<'_>,
    times: &[ProvenTime],
    requirements: Requirements,
    trust: &TrustRoot,
) -> Result<VerifiedSigner, BundleError> {
    let Signer::Certificate(certificate) = signer else { return Ok(VerifiedSigner::Key) };
    let issuer = identity::issuer(certificate)?;
    let subject = identity::subject(certificate).ok_or_else(|| {
        BundleError::malformed("verificationMaterial.certificate", "a certificate that names somebody")
    })?;
    let issued = check_chains(certificate, times, trust)?;
    if requirements.certificate_log {
        check_certificate_log(certificate, &issued, trust)?;
    }
    let authority = issued.authority.name();
    Ok(VerifiedSigner::Certificate { certificate: Box::new(certificate.clone()), subject, issuer, authority })
}
