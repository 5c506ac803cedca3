//! The cases of the Sigstore client conformance suite, and how they are asked.

use std::fs;
use std::path::Path;
use vidimus::bundle::{
    Artifact, Bundle, BundleError, BundleIdentity, BundlePolicy, Matcher, Requirements, VerifiedBundle, verify,
};
use vidimus::crypto::{HashAlgorithm, KeyError, PublicKey};
use vidimus::digest::Digest;
use vidimus::scalar::time::Timestamp;
use vidimus::trust_root::{TrustRoot, TrustRootError};

const PUBLIC_GOOD: &[u8] = include_bytes!("../data/public-good-trusted-root.json");
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A bundle, what it should be about, and who is trusted.
#[derive(Clone, Debug)]
pub struct BundleCase {
    /// Name; it ends in `_fail` where the bundle must not verify.
    pub name: String,
    /// The bundle's JSON.
    pub bundle: Vec<u8>,
    /// The trust root's JSON.
    pub trust: Vec<u8>,
    /// What is signed.
    pub artifact: Vec<u8>,
    /// PEM of the key that should have signed.
    pub key: Option<String>,
    /// Who should have authenticated the signer, where there is no key.
    pub issuer: String,
    /// Who should have signed, where there is no key.
    pub subject: String,
}

/// Why a case is not verified.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The key of the policy cannot be used.
    Key(KeyError),
    /// The bundle cannot be read.
    Malformed(BundleError),
    /// It proves something else.
    Rejected(BundleError),
    /// The trust root cannot be read.
    Trust(TrustRootError),
}

impl BundleCase {
    /// Every case of the suite, in order of name.
    pub fn all(suite: &Path) -> Vec<Self> {
        let root = suite.join("bundle-verify");
        let folders = fs::read_dir(&root).expect("the cases are there").map(|entry| entry.expect("a folder").path());
        let mut cases: Vec<Self> = folders.filter(|path| path.is_dir()).map(|path| Self::read(&path, &root)).collect();
        cases.sort_by(|left, right| left.name.cmp(&right.name));
        cases
    }

    fn read(folder: &Path, root: &Path) -> Self {
        let file = |name: &str| fs::read(folder.join(name)).ok();
        let text = |name: &str| fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_owned());
        Self {
            name: folder.file_name().and_then(|name| name.to_str()).expect("names are text").to_owned(),
            bundle: file("bundle.sigstore.json").expect("the bundle is there"),
            trust: file("trusted_root.json").unwrap_or(PUBLIC_GOOD.to_vec()),
            artifact: file("artifact").or(fs::read(root.join("a.txt")).ok()).expect("the artifact is there"),
            key: text("key.pub"),
            issuer: text("issuer").unwrap_or(ISSUER.to_owned()),
            subject: text("identity").unwrap_or(IDENTITY.to_owned()),
        }
    }

    /// Must it verify?
    pub fn is_good(&self) -> bool {
        !self.name.ends_with("_fail")
    }

    /// Asks with the log and the time wanted; `sct`: the promise of a certificate log, too.
    pub fn ask(&self, sct: bool) -> Result<VerifiedBundle, Refusal> {
        self.ask_with(&self.trust_root()?, sct)
    }

    /// Its trust root.
    pub fn trust_root(&self) -> Result<TrustRoot, Refusal> {
        TrustRoot::parse(&self.trust).map_err(Refusal::Trust)
    }

    /// Asks with another trust root.
    pub fn ask_with(&self, trust: &TrustRoot, sct: bool) -> Result<VerifiedBundle, Refusal> {
        let bundle = Bundle::parse(&self.bundle).map_err(Refusal::Malformed)?;
        let exactly = |text: &String| Matcher { text: Some(text.clone()), expression: None };
        let policy = match &self.key {
            Some(pem) => {
                BundlePolicy::Key { key: PublicKey::from_pem(pem).map_err(Refusal::Key)?, hash: HashAlgorithm::Sha256 }
            }
            None => BundlePolicy::Identity(BundleIdentity {
                issuer: exactly(&self.issuer),
                subject: exactly(&self.subject),
            }),
        };
        let digest = Digest::sha256(&self.artifact);
        let artifact = Artifact { digest: &digest, bytes: Some(&self.artifact) };
        let requirements = Requirements { log: true, time: true, certificate_log: sct && self.key.is_none() };
        let now = Timestamp::parse_rfc3339("2026-11-24T00:00:00Z").expect("a time");
        verify(&bundle, &artifact, &policy, requirements, trust, Some(&now)).map_err(Refusal::Rejected)
    }
}
