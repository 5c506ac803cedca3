//! Merkle trees.
//!
//! Source: RFC 6962, section 2.1; RFC 9162, section 2.1.3.2.

use super::LogError;
use sha2::{Digest as _, Sha256};

/// The hash of an entry.
pub(super) fn leaf_hash(body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(body).finalize().into()
}

fn node_hash(left: &[u8], right: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree of `size` entries that has `leaf` at `index`, if the proof is right.
pub(super) fn root_from_proof(leaf: [u8; 32], index: u64, size: u64, proof: &[Vec<u8>]) -> Result<[u8; 32], LogError> {
    if index >= size {
        return Err(LogError::malformed("inclusionProof.logIndex", "an index below the size of the tree"));
    }
    let (mut node, mut last) = (index, size - 1);
    let mut root = leaf;
    for hash in proof {
        if last == 0 || hash.len() != 32 {
            return Err(LogError::malformed("inclusionProof.hashes", "as many hashes of 32 bytes as the tree is high"));
        }
        if node & 1 == 1 || node == last {
            root = node_hash(hash, &root);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(&root, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 {
        Ok(root)
    } else {
        Err(LogError::malformed("inclusionProof.hashes", "as many hashes of 32 bytes as the tree is high"))
    }
}
