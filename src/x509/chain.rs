//! Chains: from a certificate to a root that is trusted.
//!
//! Source: Go `crypto/x509/verify.go` (`Certificate.Verify`, `buildChains`, `isValid`), `x509.go` (`CheckSignatureFrom`).

use super::{Certificate, ChainError, KeyUsage};
use crate::crypto::{HashAlgorithm, KeyKind, SaltLength, SignatureScheme, algorithm, algorithm_for};
use crate::encoding::der::{INTEGER, Reader, SEQUENCE, context_constructed, dotted};
use crate::scalar::time::Timestamp;

/// As many signatures are checked in the search for chains (Go `maxChainSignatureChecks`).
const MOST_SIGNATURES: usize = 100;
const ANY_USAGE: &str = "2.5.29.37.0";

/// What a chain must be good for.
#[derive(Clone, Copy, Debug)]
pub struct Chaining<'a> {
    /// Certificates that are trusted as they are.
    pub roots: &'a [Certificate],
    /// Certificates that may stand between.
    pub intermediates: &'a [Certificate],
    /// Every certificate must be valid at this time.
    pub time: &'a Timestamp,
    /// What the chain is for.
    pub usage: Usage,
    /// Critical extensions of the leaf that the caller understands.
    pub tolerated_critical: &'a [&'a str],
}

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Anything.
    Any,
    /// Signing code.
    CodeSigning,
    /// Stamping times.
    TimeStamping,
}

impl Usage {
    fn oid(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::CodeSigning => Some("1.3.6.1.5.5.7.3.3"),
            Self::TimeStamping => Some("1.3.6.1.5.5.7.3.8"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Any => "any use",
            Self::CodeSigning => "code signing",
            Self::TimeStamping => "time stamping",
        }
    }
}

/// Every chain from `leaf` to a root, the leaf first.
///
/// Errors: the first reason found why there is none.
pub fn verify_chain<'a>(
    leaf: &'a Certificate,
    chaining: &Chaining<'a>,
) -> Result<Vec<Vec<&'a Certificate>>, ChainError> {
    let tolerated = |oid: &&String| !chaining.tolerated_critical.contains(&oid.as_str());
    if let Some(extension) = leaf.unhandled_critical().iter().find(tolerated) {
        return Err(unhandled(leaf, extension));
    }
    valid_at(leaf, chaining.time)?;
    let mut search = Search { chaining, checked: 0, chains: Vec::new(), reason: None };
    if chaining.roots.contains(leaf) {
        search.chains.push(vec![leaf]);
    } else {
        search.extend(&[leaf]);
    }
    let Search { chains, reason, .. } = search;
    let mut refused = reason;
    let good = chains.into_iter().filter(|chain| match check_chain(chain, chaining.usage) {
        Ok(()) => true,
        Err(error) => {
            refused = Some(error);
            false
        }
    });
    let good: Vec<_> = good.collect();
    if good.is_empty() { Err(refused.unwrap_or_else(|| unknown_authority(leaf, chaining.roots))) } else { Ok(good) }
}

/// Is `child` signed by the key of `parent`, and may `parent` sign certificates?
pub fn check_signature(child: &Certificate, parent: &Certificate) -> Result<(), ChainError> {
    let issuer = parent.subject().to_string();
    let constraints = parent.basic_constraints();
    let may_sign = match constraints {
        Some(constraints) => constraints.ca,
        None => parent.version() != 3,
    };
    let usage = parent.key_usage().filter(|usage| !usage.is_empty());
    if !may_sign || usage.is_some_and(|usage| !usage.allows(KeyUsage::CERT_SIGN)) {
        return Err(ChainError::NotAuthority { issuer });
    }
    check_signed_by(child, parent)
}

/// Is `child` signed by the key of `parent`, whatever that key may be used for (Go `Certificate.CheckSignature`)?
pub fn check_signed_by(child: &Certificate, parent: &Certificate) -> Result<(), ChainError> {
    let issuer = parent.subject().to_string();
    let key =
        parent.public_key().map_err(|error| ChainError::IssuerKey { issuer: issuer.clone(), error: error.clone() })?;
    let unsupported = |algorithm: String| ChainError::Algorithm { subject: child.subject().to_string(), algorithm };
    let scheme = scheme(child.signature_algorithm()).map_err(unsupported)?;
    let verifier = match (scheme, key.kind()) {
        (Scheme::Ecdsa(hash), KeyKind::Ecdsa(_)) | (Scheme::Rsa(hash), KeyKind::Rsa { .. }) => algorithm_for(key, hash),
        (Scheme::RsaPss(hash), KeyKind::Rsa { .. }) => {
            algorithm(key, SignatureScheme::RsaPss(hash, SaltLength::HashLength))
        }
        (Scheme::Ed25519, KeyKind::Ed25519) => algorithm(key, SignatureScheme::Ed25519),
        (_, kind) => return Err(unsupported(format!("an algorithm that does not go with the issuer's {kind} key"))),
    };
    let verifier = verifier.map_err(|error| ChainError::IssuerKey { issuer: issuer.clone(), error })?;
    verifier.verify(key, child.tbs_der(), child.signature()).map_err(|error| ChainError::Signature {
        subject: child.subject().to_string(),
        issuer,
        error,
    })
}

#[derive(Clone, Copy)]
enum Scheme {
    Ecdsa(HashAlgorithm),
    Ed25519,
    Rsa(HashAlgorithm),
    RsaPss(HashAlgorithm),
}

/// The scheme of an AlgorithmIdentifier; the error is its object identifier. SHA-1 and MD5 are no longer safe.
fn scheme(der: &[u8]) -> Result<Scheme, String> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    let unknown = || "an algorithm that cannot be read".to_owned();
    let mut reader = Reader::new(der).read(SEQUENCE).ok_or_else(unknown)?;
    let oid = dotted(&reader.object_identifier().ok_or_else(unknown)?);
    match oid.as_str() {
        "1.2.840.113549.1.1.11" => Ok(Scheme::Rsa(Sha256)),
        "1.2.840.113549.1.1.12" => Ok(Scheme::Rsa(Sha384)),
        "1.2.840.113549.1.1.13" => Ok(Scheme::Rsa(Sha512)),
        "1.2.840.10045.4.3.2" => Ok(Scheme::Ecdsa(Sha256)),
        "1.2.840.10045.4.3.3" => Ok(Scheme::Ecdsa(Sha384)),
        "1.2.840.10045.4.3.4" => Ok(Scheme::Ecdsa(Sha512)),
        "1.3.101.112" if reader.is_empty() => Ok(Scheme::Ed25519),
        "1.2.840.113549.1.1.10" => pss_hash(reader).map(Scheme::RsaPss).ok_or(oid),
        _ => Err(oid),
    }
}

/// The hash of RSASSA-PSS, where hash, mask and salt go together as Go wants them.
fn pss_hash(mut reader: Reader<'_>) -> Option<HashAlgorithm> {
    let mut parameters = reader.read(SEQUENCE)?;
    let mut hash_field = parameters.read(context_constructed(0))?;
    let hash = dotted(&hash_field.read(SEQUENCE)?.object_identifier()?);
    let mut mask = parameters.read(context_constructed(1))?.read(SEQUENCE)?;
    let is_mgf1 = dotted(&mask.object_identifier()?) == "1.2.840.113549.1.1.8";
    let mask_hash = dotted(&mask.read(SEQUENCE)?.object_identifier()?);
    let salt = parameters.read(context_constructed(2))?.int64(INTEGER)?;
    let trailer = match parameters.optional(context_constructed(3))? {
        None => 1,
        Some(mut trailer) => trailer.int64(INTEGER)?,
    };
    let known = [
        ("2.16.840.1.101.3.4.2.1", 32, HashAlgorithm::Sha256),
        ("2.16.840.1.101.3.4.2.2", 48, HashAlgorithm::Sha384),
        ("2.16.840.1.101.3.4.2.3", 64, HashAlgorithm::Sha512),
    ];
    let (_, _, algorithm) = known.into_iter().find(|(oid, length, _)| *oid == hash && *length == salt)?;
    (is_mgf1 && mask_hash == hash && trailer == 1).then_some(algorithm)
}

/// The search for chains.
struct Search<'s, 'a> {
    chaining: &'s Chaining<'a>,
    checked: usize,
    chains: Vec<Vec<&'a Certificate>>,
    /// The first reason why a candidate did not do.
    reason: Option<ChainError>,
}

impl<'a> Search<'_, 'a> {
    /// Looks for the issuers of the last certificate of `chain`.
    fn extend(&mut self, chain: &[&'a Certificate]) {
        let Some(child) = chain.last() else { return };
        let chaining = self.chaining;
        for root in candidates(chaining.roots, child) {
            if self.accepts(chain, root, true) {
                self.chains.push(chain.iter().copied().chain([root]).collect());
            }
        }
        for intermediate in candidates(chaining.intermediates, child) {
            if self.accepts(chain, intermediate, false) {
                let longer: Vec<_> = chain.iter().copied().chain([intermediate]).collect();
                self.extend(&longer);
            }
        }
    }

    fn accepts(&mut self, chain: &[&'a Certificate], candidate: &'a Certificate, is_root: bool) -> bool {
        self.checked += 1;
        if chain.iter().any(|other| is_same(other, candidate)) {
            return false;
        }
        match self.check(chain, candidate, is_root) {
            Ok(()) => true,
            Err(error) => {
                self.reason.get_or_insert(error);
                false
            }
        }
    }

    fn check(&mut self, chain: &[&'a Certificate], issuer: &'a Certificate, is_root: bool) -> Result<(), ChainError> {
        if self.checked > MOST_SIGNATURES {
            return Err(ChainError::TooMuchWork { limit: MOST_SIGNATURES });
        }
        let Some(child) = chain.last() else { return Ok(()) };
        check_signature(child, issuer)?;
        if let Some(extension) = issuer.unhandled_critical().first() {
            return Err(unhandled(issuer, extension));
        }
        valid_at(issuer, self.chaining.time)?;
        if !is_root && !issuer.is_ca() {
            return Err(ChainError::NotAuthority { issuer: issuer.subject().to_string() });
        }
        let allowed = issuer.basic_constraints().and_then(|constraints| constraints.path_len);
        match allowed {
            Some(allowed) if chain.len() - 1 > usize::try_from(allowed).unwrap_or(usize::MAX) => {
                Err(ChainError::PathLength { issuer: issuer.subject().to_string(), allowed })
            }
            _ => Ok(()),
        }
    }
}

/// Those that have the name of the issuer: first those whose key's id fits, last those whose does not (Go
/// `findPotentialParents`).
fn candidates<'a>(pool: &'a [Certificate], child: &Certificate) -> Vec<&'a Certificate> {
    let mut found: Vec<&Certificate> = Vec::new();
    for candidate in pool.iter().filter(|candidate| candidate.subject() == child.issuer()) {
        if !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    let wanted = child.details().authority_key_id.as_deref().unwrap_or_default();
    found.sort_by_key(|candidate| match candidate.subject_key_id().unwrap_or_default() {
        id if id == wanted => 0,
        id if id.is_empty() != wanted.is_empty() => 1,
        _ => 2,
    });
    found
}

/// The same subject, key and names: a loop (Go `alreadyInChain`).
fn is_same(one: &Certificate, other: &Certificate) -> bool {
    let names = |certificate: &Certificate| certificate.extension("2.5.29.17").map(|extension| extension.value.clone());
    one.subject() == other.subject() && one.spki_der() == other.spki_der() && names(one) == names(other)
}

fn valid_at(certificate: &Certificate, time: &Timestamp) -> Result<(), ChainError> {
    if certificate.not_before() <= time && time <= certificate.not_after() {
        return Ok(());
    }
    Err(ChainError::Expired {
        subject: certificate.subject().to_string(),
        not_before: certificate.not_before().to_rfc3339(),
        not_after: certificate.not_after().to_rfc3339(),
        time: time.to_rfc3339(),
    })
}

/// Usages and names, which concern a chain as a whole.
fn check_chain(chain: &[&Certificate], usage: Usage) -> Result<(), ChainError> {
    if let Some(wanted) = usage.oid() {
        let allows = |certificate: &&&Certificate| match certificate.extended_key_usage() {
            None => true,
            Some(allowed) if allowed.usages.is_empty() => true,
            Some(allowed) => allowed.usages.iter().any(|found| found == wanted || found == ANY_USAGE),
        };
        if let Some(certificate) = chain.iter().find(|certificate| !allows(certificate)) {
            let subject = certificate.subject().to_string();
            return Err(ChainError::Usage { subject, usage: usage.name() });
        }
    }
    for (index, authority) in chain.iter().enumerate() {
        let Some(constraints) = &authority.details().name_constraints else { continue };
        for below in chain.iter().take(index) {
            constraints.check(below.names(), authority.subject())?;
        }
    }
    Ok(())
}

fn unhandled(certificate: &Certificate, extension: &str) -> ChainError {
    ChainError::UnhandledCritical { subject: certificate.subject().to_string(), extension: extension.to_owned() }
}

fn unknown_authority(leaf: &Certificate, roots: &[Certificate]) -> ChainError {
    let roots: Vec<String> = roots.iter().map(|root| root.subject().to_string()).collect();
    ChainError::UnknownAuthority {
        subject: leaf.subject().to_string(),
        issuer: leaf.issuer().to_string(),
        expected: if roots.is_empty() { "one of no roots".to_owned() } else { roots.join(" or ") },
    }
}
