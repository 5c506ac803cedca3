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
    /// Conditions: a mapping of `any` and `all`, or the old plain list.
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
object!(METADATA:
    required("name", Type::String), field("namespace", Type::String), field("labels", STRING_MAP),
    field("annotations", STRING_MAP), field("generateName", Type::String), field("uid", Type::String),
    field("resourceVersion", Type::String), field("generation", Type::Any), field("creationTimestamp", Type::Any),
    field("deletionTimestamp", Type::Any), field("deletionGracePeriodSeconds", Type::Any), field("finalizers", STRINGS),
    field("managedFields", Type::Any), field("ownerReferences", Type::Any), field("selfLink", Type::String));

object!(SPEC:
    required("rules", Type::List(&Type::Object(&RULE))), field("applyRules", Type::Enum(&["All", "One"])),
    field("failurePolicy", Type::Enum(&["Ignore", "Fail"])),
    field("validationFailureAction", Type::Enum(&["audit", "enforce", "Audit", "Enforce"])),
    field("validationFailureActionOverrides", Type::List(&Type::Object(&OVERRIDE))), field("emitWarning", Type::Bool),
    field("admission", Type::Bool), field("background", Type::Bool), field("schemaValidation", Type::Bool),
    field("webhookTimeoutSeconds", Type::Int(1)), field("mutateExistingOnPolicyUpdate", Type::Bool),
    field("generateExistingOnPolicyUpdate", Type::Bool), field("generateExisting", Type::Bool),
    field("useServerSideApply", Type::Bool), field("webhookConfiguration", Type::Object(&WEBHOOK)));
object!(WEBHOOK:
    field("failurePolicy", Type::Enum(&["Ignore", "Fail"])), field("timeoutSeconds", Type::Int(1)),
    field("matchConditions", Type::List(&Type::Object(&CEL_CONDITION))));
object!(CEL_CONDITION: required("name", Type::String), required("expression", Type::String));
object!(OVERRIDE:
    field("action", Type::Enum(&["audit", "enforce", "Audit", "Enforce"])), field("namespaces", STRINGS),
    field("namespaceSelector", Type::Object(&SELECTOR)));

object!(RULE:
    required("name", Type::String), field("context", Type::List(&Type::Object(&CONTEXT))),
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
    field("kinds", STRINGS), v1("name", Type::String), field("names", STRINGS), field("namespaces", STRINGS),
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

object!(pub ANY_ALL:
    field("any", Type::List(&Type::Object(&CONDITION))), field("all", Type::List(&Type::Object(&CONDITION))));
object!(pub CONDITION:
    field("key", Type::Any), field("operator", Type::Enum(OPERATORS)), field("value", Type::Any),
    field("message", Type::String));
const OPERATORS: &[&str] = &[
    "Equals",
    "Equal",
    "NotEquals",
    "NotEqual",
    "In",
    "AnyIn",
    "AllIn",
    "NotIn",
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
object!(SERVICE:
    required("url", Type::String), field("caBundle", Type::String),
    field("headers", Type::List(&Type::Object(&KEY_VALUE))));

object!(MUTATE:
    field("mutateExistingOnPolicyUpdate", Type::Bool), field("targets", Type::List(&Type::Object(&TARGET))),
    field("patchStrategicMerge", Type::Any), field("patchesJson6902", Type::String),
    field("foreach", Type::List(&Type::Object(&MUTATE_FOREACH))));
object!(TARGET:
    field("apiVersion", Type::String), field("kind", Type::String), field("namespace", Type::String),
    field("name", Type::String), field("uid", Type::String), field("selector", Type::Object(&SELECTOR)),
    field("context", Type::List(&Type::Object(&CONTEXT))), field("preconditions", Type::Conditions));
object!(MUTATE_FOREACH:
    field("list", Type::String), field("order", Type::Enum(&["Ascending", "Descending"])),
    field("context", Type::List(&Type::Object(&CONTEXT))), field("preconditions", Type::Conditions),
    field("patchStrategicMerge", Type::Any), field("patchesJson6902", Type::String),
    field("foreach", Type::List(&Type::Object(&MUTATE_FOREACH))));

object!(VALIDATE:
    field("failureAction", ACTION), field("failureActionOverrides", Type::List(&Type::Object(&OVERRIDE))),
    field("allowExistingViolations", Type::Bool), field("message", Type::String),
    field("manifests", Type::Object(&MANIFESTS)), field("foreach", Type::List(&Type::Object(&VALIDATE_FOREACH))),
    field("pattern", Type::Any), field("anyPattern", Type::Any), field("deny", Type::Object(&DENY)),
    field("podSecurity", Type::Object(&POD_SECURITY)), field("cel", Type::Object(&CEL)), field("assert", Type::Any));
object!(VALIDATE_FOREACH:
    field("list", Type::String), field("elementScope", Type::Bool), field("context", Type::List(&Type::Object(&CONTEXT))),
    field("preconditions", Type::Conditions), field("pattern", Type::Any), field("anyPattern", Type::Any),
    field("deny", Type::Object(&DENY)), field("foreach", Type::List(&Type::Object(&VALIDATE_FOREACH))));
object!(DENY: field("conditions", Type::Conditions));
object!(POD_SECURITY:
    field("level", Type::Enum(&["privileged", "baseline", "restricted"])), field("version", Type::String),
    field("exclude", Type::List(&Type::Object(&POD_SECURITY_EXCLUDE))));
object!(POD_SECURITY_EXCLUDE:
    required("controlName", Type::String), field("images", STRINGS), field("restrictedField", Type::String),
    field("values", STRINGS));
object!(CEL:
    field("generate", Type::Bool), field("expressions", Type::List(&Type::Any)), field("paramKind", Type::Any),
    field("paramRef", Type::Any), field("auditAnnotations", Type::List(&Type::Any)),
    field("variables", Type::List(&Type::Any)));
object!(MANIFESTS:
    field("attestors", Type::List(&Type::Object(&ATTESTOR_SET))), field("annotationDomain", Type::String),
    field("ignoreFields", Type::List(&Type::Any)), field("dryRun", Type::Any), field("repository", Type::String));

object!(GENERATE:
    field("generateExisting", Type::Bool), field("synchronize", Type::Bool),
    field("orphanDownstreamOnPolicyDelete", Type::Bool), field("apiVersion", Type::String), field("kind", Type::String),
    field("namespace", Type::String), field("name", Type::String), field("uid", Type::String), field("data", Type::Any),
    field("clone", Type::Object(&CLONE)), field("cloneList", Type::Object(&CLONE_LIST)),
    field("foreach", Type::List(&Type::Object(&GENERATE_FOREACH))));
object!(GENERATE_FOREACH:
    field("list", Type::String), field("context", Type::List(&Type::Object(&CONTEXT))),
    field("preconditions", Type::Conditions), field("apiVersion", Type::String), field("kind", Type::String),
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
object!(ATTESTOR:
    field("keys", Type::Object(&KEYS)), field("certificates", Type::Object(&CERTIFICATES)),
    field("keyless", Type::Object(&KEYLESS)), field("attestor", Type::Object(&ATTESTOR_SET)),
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
