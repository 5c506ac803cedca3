// Generated from the rules and their examples; do not edit.

/** A rule of `lint`. */
export interface LintRule {
  /** Stable code. */
  code: string;
  severity: "error" | "info" | "warning";
  /** What is wrong, and why it matters. */
  explanation: string;
}

/** Everything that `lint` looks for. */
export const LINT_RULES: readonly LintRule[] = [
  { code: "lint-exclude-covers-match", severity: "error", explanation: "What `exclude` takes away is all that `match` names: the rule applies to nothing." },
  { code: "lint-kind-selector", severity: "error", explanation: "A kind is written in a form that selects nothing: a group needs a version behind it." },
  { code: "lint-kind-unknown", severity: "warning", explanation: "Kubernetes has no such kind, but one that is spelled nearly alike; kinds are case-sensitive." },
  { code: "lint-image-reference-never-matches", severity: "error", explanation: "The pattern matches no image: images are compared as `registry/path:tag` or `registry/path@digest`, in lower case but for the tag, with `docker.io` and `latest` added where none is written." },
  { code: "lint-image-reference-without-registry", severity: "warning", explanation: "The pattern begins with the name of an image, but images are compared with their registry in front: it can only match a registry of that name." },
  { code: "lint-image-reference-library", severity: "warning", explanation: "Kyverno adds `docker.io` to an image without registry, but never `library/`: a pattern that has it does not match `nginx`." },
  { code: "lint-no-images", severity: "error", explanation: "Kyverno finds images in Pods and their controllers; in other kinds only with `imageExtractors`. Without, the rule applies to nothing, and says so nowhere." },
  { code: "lint-skip-covers-references", severity: "error", explanation: "`skipImageReferences` leaves out everything that `imageReferences` names: nothing is verified." },
  { code: "lint-pattern-vacuous", severity: "error", explanation: "The pattern is empty, or consists of conditions alone: every object passes or is skipped." },
  { code: "lint-verifies-nothing", severity: "error", explanation: "The entry has neither attestors nor attestations and asks neither for a digest nor for a verified image: every image passes." },
  { code: "lint-never-passes", severity: "error", explanation: "What the entry asks for, no image can have: each that it concerns is denied." },
  { code: "lint-condition-constant", severity: "warning", explanation: "The condition has no variables, so that it says the same of every object; or an empty `any`, which never holds." },
  { code: "lint-anybody-signs", severity: "error", explanation: "A keyless attestor without subject and issuer, or an attestation without attestors, takes the signature of anybody who has an account with an issuer of Sigstore's." },
  { code: "lint-identity-open", severity: "warning", explanation: "A keyless attestor that leaves the subject or the issuer open lets every user of an issuer sign, or a subject that any issuer names." },
  { code: "lint-audit-verify-images", severity: "warning", explanation: "With failure action `Audit`, which is also the default, an image that fails verification runs; only a report says so." },
  { code: "lint-audit-validate", severity: "info", explanation: "With failure action `Audit`, which is also the default, an object that fails is admitted; only a report says so." },
  { code: "lint-failure-policy-ignore", severity: "warning", explanation: "With failure policy `Ignore` a request is admitted when Kyverno or a registry does not answer." },
  { code: "lint-not-required", severity: "warning", explanation: "With `required: false` nobody looks, once the object was mutated, whether the image was verified." },
  { code: "lint-digest-not-verified", severity: "warning", explanation: "With `verifyDigest: false` an image may run by its tag, which can be moved to another image after it was verified." },
  { code: "lint-image-reference-tag-only", severity: "warning", explanation: "The pattern asks for a tag, and an image that is named by digest has none when it is compared: whoever writes the digest goes round the rule." },
  { code: "lint-skip-any-registry", severity: "warning", explanation: "A pattern of `skipImageReferences` that begins with a wildcard skips images of every registry, also of one that an attacker runs." },
  { code: "lint-log-ignored", severity: "warning", explanation: "A keyless certificate lives for minutes; without the transparency log nothing public shows who signed, and when." },
  { code: "lint-sct-ignored", severity: "warning", explanation: "Without certificate timestamps a certificate counts that its authority issued and never logged." },
  { code: "lint-regexp-unanchored", severity: "warning", explanation: "Regular expressions of identities match anywhere in a name: `github.com/acme` also matches `https://evil.example/github.com/acme-evil`." },
  { code: "lint-count-below-entries", severity: "info", explanation: "`count` asks for fewer signers than the set lists: those that are left over need not have signed." },
  { code: "lint-update-not-matched", severity: "warning", explanation: "The image of a container can be changed after the Pod was created: a rule that matches `CREATE` alone does not see the new one." },
  { code: "lint-field-without-effect", severity: "error", explanation: "Kyverno does not read the field where it stands: what it seems to ask for is not checked." },
  { code: "lint-misspelt", severity: "warning", explanation: "A function, variable, expression or anchor is probably not what was meant: it fails, or counts as a text." },
  { code: "lint-deprecated-field", severity: "warning", explanation: "The field has a successor, and will not be read for ever." },
  { code: "lint-deprecated-operator", severity: "warning", explanation: "`In` and `NotIn` have successors that say what they do with lists." },
  { code: "lint-validation-failure-action", severity: "warning", explanation: "`spec.validationFailureAction` is deprecated: each rule has its own `failureAction`." },
  { code: "lint-duration-operator", severity: "warning", explanation: "The operators `Duration...` are deprecated: those of numbers compare durations too." },
  { code: "lint-conditions-without-any-all", severity: "warning", explanation: "A plain list of conditions is the old form; newer versions of the API take `any` and `all` alone." },
  { code: "lint-match-without-any-all", severity: "warning", explanation: "A filter directly under `match` or `exclude` is the old form; newer versions of the API take `any` and `all` alone." },
  { code: "lint-kind-removed", severity: "info", explanation: "Kyverno plans to remove ClusterPolicy and Policy in 1.20; the kinds of `policies.kyverno.io` take their place. vidimus keeps evaluating them." },
  { code: "lint-order-dependent", severity: "warning", explanation: "A mutate rule writes a field that decides whether another rule applies: what happens depends on which of them comes first, and an object that exists already is looked at without the change." },
  { code: "lint-verified-twice", severity: "warning", explanation: "Two policies verify the same images and write the same annotation: Kyverno's command line keeps what the last of them wrote, so that the other one finds its images unverified." },
];
