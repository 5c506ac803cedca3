//! Signed statements about images: what is in them, what a scan found, who built them.

use super::keyless::{RELEASE, TEN_MINUTES, WITHIN, with_sigstore};
use super::{Sample, filled, image, pod};
use crate::cases::team;
use crate::{Document, Image, SignatureLayer, Signatures, Sigstore};
use serde_json::{Value, json};

pub(super) fn require_sbom() -> Sample {
    let mut document = Document::new();
    let permissive = [("openssl", "3.5.1", "Apache-2.0"), ("zlib", "1.3.2", "Zlib")];
    let copyleft = [("openssl", "3.5.1", "Apache-2.0"), ("readline", "8.3", "GPL-3.0-or-later")];
    let mut with_sbom = |name: &str, packages: &[(&str, &str, &str)]| {
        attested(&mut document, name, |image| (SPDX, sbom(image, packages)))
    };
    let resources = vec![
        pod("with-sbom", &with_sbom("checkout", &permissive), "pass"),
        pod("forbidden-license", &with_sbom("search", &copyleft), "fail"),
        pod("without-sbom", &unattested(&mut document, "cart"), "fail"),
    ];
    let policy = filled(include_str!("../../policies/require-sbom.yaml"), &[("release key", team().public_pem())]);
    Sample { name: "require-sbom", policy, document, resources }
}

pub(super) fn vulnerability_gate() -> Sample {
    let mut document = Document::new();
    let low = json!({ "VulnerabilityID": "CVE-2026-0101", "PkgName": "zlib", "Severity": "LOW" });
    let critical = json!({ "VulnerabilityID": "CVE-2026-0202", "PkgName": "openssl", "Severity": "CRITICAL" });
    let mut scanned =
        |name: &str, found: &[&Value], day: &str| attested(&mut document, name, |_| (SCAN, scan(found, day)));
    let resources = vec![
        pod("clean", &scanned("checkout", &[&low], "2026-03-13"), "pass"),
        pod("critical", &scanned("search", &[&low, &critical], "2026-03-13"), "fail"),
        pod("stale-scan", &scanned("payment", &[&low], "2026-02-20"), "fail"),
    ];
    let policy =
        filled(include_str!("../../policies/vulnerability-gate.yaml"), &[("release key", team().public_pem())]);
    Sample { name: "vulnerability-gate", policy, document, resources }
}

pub(super) fn build_provenance() -> Sample {
    let sigstore = Sigstore::new();
    let signer = sigstore.certify(&RELEASE, TEN_MINUTES);
    let mut document = Document::new();
    document.with("trustRoot", sigstore.trusted_root());
    let mut built = |name: &str, repository: &str| {
        let image = image(&mut document, name);
        let statement = statement(&image, PROVENANCE, &provenance(repository));
        document.attestations(&image, &Signatures::new(vec![sigstore.attest(&signer, &statement, WITHIN)]));
        image
    };
    let resources = vec![
        pod("built-by-us", &built("checkout", RELEASE.repository), "pass"),
        pod("built-from-a-fork", &built("search", "https://github.com/somebody/shop"), "fail"),
    ];
    let policy = with_sigstore(include_str!("../../policies/build-provenance.yaml"), &sigstore);
    Sample { name: "build-provenance", policy, document, resources }
}

const SPDX: &str = "https://spdx.dev/Document";
const SCAN: &str = "https://cosign.sigstore.dev/attestation/vuln/v1";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

/// An image with one statement by the team.
fn attested(document: &mut Document, name: &str, predicate: impl FnOnce(&Image) -> (&'static str, Value)) -> Image {
    let image = image(document, name);
    let (kind, predicate) = predicate(&image);
    let layer = SignatureLayer::attest(&team(), &statement(&image, kind, &predicate));
    document.attestations(&image, &Signatures::new(vec![layer]));
    image
}

fn unattested(document: &mut Document, name: &str) -> Image {
    let image = image(document, name);
    document.unattested(&image);
    image
}

/// in-toto Statement, version 0.1: what cosign writes.
fn statement(image: &Image, kind: &str, predicate: &Value) -> Value {
    let digest = image.digest();
    let hash = digest.trim_start_matches("sha256:");
    json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": kind,
        "subject": [{ "name": image.repository, "digest": { "sha256": hash } }],
        "predicate": predicate,
    })
}

/// SPDX 2.3, as far as policies look at it.
fn sbom(image: &Image, packages: &[(&str, &str, &str)]) -> Value {
    let package = |(name, version, license): &(&str, &str, &str)| {
        json!({
            "SPDXID": format!("SPDXRef-Package-{name}"),
            "name": name,
            "versionInfo": version,
            "licenseConcluded": license,
            "downloadLocation": "NOASSERTION",
        })
    };
    json!({
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": image.repository,
        "dataLicense": "CC0-1.0",
        "documentNamespace": format!("https://sbom.example/{}", image.digest()),
        "creationInfo": { "created": "2026-03-13T16:20:02Z", "creators": ["Tool: sbom-1.0"] },
        "packages": packages.iter().map(package).collect::<Vec<_>>(),
    })
}

/// cosign's record of a scan, with the scanner's report in it as Trivy writes it.
fn scan(found: &[&Value], day: &str) -> Value {
    let results = [json!({ "Target": "shop", "Class": "os-pkgs", "Vulnerabilities": found })];
    json!({
        "invocation": { "parameters": null, "uri": "", "event_id": "", "builder.id": "" },
        "scanner": {
            "uri": "pkg:github/aquasecurity/trivy",
            "version": "0.70.0",
            "db": { "uri": "", "version": "" },
            "result": { "SchemaVersion": 2, "Results": results },
        },
        "metadata": { "scanStartedOn": format!("{day}T16:20:03Z"), "scanFinishedOn": format!("{day}T16:20:05Z") },
    })
}

/// SLSA provenance 1.0 of a GitHub workflow.
fn provenance(repository: &str) -> Value {
    let workflow = json!({ "ref": RELEASE.git_ref, "repository": repository, "path": RELEASE.file });
    json!({
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": { "workflow": workflow },
            "internalParameters": { "github": { "event_name": RELEASE.trigger, "runner_environment": "github-hosted" } },
            "resolvedDependencies": [{ "uri": format!("git+{repository}@{}", RELEASE.git_ref) }],
        },
        "runDetails": {
            "builder": { "id": "https://github.com/actions/runner/github-hosted" },
            "metadata": { "invocationId": format!("{repository}/actions/runs/4711/attempts/1") },
        },
    })
}
