//! What the suites share: where the conformance data is, how a layout answers needs, how a case is asked.

pub mod agreement;
pub mod case;
pub mod envelopes;
pub mod layout;
pub mod suites;
pub mod tamper;
pub mod timestamps;

use std::path::PathBuf;

/// A folder of the conformance data, or `None` with a loud note where it is absent.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: the conformance data `shared/{folder}` is not beside this checkout");
    None
}
