//! What `sigstore-verify` says of the questions of `tests/bundle_alterations.rs`.
//!
//! Reads one question a line, as `QUESTIONS=FILE` writes them, and prints one letter for each, grouped by id: `v`erified,
//! `r`ejected, `m`alformed bundle, `t`rust root or `k`ey refused, `p`anicked.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Map, Value};
use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{Bundle, DerPublicKey};
use sigstore_verify::{Policy, PublicKeyVerificationPolicy, VerificationPolicy, Verifier};
use std::io::{BufRead as _, stdin};
use std::panic::catch_unwind;

fn main() {
    // A panic is an answer; its words are not wanted.
    std::panic::set_hook(Box::new(|_| {}));
    let mut answers = Map::new();
    for line in stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line.expect("lines")).expect("questions are JSON");
        let letter = catch_unwind(|| judge(&question)).unwrap_or('p');
        let group = answers.entry(text(&question, "id")).or_insert_with(|| Value::String(String::new()));
        if let Value::String(letters) = group {
            letters.push(letter);
        }
    }
    println!("{}", serde_json::to_string_pretty(&answers).expect("letters are JSON"));
}

fn judge(question: &Value) -> char {
    let Ok(trust) = TrustedRoot::from_json(&document(question, "trustRaw")) else { return 't' };
    let Ok(verifier) = Verifier::new(&trust) else { return 't' };
    let Ok(bundle) = Bundle::from_json(&document(question, "bundle")) else { return 'm' };
    let policy: Box<dyn Policy> = match question["key"].as_str() {
        Some(pem) => match DerPublicKey::from_pem(pem) {
            Ok(key) => Box::new(PublicKeyVerificationPolicy::new(key)),
            Err(_) => return 'k',
        },
        None => {
            let policy = VerificationPolicy::new(text(question, "subject"), text(question, "issuer"));
            Box::new(if question["sct"] == true { policy } else { policy.skip_sct() })
        }
    };
    let artifact = BASE64_STANDARD.decode(text(question, "artifact")).expect("artifacts are base64");
    if verifier.verify(&artifact[..], &bundle, policy.as_ref()).is_ok() { 'v' } else { 'r' }
}

fn text(question: &Value, field: &str) -> String {
    question[field].as_str().expect("questions have texts").to_owned()
}

/// JSON is UTF-8; other bytes are none.
fn document(question: &Value, field: &str) -> String {
    let bytes = BASE64_STANDARD.decode(text(question, field)).expect("documents are base64");
    String::from_utf8(bytes).unwrap_or_default()
}
