//! Which images an object runs, and where it says so.
//!
//! Source: Kyverno `pkg/utils/api/image.go`.

use super::pointer;
use crate::jmespath::{Environment, Expression};
use crate::limits::Limits;
use crate::oci::{ImageReference, OciError};
use crate::policy::ImageExtractor;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use thiserror::Error;

/// An image of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractedImage {
    /// JSON pointer of the text.
    pub pointer: String,
    /// `initContainers`, `containers`, `ephemeralContainers`, or the name of the extractor.
    pub group: String,
    /// The container's name, or what the extractor takes as key, or the pointer.
    pub key: String,
    /// The text.
    pub text: String,
    /// What the text says.
    pub reference: ImageReference,
    /// Kyverno does not see it: a later image has its group and key, or a later extractor its group.
    // DIVERGENCE image-shadowed: upstream keeps images in a map, so one of them goes unverified. Here each counts.
    pub shadowed: bool,
}

/// Why the images of an object cannot be told. The first words are Kyverno's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImageError {
    /// Where an object belongs is something else.
    #[error("invalid image config: expected an object at {pointer}")]
    Config {
        /// JSON pointer.
        pointer: String,
    },
    /// A text is no image reference. The text is Kyverno's.
    #[error("invalid image '{text}' ({error})")]
    Image {
        /// JSON pointer.
        pointer: String,
        /// The text.
        text: String,
        /// What is wrong with it.
        error: Box<OciError>,
    },
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
    #[error("expected at most {limit} images in one object, found {found}")]
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
    /// The expression of an extractor cannot be applied.
    #[error("failed to apply jmespath {expression}: {error}")]
    Expression {
        /// The expression.
        expression: String,
        /// What is wrong.
        error: String,
    },
    /// The expression of an extractor finds something else than a text.
    #[error("jmespath {expression} must produce a string, but produced {found}")]
    ExpressionType {
        /// The expression.
        expression: String,
        /// What it found, as JSON.
        found: String,
    },
}

impl ImageError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config { .. } | Self::Key { .. } | Self::Type { .. } => "image-config-malformed",
            Self::Image { .. } => "image-unparsable",
            Self::NoExtractors(_) => "no-extractors",
            Self::TooMany { .. } => "too-many-images",
            Self::Expression { .. } | Self::ExpressionType { .. } => "image-expression-failed",
        }
    }

    /// What a rule answers with Kyverno: status error and this text.
    pub fn rule_message(&self) -> String {
        format!("failed to instantiate handler: failed to extract images: {self}")
    }
}

/// Every image of `object`: init containers, containers, ephemeral containers, each in document order.
///
/// `custom` replaces the built-in places for the kinds that it has. An object of another kind has no images, and blank
/// texts are none. The first malformed image, in that order, is the error.
pub fn extract_images(
    object: &Value,
    custom: &BTreeMap<String, Vec<ImageExtractor>>,
) -> Result<Vec<ExtractedImage>, ImageError> {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or("");
    let places = match custom.get(kind) {
        Some(extractors) if extractors.is_empty() => return Err(ImageError::NoExtractors(kind.to_owned())),
        Some(extractors) => extractors.iter().map(Place::custom).collect(),
        None => Place::built_in(kind),
    };
    let mut images = Vec::new();
    for place in &places {
        let mut found = Vec::new();
        place.walk(object, &place.path, "", &mut found)?;
        shadow(&mut images, &mut found);
        images.append(&mut found);
    }
    Ok(images)
}

/// Marks what upstream's maps lose: equal keys within `found`, and everything of the same group before it.
fn shadow(before: &mut [ExtractedImage], found: &mut [ExtractedImage]) {
    let mut seen = std::collections::BTreeSet::new();
    for image in found.iter_mut().rev() {
        image.shadowed = !seen.insert(image.key.clone());
    }
    let Some(group) = found.first().map(|image| image.group.as_str()) else { return };
    before.iter_mut().filter(|image| image.group == group).for_each(|image| image.shadowed = true);
}

/// One place where a kind keeps images.
struct Place<'a> {
    path: Vec<&'a str>,
    value: &'a str,
    group: &'a str,
    key: Option<&'a str>,
    jmes_path: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// By kind alone: neither group nor version is looked at.
    fn built_in(kind: &str) -> Vec<Self> {
        let prefix: &[&str] = match kind {
            "Pod" => &["spec"],
            "DaemonSet" | "Deployment" | "Job" | "ReplicaSet" | "ReplicationController" | "StatefulSet" => {
                &["spec", "template", "spec"]
            }
            "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
            _ => return Vec::new(),
        };
        let place = |group| {
            let path = prefix.iter().copied().chain([group, "*"]).collect();
            Self { path, value: "image", group, key: Some("name"), jmes_path: None }
        };
        ["initContainers", "containers", "ephemeralContainers"].map(place).into()
    }

    fn custom(extractor: &'a ImageExtractor) -> Self {
        Self {
            path: extractor.path.iter().map(String::as_str).collect(),
            value: &extractor.value,
            group: &extractor.name,
            key: extractor.key.as_deref(),
            jmes_path: extractor.jmes_path.as_deref(),
        }
    }

    /// Depth is bounded by the length of the path, which is the policy's.
    fn walk(&self, node: &Value, path: &[&str], at: &str, found: &mut Vec<ExtractedImage>) -> Result<(), ImageError> {
        match (path.split_first(), node) {
            (_, Value::Null) => Ok(()),
            (Some((&"*", rest)), Value::Array(items)) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.walk(item, rest, &format!("{at}/{index}"), found)),
            (Some((&"*", rest)), Value::Object(entries)) => {
                entries.iter().try_for_each(|(key, item)| self.walk(item, rest, &pointer::child(at, key), found))
            }
            (Some((&"*", _)), _) => Err(ImageError::Type { pointer: at.to_owned() }),
            (Some((field, rest)), Value::Object(entries)) => {
                entries.get(*field).map_or(Ok(()), |next| self.walk(next, rest, &pointer::child(at, field), found))
            }
            (None, Value::Object(_)) => {
                found.extend(self.image(node, at)?);
                Ok(())
            }
            _ => Err(ImageError::Config { pointer: at.to_owned() }),
        }
    }

    /// The image that the object at `at` holds; `None`: it holds none.
    fn image(&self, node: &Value, at: &str) -> Result<Option<ExtractedImage>, ImageError> {
        let text_of = |field: &str| node.get(field).and_then(Value::as_str);
        let pointer = pointer::child(at, self.value);
        let key = match self.key {
            None => pointer.clone(),
            Some(field) => {
                text_of(field).ok_or_else(|| ImageError::Key { pointer: pointer::child(at, field) })?.to_owned()
            }
        };
        let Some(text) = text_of(self.value).filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        let text = match self.jmes_path {
            None => Cow::Borrowed(text),
            Some(expression) => Cow::Owned(applied(expression, text)?),
        };
        let text = text.as_ref();
        match ImageReference::parse(text) {
            Ok(reference) => Ok(Some(ExtractedImage {
                pointer,
                group: self.group.to_owned(),
                key,
                text: text.to_owned(),
                reference,
                shadowed: false,
            })),
            Err(error) => Err(ImageError::Image { pointer, text: text.to_owned(), error: Box::new(error) }),
        }
    }
}

/// What the expression makes of the text, such as an address without its scheme.
fn applied(expression: &str, text: &str) -> Result<String, ImageError> {
    let failed = |error: String| ImageError::Expression { expression: expression.to_owned(), error };
    let parsed = Expression::parse(expression).map_err(|error| failed(error.to_string()))?;
    let environment = Environment { now: None, seed: None, steps: Limits::default().expression_steps };
    match parsed.search(&Value::from(text), &environment).map_err(|error| failed(error.to_string()))? {
        Value::String(text) => Ok(text),
        other => Err(ImageError::ExpressionType { expression: expression.to_owned(), found: other.to_string() }),
    }
}

#[cfg(test)]
#[path = "images_tests.rs"]
mod tests;
