//! Manifests and indexes, good and bad.

use super::*;
use crate::digest::Digest;
use serde_json::{Value, json};

fn descriptor(kind: &str) -> Value {
    json!({"mediaType": kind, "digest": Digest::sha256(b"x").as_str(), "size": 1})
}

fn manifest() -> Value {
    let (config, layers) = (descriptor("c/c"), json!([descriptor("l/l")]));
    json!({"schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST, "config": config, "layers": layers})
}

fn index() -> Value {
    json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": [descriptor(media_type::OCI_MANIFEST)]})
}

fn with(mut document: Value, key: &str, value: Value) -> Value {
    document[key] = value;
    document
}

fn parse(document: &Value) -> Result<Document, OciError> {
    Document::parse(document.to_string().as_bytes(), &Limits::default())
}

#[test]
fn a_manifest_keeps_what_verification_reads() {
    let mut document = manifest();
    document["artifactType"] = json!("a/b");
    document["subject"] = descriptor("s/s");
    document["annotations"] = json!({"k": "v"});
    document["layers"][0]["annotations"] = json!({"dev.example/signature": "x"});
    let bytes = document.to_string();
    let parsed = Manifest::parse(bytes.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(parsed.artifact_type.as_deref(), Some("a/b"));
    assert_eq!(parsed.config.media_type, "c/c");
    assert_eq!(parsed.layers[0].annotations["dev.example/signature"], "x");
    assert_eq!(parsed.subject.unwrap().media_type, "s/s");
    assert_eq!(parsed.annotations["k"], "v");
    assert_eq!(parsed.layers[0].size, 1);
}

#[test]
fn an_index_keeps_platforms_and_artifact_types() {
    let mut document = index();
    document["manifests"][0]["platform"] = json!({"os": "linux", "architecture": "arm64", "variant": "v8"});
    document["manifests"][0]["artifactType"] = json!("a/b");
    let parsed = Index::parse(document.to_string().as_bytes(), &Limits::default()).unwrap();
    let entry = &parsed.manifests[0];
    assert_eq!(entry.artifact_type.as_deref(), Some("a/b"));
    assert_eq!(entry.platform.as_ref().unwrap().variant.as_deref(), Some("v8"));
    assert_eq!(Descriptor::read(&entry.to_value(), "").as_ref(), Ok(entry));
}

#[test]
fn docker_and_untyped_documents_are_taken_by_their_fields() {
    for document in [
        with(manifest(), "mediaType", json!(media_type::DOCKER_MANIFEST)),
        with(manifest(), "mediaType", Value::Null),
        with(manifest(), "layers", Value::Null),
        with(manifest(), "annotations", Value::Null),
    ] {
        assert!(matches!(parse(&document), Ok(Document::Manifest(_))), "{document}");
    }
    for document in [
        with(index(), "mediaType", json!(media_type::DOCKER_LIST)),
        with(index(), "mediaType", Value::Null),
        with(index(), "manifests", json!([])),
    ] {
        assert!(matches!(parse(&document), Ok(Document::Index(_))), "{document}");
    }
}

#[test]
fn a_document_that_could_be_read_in_two_ways_is_refused() {
    for (document, code) in [
        (with(manifest(), "manifests", json!([])), "manifest-ambiguous"),
        (with(manifest(), "manifests", Value::Null), "manifest-ambiguous"),
        (with(index(), "layers", json!([])), "manifest-ambiguous"),
        (with(index(), "config", descriptor("c/c")), "manifest-ambiguous"),
        (with(manifest(), "mediaType", json!(media_type::OCI_INDEX)), "manifest-media-type"),
        (with(index(), "mediaType", json!(media_type::OCI_MANIFEST)), "manifest-media-type"),
        (with(manifest(), "mediaType", json!("text/html")), "manifest-media-type"),
        (with(manifest(), "schemaVersion", json!(1)), "manifest-schema-version"),
        (with(manifest(), "schemaVersion", json!("2")), "manifest-schema-version"),
    ] {
        assert_eq!(parse(&document).unwrap_err().code(), code, "{document}");
    }
    let text = manifest().to_string();
    let doubled = text.replacen('{', "{\"layers\":[],", 1);
    let error = Document::parse(doubled.as_bytes(), &Limits::default()).unwrap_err();
    assert!(matches!(&error, OciError::NotJson(e) if e.to_string().contains("duplicate key `layers`")), "{error}");
}

#[test]
fn the_other_kind_is_named() {
    let limits = Limits::default();
    let error = Manifest::parse(index().to_string().as_bytes(), &limits).unwrap_err();
    assert_eq!(error, OciError::Kind { expected: "an image manifest", found: "an index" });
    let error = Index::parse(manifest().to_string().as_bytes(), &limits).unwrap_err();
    assert_eq!(error, OciError::Kind { expected: "an index", found: "an image manifest" });
}

#[test]
fn malformed_fields_are_named_with_their_path() {
    let layer = |key: &str, value: Value| with(manifest(), "layers", json!([with(descriptor("l/l"), key, value)]));
    for (document, message) in [
        (json!([]), "expected an object at `` of the manifest, found a list"),
        (json!({}), "expected a descriptor at `config` of the manifest, found nothing"),
        (with(manifest(), "layers", json!(1)), "expected a list at `layers` of the manifest, found a number"),
        (with(manifest(), "layers", json!([1])), "expected an object at `layers[0]` of the manifest, found a number"),
        (layer("size", json!(-1)), "expected a length in bytes at `layers[0].size` of the manifest, found a number"),
        (layer("size", json!("1")), "expected a length in bytes at `layers[0].size` of the manifest, found a string"),
        (layer("digest", Value::Null), "expected a digest at `layers[0].digest` of the manifest, found null"),
        (layer("mediaType", json!(1)), "expected a string at `layers[0].mediaType` of the manifest, found a number"),
        (
            layer("annotations", json!({"k": 1})),
            "expected a string at `layers[0].annotations.k` of the manifest, found a number",
        ),
        (with(manifest(), "config", json!("x")), "expected an object at `config` of the manifest, found a string"),
        (with(manifest(), "subject", json!([])), "expected an object at `subject` of the manifest, found a list"),
        (with(manifest(), "mediaType", json!(1)), "expected a string at `mediaType` of the manifest, found a number"),
    ] {
        let error = parse(&document).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.code()), (message, "manifest-malformed"));
    }
    let error = parse(&layer("digest", json!("sha256:00"))).unwrap_err().to_string();
    assert!(error.starts_with("`layers[0].digest` of the manifest: expected 64"), "{error}");
}

#[test]
fn bytes_that_are_no_json_or_too_many_are_refused() {
    let limits = Limits { manifest_bytes: 10, ..Limits::default() };
    let error = Document::parse(b"{          }", &limits).unwrap_err();
    assert_eq!(error, OciError::TooLarge { found: 12, limit: 10 });
    for bytes in [&b""[..], b"<html>", b"{", b"\xff", b"{} {}"] {
        let error = Document::parse(bytes, &Limits::default()).unwrap_err();
        assert!(matches!(error, OciError::NotJson(_)), "{error}");
    }
    let deep = format!("{}{}", "[".repeat(101), "]".repeat(101));
    assert!(matches!(Document::parse(deep.as_bytes(), &Limits::default()), Err(OciError::NotJson(_))));
}
