//! Where the key of a static key attestor comes from.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/cosign/cosign.go` (inline test) and cosign `pkg/signature/keys.go`.

use super::{Context, Rejection, VerifyError};
use crate::crypto::{KeyError, PublicKey};
use crate::encoding::base64;
use crate::evidence::Unavailable;
use crate::policy::{KeySource, VerificationType};

const INLINE: &str = "-----BEGIN PUBLIC KEY-----";
const FOOTER: &str = "-----END PUBLIC KEY-----";

/// References that only the host's environment could resolve (cosign `pkg/signature/keys.go`).
const SCHEMES: [&str; 9] =
    ["awskms://", "azurekms://", "env://", "gcpkms://", "gitlab://", "hashivault://", "http://", "https://", "pkcs11:"];

/// The key, or where it is.
#[derive(Clone, Debug)]
pub enum KeyPlan {
    /// Written in the policy: parsed when the policy was loaded.
    Inline(Result<PublicKey, KeyError>),
    /// A reference that only the host's environment could resolve: a file, an address, a KMS.
    Elsewhere(String),
    /// In a Kubernetes Secret.
    Secret {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// `k8s://` followed by something else than `namespace/name`.
    SecretMalformed(String),
}

/// Splits text after each footer; what follows the last footer is dropped.
pub(super) fn split_pem(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = text.split(FOOTER).map(|part| format!("{}{FOOTER}", part.trim_start())).collect();
    parts.pop();
    parts
}

/// Reads what can be read of a key without looking anything up.
pub(super) fn plan_key(source: &KeySource, kind: VerificationType) -> KeyPlan {
    // Each of upstream's verifiers has its own idea of what an inline key looks like.
    let is_inline = |text: &str| match kind {
        VerificationType::SigstoreBundle => text.contains("PUBLIC KEY"),
        VerificationType::Cosign | VerificationType::Notary => text.trim_start().starts_with(INLINE),
    };
    match source {
        KeySource::Kms(reference) => KeyPlan::Elsewhere(reference.clone()),
        KeySource::Secret { namespace, name } => KeyPlan::Secret { namespace: namespace.clone(), name: name.clone() },
        KeySource::Text(text) if is_inline(text) => KeyPlan::Inline(PublicKey::from_pem(text)),
        KeySource::Text(text) => match text.strip_prefix("k8s://") {
            None => KeyPlan::Elsewhere(text.clone()),
            Some(reference) => match reference.split_once('/') {
                Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
                    KeyPlan::Secret { namespace: namespace.to_owned(), name: name.to_owned() }
                }
                _ => KeyPlan::SecretMalformed(text.clone()),
            },
        },
    }
}

/// The key to verify with.
pub(super) fn resolve(plan: &KeyPlan, context: &Context<'_, '_>) -> Result<PublicKey, VerifyError> {
    match plan {
        KeyPlan::Inline(key) => {
            let rejected = |error: KeyError| Rejection::Key { from: "PEM".to_owned(), error };
            key.clone().map_err(|error| rejected(error).into())
        }
        KeyPlan::Elsewhere(reference) if SCHEMES.iter().any(|scheme| reference.starts_with(scheme)) => {
            Err(VerifyError::NotBuilt { feature: format!("reading a public key from `{reference}` is") })
        }
        // Kyverno takes any other text for the name of a file on its own disk.
        KeyPlan::Elsewhere(reference) => Err(secret(
            reference,
            "the text neither begins with -----BEGIN PUBLIC KEY----- nor is a reference such as k8s://namespace/name",
        )),
        KeyPlan::SecretMalformed(reference) => {
            Err(secret(reference, "kubernetes specification should be in the format k8s://<namespace>/<secret>"))
        }
        KeyPlan::Secret { namespace, name } => from_secret(namespace, name, context),
    }
}

fn from_secret(namespace: &str, name: &str, context: &Context<'_, '_>) -> Result<PublicKey, VerifyError> {
    let reference = format!("k8s://{namespace}/{name}");
    let object = match context.session.object("v1", "Secret", namespace, name, &context.asker) {
        Ok(object) => object,
        Err(Unavailable::Absent) => return Err(secret(&reference, "the Secret does not exist")),
        Err(Unavailable::Failed(failure)) => return Err(VerifyError::from_failure(reference, &failure)),
        Err(_) => return Err(VerifyError::Pending),
    };
    let data = object.pointer("/data/cosign.pub").and_then(serde_json::Value::as_str);
    let data = data.ok_or_else(|| secret(&reference, "the Secret has no data under cosign.pub"))?;
    let pem = base64::decode(data).map_err(|_| secret(&reference, "the data under cosign.pub is not base64"))?;
    let pem = String::from_utf8(pem).map_err(|_| secret(&reference, "the data under cosign.pub is not text"))?;
    PublicKey::from_pem(&pem).map_err(|error| Rejection::Key { from: reference, error }.into())
}

fn secret(reference: &str, reason: &str) -> VerifyError {
    Rejection::KeySecret { reference: reference.to_owned(), reason: reason.to_owned() }.into()
}
