//! The rules for the certificates of an envelope.
//!
//! Source: Notary Project signature specification, "Certificate requirements"; notation-core-go v1.3.0
//! `x509/codesigning_cert_validations.go`, `x509/helper.go`. Unlike there, a critical extension that nobody understands makes
//! the chain invalid ([`Strictness::Specification`]; RFC 5280, section 4.2).

use super::{Algorithm, Strictness};
use crate::x509::{Certificate, ChainError, KeyUsage, check_signature, check_signed_by};
use thiserror::Error;

/// As many certificates are read.
pub(super) const MOST_CERTIFICATES: usize = 11;

/// What a key usage may not allow: the bit, and notation's name of it.
const FORBIDDEN_USAGES: [(u16, &str); 7] = [
    (1 << 2, "KeyEncipherment"),
    (1 << 3, "DataEncipherment"),
    (1 << 4, "KeyAgreement"),
    (KeyUsage::CERT_SIGN, "CertSign"),
    (1 << 6, "CRLSign"),
    (1 << 7, "EncipherOnly"),
    (1 << 8, "DecipherOnly"),
];
const FORBIDDEN_PURPOSES: [(&str, &str); 5] = [
    ("1.3.6.1.5.5.7.3.1", "ServerAuth"),
    ("1.3.6.1.5.5.7.3.2", "ClientAuth"),
    ("1.3.6.1.5.5.7.3.4", "EmailProtection"),
    ("1.3.6.1.5.5.7.3.8", "Timestamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
];

/// What is wrong with a chain. Texts are notation's, with our reason where Go's library words it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChainFault {
    /// The signing certificate is one of an authority.
    #[error(
        "certificate with subject {subject:?}: if the basic constraints extension is present, the ca field must be set to false"
    )]
    LeafIsAuthority {
        /// Whose.
        subject: String,
    },
    /// A key that may not sign.
    #[error("certificate with subject {subject:?}: {key} is not supported")]
    Key {
        /// Whose.
        subject: String,
        /// Kind and size.
        key: String,
    },
    /// A certificate without key usage.
    #[error("certificate with subject {subject:?}: key usage extension must be present")]
    KeyUsageMissing {
        /// Whose.
        subject: String,
    },
    /// A key usage that is not critical.
    #[error("certificate with subject {subject:?}: key usage extension must be marked critical")]
    KeyUsageNotCritical {
        /// Whose.
        subject: String,
    },
    /// An authority that may not sign certificates, or none at all.
    #[error(
        "certificate with subject {subject:?}: ca field in basic constraints must be present, critical, and set to true, and key cert sign set in key usage"
    )]
    NotAuthority {
        /// Whose.
        subject: String,
    },
    /// The next certificate is not that of the issuer.
    #[error("certificate with subject {subject:?} is not issued by {issuer:?}{}", because(.reason))]
    NotIssued {
        /// Whose.
        subject: String,
        /// The next one's.
        issuer: String,
        /// What a look at the signature said.
        reason: Option<Box<ChainError>>,
    },
    /// A signing certificate that may sign nothing.
    #[error(
        "the certificate with subject {subject:?} is invalid. The key usage must have the bit positions for \"Digital Signature\" set"
    )]
    NotForSigning {
        /// Whose.
        subject: String,
    },
    /// A signing certificate that is for something else too.
    #[error(
        "the certificate with subject {subject:?} is invalid. The key usage must be \"Digital Signature\" only, but found \"{usage}\""
    )]
    NotOnlyForSigning {
        /// Whose.
        subject: String,
        /// For what.
        usage: &'static str,
    },
    /// More authorities below than one allows.
    #[error(
        "certificate with subject {subject:?}: expected path length of {below} but certificate has path length {allowed} instead"
    )]
    PathLength {
        /// Whose.
        subject: String,
        /// How many are below it.
        below: usize,
        /// How many may be.
        allowed: u32,
    },
    /// A signing certificate for a purpose that excludes signing.
    #[error("certificate with subject {subject:?}: extended key usage must not contain {usage} eku")]
    Purpose {
        /// Whose.
        subject: String,
        /// Which purpose.
        usage: &'static str,
    },
    /// The last certificate of the chain is not a root.
    #[error(
        "root certificate with subject {subject:?} is invalid or not self-signed. Certificate chain must end with a valid self-signed root certificate{}",
        because(.reason)
    )]
    RootNotSelfSigned {
        /// Whose.
        subject: String,
        /// What a look at the signature said.
        reason: Option<Box<ChainError>>,
    },
    /// The only certificate of the chain is not signed by itself.
    #[error("invalid self-signed certificate. subject: {subject:?}{}", because(.reason))]
    SelfSignedInvalid {
        /// Whose.
        subject: String,
        /// What a look at the signature said.
        reason: Option<Box<ChainError>>,
    },
    /// A self-signed certificate before the end of the chain.
    #[error(
        "certificate with subject {subject:?} is self-signed. Certificate chain must not contain self-signed leaf or intermediate certificate"
    )]
    SelfSignedWithin {
        /// Whose.
        subject: String,
    },
    /// More certificates than are read.
    #[error("expected at most {MOST_CERTIFICATES} certificates, found {found}")]
    TooLong {
        /// How many.
        found: usize,
    },
    /// A critical extension that nobody here understands.
    #[error("certificate with subject {subject:?} has the critical extension {extension}, which is not understood")]
    UnhandledCritical {
        /// Whose.
        subject: String,
        /// Object identifier.
        extension: String,
    },
}

impl ChainFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key { .. } => "signing-key-unsupported",
            Self::KeyUsageMissing { .. } => "chain-key-usage-missing",
            Self::KeyUsageNotCritical { .. } => "chain-key-usage-not-critical",
            Self::LeafIsAuthority { .. } => "chain-leaf-is-authority",
            Self::NotAuthority { .. } => "chain-issuer-not-authority",
            Self::NotForSigning { .. } => "chain-not-for-signing",
            Self::NotIssued { .. } => "chain-not-issued",
            Self::NotOnlyForSigning { .. } => "chain-not-only-for-signing",
            Self::PathLength { .. } => "path-length",
            Self::Purpose { .. } => "chain-purpose",
            Self::RootNotSelfSigned { .. } => "chain-without-root",
            Self::SelfSignedInvalid { .. } => "chain-self-signed-invalid",
            Self::SelfSignedWithin { .. } => "chain-root-before-end",
            Self::TooLong { .. } => "chain-too-long",
            Self::UnhandledCritical { .. } => "certificate-critical-extension",
        }
    }
}

fn because(reason: &Option<Box<ChainError>>) -> String {
    reason.as_ref().map_or(String::new(), |reason| format!(". Error: {reason}"))
}

/// Checks a chain: the signing certificate first, a root last.
pub(super) fn check(chain: &[Certificate], strictness: Strictness) -> Result<(), ChainFault> {
    match chain {
        [] => {}
        [single] => check_single(single)?,
        [leaf, authorities @ ..] => {
            check_links(chain)?;
            check_leaf(leaf)?;
            authorities.iter().enumerate().try_for_each(|(below, authority)| check_authority(authority, below))?;
        }
    }
    if strictness == Strictness::Kyverno {
        return Ok(());
    }
    // DIVERGENCE notary-critical-extension: upstream does not look at them.
    let unhandled = |certificate: &Certificate| certificate.unhandled_critical().first().cloned();
    let found = chain.iter().find_map(|certificate| Some((certificate, unhandled(certificate)?)));
    match found {
        None => Ok(()),
        Some((certificate, extension)) => {
            Err(ChainFault::UnhandledCritical { subject: subject(certificate), extension })
        }
    }
}

fn check_single(certificate: &Certificate) -> Result<(), ChainFault> {
    let invalid = |reason| ChainFault::SelfSignedInvalid { subject: subject(certificate), reason };
    check_signed_by(certificate, certificate).map_err(|reason| invalid(Some(Box::new(reason))))?;
    if certificate.subject() != certificate.issuer() {
        return Err(invalid(None));
    }
    check_leaf(certificate)
}

/// Each certificate must be issued by the next, and only the last by itself.
fn check_links(chain: &[Certificate]) -> Result<(), ChainFault> {
    for pair in chain.windows(2) {
        let [child, parent] = pair else { continue };
        if issued(child, child) == Ok(true) {
            return Err(ChainFault::SelfSignedWithin { subject: subject(child) });
        }
        let reason = match issued(child, parent) {
            Ok(true) => continue,
            Ok(false) => None,
            Err(reason) => Some(Box::new(reason)),
        };
        return Err(ChainFault::NotIssued { subject: subject(child), issuer: subject(parent), reason });
    }
    let Some(root) = chain.last() else { return Ok(()) };
    let reason = match issued(root, root) {
        Ok(true) => return Ok(()),
        Ok(false) => None,
        Err(reason) => Some(Box::new(reason)),
    };
    Err(ChainFault::RootNotSelfSigned { subject: subject(root), reason })
}

fn issued(child: &Certificate, parent: &Certificate) -> Result<bool, ChainError> {
    // Names first: they cost nothing.
    Ok(child.issuer() == parent.subject() && check_signature(child, parent).map(|()| true)?)
}

fn check_leaf(leaf: &Certificate) -> Result<(), ChainFault> {
    let subject = || subject(leaf);
    if leaf.is_ca() {
        return Err(ChainFault::LeafIsAuthority { subject: subject() });
    }
    let usage = key_usage(leaf)?;
    if !usage.allows(KeyUsage::DIGITAL_SIGNATURE) {
        return Err(ChainFault::NotForSigning { subject: subject() });
    }
    if let Some((_, usage)) = FORBIDDEN_USAGES.into_iter().find(|(bit, _)| usage.allows(*bit)) {
        return Err(ChainFault::NotOnlyForSigning { subject: subject(), usage });
    }
    let purposes = leaf.extended_key_usage().map(|allowed| allowed.usages.as_slice()).unwrap_or_default();
    let forbidden = |purpose: &String| FORBIDDEN_PURPOSES.into_iter().find(|(oid, _)| oid == purpose);
    if let Some((_, usage)) = purposes.iter().find_map(forbidden) {
        return Err(ChainFault::Purpose { subject: subject(), usage });
    }
    match leaf.public_key() {
        Ok(key) if Algorithm::for_key(key.kind()).is_some() => Ok(()),
        Ok(key) => Err(ChainFault::Key { subject: subject(), key: key.kind().to_string() }),
        Err(error) => Err(ChainFault::Key { subject: subject(), key: error.to_string() }),
    }
}

fn check_authority(authority: &Certificate, below: usize) -> Result<(), ChainFault> {
    let constraints = authority.basic_constraints().filter(|constraints| constraints.ca);
    let constraints = constraints.ok_or_else(|| ChainFault::NotAuthority { subject: subject(authority) })?;
    match constraints.path_len {
        Some(allowed) if usize::try_from(allowed).is_ok_and(|allowed| allowed < below) => {
            return Err(ChainFault::PathLength { subject: subject(authority), below, allowed });
        }
        _ => {}
    }
    if key_usage(authority)?.allows(KeyUsage::CERT_SIGN) {
        Ok(())
    } else {
        Err(ChainFault::NotAuthority { subject: subject(authority) })
    }
}

fn key_usage(certificate: &Certificate) -> Result<KeyUsage, ChainFault> {
    match certificate.key_usage() {
        None => Err(ChainFault::KeyUsageMissing { subject: subject(certificate) }),
        Some(usage) if !usage.critical => Err(ChainFault::KeyUsageNotCritical { subject: subject(certificate) }),
        Some(usage) => Ok(usage),
    }
}

fn subject(certificate: &Certificate) -> String {
    certificate.subject().to_string()
}
