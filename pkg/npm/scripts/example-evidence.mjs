// Writes what the tests of examples/policy-repository rest on: a key, images signed and attested with it, and the answers of
// the registry that would hold them. The key is thrown away. Run by hand: `node scripts/example-evidence.mjs`.

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../../../examples/policy-repository/", import.meta.url);
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const evidence = { schema: "vidimus.evidence/v1", capturedAt: "2026-03-02T08:00:00Z", tags: {}, blobs: {} };
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

const checkout = image("checkout", "1.4.0");
signature("checkout", checkout);
attestations("checkout", checkout, [scan([]), sbom("checkout"), provenance("https://github.com/shop/checkout")]);
const search = image("search", "2.0.1");
signature("search", search);
attestations("search", search, [
  scan([{ VulnerabilityID: "CVE-2026-0001", PkgName: "libexample", Severity: "CRITICAL" }]),
  sbom("search"),
  provenance("https://github.com/somebody/search"),
]);
const cart = image("cart", "0.9.0");
absent("cart", cart, "sig");
absent("cart", cart, "att");

write("tests/evidence.json", `${JSON.stringify(evidence, undefined, 1)}\n`);
write("policies/release-images.yaml", withKey(readFileSync(new URL("policies/release-images.yaml", folder), "utf8")));

function image(name, tag) {
  const config = blob("application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    config: { Labels: { "org.opencontainers.image.title": name } },
    rootfs: { type: "layers", diff_ids: [] },
  });
  return manifest(name, tag, config, []);
}

/** A signature as cosign writes it behind a tag. */
function signature(name, digest) {
  const payload = {
    critical: {
      identity: { "docker-reference": `registry.example/shop/${name}` },
      image: { "docker-manifest-digest": digest },
      type: "cosign container image signature",
    },
    optional: null,
  };
  const layer = blob("application/vnd.dev.cosign.simplesigning.v1+json", payload);
  const annotations = { "dev.cosignproject.cosign/signature": sign("sha256", Buffer.from(JSON.stringify(payload)), privateKey).toString("base64") };
  manifest(name, tagOf(digest, "sig"), configOf([layer]), [{ ...layer, annotations }]);
}

/** Attestations as cosign writes them: signed in-toto statements in DSSE envelopes. */
function attestations(name, digest, predicates) {
  const layers = predicates.map(([predicateType, predicate]) => {
    const subject = [{ name: `registry.example/shop/${name}`, digest: { sha256: digest.replace("sha256:", "") } }];
    const statement = Buffer.from(JSON.stringify({ _type: "https://in-toto.io/Statement/v0.1", predicateType, subject, predicate }));
    const layer = blob("application/vnd.dsse.envelope.v1+json", envelope("application/vnd.in-toto+json", statement));
    return { ...layer, annotations: { "dev.cosignproject.cosign/signature": "", predicateType } };
  });
  manifest(name, tagOf(digest, "att"), configOf(layers), layers);
}

function envelope(payloadType, payload) {
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
  return { payloadType, payload: payload.toString("base64"), signatures: [{ keyid: "", sig: sign("sha256", signed, privateKey).toString("base64") }] };
}

/** A scan in the form that Trivy writes for cosign. */
function scan(vulnerabilities) {
  const result = { SchemaVersion: 2, Results: [{ Target: "shop", Class: "os-pkgs", Vulnerabilities: vulnerabilities }] };
  const metadata = { scanStartedOn: "2026-03-01T08:00:00Z", scanFinishedOn: "2026-03-01T08:01:00Z" };
  const scanner = { uri: "pkg:github/aquasecurity/trivy", version: "0.70.0", db: { uri: "", version: "" }, result };
  return ["https://cosign.sigstore.dev/attestation/vuln/v1", { invocation: { parameters: null, uri: "", event_id: "", "builder.id": "" }, scanner, metadata }];
}

function sbom(name) {
  const packages = [{ SPDXID: "SPDXRef-Package", name, downloadLocation: "NONE", licenseConcluded: "Apache-2.0" }];
  return ["https://spdx.dev/Document", { spdxVersion: "SPDX-2.3", SPDXID: "SPDXRef-DOCUMENT", name, dataLicense: "CC0-1.0", packages }];
}

function provenance(uri) {
  const buildDefinition = { buildType: "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md", externalParameters: { configSource: { uri } } };
  return ["https://slsa.dev/provenance/v1", { buildDefinition, runDetails: { builder: { id: `${uri}/actions/runs/1` } } }];
}

function configOf(layers) {
  const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
  return blob("application/vnd.oci.image.config.v1+json", { architecture: "", os: "", rootfs });
}

function manifest(name, tag, config, layers) {
  const { digest } = blob(MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers });
  evidence.tags[`registry.example/shop/${name}:${tag}`] = digest;
  return digest;
}

function absent(name, digest, suffix) {
  evidence.tags[`registry.example/shop/${name}:${tagOf(digest, suffix)}`] = null;
}

function tagOf(digest, suffix) {
  return `${digest.replace(":", "-")}.${suffix}`;
}

function blob(mediaType, document) {
  const bytes = Buffer.from(JSON.stringify(document));
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  evidence.blobs[digest] = bytes.toString("base64");
  return { mediaType, size: bytes.length, digest };
}

/** Puts the key in the place of each one that is there, as far in as it is. */
function withKey(policy) {
  const pem = publicKey.export({ type: "spki", format: "pem" }).trim();
  return policy.replace(/^( *)-----BEGIN PUBLIC KEY-----[^]*?-----END PUBLIC KEY-----/gm, (_, indent) => pem.replace(/^/gm, indent));
}

function write(name, text) {
  writeFileSync(new URL(name, folder), text);
}
