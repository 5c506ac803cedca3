//! The sample policies, with resources and evidence, and the list that the demo runs.
//!
//! A policy is a file in `tests/evidence/policies`, in which `<<NAME>>` stands where keys and certificates belong.

mod attestations;
mod keyless;
mod keys;
mod notary;

use crate::document::pretty;
use crate::output::File;
use crate::{CAPTURED_AT, Document, Image};
use serde_json::{Value, json};

/// A sample: its resources are each a name, the YAML, and the status that is expected.
struct Sample {
    name: &'static str,
    policy: String,
    document: Document,
    resources: Vec<(&'static str, String, &'static str)>,
}

/// Every file of every sample that has evidence, and `policies/demo.json`.
pub(crate) fn files() -> Vec<File> {
    let samples = [
        keys::require_signed_image(),
        keys::two_of_three_signers(),
        keys::either_of_two_keys(),
        keys::signed_controllers(),
        keyless::keyless_release(),
        attestations::require_sbom(),
        attestations::vulnerability_gate(),
        attestations::build_provenance(),
        notary::notation_signed(),
    ];
    let mut files: Vec<File> = samples.iter().flat_map(Sample::files).collect();
    files.push(File::new("policies/demo.json", pretty(&demo())));
    files
}

impl Sample {
    fn files(&self) -> Vec<File> {
        let folder = format!("policies/{}", self.name);
        let mut files = vec![
            File::new(&format!("{folder}/{}.yaml", self.name), self.policy.as_str()),
            File::new(&format!("{folder}/evidence.json"), self.document.to_json()),
            File::new(&format!("{folder}/kyverno-test.yaml"), self.test()),
        ];
        for (name, yaml, _) in &self.resources {
            files.push(File::new(&format!("{folder}/resources/{name}.yaml"), yaml.as_str()));
        }
        files
    }

    /// A Kyverno test, with the two fields that image verification without a registry needs.
    fn test(&self) -> String {
        let resources: String = self.resources.iter().map(|(name, ..)| format!("- resources/{name}.yaml\n")).collect();
        let row = |(name, yaml, result): &(&str, String, &str)| {
            let kind = yaml.lines().find_map(|line| line.strip_prefix("kind: ")).unwrap_or("Pod");
            format!(
                "- policy: {0}\n  rule: {0}\n  kind: {kind}\n  resources: [{name}]\n  result: {result}\n",
                self.name
            )
        };
        let results: String = self.resources.iter().map(row).collect();
        format!(
            "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata:\n  name: {0}\npolicies:\n- {0}.yaml\nresources:\n{resources}\
             artifacts:\n- evidence.json\nnow: {CAPTURED_AT}\nresults:\n{results}",
            self.name
        )
    }
}

/// A policy with its keys and certificates, each as far in as the place that it has.
fn filled(policy: &str, values: &[(&str, String)]) -> String {
    let line = |line: &str| {
        let text = line.trim_start();
        let Some(name) = text.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>")) else {
            return format!("{line}\n");
        };
        let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let value = value.unwrap_or_else(|| panic!("nothing stands for <<{name}>>"));
        let indent = &line[..line.len() - text.len()];
        value.lines().map(|line| format!("{indent}{line}\n")).collect()
    };
    policy.lines().map(line).collect()
}

/// An image of the shop, behind the tag `v1`.
fn image(document: &mut Document, name: &str) -> Image {
    let image = Image::new(&format!("shop/{name}"), "v1");
    document.image(&image, "v1");
    image
}

/// A Pod of that name which runs the image, and the status that is expected.
fn pod(name: &'static str, image: &Image, status: &'static str) -> (&'static str, String, &'static str) {
    let image = image.tagged("v1");
    let yaml = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: shop\nspec:\n  containers:\n  - name: app\n    image: {image}\n"
    );
    (name, yaml, status)
}

fn demo() -> Value {
    let scenario = |title: &str, sample: &str, resource: &str, exit: u8| {
        json!({
            "title": title,
            "policy": format!("policies/{sample}/{sample}.yaml"),
            "resource": format!("policies/{sample}/resources/{resource}.yaml"),
            "artifacts": format!("policies/{sample}/evidence.json"),
            "now": CAPTURED_AT,
            "expectExit": exit,
        })
    };
    let one = "require-signed-image";
    json!([
        scenario("a signed image: admitted", one, "signed", 0),
        scenario("an unsigned image: denied", one, "unsigned", 1),
        scenario("an image signed with another key: denied", one, "other-key", 1),
        scenario("an image whose signed payload was changed: denied", one, "tampered", 1),
        scenario("two of three signers: admitted", "two-of-three-signers", "two-signers", 0),
        scenario("one of three signers: denied", "two-of-three-signers", "one-signer", 1),
        scenario("a Deployment with an init container: admitted", "signed-controllers", "deployment", 0),
        scenario("a CronJob with an unsigned image: denied", "signed-controllers", "cron-job", 1),
        scenario("an image signed by the release workflow: admitted", "keyless-release", "released", 0),
        scenario("an image signed by another workflow: denied", "keyless-release", "nightly", 1),
        scenario("an image without critical findings: admitted", "vulnerability-gate", "clean", 0),
        scenario("an image with a critical finding: denied", "vulnerability-gate", "critical", 1),
        scenario("an image signed with notation, as COSE: admitted", "notation-signed", "cose", 0),
        scenario("an image signed under a certificate that has ended: denied", "notation-signed", "expired", 1),
    ])
}
