//! Fixture cases: a policy, a resource, and what the real Kyverno answered.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vidimus::trust_root::TrustRoot;

/// One case.
pub struct Case {
    /// Its name.
    pub id: String,
    /// `keys`, `language`, `sigstore` or `notation`.
    pub slice: String,
    /// `case.json`.
    pub document: Value,
    folder: PathBuf,
}

/// One expected or actual response.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Policy name.
    pub policy: String,
    /// Rule name.
    pub rule: String,
    /// `namespace/Kind/name`.
    pub resource: String,
    /// Status.
    pub status: String,
    /// Message.
    pub message: String,
}

impl Case {
    /// Every case below `root`, in order of name.
    pub fn all(root: &Path) -> Vec<Self> {
        let manifest: Value = serde_json::from_slice(&fs::read(root.join("manifest.json")).unwrap()).unwrap();
        let cases = manifest.as_array().unwrap().iter().map(|entry| {
            let id = entry["id"].as_str().unwrap().to_owned();
            let folder = root.join("cases").join(&id);
            let document = serde_json::from_slice(&fs::read(folder.join("case.json")).unwrap()).unwrap();
            Self { slice: entry["slice"].as_str().unwrap().to_owned(), document, folder, id }
        });
        let by_name: BTreeMap<String, Self> = cases.map(|case| (case.id.clone(), case)).collect();
        by_name.into_values().collect()
    }

    /// Text of one of its files, empty where there is none.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    /// The time of the evaluation.
    pub fn now(&self) -> &str {
        self.document["now"].as_str().unwrap_or_default()
    }

    /// The trust root that was in force.
    pub fn trust_root(&self) -> Arc<TrustRoot> {
        let folder = match self.document["trust"].as_str() {
            Some(name) => format!("trust-{name}"),
            None => "trust".to_owned(),
        };
        let root = self.folder.join("../..").join(folder).join("trusted_root.json");
        Arc::new(TrustRoot::parse(&fs::read(root).unwrap()).unwrap())
    }

    /// What Kyverno answered.
    pub fn rows(&self) -> Vec<Row> {
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let results = self.document["kyverno"]["results"].as_array().cloned().unwrap_or_default();
        let row = |row: &Value| Row {
            policy: text(row, "policy"),
            rule: text(row, "rule"),
            resource: text(row, "resource"),
            status: text(row, "status"),
            message: text(row, "message"),
        };
        let mut rows: Vec<Row> = results.iter().map(row).collect();
        rows.sort();
        rows
    }

    /// Did Kyverno refuse the policy?
    pub fn is_invalid(&self) -> bool {
        self.document["kyverno"].get("invalidPolicy").is_some()
    }

    /// Did Kyverno give an answer: no crash, no policy dropped?
    pub fn upstream_answered(&self) -> bool {
        !self.rows().is_empty() && self.document["kyverno"].get("note").is_none()
    }

    /// The status that is decided for us where it differs from Kyverno's.
    pub fn decision(&self) -> Option<&str> {
        self.document["vidimus"]["status"].as_str()
    }
}
