// Certificates for one test run, and images signed with them.

import { generateKeyPairSync, sign } from "node:crypto";
import { digestOf } from "./registry-server.mjs";

/** A value in DER. */
function der(tag, ...contents) {
  const body = Buffer.concat(contents.map((content) => Buffer.from(content)));
  const long = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  const length = body.length < 128 ? [body.length] : long;
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...contents) => der(0x30, ...contents);
const oid = (...bytes) => der(0x06, bytes);
const commonName = (name) => sequence(der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, name))));
const utcTime = (time) => der(0x17, `${time.replace(/\D/g, "").slice(2, 14)}Z`);
const extension = (id, isCritical, value) => sequence(oid(0x55, 0x1d, id), ...(isCritical ? [der(0x01, [0xff])] : []), der(0x04, value));
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));

/** Who signs certificates of a test: a name and a key. */
export function authority(name) {
  return { name, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

/** The certificate (PEM) of `subject` by `issuer`: that of an authority where they are one, else of somebody who signs code. */
export function certificate(issuer, subject, from, until) {
  const isAuthority = issuer === subject;
  const extensions = isAuthority
    ? [extension(19, true, sequence(der(0x01, [0xff]))), extension(15, true, der(0x03, [2, 0x04]))]
    : [extension(15, true, der(0x03, [7, 0x80])), extension(37, false, sequence(oid(0x2b, 6, 1, 5, 5, 7, 3, 3)))];
  const content = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [isAuthority ? 1 : 2]),
    ECDSA_SHA256,
    commonName(issuer.name),
    sequence(utcTime(from), utcTime(until)),
    commonName(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", content, issuer.privateKey);
  const text = sequence(content, ECDSA_SHA256, der(0x03, [0], signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Evidence of an image with a cosign signature whose certificate is in its annotations. */
export function signedWith(subject, pem, repository) {
  const image = JSON.stringify({ schemaVersion: 2, layers: [] });
  const payload = JSON.stringify({
    critical: {
      identity: { "docker-reference": repository },
      image: { "docker-manifest-digest": digestOf(image) },
      type: "cosign container image signature",
    },
    optional: null,
  });
  const signature = sign("sha256", Buffer.from(payload), subject.privateKey).toString("base64");
  const layer = {
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
    digest: digestOf(payload),
    size: payload.length,
    annotations: { "dev.cosignproject.cosign/signature": signature, "dev.sigstore.cosign/certificate": pem },
  };
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf("{}"), size: 2 };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config, layers: [layer] });
  return {
    schema: "vidimus.evidence/v1",
    tags: { [`${repository}:v1`]: digestOf(image), [`${repository}:${digestOf(image).replace(":", "-")}.sig`]: digestOf(manifest) },
    blobs: Object.fromEntries([image, payload, manifest].map((text) => [digestOf(text), Buffer.from(text).toString("base64")])),
  };
}
