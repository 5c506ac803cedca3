//! Chains: from a certificate to a root that is trusted.
//!
//! Source: Go `crypto/x509/verify.go` (`Certificate.Verify`, `buildChains`, `isValid`), `x509.go` (`CheckSignatureFrom`).

use super::{Certificate, ChainError, KeyUsage, Signed, check_authority};
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
    check_authority(parent, KeyUsage::CERT_SIGN)?;
    check_signed_by(child, parent)
}

/// Is `child` signed by the key of `parent`, whatever that key may be used for (Go `Certificate.CheckSignature`)?
pub fn check_signed_by(child: &Certificate, parent: &Certificate) -> Result<(), ChainError> {
    let signature = child.signature().to_vec();
    let what = child.subject().to_string();
    Signed { what, algorithm: child.signature_algorithm(), body: child.tbs_der(), signature }.check(parent)
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
