//! Every bound on untrusted input, in one place, each with the reason for its number.

/// The bounds. Exceeding one is a typed error, never a slow answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one policy, resource or exception text. etcd refuses objects over 1.5 MiB; a file may hold several.
    pub yaml_bytes: usize,
    /// Nesting of a YAML or JSON document. Go's YAML decoder stops at 10,000; wasm has a stack of 1 MiB.
    pub depth: usize,
    /// Nodes that one YAML text may expand to, aliases and merge keys included.
    pub yaml_nodes: usize,
    /// Bytes of a manifest or index. Registries must take 4 MiB (OCI distribution 1.1, "pushing manifests").
    pub manifest_bytes: usize,
    /// Bytes of one signature layer. cosign allows 128 MiB; a simple-signing payload is a few hundred bytes.
    pub signature_layer_bytes: usize,
    /// Layers of a signature manifest (cosign `pkg/oci/remote`: 1000).
    pub signature_layers: usize,
    /// Images of one resource.
    pub images: usize,
    /// Images times entries of one rule. Kyverno has no bound; 1,000 images under ten entries are beyond any workload.
    pub checks: usize,
    /// Work of one JMESPath expression: nodes visited plus values copied. Written policies need some hundreds.
    pub expression_steps: u64,
    /// Depth of nested attestor sets.
    pub attestor_depth: usize,
    /// Entries of one attestor set after expansion of PEM lists.
    pub attestor_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            yaml_bytes: 16 << 20,
            depth: 100,
            yaml_nodes: 2_000_000,
            manifest_bytes: 4 << 20,
            signature_layer_bytes: 16 << 20,
            signature_layers: 1000,
            images: 1000,
            checks: 10_000,
            expression_steps: 1_000_000,
            attestor_depth: 8,
            attestor_entries: 64,
        }
    }
}
