/** Kinds of Kubernetes' own APIs that are in no namespace. */
const CLUSTER_SCOPED = new Set([
  "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterPolicy", "ClusterRole", "ClusterRoleBinding",
  "ComponentStatus", "CustomResourceDefinition", "FlowSchema", "IngressClass", "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume",
  "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment",
]);

/**
 * The object as a cluster would see it: one that names no namespace is in `default`, as with `kubectl` and with Kyverno's
 * command line. Kinds that are not Kubernetes' own are taken to be namespaced.
 */
export function inDefaultNamespace(object: unknown): unknown {
  if (typeof object !== "object" || object === null || !("kind" in object)) return object;
  if (object.kind === "AdmissionReview" || CLUSTER_SCOPED.has(String(object.kind))) return object;
  const metadata = "metadata" in object ? object.metadata : {};
  if (typeof metadata !== "object" || metadata === null || ("namespace" in metadata && metadata.namespace)) return object;
  return { ...object, metadata: { ...metadata, namespace: "default" } };
}
