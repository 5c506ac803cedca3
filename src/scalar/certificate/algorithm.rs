//! Algorithms of signatures and keys.
//!
//! Source: Go, package `crypto/x509`, `getSignatureAlgorithmFromAI` and the constants of `SignatureAlgorithm`.

use crate::encoding::der::{INTEGER, Reader, SEQUENCE, context_constructed};

/// An algorithm with its parameters.
#[derive(Clone, Debug)]
pub(super) struct Algorithm<'a> {
    pub(super) identifier: Vec<u32>,
    /// The element of the parameters; empty if there is none.
    pub(super) parameters: &'a [u8],
}

/// The encoding of NULL.
pub(super) const NULL: &[u8] = &[5, 0];

pub(super) const RSA: &[u32] = &[1, 2, 840, 113_549, 1, 1, 1];
const RSA_PSS: &[u32] = &[1, 2, 840, 113_549, 1, 1, 10];
const MGF1: &[u32] = &[1, 2, 840, 113_549, 1, 1, 8];
const ED25519: &[u32] = &[1, 3, 101, 112];

const SIGNATURES: &[(&[u32], i64)] = &[
    (&[1, 2, 840, 113_549, 1, 1, 4], 2),
    (&[1, 2, 840, 113_549, 1, 1, 5], 3),
    (&[1, 3, 14, 3, 2, 29], 3),
    (&[1, 2, 840, 113_549, 1, 1, 11], 4),
    (&[1, 2, 840, 113_549, 1, 1, 12], 5),
    (&[1, 2, 840, 113_549, 1, 1, 13], 6),
    (&[1, 2, 840, 10_040, 4, 3], 7),
    (&[2, 16, 840, 1, 101, 3, 4, 3, 2], 8),
    (&[1, 2, 840, 10_045, 4, 1], 9),
    (&[1, 2, 840, 10_045, 4, 3, 2], 10),
    (&[1, 2, 840, 10_045, 4, 3, 3], 11),
    (&[1, 2, 840, 10_045, 4, 3, 4], 12),
    (ED25519, 16),
];

/// Hashes of RSA-PSS, with the length of the salt that goes with each.
const PSS_HASHES: &[(&[u32], i64, i64)] = &[
    (&[2, 16, 840, 1, 101, 3, 4, 2, 1], 32, 13),
    (&[2, 16, 840, 1, 101, 3, 4, 2, 2], 48, 14),
    (&[2, 16, 840, 1, 101, 3, 4, 2, 3], 64, 15),
];

impl<'a> Algorithm<'a> {
    /// Reads what is in the sequence. `Err(true)`: the identifier is wrong; `Err(false)`: the parameters.
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, bool> {
        let identifier = reader.object_identifier().ok_or(true)?;
        let parameters = if reader.is_empty() { &[] } else { reader.any().ok_or(false)?.full };
        Ok(Self { identifier, parameters })
    }

    /// Go's number of the algorithm of a signature; 0 is an unknown one.
    pub(super) fn signature(&self) -> i64 {
        if self.identifier == RSA_PSS {
            return self.pss().unwrap_or(0);
        }
        if self.identifier == ED25519 && !self.parameters.is_empty() {
            return 0;
        }
        SIGNATURES.iter().find(|(identifier, _)| *identifier == self.identifier).map_or(0, |(_, number)| *number)
    }

    fn pss(&self) -> Option<i64> {
        let mut reader = Reader::new(self.parameters).read(SEQUENCE)?;
        let mut tagged = |number| reader.optional(context_constructed(number)).flatten();
        let hash = Self::read(tagged(0)?.read(SEQUENCE)?).ok()?;
        let mask = Self::read(tagged(1)?.read(SEQUENCE)?).ok()?;
        let salt = tagged(2)?.int64(INTEGER)?;
        let trailer = tagged(3).map_or(Some(1), |mut reader| reader.int64(INTEGER))?;
        let mask_hash = Self::read(Reader::new(mask.parameters).read(SEQUENCE)?).ok()?;
        let usual = trailer == 1
            && mask.identifier == MGF1
            && mask_hash.identifier == hash.identifier
            && [hash.parameters, mask_hash.parameters].iter().all(|it| it.is_empty() || *it == NULL);
        let known = PSS_HASHES.iter().find(|(identifier, length, _)| *identifier == hash.identifier && *length == salt);
        known.filter(|_| usual).map(|(_, _, number)| *number)
    }
}
