//! Which lists of the built-in kinds are merged, and by which keys.
//!
//! Only what leads to such a list is here: any other list is replaced, and maps need no schema.
//!
//! Source: the OpenAPI document of Kubernetes 1.21.2 that `sigs.k8s.io/kustomize/kyaml` v0.21.1 carries
//! (`openapi/kubernetesapi`), its `x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key` and
//! `x-kubernetes-list-map-keys`. Kinds that are younger than it are unknown to Kyverno too.

#[cfg(test)]
mod tests;

use Schema::{Known, Merged};

/// What is known about one place of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Schema {
    /// An object or scalar.
    Known(&'static Type),
    /// A list that is merged, its keys and what its elements are; lists of scalars have no keys.
    Merged(&'static [&'static str], &'static Type),
    /// Nothing: an object that says what it is may begin here.
    Unknown,
}

/// The fields of a type that matter.
#[derive(Debug)]
pub(super) struct Type(&'static [(&'static str, Schema)]);

impl Schema {
    /// The schema of a kind.
    pub(super) fn of(api_version: &str, kind: &str) -> Option<Self> {
        type_of(api_version, kind).map(Self::Known)
    }

    /// The schema of the field `key`.
    pub(super) fn field(self, key: &str) -> Self {
        let Self::Known(Type(fields)) = self else { return Self::Unknown };
        fields.iter().find(|(name, _)| *name == key).map_or(Self::Unknown, |(_, schema)| *schema)
    }
}

/// A type without merged lists.
static LEAF: Type = Type(&[]);
const METADATA: (&str, Schema) =
    ("metadata", Known(&Type(&[("finalizers", Merged(&[], &LEAF)), ("ownerReferences", Merged(&["uid"], &LEAF))])));
const CONDITIONS: (&str, Schema) = ("status", Known(&Type(&[("conditions", Merged(&["type"], &LEAF))])));

static CONTAINER: Type = Type(&[
    ("env", Merged(&["name"], &LEAF)),
    ("ports", Merged(&["containerPort", "protocol"], &LEAF)),
    ("volumeDevices", Merged(&["devicePath"], &LEAF)),
    ("volumeMounts", Merged(&["mountPath"], &LEAF)),
]);
/// As a container, but for ports.
static EPHEMERAL_CONTAINER: Type = Type(&[
    ("env", Merged(&["name"], &LEAF)),
    ("volumeDevices", Merged(&["devicePath"], &LEAF)),
    ("volumeMounts", Merged(&["mountPath"], &LEAF)),
]);
static VOLUME: Type = Type(&[("ephemeral", Known(&Type(&[("volumeClaimTemplate", Known(&METADATA_ALONE))])))]);
static POD_SPEC: Type = Type(&[
    ("containers", Merged(&["name"], &CONTAINER)),
    ("ephemeralContainers", Merged(&["name"], &EPHEMERAL_CONTAINER)),
    ("hostAliases", Merged(&["ip"], &LEAF)),
    ("imagePullSecrets", Merged(&["name"], &LEAF)),
    ("initContainers", Merged(&["name"], &CONTAINER)),
    ("topologySpreadConstraints", Merged(&["topologyKey", "whenUnsatisfiable"], &LEAF)),
    ("volumes", Merged(&["name"], &VOLUME)),
]);
const POD_TEMPLATE_SPEC: Schema = Known(&Type(&[METADATA, ("spec", Known(&POD_SPEC))]));
const WITH_TEMPLATE: (&str, Schema) = ("spec", Known(&Type(&[("template", POD_TEMPLATE_SPEC)])));

static METADATA_ALONE: Type = Type(&[METADATA]);
static WITH_CONDITIONS: Type = Type(&[METADATA, CONDITIONS]);
static WORKLOAD: Type = Type(&[METADATA, WITH_TEMPLATE, CONDITIONS]);
static CRON_JOB: Type =
    Type(&[METADATA, ("spec", Known(&Type(&[("jobTemplate", Known(&Type(&[METADATA, WITH_TEMPLATE])))])))]);
static CSI_NODE: Type = Type(&[METADATA, ("spec", Known(&Type(&[("drivers", Merged(&["name"], &LEAF))])))]);
static WEBHOOK_CONFIGURATION: Type = Type(&[METADATA, ("webhooks", Merged(&["name"], &LEAF))]);
static COMPONENT_STATUS: Type = Type(&[METADATA, ("conditions", Merged(&["type"], &LEAF))]);
/// `data` is any object, and stays one even if it says what it is.
static CONTROLLER_REVISION: Type = Type(&[METADATA, ("data", Known(&LEAF))]);
static NODE: Type = Type(&[
    METADATA,
    ("spec", Known(&Type(&[("podCIDRs", Merged(&[], &LEAF))]))),
    ("status", Known(&Type(&[("addresses", Merged(&["type"], &LEAF)), ("conditions", Merged(&["type"], &LEAF))]))),
]);
static POD: Type = Type(&[
    METADATA,
    ("spec", Known(&POD_SPEC)),
    ("status", Known(&Type(&[("conditions", Merged(&["type"], &LEAF)), ("podIPs", Merged(&["ip"], &LEAF))]))),
]);
static POD_TEMPLATE: Type = Type(&[METADATA, ("template", POD_TEMPLATE_SPEC)]);
static SERVICE: Type =
    Type(&[METADATA, ("spec", Known(&Type(&[("ports", Merged(&["port", "protocol"], &LEAF))]))), CONDITIONS]);
static SERVICE_ACCOUNT: Type = Type(&[METADATA, ("secrets", Merged(&["name"], &LEAF))]);
static KUSTOMIZATION: Type =
    Type(&[("configMapGenerator", Merged(&["name"], &LEAF)), ("secretGenerator", Merged(&["name"], &LEAF))]);

/// The type of a kind that has merged lists.
fn type_of(api_version: &str, kind: &str) -> Option<&'static Type> {
    Some(match (api_version, kind) {
        ("v1", "ComponentStatus") => &COMPONENT_STATUS,
        ("apps/v1", "ControllerRevision") => &CONTROLLER_REVISION,
        ("batch/v1" | "batch/v1beta1", "CronJob") => &CRON_JOB,
        ("storage.k8s.io/v1" | "storage.k8s.io/v1beta1", "CSINode") => &CSI_NODE,
        ("kustomize.config.k8s.io/v1beta1", "Kustomization") => &KUSTOMIZATION,
        ("apiextensions.k8s.io/v1" | "apiextensions.k8s.io/v1beta1", "CustomResourceDefinition") => &METADATA_ALONE,
        ("authentication.k8s.io/v1", "TokenRequest" | "TokenReview") => &METADATA_ALONE,
        ("authentication.k8s.io/v1beta1", "TokenReview") => &METADATA_ALONE,
        (
            "authorization.k8s.io/v1" | "authorization.k8s.io/v1beta1",
            "LocalSubjectAccessReview" | "SelfSubjectAccessReview" | "SelfSubjectRulesReview" | "SubjectAccessReview",
        ) => &METADATA_ALONE,
        ("autoscaling/v1", "HorizontalPodAutoscaler" | "Scale") => &METADATA_ALONE,
        ("autoscaling/v2beta1" | "autoscaling/v2beta2", "HorizontalPodAutoscaler") => &METADATA_ALONE,
        ("certificates.k8s.io/v1" | "certificates.k8s.io/v1beta1", "CertificateSigningRequest") => &METADATA_ALONE,
        ("coordination.k8s.io/v1" | "coordination.k8s.io/v1beta1", "Lease") => &METADATA_ALONE,
        ("discovery.k8s.io/v1" | "discovery.k8s.io/v1beta1", "EndpointSlice") => &METADATA_ALONE,
        ("events.k8s.io/v1" | "events.k8s.io/v1beta1", "Event") => &METADATA_ALONE,
        ("extensions/v1beta1", "Ingress") => &METADATA_ALONE,
        ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema" | "PriorityLevelConfiguration") => &METADATA_ALONE,
        ("networking.k8s.io/v1", "Ingress" | "IngressClass" | "NetworkPolicy") => &METADATA_ALONE,
        ("networking.k8s.io/v1beta1", "Ingress" | "IngressClass") => &METADATA_ALONE,
        ("node.k8s.io/v1" | "node.k8s.io/v1beta1", "RuntimeClass") => &METADATA_ALONE,
        ("policy/v1beta1", "Eviction" | "PodSecurityPolicy") => &METADATA_ALONE,
        (
            "rbac.authorization.k8s.io/v1" | "rbac.authorization.k8s.io/v1beta1",
            "ClusterRole" | "ClusterRoleBinding" | "Role" | "RoleBinding",
        ) => &METADATA_ALONE,
        ("scheduling.k8s.io/v1" | "scheduling.k8s.io/v1beta1", "PriorityClass") => &METADATA_ALONE,
        ("storage.k8s.io/v1", "CSIDriver" | "StorageClass" | "VolumeAttachment") => &METADATA_ALONE,
        ("storage.k8s.io/v1beta1", "CSIDriver" | "CSIStorageCapacity" | "StorageClass" | "VolumeAttachment") => {
            &METADATA_ALONE
        }
        (
            "v1",
            "Binding" | "ConfigMap" | "Endpoints" | "Event" | "LimitRange" | "PersistentVolume" | "ResourceQuota"
            | "Secret",
        ) => &METADATA_ALONE,
        ("v1", "Node") => &NODE,
        ("v1", "Pod") => &POD,
        ("v1", "PodTemplate") => &POD_TEMPLATE,
        ("v1", "Service") => &SERVICE,
        ("v1", "ServiceAccount") => &SERVICE_ACCOUNT,
        (
            "admissionregistration.k8s.io/v1" | "admissionregistration.k8s.io/v1beta1",
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration",
        ) => &WEBHOOK_CONFIGURATION,
        ("apiregistration.k8s.io/v1" | "apiregistration.k8s.io/v1beta1", "APIService") => &WITH_CONDITIONS,
        ("policy/v1" | "policy/v1beta1", "PodDisruptionBudget") => &WITH_CONDITIONS,
        ("v1", "Namespace" | "PersistentVolumeClaim") => &WITH_CONDITIONS,
        ("apps/v1", "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet") => &WORKLOAD,
        ("batch/v1", "Job") => &WORKLOAD,
        ("v1", "ReplicationController") => &WORKLOAD,
        _ => return None,
    })
}
