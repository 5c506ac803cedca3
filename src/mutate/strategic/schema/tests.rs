use super::*;

/// The merged lists of a kind with their keys, as `spec.containers.ports=containerPort+protocol`.
fn lists(api_version: &str, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(found_type) = type_of(api_version, kind) {
        walk(found_type, "", &mut found);
    }
    found
}

fn walk(Type(fields): &Type, path: &str, found: &mut Vec<String>) {
    for (key, schema) in *fields {
        let path = format!("{path}{key}");
        match schema {
            Known(inner) => walk(inner, &format!("{path}."), found),
            Merged(keys, element) => {
                found.push(format!("{path}={}", keys.join("+")));
                walk(element, &format!("{path}."), found);
            }
            Schema::Unknown => {}
        }
    }
}

const POD_SPEC_LISTS: &[&str] = &[
    "containers=name",
    "containers.env=name",
    "containers.ports=containerPort+protocol",
    "containers.volumeDevices=devicePath",
    "containers.volumeMounts=mountPath",
    "ephemeralContainers=name",
    "ephemeralContainers.env=name",
    "ephemeralContainers.volumeDevices=devicePath",
    "ephemeralContainers.volumeMounts=mountPath",
    "hostAliases=ip",
    "imagePullSecrets=name",
    "initContainers=name",
    "initContainers.env=name",
    "initContainers.ports=containerPort+protocol",
    "initContainers.volumeDevices=devicePath",
    "initContainers.volumeMounts=mountPath",
    "topologySpreadConstraints=topologyKey+whenUnsatisfiable",
    "volumes=name",
    "volumes.ephemeral.volumeClaimTemplate.metadata.finalizers=",
    "volumes.ephemeral.volumeClaimTemplate.metadata.ownerReferences=uid",
];

#[test]
fn a_pod_spec_is_the_same_wherever_it_stands() {
    for (api_version, kind, path) in [
        ("v1", "Pod", "spec."),
        ("v1", "PodTemplate", "template.spec."),
        ("v1", "ReplicationController", "spec.template.spec."),
        ("apps/v1", "DaemonSet", "spec.template.spec."),
        ("apps/v1", "Deployment", "spec.template.spec."),
        ("apps/v1", "ReplicaSet", "spec.template.spec."),
        ("apps/v1", "StatefulSet", "spec.template.spec."),
        ("batch/v1", "Job", "spec.template.spec."),
        ("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec."),
        ("batch/v1beta1", "CronJob", "spec.jobTemplate.spec.template.spec."),
    ] {
        let found = lists(api_version, kind);
        let below: Vec<&str> = found.iter().filter_map(|list| list.strip_prefix(path)).collect();
        assert_eq!(below, POD_SPEC_LISTS, "{api_version} {kind}");
    }
}

#[test]
fn kinds_have_the_lists_of_the_document() {
    for (api_version, kind, expected) in [
        ("v1", "ConfigMap", &[][..]),
        ("v1", "Namespace", &["status.conditions=type"]),
        ("v1", "Node", &["spec.podCIDRs=", "status.addresses=type", "status.conditions=type"]),
        ("v1", "Service", &["spec.ports=port+protocol", "status.conditions=type"]),
        ("v1", "ServiceAccount", &["secrets=name"]),
        ("v1", "ComponentStatus", &["conditions=type"]),
        ("storage.k8s.io/v1", "CSINode", &["spec.drivers=name"]),
        ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", &["webhooks=name"]),
        ("policy/v1beta1", "PodDisruptionBudget", &["status.conditions=type"]),
        ("apiregistration.k8s.io/v1", "APIService", &["status.conditions=type"]),
    ] {
        let found = lists(api_version, kind);
        assert_eq!(found[..2], ["metadata.finalizers=", "metadata.ownerReferences=uid"], "{kind}");
        assert_eq!(found[2..], *expected, "{api_version} {kind}");
    }
    assert_eq!(
        lists("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ["configMapGenerator=name", "secretGenerator=name"]
    );
}

#[test]
fn kinds_that_the_document_lacks_are_unknown() {
    for (api_version, kind) in [
        ("apps/v1beta1", "Deployment"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("apps/v1", "Pod"),
        ("v1", "DeploymentX"),
        ("v1", "List"),
        ("", ""),
    ] {
        assert!(Schema::of(api_version, kind).is_none(), "{api_version} {kind}");
    }
}
