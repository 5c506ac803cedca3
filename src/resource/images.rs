//! Where objects keep their images.
//!
//! Source: Kyverno `pkg/utils/api/image.go`.

use crate::oci::{ImageReference, OciError};
use crate::policy::ImageExtractor;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// An image of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtractedImage {
    /// JSON pointer of the text.
    pub pointer: String,
    /// `containers`, `initContainers`, `ephemeralContainers` or the extractor's name.
    pub group: String,
    /// The container's name, or what the extractor takes as key, or the pointer.
    pub key: String,
    /// What the text says.
    pub reference: ImageReference,
}

/// Why the images of an object cannot be told.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ImageError {
    /// A text is no image reference.
    #[error("invalid image '{text}' ({error})")]
    Image {
        /// The text.
        text: String,
        /// What is wrong with it.
        error: OciError,
    },
    /// Where an object belongs is something else.
    #[error("invalid image config: expected an object at {pointer}")]
    Config {
        /// JSON pointer.
        pointer: String,
    },
    /// A JMESPath extractor, which is not built.
    #[error("the jmesPath `{0}` of an image extractor is not available")]
    JmesPath(String),
    /// The key of an image is no text.
    #[error("invalid key: expected a string at {pointer}")]
    Key {
        /// JSON pointer.
        pointer: String,
    },
    /// The list of extractors of the kind is empty.
    #[error("no extractors found for {0}")]
    NoExtractors(String),
    /// More than the limit.
    #[error("the object has {found} images, at most {limit} are evaluated")]
    TooMany {
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// A wildcard of an extractor meets a scalar.
    #[error("invalid type: expected a list or an object at {pointer}")]
    Type {
        /// JSON pointer.
        pointer: String,
    },
}

impl ImageError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config { .. } | Self::Key { .. } | Self::Type { .. } => "image-config-malformed",
            Self::Image { .. } => "image-unparsable",
            Self::JmesPath(_) => "not-built",
            Self::NoExtractors(_) => "no-extractors",
            Self::TooMany { .. } => "too-many-images",
        }
    }
}

/// One place where a kind keeps images.
struct Place<'a> {
    path: Vec<&'a str>,
    value: &'a str,
    group: &'a str,
    key: Option<&'a str>,
    jmes_path: Option<&'a str>,
}

/// Every image of `object`: init containers, containers, ephemeral containers, each in document order.
///
/// `custom` replaces the built-in places for the kinds that it has. An object of another kind has no images, and blank
/// texts are none.
pub fn extract_images(
    object: &Value,
    custom: &BTreeMap<String, Vec<ImageExtractor>>,
) -> Result<Vec<ExtractedImage>, ImageError> {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or("");
    let places = match custom.get(kind) {
        Some(extractors) if extractors.is_empty() => return Err(ImageError::NoExtractors(kind.to_owned())),
        Some(extractors) => extractors.iter().map(custom_place).collect(),
        None => built_in(kind),
    };
    let mut images = Vec::new();
    for place in &places {
        walk(object, &place.path, "", place, &mut images)?;
    }
    Ok(images)
}

fn built_in(kind: &str) -> Vec<Place<'static>> {
    let prefix: &[&str] = match kind {
        "Pod" => &["spec"],
        "DaemonSet" | "Deployment" | "ReplicaSet" | "ReplicationController" | "StatefulSet" | "Job" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return Vec::new(),
    };
    let place = |group| {
        let path = prefix.iter().copied().chain([group, "*"]).collect();
        Place { path, value: "image", group, key: Some("name"), jmes_path: None }
    };
    ["initContainers", "containers", "ephemeralContainers"].map(place).into()
}

fn custom_place(extractor: &ImageExtractor) -> Place<'_> {
    Place {
        path: extractor.path.iter().map(String::as_str).collect(),
        value: &extractor.value,
        group: &extractor.name,
        key: extractor.key.as_deref(),
        jmes_path: extractor.jmes_path.as_deref(),
    }
}

fn walk(
    node: &Value,
    path: &[&str],
    pointer: &str,
    place: &Place<'_>,
    images: &mut Vec<ExtractedImage>,
) -> Result<(), ImageError> {
    if node.is_null() {
        return Ok(());
    }
    match path.split_first() {
        Some((&"*", rest)) => match node {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(i, item)| walk(item, rest, &format!("{pointer}/{i}"), place, images)),
            Value::Object(entries) => entries
                .iter()
                .try_for_each(|(key, item)| walk(item, rest, &format!("{pointer}/{}", escape(key)), place, images)),
            _ => Err(ImageError::Type { pointer: pointer.to_owned() }),
        },
        _ if !node.is_object() => Err(ImageError::Config { pointer: pointer.to_owned() }),
        Some((field, rest)) => match node.get(*field) {
            Some(next) => walk(next, rest, &format!("{pointer}/{}", escape(field)), place, images),
            None => Ok(()),
        },
        None => take(node, pointer, place, images),
    }
}

fn take(node: &Value, pointer: &str, place: &Place<'_>, images: &mut Vec<ExtractedImage>) -> Result<(), ImageError> {
    let pointer_of_value = format!("{pointer}/{}", escape(place.value));
    let key = match place.key {
        None => pointer_of_value.clone(),
        Some(field) => node
            .get(field)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| ImageError::Key { pointer: format!("{pointer}/{field}") })?,
    };
    let text = node.get(place.value).and_then(Value::as_str).unwrap_or("");
    if text.trim().is_empty() {
        return Ok(());
    }
    if let Some(expression) = place.jmes_path {
        return Err(ImageError::JmesPath(expression.to_owned()));
    }
    let reference = ImageReference::parse(text).map_err(|error| ImageError::Image { text: text.to_owned(), error })?;
    images.push(ExtractedImage { pointer: pointer_of_value, group: place.group.to_owned(), key, reference });
    Ok(())
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(object: &Value) -> Vec<String> {
        extract_images(object, &BTreeMap::new()).unwrap().into_iter().map(|image| image.pointer).collect()
    }

    #[test]
    fn every_controller_has_its_places_in_order() {
        let spec = json!({"containers": [{"name": "c", "image": "c"}], "initContainers": [{"name": "i", "image": "i"}],
                          "ephemeralContainers": [{"name": "e", "image": "e"}, {"name": "blank", "image": " "}]});
        let pod = json!({"kind": "Pod", "spec": spec});
        let expected =
            ["/spec/initContainers/0/image", "/spec/containers/0/image", "/spec/ephemeralContainers/0/image"];
        assert_eq!(pointers(&pod), expected);
        for kind in ["DaemonSet", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "Job"] {
            let object = json!({"kind": kind, "spec": {"template": {"spec": spec}}});
            assert_eq!(pointers(&object).first().unwrap(), "/spec/template/spec/initContainers/0/image", "{kind}");
        }
        let object = json!({"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}});
        assert_eq!(pointers(&object).len(), 3);
        assert_eq!(pointers(&json!({"kind": "Service", "spec": spec})).len(), 0);
    }

    #[test]
    fn custom_extractors_replace_the_built_in_ones() {
        let extractor = |path: &[&str], key: Option<&str>| ImageExtractor {
            path: path.iter().map(|s| (*s).to_owned()).collect(),
            value: "image".to_owned(),
            name: "custom".to_owned(),
            key: key.map(str::to_owned),
            jmes_path: None,
            span: crate::source::Span::default(),
        };
        let task = json!({"kind": "Task", "spec": {"steps": [{"name": "a", "image": "x/y:1"}], "a/b": {"image": "z"}}});
        let extract = |list: Vec<ImageExtractor>| extract_images(&task, &BTreeMap::from([("Task".to_owned(), list)]));
        let images =
            extract(vec![extractor(&["spec", "steps", "*"], None), extractor(&["spec", "a/b"], None)]).unwrap();
        assert_eq!(images[0].key, "/spec/steps/0/image");
        assert_eq!(images[1].pointer, "/spec/a~1b/image");
        assert_eq!(task.pointer(&images[1].pointer).unwrap(), "z");
        assert_eq!(extract(vec![extractor(&["spec", "steps", "*"], Some("name"))]).unwrap()[0].key, "a");
        assert_eq!(extract(vec![]), Err(ImageError::NoExtractors("Task".to_owned())));
        assert!(matches!(extract(vec![extractor(&["kind", "*"], None)]), Err(ImageError::Type { .. })));
    }

    #[test]
    fn malformed_containers_are_errors() {
        let pod = |container: Value| json!({"kind": "Pod", "spec": {"containers": [container]}});
        let error = |object: &Value| extract_images(object, &BTreeMap::new()).unwrap_err();
        assert!(matches!(error(&pod(json!("x"))), ImageError::Config { .. }));
        assert!(matches!(error(&pod(json!({"image": "x"}))), ImageError::Key { .. }));
        let message = error(&pod(json!({"name": "c", "image": "++"}))).to_string();
        assert!(
            message.starts_with("invalid image '++' (bad image: docker.io/++, defaultRegistry: docker.io"),
            "{message}"
        );
        assert!(matches!(error(&json!({"kind": "Pod", "spec": {"containers": 1}})), ImageError::Type { .. }));
    }
}
