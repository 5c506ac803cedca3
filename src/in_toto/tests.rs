use super::*;
use crate::digest::Digest;
use crate::encoding::base64;

const IMAGE: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn statement(text: &str) -> Result<Statement, InTotoError> {
    Statement::parse(text.as_bytes())
}

fn about_image(rest: &str) -> String {
    let hex = IMAGE.trim_start_matches("sha256:");
    format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"a","digest":{{"sha256":"{hex}"}}}}],"predicateType":"t",{rest}}}"#
    )
}

#[test]
fn the_encoding_that_is_signed_is_that_of_the_specification() {
    let envelope = Envelope {
        payload_type: "http://example.com/HelloWorld".into(),
        payload: b"hello world".into(),
        signatures: vec![],
    };
    // The example of the specification, protocol.md.
    assert_eq!(envelope.pre_authentication_encoding(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

#[test]
fn envelopes_are_read_with_both_alphabets() {
    for payload in [base64::encode(&[0xfb, 0xff]), "-_8=".to_owned()] {
        let text =
            format!(r#"{{"payloadType":"x","payload":"{payload}","signatures":[{{"sig":"AQI=","keyid":null}}]}}"#);
        let envelope = Envelope::parse(text.as_bytes()).unwrap();
        assert_eq!(envelope.payload, [0xfb, 0xff]);
        assert_eq!(envelope.signatures, [EnvelopeSignature { key_id: String::new(), signature: vec![1, 2] }]);
    }
}

#[test]
fn envelopes_that_are_none_are_refused() {
    for (text, code) in [
        ("", "attestation-not-json"),
        (r#"{"payload":"","payload":""}"#, "attestation-not-json"),
        (r#"{"payload":1}"#, "attestation-field-type"),
        (r#"{"payload":"?"}"#, "envelope-not-base64"),
        (r#"{"signatures":{}}"#, "attestation-field-type"),
    ] {
        assert_eq!(Envelope::parse(text.as_bytes()).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn a_statement_is_about_its_subjects_alone() {
    let parsed = statement(&about_image(r#""predicate":{"a":1}"#)).unwrap();
    assert!(parsed.is_about(&Digest::parse(IMAGE).unwrap()));
    assert!(!parsed.is_about(&Digest::sha256(b"another")));
    assert_eq!(parsed.to_value()["type"], "t");
}

#[test]
fn unknown_fields_are_refused_beside_an_object_and_allowed_beside_a_text() {
    assert_eq!(statement(&about_image(r#""predicate":{},"more":1"#)).unwrap_err().code(), "statement-field-unknown");
    assert!(statement(&about_image(r#""predicate":"text","more":1"#)).is_ok());
    let subject = r#"{"subject":[{"name":"a","digest":{},"size":1}],"predicate":{}}"#;
    let error = statement(subject).unwrap_err();
    assert_eq!(error.to_string(), "the statement has the field `subject[0].size`, which the format does not know");
}

#[test]
fn statements_that_are_none_are_refused() {
    for (text, code) in [
        ("[]", "attestation-field-type"),
        (r#"{"predicate":[]}"#, "attestation-field-type"),
        (r#"{"subject":{}}"#, "attestation-field-type"),
        (r#"{"subject":[null]}"#, "attestation-field-type"),
        (r#"{"subject":[{"digest":{"sha256":1}}]}"#, "attestation-field-type"),
        (r#"{"predicateType":1}"#, "attestation-field-type"),
        (r#"{"predicate":{"a":1,"a":2}}"#, "attestation-not-json"),
    ] {
        assert_eq!(statement(text).unwrap_err().code(), code, "{text}");
    }
}
