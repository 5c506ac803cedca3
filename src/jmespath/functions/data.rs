//! Encodings, hashes, certificates, images, URLs.

use super::{Answer, Call};
use crate::encoding::base64;
use crate::jmespath::EvalError;
use crate::jmespath::eval::size;
use crate::limits::Limits;
use crate::oci::ImageReference;
use crate::scalar::certificate;
use crate::scalar::url::Url;
use crate::yaml;
use serde_json::Value;
use sha2::Digest as _;
use std::net::IpAddr;

pub(super) fn base64_decode(call: &mut Call<'_, '_, '_>) -> Answer {
    let bytes = base64::decode(call.text(0)).map_err(|error| EvalError::failed(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}

pub(super) fn base64_encode(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(base64::encode(call.text(0).as_bytes()).into())
}

pub(super) fn image_normalize(call: &mut Call<'_, '_, '_>) -> Answer {
    let reference = ImageReference::parse(call.text(0)).map_err(|error| call.failed(error))?;
    Ok(reference.canonical().into())
}

/// Addresses alone are decided: names would have to be resolved.
pub(super) fn is_external_url(call: &mut Call<'_, '_, '_>) -> Answer {
    let url = Url::parse(call.text(0)).map_err(|error| EvalError::failed(error.to_string()))?;
    let host = hostname(&url.host);
    let Ok(address) = host.parse::<IpAddr>() else {
        return Err(call.failed(format!("the name `{host}` is not resolved here: give an address")));
    };
    let internal = match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.is_loopback() || address.is_private(),
            None => address.is_loopback() || address.is_unique_local(),
        },
    };
    Ok((!internal).into())
}

/// A host without its port and its brackets.
fn hostname(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

pub(super) fn md5(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(hex::encode(md5::Md5::digest(call.text(0))).into())
}

pub(super) fn parse_json(call: &mut Call<'_, '_, '_>) -> Answer {
    // Of duplicate keys Go takes the last, and so does this.
    serde_json::from_str(call.text(0)).map_err(|error| EvalError::failed(format!("no JSON: {error}")))
}

pub(super) fn parse_yaml(call: &mut Call<'_, '_, '_>) -> Answer {
    let documents = yaml::parse_documents(call.text(0), &Limits::default());
    let documents = documents.map_err(|error| EvalError::failed(format!("no YAML: {error}")))?;
    let value = documents.first().map(yaml::Node::to_value).unwrap_or_default();
    // Aliases make much of little text.
    call.evaluation.step(size(&value))?;
    Ok(value)
}

pub(super) fn sha1(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(hex::encode(sha1::Sha1::digest(call.text(0))).into())
}

pub(super) fn sha256(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(hex::encode(sha2::Sha256::digest(call.text(0))).into())
}

pub(super) fn x509_decode(call: &mut Call<'_, '_, '_>) -> Answer {
    let decoded: Result<Value, _> = certificate::x509_decode(call.text(0));
    decoded.map_err(|error| EvalError::failed(error.to_string()))
}
