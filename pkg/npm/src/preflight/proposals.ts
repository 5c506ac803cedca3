import type { Carried } from "./carried.js";

/** A value to be set below an element of verifyImages; undefined: the field is taken away. */
export interface Change {
  path: (number | string)[];
  value: unknown;
}

/** Changes that belong together, and what they mean. */
export interface Proposal {
  changes: Change[];
  why: string;
  caution: string;
}

const TRUST = "only if you trust this signer: anybody can sign with an identity of their own";

/**
 * What could be written in place of what fails. `codes`: the reasons below the attestor; `attestor`: its path within the
 * element of verifyImages, empty where the failure is of no attestor.
 */
export function proposals(codes: Set<string>, attestor: (number | string)[], carried: Carried): Proposal[] {
  const found: Proposal[] = [];
  const any = (...wanted: string[]) => wanted.some((code) => codes.has(code));
  if (any("subject-mismatch", "issuer-mismatch", "identity-mismatch")) found.push(...identities(attestor, carried));
  if (any("log-address-missing", "log-entry-checked", "log-entry-missing", "log-entry-not-found", "log-unreachable") && attestor.length > 0) found.push(withoutLog(attestor));
  if (any("sct-missing", "sct-checked", "sct-log-unknown") && attestor.length > 0) found.push(withoutSct(attestor));
  if (any("no-signatures", "no-matching-signatures", "signature-tag-absent") && carried.kinds.includes("sigstore-bundle")) found.push(bundles());
  if (any("no-matching-attestations", "attestation-missing", "predicate-type-absent")) found.push(...predicates(attestor, carried));
  return found;
}

function identities(attestor: (number | string)[], { identities }: Carried): Proposal[] {
  const within = attestor.at(-1) === "keyless" ? attestor : [...attestor, "keyless"];
  return identities.map(({ subject, issuer }) => ({
    changes: [
      { path: [...within, "subject"], value: subject },
      { path: [...within, "issuer"], value: issuer },
      { path: [...within, "subjectRegExp"], value: undefined },
      { path: [...within, "issuerRegExp"], value: undefined },
    ],
    why: `the image is signed by ${subject}, vouched for by ${issuer}`,
    caution: TRUST,
  }));
}

function withoutLog(attestor: (number | string)[]): Proposal {
  return {
    changes: [{ path: [...attestor, "rekor", "ignoreTlog"], value: true }],
    why: "the signature is in no transparency log that was found",
    caution: "nothing proves then when it was made, nor that others could see it; better: sign with the log",
  };
}

function withoutSct(attestor: (number | string)[]): Proposal {
  return {
    changes: [{ path: [...attestor, "ctlog", "ignoreSCT"], value: true }],
    why: "no certificate log that is known promised to have the certificate",
    caution: "a certificate that its authority issued in secret passes then; better: give the log's key in ctlog.pubkey",
  };
}

function bundles(): Proposal {
  return {
    changes: [{ path: ["type"], value: "SigstoreBundle" }],
    why: "the image carries Sigstore bundles, which cosign 3 writes; a rule without type reads signatures behind tags",
    caution: "subject is an exact text there, and no pattern",
  };
}

function predicates(attestor: (number | string)[], { predicateTypes }: Carried): Proposal[] {
  const [list, index] = attestor;
  if (list !== "attestations" || typeof index !== "number") return [];
  return predicateTypes.map((type) => ({
    changes: [{ path: ["attestations", index, "type"], value: type }],
    why: `the image has an attestation of the type ${type}`,
    caution: "conditions that were written for another type may not fit it",
  }));
}
