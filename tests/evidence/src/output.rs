//! Everything that is generated, as files, and holding them against what is checked in.

use crate::document::pretty;
use crate::{Image, Layout, Payload, SignatureLayer, Signatures, cases, samples, scenarios};
use serde_json::Value;
use std::fs;
use std::io;
use std::path::Path;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path from the folder of the workspace.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file.
    pub fn new(path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.to_owned(), bytes: bytes.into() }
    }
}

/// Every file that is generated: the cases, a layout, the samples.
pub fn files() -> Vec<File> {
    let scenarios = scenarios();
    let entries = scenarios.iter().map(crate::Scenario::manifest_entry).collect();
    let mut files = vec![File::new("tests/data/evidence/manifest.json", pretty(&Value::Array(entries)))];
    for scenario in &scenarios {
        files.push(File::new(&format!("tests/data/evidence/{}.json", scenario.name), scenario.to_json()));
    }
    files.extend(layout());
    files.extend(samples::files());
    files
}

/// One repository as a layout root, for the tests of hosts: a signed image and an unsigned one.
fn layout() -> Vec<File> {
    let signed = Image::new("team/app", "v1");
    let signatures = Signatures::new(vec![SignatureLayer::sign(&cases::team(), &Payload::of(&signed))]);
    Layout::new(&signed.repository)
        .image(&signed, "v1")
        .signatures(&signed.digest(), &signatures)
        .image(&Image::new("team/app", "v2"), "v2")
        .files("tests/data/layouts")
}

/// Writes every file below `root`.
pub fn write(root: &Path) -> io::Result<()> {
    for file in files() {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, &file.bytes)?;
    }
    Ok(())
}

/// The generated files that are not below `root` as they would be written.
pub fn differences(root: &Path) -> Vec<String> {
    let differs = |file: &File| fs::read(root.join(&file.path)).ok().as_ref() != Some(&file.bytes);
    files().into_iter().filter(differs).map(|file| file.path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_checked_in_is_what_is_generated() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let stale = differences(root);
        assert!(stale.is_empty(), "run `cargo xtask evidence`, these are stale: {stale:?}");
    }

    #[test]
    fn every_run_writes_the_same_bytes() {
        assert_eq!(files(), files());
    }
}
