//! What is known before any rule: the request, its user, its images.
//!
//! Source: Kyverno `pkg/engine/context/context.go`.

use crate::oci::ImageReference;
use crate::policy::ImageExtractor;
use crate::resource::{AdmissionRequest, extract_images};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Length of the prefix `system:serviceaccount:`, which is dropped whatever it says.
const SERVICE_ACCOUNT_PREFIX: usize = 22;

/// `request`.
pub(super) fn request(request: &AdmissionRequest) -> Value {
    let user = &request.user_info;
    let mut info = Map::new();
    if !user.username.is_empty() {
        info.insert("username".to_owned(), user.username.clone().into());
    }
    if !user.groups.is_empty() {
        info.insert("groups".to_owned(), user.groups.clone().into());
    }
    if !user.uid.is_empty() {
        info.insert("uid".to_owned(), user.uid.clone().into());
    }
    if !user.extra.is_empty() {
        info.insert("extra".to_owned(), json!(user.extra));
    }
    let list = |items: &[String]| if items.is_empty() { Value::Null } else { items.to_vec().into() };
    let id = request.resource_id();
    let mut value = json!({
        "operation": request.operation.as_str(),
        "namespace": id.namespace,
        "userInfo": info,
        "roles": list(&user.roles),
        "clusterRoles": list(&user.cluster_roles),
    });
    if let Some(object) = value.as_object_mut() {
        object.extend(request.details.clone());
        for (key, item) in [("object", &request.object), ("oldObject", &request.old_object)] {
            if let Some(item) = item {
                object.insert(key.to_owned(), item.clone());
            }
        }
    }
    value
}

/// `serviceAccountName` and `serviceAccountNamespace`.
pub(super) fn service_account(username: &str) -> (String, String) {
    let account = match username.len() > SERVICE_ACCOUNT_PREFIX {
        true => username.get(SERVICE_ACCOUNT_PREFIX..).unwrap_or_default(),
        false => username,
    };
    let mut parts = account.split(':');
    match (parts.next(), parts.next()) {
        (Some(namespace), Some(name)) => (name.to_owned(), namespace.to_owned()),
        _ => (String::new(), String::new()),
    }
}

/// `images`; `None` where the object has none, or where they cannot be told.
pub(super) fn images(object: &Value, extractors: &BTreeMap<String, Vec<ImageExtractor>>) -> Option<Value> {
    let images = extract_images(object, extractors).ok().filter(|images| !images.is_empty())?;
    let mut groups = Map::new();
    for image in images.iter().filter(|image| !image.shadowed) {
        let mut info = self::image(&image.reference);
        if let Some(info) = info.as_object_mut() {
            info.insert("jsonPointer".to_owned(), image.pointer.clone().into());
        }
        let group = groups.entry(image.group.clone()).or_insert_with(|| Value::Object(Map::new()));
        if let Some(group) = group.as_object_mut() {
            group.insert(image.key.clone(), info);
        }
    }
    Some(Value::Object(groups))
}

/// `image`, and each of `images`: the parts of a reference that are there.
pub fn image(reference: &ImageReference) -> Value {
    let digest = reference.digest().map(ToString::to_string);
    let always = [
        ("path", reference.path()),
        ("name", reference.name()),
        ("reference", reference.canonical()),
        ("referenceWithTag", &reference.reference_with_tag()),
    ];
    let given = [("registry", Some(reference.registry())), ("tag", reference.tag()), ("digest", digest.as_deref())];
    let given = given.into_iter().filter_map(|(key, text)| Some((key, text.filter(|text| !text.is_empty())?)));
    always.into_iter().chain(given).map(|(key, text)| (key.to_owned(), Value::from(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::service_account;

    #[test]
    fn the_service_account_is_what_is_behind_the_prefix() {
        let account = |name| service_account(name);
        assert_eq!(account("system:serviceaccount:prod:deployer"), ("deployer".to_owned(), "prod".to_owned()));
        assert_eq!(account("alice"), (String::new(), String::new()));
        assert_eq!(account("a:b"), ("b".to_owned(), "a".to_owned()));
    }
}
