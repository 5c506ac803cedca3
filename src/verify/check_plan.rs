//! What an attestor asks of a signature, with every key and certificate of the policy parsed.
//!
//! What cannot be used is kept as the reason, which is told where upstream finds it: when the attestor is used.
//! Source: Kyverno `pkg/image/verifiers/cpol/cosign/cosign.go` (`buildCosignOptions`), `pkg/engine/internal/imageverifier.go`
//! (`buildCosignVerifier`).

use super::identity::Identity;
use super::keys::{KeyPlan, plan_key};
use super::{Rejection, notary};
use crate::crypto::{HashAlgorithm, PublicKey};
use crate::encoding::base64;
use crate::notation::CertificateStore;
use crate::policy::{Attestor, AttestorKind, Certificates, Ctlog, HashName, Rekor, VerificationType};
use crate::timestamp::Authority;
use crate::transparency_log::LogKey;
use crate::x509::Certificate;

/// The log that is asked where a policy has no `rekor` at all.
const PUBLIC_REKOR: &str = "https://rekor.sigstore.dev";
/// As many certificates may be above the leaf (Kyverno: a bound on the work of building chains).
const MOST_IN_CHAIN: usize = 11;

/// Something of the policy, or why it cannot be used.
pub type Planned<T> = Result<T, Rejection>;

/// What an attestor asks for.
#[derive(Clone, Debug)]
pub struct CheckPlan {
    /// Roots that replace those of the trust root.
    pub roots: Option<Planned<Vec<Certificate>>>,
    /// The hash of a static key's signatures, or of a given certificate's.
    pub hash: Planned<HashAlgorithm>,
    /// Who must have signed.
    pub signer: SignerPlan,
    /// The transparency log that must have it; `None`: none.
    pub log: Option<LogPlan>,
    /// Logs that the certificate must be in; `None`: none.
    pub certificate_log: Option<CertificateLogPlan>,
    /// Who may prove the time.
    pub authority: Option<Planned<Authority>>,
    /// Whom the certificate must name.
    pub identity: Identity,
}

/// Who must have signed.
#[derive(Clone, Debug)]
pub enum SignerPlan {
    /// The holder of a certificate that comes with the signature, below these authorities.
    Below(Planned<Vec<Certificate>>),
    /// The holder of this certificate.
    Certificate(Planned<Box<Certificate>>),
    /// The holder of this certificate, which must be below the last of these.
    CertificateBelow(Planned<(Box<Certificate>, Vec<Certificate>)>),
    /// The holder of a certificate that comes with the signature, below the trust root's authorities or `roots`.
    Fulcio,
    /// The holder of a static key.
    Key(KeyPlan),
    /// The holder of a certificate that comes with the signature, one of whose chain is among these (`type: Notary`).
    Store(Planned<CertificateStore>),
}

/// A transparency log.
#[derive(Clone, Debug)]
pub struct LogPlan {
    /// Where signatures without an entry are looked up; empty: nowhere.
    pub url: String,
    /// The key that replaces those of the trust root.
    pub key: Option<Planned<LogKey>>,
}

/// A certificate log.
#[derive(Clone, Debug)]
pub struct CertificateLogPlan {
    /// The key that replaces those of the trust root.
    pub key: Option<Planned<LogKey>>,
}

impl CheckPlan {
    pub(super) fn new(attestor: &Attestor, for_attestation: bool, kind: VerificationType) -> Self {
        if kind == VerificationType::Notary {
            return Self { signer: SignerPlan::Store(notary::certificates(attestor)), ..Self::nobody(for_attestation) };
        }
        let hash = &attestor.signature_algorithm;
        let (rekor, ctlog) = match &attestor.kind {
            Some(AttestorKind::Certificates(certificates)) => (&certificates.rekor, &certificates.ctlog),
            Some(AttestorKind::Keyless(keyless)) => (&keyless.rekor, &keyless.ctlog),
            Some(AttestorKind::Keys(keys)) => (&keys.rekor, &keys.ctlog),
            Some(AttestorKind::Nested(_)) | None => return Self::nobody(for_attestation),
        };
        let base = Self { log: log(rekor.as_ref()), ..Self::with_ctlog(ctlog.as_ref()) };
        match &attestor.kind {
            Some(AttestorKind::Keys(keys)) => Self {
                hash: hash_algorithm(&keys.signature_algorithm),
                signer: SignerPlan::Key(plan_key(&keys.source.value, kind)),
                ..base
            },
            Some(AttestorKind::Certificates(certificates)) => {
                Self { hash: hash_algorithm(hash), signer: certificate_signer(certificates), ..base }
            }
            Some(AttestorKind::Keyless(keyless)) => Self {
                roots: keyless.roots.as_ref().map(|roots| root_pool(&roots.value, "failed to load Root certificates")),
                hash: hash_algorithm(hash),
                identity: Identity::new(keyless),
                ..base
            },
            Some(AttestorKind::Nested(_)) | None => base,
        }
    }

    /// The attestor that names nobody. Its log has no address; attestations need no SCT then.
    pub(super) fn nobody(for_attestation: bool) -> Self {
        let certificate_log = (!for_attestation).then_some(CertificateLogPlan { key: None });
        let log = Some(LogPlan { url: String::new(), key: None });
        Self { log, certificate_log, ..Self::with_ctlog(None) }
    }

    fn with_ctlog(ctlog: Option<&Ctlog>) -> Self {
        let key = |ctlog: &Ctlog| ctlog.pubkey.as_deref().map(|pem| log_key(pem, "failed to load CTLogs public keys"));
        Self {
            roots: None,
            hash: Ok(HashAlgorithm::Sha256),
            signer: SignerPlan::Fulcio,
            log: None,
            certificate_log: match ctlog {
                Some(ctlog) if ctlog.ignore_sct => None,
                other => Some(CertificateLogPlan { key: other.and_then(key) }),
            },
            authority: ctlog
                .and_then(|ctlog| ctlog.tsa_cert_chain.as_deref())
                .map(|chain| Authority::from_pem_chain(chain).map_err(Rejection::TimestampChain)),
            identity: Identity::default(),
        }
    }
}

fn log(rekor: Option<&Rekor>) -> Option<LogPlan> {
    let Some(rekor) = rekor else { return Some(LogPlan { url: PUBLIC_REKOR.to_owned(), key: None }) };
    let key = rekor.pubkey.as_deref().map(|pem| log_key(pem, "failed to load Rekor public keys"));
    (!rekor.ignore_tlog).then(|| LogPlan { url: rekor.url.clone(), key })
}

fn log_key(pem: &str, what: &'static str) -> Planned<LogKey> {
    PublicKey::from_pem(pem).map(LogKey::new).map_err(|error| Rejection::LogKey { what, error })
}

fn certificate_signer(certificates: &Certificates) -> SignerPlan {
    match (&certificates.cert, &certificates.cert_chain) {
        (Some(cert), None) => SignerPlan::Certificate(certificate(&cert.value)),
        (Some(cert), Some(chain)) => {
            SignerPlan::CertificateBelow(certificate(&cert.value).and_then(|cert| Ok((cert, chain_of(&chain.value)?))))
        }
        (None, Some(chain)) => SignerPlan::Below(root_pool(&chain.value, "failed to load certificates")),
        // Policy validation refuses it; Kyverno takes Fulcio's roots.
        (None, None) => SignerPlan::Fulcio,
    }
}

/// PEM, or base64 of PEM.
fn certificate(text: &str) -> Planned<Box<Certificate>> {
    let decoded = base64::decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let all = Certificate::all_from_pem(decoded.as_deref().unwrap_or(text)).map_err(Rejection::Certificate)?;
    all.into_iter().next().map(Box::new).ok_or(Rejection::CertificatesMissing("no certs found in pem file"))
}

fn chain_of(pem: &str) -> Planned<Vec<Certificate>> {
    let found = pem.matches("-----BEGIN CERTIFICATE-----").count();
    if found > MOST_IN_CHAIN {
        return Err(Rejection::ChainTooLong { found, limit: MOST_IN_CHAIN });
    }
    let chain = Certificate::all_from_pem(pem).map_err(Rejection::CertificateChain)?;
    if chain.is_empty() {
        Err(Rejection::CertificatesMissing("no chain provided to validate certificate"))
    } else {
        Ok(chain)
    }
}

/// Every certificate in the text that can be read (Go `CertPool.AppendCertsFromPEM`): one at least.
fn root_pool(pem: &str, what: &'static str) -> Planned<Vec<Certificate>> {
    let roots = Certificate::readable_from_pem(pem);
    if roots.is_empty() { Err(Rejection::RootsUnreadable(what)) } else { Ok(roots) }
}

fn hash_algorithm(name: &HashName) -> Planned<HashAlgorithm> {
    match name {
        HashName::Sha224 => Ok(HashAlgorithm::Sha224),
        HashName::Sha256 => Ok(HashAlgorithm::Sha256),
        HashName::Sha384 => Ok(HashAlgorithm::Sha384),
        HashName::Sha512 => Ok(HashAlgorithm::Sha512),
        HashName::Other(text) => Err(Rejection::HashUnknown(text.clone())),
    }
}
