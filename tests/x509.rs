//! Certificates, chains and the promises of certificate transparency logs are judged as by Go: `crypto/x509` 1.26 and
//! certificate-transparency-go 1.3.3 were asked, about certificates made for it.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vidimus::crypto::PublicKey;
use vidimus::encoding::base64;
use vidimus::scalar::time::Timestamp;
use vidimus::x509::{Certificate, Chaining, Usage, sct, verify_chain};

const CERTIFICATES: &str = include_str!("data/x509/certificates.json");
const CHAINS: &str = include_str!("data/x509/chains.json");
const SCTS: &str = include_str!("data/x509/scts.json");
/// The time of most cases.
const NOW: i64 = 1_773_478_800;

fn bytes(value: &Value) -> Vec<u8> {
    base64::decode(value.as_str().expect("base64")).expect("base64")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn certificates_are_read_as_by_go() {
    let suite = json(CERTIFICATES);
    assert_eq!(list(&suite["read"]).len(), 14);
    for case in list(&suite["read"]) {
        let it = Certificate::from_der(&bytes(&case["der"])).expect("a certificate");
        let subject = case["subject"].as_str().expect("a name");
        // Go shows the encoding of attributes that it has no name for; here the text stands.
        assert!(it.subject().to_string() == subject || subject.contains("=#"), "{}", it.subject());
        assert_eq!(it.issuer().to_string(), case["issuer"]);
        assert_eq!(it.not_before().unix_seconds(), case["not_before"]);
        assert_eq!(it.not_after().unix_seconds(), case["not_after"]);
        // Demands on policies count here.
        assert!(it.unhandled_critical().len() as u64 >= case["unhandled"].as_u64().expect("a number"));
    }
}

#[test]
fn what_go_does_not_read_is_refused() {
    let suite = json(CERTIFICATES);
    assert_eq!(list(&suite["refused"]).len(), 64);
    let read = |case: &&Value| Certificate::from_der(&bytes(&case["der"])).is_ok();
    let read: Vec<_> = list(&suite["refused"]).iter().filter(read).map(|case| &case["go"]).collect();
    assert!(read.is_empty(), "{read:#?}");
}

fn chains(suite: &Value, case: &Value) -> Result<BTreeSet<Vec<String>>, String> {
    let all: BTreeMap<&str, Certificate> = (suite["certificates"].as_object().expect("certificates").iter())
        .filter_map(|(name, der)| Some((name.as_str(), Certificate::from_der(&bytes(der)).ok()?)))
        .collect();
    let get = |name: &Value| all.get(name.as_str().expect("a name")).cloned().ok_or_else(|| format!("{name} unread"));
    let named = |names: &Value| list(names).iter().map(get).collect::<Result<Vec<_>, _>>();
    let (leaf, roots, intermediates) = (get(&case["leaf"])?, named(&case["roots"])?, named(&case["intermediates"])?);
    let time = Timestamp::from_unix(case["time"].as_i64().unwrap_or(NOW));
    let usage = match case["usage"].as_str() {
        Some("any") => Usage::Any,
        Some("timestamping") => Usage::TimeStamping,
        _ => Usage::CodeSigning,
    };
    let chaining =
        Chaining { roots: &roots, intermediates: &intermediates, time: &time, usage, tolerated_critical: &[] };
    let found = verify_chain(&leaf, &chaining).map_err(|error| error.to_string())?;
    let name = |it: &Certificate| all.iter().find(|(_, one)| *one == it).map(|(name, _)| (*name).to_owned());
    Ok(found.iter().map(|chain| chain.iter().filter_map(|it| name(it)).collect()).collect())
}

#[test]
fn chains_are_found_and_refused_as_by_go() {
    let suite = json(CHAINS);
    assert_eq!(list(&suite["cases"]).len(), 80);
    let mut different = Vec::new();
    for case in list(&suite["cases"]) {
        let texts = |chain: &Value| list(chain).iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let expected: BTreeSet<Vec<String>> = list(&case["chains"]).iter().map(texts).collect();
        match chains(&suite, case) {
            Ok(found) if found == expected => {}
            Err(_) if expected.is_empty() => {}
            Err(_) => different.push(case["name"].as_str().expect("a name")),
            Ok(found) => panic!("{}: {found:?}", case["name"]),
        }
    }
    // Certificate policies are not checked, and an authority that demands them is refused.
    let strict = ["policies: required and any", "policies: required and common", "policies: required and mapped"];
    different.sort_unstable();
    assert_eq!(different, strict);
}

#[test]
fn promises_of_logs_are_verified_and_refused_as_by_go() {
    let suite = json(SCTS);
    assert_eq!(list(&suite["cases"]).len(), 16);
    for case in list(&suite["cases"]) {
        let of = |kind: &str, field: &str| bytes(&suite[kind][case[field].as_str().expect("a name")]);
        let leaf = Certificate::from_der(&of("certificates", "leaf")).expect("a certificate");
        let issuer = Certificate::from_der(&of("certificates", "issuer")).expect("a certificate");
        let key = PublicKey::from_spki_der(&of("keys", "key")).expect("a key");
        let answer = sct::embedded(&leaf).and_then(|promises| {
            promises.iter().try_for_each(|promise| promise.verify(&leaf, &issuer, &key)).map(|()| promises.len() as u64)
        });
        assert_eq!(answer.as_ref().ok().copied(), case["scts"].as_u64(), "{}: {answer:?}", case["name"]);
    }
}
