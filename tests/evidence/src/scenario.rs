//! A case: what the registry holds, what the policy wants, what the verdict is.

use crate::{Document, Signer, policy};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// One image, one policy, one verdict.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name: kebab-case, also the name of its file.
    pub name: String,
    /// What it is, in one sentence.
    pub what: String,
    /// The image that the workload names.
    pub image: String,
    /// The keys of the policy, one attestor each (see [`Requirements::one_text`]).
    pub keys: Vec<NamedKey>,
    /// What else the policy says.
    pub requirements: Requirements,
    /// What a correct engine answers.
    pub expect: Expectation,
    /// What the registry answered.
    pub document: Document,
}

/// A public key of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedKey {
    /// The signer's name.
    pub name: String,
    /// PEM.
    pub pem: String,
}

/// What the policy says beside its keys.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// `signatureAlgorithm`, where it is not left out.
    pub signature_algorithm: Option<String>,
    /// Annotations that the signature must carry.
    pub annotations: BTreeMap<String, String>,
    /// How many keys must have signed, where that is not left out.
    pub count: Option<usize>,
    /// Where signatures are, where that is not the image's repository.
    pub repository: Option<String>,
    /// All keys stand in one `publicKeys` text.
    pub one_text: bool,
}

/// What a correct engine answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The status of the only rule result.
    pub verdict: Verdict,
    /// Why, as a kebab-case word. A description: the engine's own codes may be finer.
    pub reason: &'static str,
}

/// Status of a rule result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Could not be evaluated.
    Error,
    /// Rejected.
    Fail,
    /// Verified.
    Pass,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Fail => "fail",
            Self::Pass => "pass",
        })
    }
}

impl Scenario {
    /// A case that verifies, until [`Scenario::fails`] or [`Scenario::errors`] says otherwise.
    pub fn new(name: &str, what: &str, image: &str, document: Document) -> Self {
        Self {
            name: name.to_owned(),
            what: what.to_owned(),
            image: image.to_owned(),
            keys: Vec::new(),
            requirements: Requirements::default(),
            expect: Expectation { verdict: Verdict::Pass, reason: "image-verified" },
            document,
        }
    }

    /// The policy trusts `signer`.
    pub fn trusting(mut self, signer: &Signer) -> Self {
        self.keys.push(NamedKey { name: signer.name().to_owned(), pem: signer.public_pem() });
        self
    }

    /// The policy trusts each of `signers`.
    pub fn trusting_all(self, signers: &[Signer]) -> Self {
        signers.iter().fold(self, Self::trusting)
    }

    /// The policy says more than its keys.
    pub fn requiring(mut self, requirements: Requirements) -> Self {
        self.requirements = requirements;
        self
    }

    /// The image is rejected.
    pub fn fails(mut self, reason: &'static str) -> Self {
        self.expect = Expectation { verdict: Verdict::Fail, reason };
        self
    }

    /// The image cannot be judged.
    pub fn errors(mut self, reason: &'static str) -> Self {
        self.expect = Expectation { verdict: Verdict::Error, reason };
        self
    }

    /// The policy as YAML: rule `verify` of ClusterPolicy `check-image`, which gives one result for the image.
    pub fn policy(&self) -> String {
        policy::cluster_policy(&self.keys, &self.requirements)
    }

    /// The workload: Pod `default/workload` with the image.
    pub fn resource(&self) -> Value {
        json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": "workload", "namespace": "default" },
            "spec": { "containers": [{ "name": "app", "image": self.image }] },
        })
    }

    /// The evidence document, with policy and workload in it: all that a replay needs.
    pub fn to_json(&self) -> String {
        let policies = json!([{ "name": "policy.yaml", "text": self.policy() }]);
        self.document.clone().with("policies", policies).with("resource", self.resource()).to_json()
    }

    /// Its entry in `manifest.json`.
    pub fn manifest_entry(&self) -> Value {
        let keys: Vec<_> = self.keys.iter().map(|key| json!({ "name": key.name, "pem": key.pem })).collect();
        let verdict = self.expect.verdict.to_string();
        let mut entry = json!({
            "name": self.name,
            "what": self.what,
            "file": format!("{}.json", self.name),
            "image": self.image,
            "keys": keys,
            "expect": { "verdict": verdict, "reason": self.expect.reason },
        });
        let optional = self.requirements.to_fields();
        entry.as_object_mut().expect("an object was made").extend(optional);
        entry
    }
}

impl Requirements {
    /// The fields that are not left out.
    fn to_fields(&self) -> Map<String, Value> {
        let fields = [
            ("signatureAlgorithm", self.signature_algorithm.as_ref().map(|name| json!(name))),
            ("annotations", (!self.annotations.is_empty()).then(|| json!(self.annotations))),
            ("count", self.count.map(|count| json!(count))),
            ("repository", self.repository.as_ref().map(|name| json!(name))),
            ("oneText", self.one_text.then_some(Value::Bool(true))),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}
