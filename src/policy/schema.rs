//! The fields of Kyverno's documents, as data: names, types, which are required.
//!
//! Source: Kyverno `api/kyverno/v1`, `api/kyverno/v2`, `api/kyverno/v2beta1`. The one list of field names: the checker
//! walks it, and unknown fields find their nearest neighbour in it.

/// What may stand in a field. Null is as good as absent everywhere, as in Kubernetes.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Anything.
    Any,
    /// `true` or `false`.
    Bool,
    /// Conditions: a mapping of `any` and `all`, or (in `v1`) the old plain list. The schema leaves them free, Kyverno
    /// reads them itself.
    Conditions,
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// An integer of at least this.
    Int(i64),
    /// A list.
    List(&'static Type),
    /// A mapping from any key to this.
    Map(&'static Type),
    /// A mapping with known fields.
    Object(&'static Object),
    /// The operator of a condition; beside the usual ones, these.
    Operator(&'static [&'static str]),
    /// Text.
    String,
}

/// A mapping with known fields.
#[derive(Debug)]
pub struct Object {
    /// Its fields.
    pub fields: &'static [Field],
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What may stand in it.
    pub kind: Type,
    /// Must it be there.
    pub required: bool,
    /// Is it unknown to `v2beta1`.
    pub v1_only: bool,
}

const fn field(name: &'static str, kind: Type) -> Field {
    Field { name, kind, required: false, v1_only: false }
}

const fn required(name: &'static str, kind: Type) -> Field {
    Field { name, kind, required: true, v1_only: false }
}

const fn v1(name: &'static str, kind: Type) -> Field {
    Field { name, kind, required: false, v1_only: true }
}

const STRINGS: Type = Type::List(&Type::String);
const STRING_MAP: Type = Type::Map(&Type::String);
const ACTION: Type = Type::Enum(&["Audit", "Enforce"]);

const EITHER_ACTION: Type = Type::Enum(&["audit", "enforce", "Audit", "Enforce"]);
const FAILURE_POLICY: Type = Type::Enum(&["Ignore", "Fail"]);
const CONTEXT_LIST: Type = Type::List(&Type::Object(&CONTEXT));

macro_rules! object {
    ($name:ident: $($field:expr),* $(,)?) => {
        static $name: Object = Object { fields: &[$($field),*] };
    };
    (pub $name:ident: $($field:expr),* $(,)?) => {
        /// The fields of a document.
        pub static $name: Object = Object { fields: &[$($field),*] };
    };
}

object!(pub POLICY:
    required("apiVersion", Type::String), required("kind", Type::String), required("metadata", Type::Object(&METADATA)),
    required("spec", Type::Object(&SPEC)), field("status", Type::Any));
object!(pub EXCEPTION:
    required("apiVersion", Type::String), required("kind", Type::String), required("metadata", Type::Object(&METADATA)),
    required("spec", Type::Object(&EXCEPTION_SPEC)), field("status", Type::Any));
object!(pub LIST:
    field("apiVersion", Type::String), required("kind", Type::String), field("metadata", Type::Any),
    required("items", Type::List(&Type::Any)));
object!(METADATA:
    required("name", Type::String), field("namespace", Type::String), field("labels", STRING_MAP),
    field("annotations", STRING_MAP), field("generateName", Type::String), field("uid", Type::String),
    field("resourceVersion", Type::String), field("generation", Type::Any), field("creationTimestamp", Type::Any),
    field("deletionTimestamp", Type::Any), field("deletionGracePeriodSeconds", Type::Any), field("finalizers", STRINGS),
    field("managedFields", Type::Any), field("ownerReferences", Type::Any), field("selfLink", Type::String));

object!(SPEC:
    required("rules", Type::List(&Type::Object(&RULE))), field("applyRules", Type::Enum(&["All", "One"])),
    field("failurePolicy", FAILURE_POLICY),
    field("validationFailureAction", EITHER_ACTION),
    field("validationFailureActionOverrides", Type::List(&Type::Object(&OVERRIDE))), field("emitWarning", Type::Bool),
    field("admission", Type::Bool), field("background", Type::Bool), field("schemaValidation", Type::Bool),
    field("webhookTimeoutSeconds", Type::Int(1)), field("mutateExistingOnPolicyUpdate", Type::Bool),
    field("generateExistingOnPolicyUpdate", Type::Bool), field("generateExisting", Type::Bool),
    field("useServerSideApply", Type::Bool), field("webhookConfiguration", Type::Object(&WEBHOOK)));
object!(WEBHOOK:
    field("failurePolicy", FAILURE_POLICY), field("timeoutSeconds", Type::Int(1)),
    field("matchConditions", Type::List(&Type::Object(&CEL_CONDITION))));
object!(CEL_CONDITION: required("name", Type::String), required("expression", Type::String));
object!(OVERRIDE:
    field("action", EITHER_ACTION), field("namespaces", STRINGS),
    field("namespaceSelector", Type::Object(&SELECTOR)));

object!(RULE:
    required("name", Type::String), field("context", CONTEXT_LIST),
    field("reportProperties", STRING_MAP), required("match", Type::Object(&MATCH)), field("exclude", Type::Object(&MATCH)),
    field("imageExtractors", Type::Map(&Type::List(&Type::Object(&EXTRACTOR)))), field("preconditions", Type::Conditions),
    field("celPreconditions", Type::List(&Type::Object(&CEL_CONDITION))), field("mutate", Type::Object(&MUTATE)),
    field("validate", Type::Object(&VALIDATE)), field("generate", Type::Object(&GENERATE)),
    field("verifyImages", Type::List(&Type::Object(&VERIFY_IMAGES))), field("skipBackgroundRequests", Type::Bool));
object!(EXTRACTOR:
    required("path", Type::String), field("value", Type::String), field("name", Type::String), field("key", Type::String),
    field("jmesPath", Type::String));

object!(MATCH:
    field("any", Type::List(&Type::Object(&FILTER))), field("all", Type::List(&Type::Object(&FILTER))),
    v1("resources", Type::Object(&RESOURCES)), v1("roles", STRINGS), v1("clusterRoles", STRINGS),
    v1("subjects", Type::List(&Type::Object(&SUBJECT))));
object!(FILTER:
    field("resources", Type::Object(&RESOURCES)), field("roles", STRINGS), field("clusterRoles", STRINGS),
    field("subjects", Type::List(&Type::Object(&SUBJECT))));
object!(RESOURCES:
    field("kinds", STRINGS), field("name", Type::String), field("names", STRINGS), field("namespaces", STRINGS),
    field("annotations", STRING_MAP), field("selector", Type::Object(&SELECTOR)),
    field("namespaceSelector", Type::Object(&SELECTOR)),
    field("operations", Type::List(&Type::Enum(&["CREATE", "UPDATE", "DELETE", "CONNECT"]))));
object!(SELECTOR:
    field("matchLabels", STRING_MAP), field("matchExpressions", Type::List(&Type::Object(&REQUIREMENT))));
object!(REQUIREMENT:
    required("key", Type::String), required("operator", Type::Enum(&["In", "NotIn", "Exists", "DoesNotExist"])),
    field("values", STRINGS));
object!(SUBJECT:
    required("kind", Type::Enum(&["User", "Group", "ServiceAccount"])), required("name", Type::String),
    field("namespace", Type::String), field("apiGroup", Type::String));

// Conditions that the schema itself describes: those of attestations and of foreach.
object!(pub ANY_ALL:
    field("any", Type::List(&Type::Object(&CONDITION))), field("all", Type::List(&Type::Object(&CONDITION))));
object!(CONDITION:
    field("key", Type::Any), required("operator", Type::Operator(&[])), field("value", Type::Any),
    field("message", Type::String));
// Conditions that Kyverno reads itself: it wants every part, and takes two old operators.
object!(pub RAW_ANY_ALL:
    field("any", Type::List(&Type::Object(&RAW_CONDITION))), field("all", Type::List(&Type::Object(&RAW_CONDITION))));
object!(pub RAW_CONDITION:
    required("key", Type::Any), required("operator", Type::Operator(&["Equal", "NotEqual"])), required("value", Type::Any),
    field("message", Type::String));
/// The operators of conditions.
pub const OPERATORS: &[&str] = &[
    "Equals",
    "NotEquals",
    "AnyIn",
    "AllIn",
    "AnyNotIn",
    "AllNotIn",
    "GreaterThanOrEquals",
    "GreaterThan",
    "LessThanOrEquals",
    "LessThan",
    "DurationGreaterThanOrEquals",
    "DurationGreaterThan",
    "DurationLessThanOrEquals",
    "DurationLessThan",
];
/// Those that `v2beta1` and exceptions no longer have.
pub const OLD_OPERATORS: &[&str] = &["In", "NotIn"];

object!(CONTEXT:
    required("name", Type::String), field("configMap", Type::Object(&OBJECT_NAME)), field("apiCall", Type::Object(&API_CALL)),
    field("imageRegistry", Type::Object(&IMAGE_REGISTRY)), field("variable", Type::Object(&VARIABLE)),
    field("globalReference", Type::Object(&GLOBAL_REFERENCE)));
object!(OBJECT_NAME: required("name", Type::String), field("namespace", Type::String));
object!(VARIABLE: field("value", Type::Any), field("jmesPath", Type::String), field("default", Type::Any));
object!(GLOBAL_REFERENCE: required("name", Type::String), field("jmesPath", Type::String));
object!(IMAGE_REGISTRY:
    required("reference", Type::String), field("jmesPath", Type::String),
    field("imageRegistryCredentials", Type::Object(&CREDENTIALS)));
object!(API_CALL:
    field("urlPath", Type::String), field("method", Type::Enum(&["GET", "POST"])),
    field("data", Type::List(&Type::Object(&KEY_VALUE))), field("service", Type::Object(&SERVICE)),
    field("default", Type::Any), field("jmesPath", Type::String));
object!(KEY_VALUE: required("key", Type::String), required("value", Type::Any));
object!(HEADER: required("key", Type::String), required("value", Type::String));
object!(SERVICE:
    required("url", Type::String), field("caBundle", Type::String),
    field("headers", Type::List(&Type::Object(&HEADER))));

object!(MUTATE:
    field("mutateExistingOnPolicyUpdate", Type::Bool), field("targets", Type::List(&Type::Object(&TARGET))),
    field("patchStrategicMerge", Type::Any), field("patchesJson6902", Type::String),
    field("foreach", Type::List(&Type::Object(&MUTATE_FOREACH))));
object!(TARGET:
    field("apiVersion", Type::String), field("kind", Type::String), field("namespace", Type::String),
    field("name", Type::String), field("uid", Type::String), field("selector", Type::Object(&SELECTOR)),
    field("context", CONTEXT_LIST), field("preconditions", Type::Conditions));
object!(MUTATE_FOREACH:
    field("list", Type::String), field("order", Type::Enum(&["Ascending", "Descending"])),
    field("context", CONTEXT_LIST), field("preconditions", Type::Object(&ANY_ALL)),
    field("patchStrategicMerge", Type::Any), field("patchesJson6902", Type::String),
    field("foreach", Type::List(&Type::Object(&MUTATE_FOREACH))));

object!(VALIDATE:
    field("failureAction", ACTION), field("failureActionOverrides", Type::List(&Type::Object(&OVERRIDE))),
    v1("allowExistingViolations", Type::Bool), field("message", Type::String),
    field("manifests", Type::Object(&MANIFESTS)), field("foreach", Type::List(&Type::Object(&VALIDATE_FOREACH))),
    field("pattern", Type::Any), field("anyPattern", Type::Any), field("deny", Type::Object(&DENY)),
    field("podSecurity", Type::Object(&POD_SECURITY)), field("cel", Type::Object(&CEL)), field("assert", Type::Any));
object!(VALIDATE_FOREACH:
    field("list", Type::String), field("elementScope", Type::Bool), field("context", CONTEXT_LIST),
    field("preconditions", Type::Object(&ANY_ALL)), field("pattern", Type::Any), field("anyPattern", Type::Any),
    field("deny", Type::Object(&DENY)), field("foreach", Type::List(&Type::Object(&VALIDATE_FOREACH))));
object!(DENY: field("conditions", Type::Conditions));
object!(POD_SECURITY:
    field("level", Type::Enum(&["privileged", "baseline", "restricted"])), field("version", Type::Enum(POD_SECURITY_VERSIONS)),
    field("exclude", Type::List(&Type::Object(&POD_SECURITY_EXCLUDE))));
object!(POD_SECURITY_EXCLUDE:
    required("controlName", Type::Enum(POD_SECURITY_CONTROLS)), field("images", STRINGS),
    field("restrictedField", Type::String), field("values", STRINGS));
const POD_SECURITY_VERSIONS: &[&str] = &[
    "v1.19", "v1.20", "v1.21", "v1.22", "v1.23", "v1.24", "v1.25", "v1.26", "v1.27", "v1.28", "v1.29", "v1.30",
    "v1.31", "v1.32", "latest",
];
const POD_SECURITY_CONTROLS: &[&str] = &[
    "HostProcess",
    "Host Namespaces",
    "Privileged Containers",
    "Capabilities",
    "HostPath Volumes",
    "Host Ports",
    "AppArmor",
    "SELinux",
    "/proc Mount Type",
    "Seccomp",
    "Sysctls",
    "Volume Types",
    "Privilege Escalation",
    "Running as Non-root",
    "Running as Non-root user",
];
object!(CEL:
    field("generate", Type::Bool), field("expressions", Type::List(&Type::Object(&CEL_EXPRESSION))),
    field("paramKind", Type::Object(&PARAM_KIND)), field("paramRef", Type::Object(&PARAM_REF)),
    field("auditAnnotations", Type::List(&Type::Object(&AUDIT_ANNOTATION))),
    field("variables", Type::List(&Type::Object(&CEL_CONDITION))));
object!(CEL_EXPRESSION:
    required("expression", Type::String), field("message", Type::String), field("messageExpression", Type::String),
    field("reason", Type::String));
object!(PARAM_KIND: field("apiVersion", Type::String), field("kind", Type::String));
object!(PARAM_REF:
    field("name", Type::String), field("namespace", Type::String), field("parameterNotFoundAction", Type::String),
    field("selector", Type::Object(&SELECTOR)));
object!(AUDIT_ANNOTATION: required("key", Type::String), required("valueExpression", Type::String));
object!(MANIFESTS:
    field("attestors", Type::List(&Type::Object(&ATTESTOR_SET))), field("annotationDomain", Type::String),
    field("ignoreFields", Type::List(&Type::Object(&IGNORE_FIELDS))), field("dryRun", Type::Object(&DRY_RUN)),
    field("repository", Type::String));
object!(IGNORE_FIELDS: field("fields", STRINGS), field("objects", Type::List(&Type::Object(&IGNORED_OBJECT))));
object!(IGNORED_OBJECT:
    field("group", Type::String), field("version", Type::String), field("kind", Type::String),
    field("namespace", Type::String), field("name", Type::String));
object!(DRY_RUN: field("enable", Type::Bool), field("namespace", Type::String));

object!(GENERATE:
    field("generateExisting", Type::Bool), field("synchronize", Type::Bool),
    field("orphanDownstreamOnPolicyDelete", Type::Bool), field("apiVersion", Type::String), field("kind", Type::String),
    field("namespace", Type::String), field("name", Type::String), field("uid", Type::String), field("data", Type::Any),
    field("clone", Type::Object(&CLONE)), field("cloneList", Type::Object(&CLONE_LIST)),
    field("foreach", Type::List(&Type::Object(&GENERATE_FOREACH))));
object!(GENERATE_FOREACH:
    field("list", Type::String), field("context", CONTEXT_LIST),
    field("preconditions", Type::Object(&ANY_ALL)), field("apiVersion", Type::String), field("kind", Type::String),
    field("namespace", Type::String), field("name", Type::String), field("uid", Type::String), field("data", Type::Any),
    field("clone", Type::Object(&CLONE)), field("cloneList", Type::Object(&CLONE_LIST)));
object!(CLONE: field("namespace", Type::String), field("name", Type::String));
object!(CLONE_LIST:
    field("namespace", Type::String), field("kinds", STRINGS), field("selector", Type::Object(&SELECTOR)));

object!(VERIFY_IMAGES:
    field("failureAction", ACTION), field("type", Type::Enum(&["Cosign", "SigstoreBundle", "Notary"])),
    v1("image", Type::String), field("imageReferences", STRINGS), field("skipImageReferences", STRINGS),
    v1("key", Type::String), v1("roots", Type::String), v1("subject", Type::String), v1("issuer", Type::String),
    v1("additionalExtensions", STRING_MAP), field("attestors", Type::List(&Type::Object(&ATTESTOR_SET))),
    field("attestations", Type::List(&Type::Object(&ATTESTATION))), v1("annotations", STRING_MAP),
    field("repository", Type::String), v1("cosignOCI11", Type::Bool), field("mutateDigest", Type::Bool),
    field("verifyDigest", Type::Bool), field("validate", Type::Object(&VERIFY_VALIDATE)), field("required", Type::Bool),
    field("imageRegistryCredentials", Type::Object(&CREDENTIALS)), field("useCache", Type::Bool));
object!(VERIFY_VALIDATE: field("message", Type::String), field("deny", Type::Object(&DENY)));
object!(CREDENTIALS:
    field("allowInsecureRegistry", Type::Bool),
    field("providers", Type::List(&Type::Enum(&["default", "amazon", "azure", "google", "github"]))),
    field("secrets", STRINGS));
object!(ATTESTOR_SET:
    field("count", Type::Int(1)), field("entries", Type::List(&Type::Object(&ATTESTOR))));
// The schema leaves nested sets free: a count of zero is as good as none there. Unknown fields are errors all the same.
object!(NESTED_ATTESTOR_SET:
    field("count", Type::Int(0)), field("entries", Type::List(&Type::Object(&ATTESTOR))));
object!(ATTESTOR:
    field("keys", Type::Object(&KEYS)), field("certificates", Type::Object(&CERTIFICATES)),
    field("keyless", Type::Object(&KEYLESS)), field("attestor", Type::Object(&NESTED_ATTESTOR_SET)),
    field("annotations", STRING_MAP), field("repository", Type::String), field("signatureAlgorithm", Type::String));
object!(KEYS:
    field("publicKeys", Type::String), field("signatureAlgorithm", Type::String), field("kms", Type::String),
    field("secret", Type::Object(&SECRET)), field("rekor", Type::Object(&REKOR)), field("ctlog", Type::Object(&CTLOG)));
object!(SECRET: required("name", Type::String), required("namespace", Type::String));
object!(CERTIFICATES:
    field("cert", Type::String), field("certChain", Type::String), field("rekor", Type::Object(&REKOR)),
    field("ctlog", Type::Object(&CTLOG)));
object!(KEYLESS:
    field("rekor", Type::Object(&REKOR)), field("ctlog", Type::Object(&CTLOG)), field("issuer", Type::String),
    field("issuerRegExp", Type::String), field("subject", Type::String), field("subjectRegExp", Type::String),
    field("roots", Type::String), field("additionalExtensions", STRING_MAP));
object!(REKOR: field("url", Type::String), field("pubkey", Type::String), field("ignoreTlog", Type::Bool));
object!(CTLOG:
    field("ignoreSCT", Type::Bool), field("pubkey", Type::String), field("tsaCertChain", Type::String));
object!(ATTESTATION:
    field("name", Type::String), field("predicateType", Type::String), field("type", Type::String),
    field("attestors", Type::List(&Type::Object(&ATTESTOR_SET))),
    field("conditions", Type::List(&Type::Object(&ANY_ALL))));

object!(EXCEPTION_SPEC:
    required("exceptions", Type::List(&Type::Object(&EXCEPTION_TARGET))), required("match", Type::Object(&MATCH)),
    field("conditions", Type::Object(&ANY_ALL)), field("podSecurity", Type::List(&Type::Object(&POD_SECURITY_EXCLUDE))),
    field("background", Type::Bool));
object!(EXCEPTION_TARGET: required("policyName", Type::String), required("ruleNames", STRINGS));

/// Fields whose inside is not Kyverno's: patterns, patches, data.
pub const FREE: &[&str] = &["pattern", "anyPattern", "patchStrategicMerge", "data", "value", "default", "assert"];
