//! The cases of the Sigstore client conformance suite: bundles that must verify, and bundles that must not.
//!
//! Source: `shared/corpus/sigstore-conformance/NOTICE.md`. The ledger lists cases that are known to differ; it is strict.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use vidimus::bundle::{Artifact, Bundle, BundleIdentity, BundlePolicy, Matcher, Requirements, verify};
use vidimus::crypto::{HashAlgorithm, PublicKey};
use vidimus::digest::Digest;
use vidimus::scalar::time::Timestamp;
use vidimus::trust_root::TrustRoot;

const PUBLIC_GOOD: &[u8] = include_bytes!("data/public-good-trusted-root.json");
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";
/// Cases that differ, each with the reason.
const LEDGER: &[(&str, &str)] = &[];

#[test]
fn bundles_verify_as_the_suite_says() {
    let Some(root) = vidimus_tests::shared("corpus/sigstore-conformance") else { return };
    let root = root.join("bundle-verify");
    let mut ledger: BTreeMap<&str, &str> = LEDGER.iter().copied().collect();
    let mut complaints = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(&root).expect("the cases are there") {
        let folder = entry.expect("a folder").path();
        if !folder.is_dir() {
            continue;
        }
        cases += 1;
        let name = folder.file_name().and_then(|name| name.to_str()).expect("names are text").to_owned();
        let outcome = ask(&folder, &root);
        let agrees = outcome.is_err() == name.ends_with("_fail");
        match (agrees, ledger.remove(name.as_str())) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(_)) => complaints.push(format!("{name}: the ledger entry is stale")),
            (false, None) => complaints.push(format!("{name}: {outcome:?}")),
        }
    }
    println!("{cases} cases");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(ledger.is_empty(), "ledger entries that are no cases: {ledger:?}");
    assert!(cases >= 68, "only {cases} cases");
}

fn ask(folder: &Path, root: &Path) -> Result<(), String> {
    let file = |name: &str| fs::read(folder.join(name)).ok();
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_owned());
    let artifact = file("artifact").or(fs::read(root.join("a.txt")).ok()).expect("the artifact is there");
    let trust = file("trusted_root.json").unwrap_or(PUBLIC_GOOD.to_vec());
    let trust = TrustRoot::parse(&trust).map_err(|error| error.to_string())?;
    let bundle = Bundle::parse(&file("bundle.sigstore.json").expect("the bundle is there"));
    let bundle = bundle.map_err(|error| error.to_string())?;
    let exactly = |text: String| Matcher { text: Some(text), expression: None };
    let policy = match text("key.pub") {
        Some(pem) => BundlePolicy::Key {
            key: PublicKey::from_pem(&pem).map_err(|error| error.to_string())?,
            hash: HashAlgorithm::Sha256,
        },
        None => BundlePolicy::Identity(BundleIdentity {
            issuer: exactly(text("issuer").unwrap_or(ISSUER.to_owned())),
            subject: exactly(text("identity").unwrap_or(IDENTITY.to_owned())),
        }),
    };
    let digest = Digest::sha256(&artifact);
    let artifact = Artifact { digest: &digest, bytes: Some(&artifact) };
    let is_keyless = matches!(policy, BundlePolicy::Identity(_));
    let requirements = Requirements { log: true, time: true, certificate_log: is_keyless };
    let now = Timestamp::parse_rfc3339("2026-11-24T00:00:00Z").expect("a time");
    verify(&bundle, &artifact, &policy, requirements, &trust, Some(&now)).map(|_| ()).map_err(|error| error.to_string())
}
