//! The policy of a scenario, as YAML text.

use crate::scenario::{NamedKey, Requirements};

/// Everything that is the same in each policy. Digest mutation and the second phase are off, so that the rule gives
/// exactly one result for an image. The logs are ignored because no log has seen these signatures.
const HEAD: &str = "\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: check-image
spec:
  background: false
  rules:
    - name: verify
      match:
        any:
          - resources:
              kinds:
                - Pod
      verifyImages:
        - imageReferences:
            - \"registry.example/team/*\"
          failureAction: Enforce
          mutateDigest: false
          verifyDigest: false
          required: false
";

pub(crate) fn cluster_policy(keys: &[NamedKey], requirements: &Requirements) -> String {
    let mut text = HEAD.to_owned();
    if let Some(repository) = &requirements.repository {
        text.push_str(&format!("          repository: {repository}\n"));
    }
    let entries = match requirements.one_text {
        true => entry(&keys.iter().map(|key| key.pem.as_str()).collect::<String>(), requirements),
        false => keys.iter().map(|key| entry(&key.pem, requirements)).collect(),
    };
    let count = requirements.count.map(|count| format!("count: {count}\n              "));
    text.push_str(&format!("          attestors:\n            - {}entries:\n{entries}", count.unwrap_or_default()));
    text
}

fn entry(pem: &str, requirements: &Requirements) -> String {
    let mut text = "                - keys:\n                    publicKeys: |-\n".to_owned();
    for line in pem.lines() {
        text.push_str(&format!("                      {line}\n"));
    }
    if let Some(algorithm) = &requirements.signature_algorithm {
        text.push_str(&format!("                    signatureAlgorithm: {algorithm}\n"));
    }
    text.push_str("                    rekor:\n                      ignoreTlog: true\n");
    text.push_str("                    ctlog:\n                      ignoreSCT: true\n");
    if !requirements.annotations.is_empty() {
        text.push_str("                  annotations:\n");
    }
    for (key, value) in &requirements.annotations {
        text.push_str(&format!("                    {key}: \"{value}\"\n"));
    }
    text
}
