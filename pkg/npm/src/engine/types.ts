// Generated from the Rust wire types by `cargo xtask types`. Do not edit.

export type SourceDocument = { 
/**
 * What diagnostics call it: a file name.
 */
name: string, 
/**
 * YAML or JSON, one document or several.
 */
text: string, };

export type SourcesDocument = { 
/**
 * Policies.
 */
policies: Array<SourceDocument>, 
/**
 * PolicyExceptions.
 */
exceptions?: Array<SourceDocument>, };

export type EvaluateDocument = { 
/**
 * A Kubernetes object, or a whole AdmissionReview.
 */
resource?: unknown, 
/**
 * YAML or JSON of one object.
 */
resourceText?: string, 
/**
 * What diagnostics call that text.
 */
resourceName?: string, 
/**
 * The request of an AdmissionReview.
 */
request?: RequestReview, 
/**
 * What is done: where it is absent, what the values say, else CREATE; not together with `request`.
 */
operation?: "CREATE" | "UPDATE" | "DELETE" | "CONNECT", 
/**
 * The object before an UPDATE; not together with `request`.
 */
oldResource?: unknown, 
/**
 * Who asks; not together with `request`.
 */
userInfo?: UserInfoDocument, 
/**
 * A UserInfo file of Kyverno's command line, in place of `userInfo`; not together with a request that says who asks.
 */
userInfoFile?: SourceDocument, 
/**
 * Labels of namespaces, by name; over those of the values and of the Namespaces among the artifacts.
 */
namespaceLabels?: { [key in string]: { [key in string]: string } }, 
/**
 * How.
 */
options?: OptionsDocument, };

export type RequestReview = { 
/**
 * Identifies the request.
 */
uid?: string, 
/**
 * Kind of the object: `group`, `version`, `kind`.
 */
kind?: Record<string, string>, 
/**
 * Resource of the object: `group`, `version`, `resource`.
 */
resource?: Record<string, string>, 
/**
 * Kind before a conversion.
 */
requestKind?: Record<string, string>, 
/**
 * Resource before a conversion.
 */
requestResource?: Record<string, string>, 
/**
 * Subresource before a conversion.
 */
requestSubResource?: string, 
/**
 * Name of the object, where it has one.
 */
name?: string, 
/**
 * Nothing is stored.
 */
dryRun?: boolean, 
/**
 * Options of the operation, such as CreateOptions.
 */
options?: unknown, 
/**
 * What is done.
 */
operation: string, 
/**
 * The new object.
 */
object?: unknown, 
/**
 * The old one.
 */
oldObject?: unknown, 
/**
 * Subresource.
 */
subResource?: string, 
/**
 * Namespace of the request.
 */
namespace?: string, 
/**
 * Who asks.
 */
userInfo?: UserInfoDocument, };

export type UserInfoDocument = { 
/**
 * User name.
 */
username?: string, 
/**
 * Identifies the user.
 */
uid?: string, 
/**
 * What the authenticator says beside.
 */
extra?: { [key in string]: Array<string> }, 
/**
 * Groups.
 */
groups?: Array<string>, 
/**
 * Roles, as `namespace:name`.
 */
roles?: Array<string>, 
/**
 * Cluster roles.
 */
clusterRoles?: Array<string>, };

export type OptionsDocument = { 
/**
 * RFC 3339 time of the evaluation, for functions that ask for it.
 */
now?: string, 
/**
 * `default`, or `exact` for Kyverno to the letter, where it accepts what nobody signed too.
 */
compat?: "default" | "exact", 
/**
 * How much reasoning the results carry: `none`, `failures` (the default) or `full`.
 */
trace?: "none" | "failures" | "full", 
/**
 * Add exactly the artifacts that the verdict used.
 */
evidence?: boolean, 
/**
 * Bounds that replace the defaults.
 */
limits?: LimitsDocument, 
/**
 * Where random texts begin; without one `random` is an error.
 */
seed?: number, 
/**
 * What is known of the cluster: `ask` (the default: what policies read of it is a need), `absent` (there is none) or
 * `complete` (the objects among the artifacts are all there is; mutate rules find their targets among them).
 */
cluster?: "ask" | "absent" | "complete", 
/**
 * A Values file of Kyverno's command line: values for all policies, for single ones and for rules, labels of
 * namespaces, subresources.
 */
valuesFile?: SourceDocument, 
/**
 * Values for variables, by dotted path, over those of the file.
 */
values?: Record<string, unknown>, 
/**
 * Sigstore TrustedRoot, in place of the host's.
 */
trustRoot?: unknown, };

export type LimitsDocument = { 
/**
 * Bytes of a manifest.
 */
manifestBytes?: number, 
/**
 * Bytes of a signature layer.
 */
signatureLayerBytes?: number, 
/**
 * Layers of a signature manifest.
 */
signatureLayers?: number, 
/**
 * Images of an object.
 */
images?: number, };

export type AnswerDocument = { 
/**
 * Is there a verdict?
 */
status: AnswerStatus, 
/**
 * What is missing, each once.
 */
needs: Array<NeedDocument>, 
/**
 * One result for each rule, image and phase; provisional while something is missing.
 */
results: Array<ResultDocument>, 
/**
 * What an admission webhook would answer.
 */
admission: AdmissionDocument, 
/**
 * What is to be changed in the object.
 */
patches: Array<PatchOperation>, 
/**
 * The object with the patches applied; null on DELETE.
 */
resource: unknown, 
/**
 * Other objects, as mutate rules leave them.
 */
targets?: Array<TargetDocument>, 
/**
 * Every image that was found.
 */
images: Array<ImageDocument>, 
/**
 * The artifacts that the verdict used, where the options ask for them.
 */
evidence?: unknown, 
/**
 * Warnings about the policies.
 */
diagnostics: Array<DiagnosticDocument>, };

export type AnswerStatus = "complete" | "needs-artifacts";

export type NeedDocument = { 
/**
 * Larger answers are refused.
 */
maxBytes?: number, 
/**
 * For whom.
 */
askedBy: Array<Asker>, 
/**
 * What is asked for.
 */
kind: "manifest" | "blob" | "referrers" | "object" | "rekor-entry" | "trust-root" | "ocsp" | "revocation-list", 
/**
 * Host and port, as the image names it.
 */
registry?: string, 
/**
 * Path of the repository.
 */
repository?: string, 
/**
 * Tag of a manifest.
 */
tag?: string, 
/**
 * Digest of a manifest or blob, subject of referrers, or sha256 of `body`: as compact JSON with sorted keys, or of its
 * text (`ocsp`).
 */
digest?: string, 
/**
 * Group and version of an object.
 */
apiVersion?: string, 
/**
 * Kind of an object.
 */
objectKind?: string, 
/**
 * Namespace of an object.
 */
namespace?: string, 
/**
 * Name of an object.
 */
name?: string, 
/**
 * URL of a transparency log, an OCSP responder or a revocation list.
 */
url?: string, 
/**
 * The search of a transparency log, or an OCSPRequest in base64.
 */
body?: unknown, };

export type RequestDocument = { 
/**
 * What is asked for.
 */
kind: "manifest" | "blob" | "referrers" | "object" | "rekor-entry" | "trust-root" | "ocsp" | "revocation-list", 
/**
 * Host and port, as the image names it.
 */
registry?: string, 
/**
 * Path of the repository.
 */
repository?: string, 
/**
 * Tag of a manifest.
 */
tag?: string, 
/**
 * Digest of a manifest or blob, subject of referrers, or sha256 of `body`: as compact JSON with sorted keys, or of its
 * text (`ocsp`).
 */
digest?: string, 
/**
 * Group and version of an object.
 */
apiVersion?: string, 
/**
 * Kind of an object.
 */
objectKind?: string, 
/**
 * Namespace of an object.
 */
namespace?: string, 
/**
 * Name of an object.
 */
name?: string, 
/**
 * URL of a transparency log, an OCSP responder or a revocation list.
 */
url?: string, 
/**
 * The search of a transparency log, or an OCSPRequest in base64.
 */
body?: unknown, };

export type Asker = { 
/**
 * Policy name.
 */
policy: string, 
/**
 * Rule name.
 */
rule: string, 
/**
 * Path such as `.attestors[0].entries[1].keys`.
 */
attestor: string, };

export type ResultDocument = { 
/**
 * Policy name; `namespace/name` for a Policy.
 */
policy: string, 
/**
 * Rule name.
 */
rule: string, 
/**
 * Kind of response in reports.
 */
ruleType: "ImageVerify" | "Mutation" | "Validation" | "Generation", 
/**
 * `verify` or `check` for verifyImages rules.
 */
phase: "verify" | "check" | null, 
/**
 * The object.
 */
resource: ResourceDocument, 
/**
 * The image, where the result is about one.
 */
image: string | null, 
/**
 * The status.
 */
status: "pass" | "fail" | "warn" | "error" | "skip", 
/**
 * Stable kebab-case reason.
 */
code: string, 
/**
 * Kyverno's message.
 */
message: string, 
/**
 * What a failure does.
 */
failureAction: "Enforce" | "Audit", 
/**
 * `reportProperties` of the rule.
 */
properties?: { [key in string]: string }, 
/**
 * Where the rule is written.
 */
location: LocationDocument, 
/**
 * The reasoning.
 */
trace?: Step, };

export type ResourceDocument = { 
/**
 * `apiVersion`.
 */
apiVersion: string, 
/**
 * `kind`.
 */
kind: string, 
/**
 * Namespace; empty for cluster-scoped ones.
 */
namespace: string, 
/**
 * Name.
 */
name: string, };

export type LocationDocument = { 
/**
 * Name of the text.
 */
source: string, 
/**
 * Line.
 */
line: number, 
/**
 * Column in characters.
 */
column: number, };

export type Step = { 
/**
 * Stable kebab-case code.
 */
code: string, 
/**
 * What came of it.
 */
outcome: StepOutcome, 
/**
 * One line for people.
 */
message: string, 
/**
 * What the check wanted.
 */
expected?: unknown, 
/**
 * What was there.
 */
found?: unknown, 
/**
 * Further facts: digests, tags, key names.
 */
data?: Record<string, unknown>, 
/**
 * The steps it consists of.
 */
steps?: Array<Step>, };

export type StepOutcome = "error" | "failed" | "info" | "ok" | "skipped";

export type TargetDocument = { 
/**
 * Policy name; `namespace/name` for a Policy.
 */
policy: string, 
/**
 * Rule name.
 */
rule: string, 
/**
 * The object.
 */
resource: unknown, };

export type AdmissionDocument = { 
/**
 * Is the request let through.
 */
allowed: boolean, 
/**
 * Why not.
 */
message: string, 
/**
 * What the user is told either way.
 */
warnings: Array<string>, };

export type PatchOperation = { 
/**
 * What is done.
 */
op: PatchOp, 
/**
 * JSON pointer.
 */
path: string, 
/**
 * The new value; none for `remove`.
 */
value?: unknown, };

export type PatchOp = "add" | "remove" | "replace";

export type ImageDocument = { 
/**
 * JSON pointer of the text.
 */
pointer: string, 
/**
 * Canonical reference.
 */
image: string, 
/**
 * Registry.
 */
registry: string, 
/**
 * Repository path.
 */
path: string, 
/**
 * Last component of the path.
 */
name: string, 
/**
 * Tag.
 */
tag: string | null, 
/**
 * Digest: the reference's, or the one that verification found.
 */
digest: string | null, 
/**
 * The worst that any rule said.
 */
outcome: "pass" | "fail" | "error" | "skip" | "not-matched", };

export type DiagnosticDocument = { 
/**
 * Stable kebab-case code.
 */
code: string, 
/**
 * `error`: nothing was evaluated.
 */
severity: "error" | "warning", 
/**
 * What was expected and what was found.
 */
message: string, 
/**
 * Path of the field, empty for the document itself.
 */
path: string, 
/**
 * What to do.
 */
help?: string, 
/**
 * Name of the text.
 */
source?: string, 
/**
 * Line, from 1.
 */
line?: number, 
/**
 * Column in characters, from 1.
 */
column?: number, 
/**
 * Line of the first character behind.
 */
endLine?: number, 
/**
 * Its column.
 */
endColumn?: number, };

export type InspectionDocument = { 
/**
 * Is everything there?
 */
status: AnswerStatus, 
/**
 * What is missing, each once.
 */
needs: Array<NeedDocument>, 
/**
 * Canonical reference.
 */
image: string, 
/**
 * Registry and path.
 */
repository: string, 
/**
 * The image and what belongs to it; provisional while something is missing.
 */
root: InspectionNode, };

export type InspectionNode = { 
/**
 * What it is.
 */
kind: InspectionKind, 
/**
 * Digest of the bytes it was read from.
 */
digest?: string, 
/**
 * Media type.
 */
mediaType?: string, 
/**
 * What kind of artifact it says it is.
 */
artifactType?: string, 
/**
 * Length in bytes.
 */
size?: number, 
/**
 * Where it runs, such as `linux/arm64/v8`.
 */
platform?: string, 
/**
 * How it was found: `tag sha256-....sig`, `referrers`.
 */
foundBy?: string, 
/**
 * The repository, where it is not the image's.
 */
repository?: string, 
/**
 * Annotations, without those that are decoded in `signature`.
 */
annotations?: { [key in string]: string }, 
/**
 * What a signature says.
 */
signature?: InspectedSignature, 
/**
 * What could not be read or had.
 */
problems?: Array<InspectionProblem>, 
/**
 * What belongs to it.
 */
children?: Array<InspectionNode>, };

export type InspectionKind = "artifact" | "cosign-attestation" | "cosign-attestations" | "cosign-signature" | "cosign-signatures" | "index" | "manifest" | "notation-signature" | "sigstore-bundle" | "unknown";

export type InspectionProblem = { 
/**
 * Which part, such as `certificate`.
 */
part: string, 
/**
 * Stable kebab-case code.
 */
code: string, 
/**
 * One line for people.
 */
message: string, };

export type InspectedSignature = { 
/**
 * `simple-signing`, `dsse`, `message`, `jws` or `cose`.
 */
format: "simple-signing" | "dsse" | "message" | "jws" | "cose" | "", 
/**
 * The digest it is about.
 */
claims?: string, 
/**
 * The image as the signer named it.
 */
reference?: string, 
/**
 * What the signer said about it.
 */
claimedAnnotations?: Record<string, unknown>, 
/**
 * The statement of an attestation.
 */
statement?: InspectedStatement, 
/**
 * Media type of a bundle, which names its version.
 */
bundleType?: string, 
/**
 * Hints at keys.
 */
keyHints?: Array<string>, 
/**
 * What an envelope of the Notary Project says.
 */
notation?: InspectedNotation, 
/**
 * Certificates, the signer's first. Without any the algorithm is that of a key that only the policy names.
 */
certificates?: Array<InspectedCertificate>, 
/**
 * Entries of transparency logs.
 */
logEntries?: Array<InspectedLogEntry>, 
/**
 * Timestamps.
 */
timestamps?: Array<InspectedTimestamp>, };

export type InspectedStatement = { 
/**
 * `_type`.
 */
type: string, 
/**
 * What the predicate is.
 */
predicateType: string, 
/**
 * What it is about.
 */
subjects: Array<InspectedSubject>, 
/**
 * Length of the statement in bytes.
 */
size: number, 
/**
 * The predicate, where the statement is not longer than asked for.
 */
predicate?: unknown, };

export type InspectedSubject = { 
/**
 * Its name.
 */
name: string, 
/**
 * Algorithm to hex digest.
 */
digest: { [key in string]: string }, };

export type InspectedNotation = { 
/**
 * Its algorithm, such as `PS256`.
 */
algorithm: string, 
/**
 * Who vouches for the time, such as `notary.x509`.
 */
scheme: string, 
/**
 * When it was signed.
 */
signingTime?: string, 
/**
 * From when on it does not count any more.
 */
expiry?: string, 
/**
 * Names of the signed attributes.
 */
attributes: Array<string>, 
/**
 * Those of them that a reader must understand.
 */
critical: Array<string>, 
/**
 * Is there a timestamp? Nobody looks at it.
 */
countersigned: boolean, 
/**
 * The program that signed.
 */
signingAgent?: string, };

export type InspectedCertificate = { 
/**
 * SHA-256 of the whole.
 */
fingerprint: string, 
/**
 * Whose it is.
 */
subject: string, 
/**
 * Who issued it.
 */
issuer: string, 
/**
 * Serial number in hex.
 */
serial: string, 
/**
 * Begin of its validity.
 */
notBefore: string, 
/**
 * End of its validity.
 */
notAfter: string, 
/**
 * Is it an authority's?
 */
authority: boolean, 
/**
 * Kind of its key, such as `ecdsa-p256`.
 */
key: string, 
/**
 * Alternative names of the subject, in the order in which Kyverno compares them.
 */
names: Array<string>, 
/**
 * Fulcio's extensions, by name.
 */
extensions: { [key in string]: string }, 
/**
 * Promises of certificate logs.
 */
scts: Array<InspectedSct>, 
/**
 * The certificate itself.
 */
pem: string, };

export type InspectedSct = { 
/**
 * Which log, in hex.
 */
logId: string, 
/**
 * When it saw the certificate.
 */
time: string, };

export type InspectedLogEntry = { 
/**
 * Which log, in hex.
 */
logId: string, 
/**
 * Which entry.
 */
logIndex: number, 
/**
 * When the log took it in.
 */
integratedTime?: string, 
/**
 * Kind and version, such as `hashedrekord 0.0.1`.
 */
kind: string, 
/**
 * Is there a promise to include it?
 */
promise: boolean, 
/**
 * Is there a proof that it is included?
 */
inclusionProof: boolean, 
/**
 * The signer's key as PEM, where the entry names a key and no certificate.
 */
publicKey?: string, };

export type InspectedTimestamp = { 
/**
 * When the signature was seen.
 */
time: string, 
/**
 * Subject of the authority's certificate, where the timestamp carries it.
 */
authority?: string, 
/**
 * Who issued that certificate.
 */
issuer: string, };

export type WantedPathDocument = { 
/**
 * The field of the test file that names it.
 */
role: string, 
/**
 * A file, folder or pattern, from the folder of the test file.
 */
path: string, };

export type OutcomeDocument = { 
/**
 * The name of the test.
 */
name: string, 
/**
 * One row for each thing that was checked.
 */
rows: Array<RowDocument>, 
/**
 * What is missing: with any, no row is final.
 */
needs: Array<NeedDocument>, 
/**
 * Warnings; errors where nothing was evaluated.
 */
diagnostics: Array<DiagnosticDocument>, };

export type RowDocument = { 
/**
 * The policy as the test names it.
 */
policy: string, 
/**
 * The rule.
 */
rule: string, 
/**
 * Kind of the object.
 */
kind: string, 
/**
 * `namespace/name` of the object, or its name.
 */
resource: string, 
/**
 * The operation that the result names.
 */
operation?: "CREATE" | "UPDATE" | "DELETE", 
/**
 * The expected verdict.
 */
expected: "pass" | "fail" | "warn" | "error" | "skip", 
/**
 * The verdict; null where there is none.
 */
actual: "pass" | "fail" | "warn" | "error" | "skip" | null, 
/**
 * Is it no failure?
 */
ok: boolean, 
/**
 * Stable kebab-case reason.
 */
code: string, 
/**
 * Kyverno's reason.
 */
reason: string, 
/**
 * What the rule says, or what differs.
 */
message: string, };

export type LintDocument = { 
/**
 * In the order in which they stand in the policies.
 */
findings: Array<FindingDocument>, };

export type FindingDocument = { 
/**
 * Stable code of the rule: `lint-` and kebab-case.
 */
code: string, 
/**
 * `error`: the policy cannot do what it says.
 */
severity: "error" | "warning" | "info", 
/**
 * What the policy says.
 */
message: string, 
/**
 * What to write instead; may be empty.
 */
advice: string, 
/**
 * Name of the text.
 */
source: string, 
/**
 * Line, from 1.
 */
line: number, 
/**
 * Column in characters, from 1.
 */
column: number, 
/**
 * Name of the policy; `namespace/name` for a Policy.
 */
policy: string, 
/**
 * Name of its rule, where it is about one.
 */
rule: string | null, };
