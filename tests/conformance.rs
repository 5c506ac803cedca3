//! Every fixture case through the core, held against what the real Kyverno answered.
//!
//! The ledger `conformance/ledger.json` lists the cases that are known not to agree, each with the reason. It is strict:
//! a case that is not listed must agree, and a listed one that agrees is stale and fails too.

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::ExitCode;
use vidimus::digest::Digest;
use vidimus::engine::Compat;
use vidimus::policy::Operation;
use vidimus::scalar::time::Timestamp;
use vidimus::trace::TraceLevel;
use vidimus::wire;
use vidimus::yaml::parse_documents;
use vidimus::{AdmissionRequest, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus_tests::agreement::{Actual, Verdict, compare, compare_with_upstream, rows};
use vidimus_tests::case::Case;
use vidimus_tests::layout::{LayoutRoot, evaluate};

fn main() -> ExitCode {
    let Some(root) = vidimus_tests::shared("fixtures") else {
        println!("test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        return ExitCode::SUCCESS;
    };
    let ledger: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("conformance/ledger.json")).expect("the ledger is JSON");
    let bless = std::env::var_os("BLESS").is_some();
    let mut blessed = serde_json::Map::new();
    let mut answers = String::new();
    let filter: Option<String> = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let layouts = LayoutRoot(root.join("images"));
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let (mut passed, mut failed) = (0, 0);
    for case in Case::all(&root) {
        if filter.as_ref().is_some_and(|filter| !case.id.contains(filter)) {
            continue;
        }
        let (actual, document) = ask(&case, &layouts, Compat::Default);
        let verdict = match compare(&case, &actual) {
            // What is decided otherwise on purpose is Kyverno's own answer again where that is asked for.
            Verdict::Agrees if case.decision().is_some() && case.upstream_answered() => {
                compare_with_upstream(&case, &ask(&case, &layouts, Compat::Exact).0)
            }
            other => other,
        };
        answers.push_str(&format!(
            "{}\n",
            serde_json::json!({ "id": case.id, "sha256": Digest::sha256(document.as_bytes()).encoded() })
        ));
        if let Some(entry) = ledger_entry(&verdict, &actual) {
            blessed.insert(case.id.clone(), entry);
        }
        let count = counts.entry(case.slice.clone()).or_default();
        count[match verdict {
            Verdict::Agrees => 0,
            Verdict::NotBuilt => 1,
            Verdict::Differs(_) => 2,
        }] += 1;
        let complaint = match (&verdict, ledger.get(&case.id)) {
            (Verdict::Agrees, None) => None,
            (Verdict::Agrees, Some(_)) => Some("the ledger entry is stale: the case agrees".to_owned()),
            (Verdict::NotBuilt, Some(entry)) if entry["answer"] == "not-built" => None,
            (Verdict::Differs(_), Some(entry)) if entry["answer"] == "differs" => None,
            (Verdict::NotBuilt, _) => Some("answers `not available`, and the ledger does not say so".to_owned()),
            (Verdict::Differs(difference), _) => Some(difference.clone()),
        };
        match complaint {
            None => passed += 1,
            Some(complaint) => {
                failed += 1;
                println!("FAILED {} ({}): {complaint}", case.id, case.document["what"]);
            }
        }
    }
    if filter.is_none() {
        keep(&answers);
        if bless {
            let text = serde_json::to_string_pretty(&Value::Object(blessed)).expect("JSON");
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/ledger.json"), text + "\n")
                .expect("writable");
        }
    }
    println!("{:10} {:>7} {:>10} {:>8}", "slice", "agrees", "not built", "differs");
    for (slice, [agrees, not_built, differs]) in &counts {
        println!("{slice:10} {agrees:>7} {not_built:>10} {differs:>8}");
    }
    let state = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {state}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the ledger says of a case that does not agree: the answer, and why.
fn ledger_entry(verdict: &Verdict, actual: &Actual) -> Option<Value> {
    let why = match actual {
        Actual::Rows(rows) => rows.iter().find_map(|row| {
            let before =
                row.message.split(" not available").next().filter(|before| before.len() < row.message.len())?;
            Some(
                before
                    .rsplit(": ")
                    .next()
                    .unwrap_or(before)
                    .trim_end_matches(" are")
                    .trim_end_matches(" is")
                    .to_owned(),
            )
        }),
        Actual::Refused(_) => None,
    };
    let why = format!("{} not built yet", why.unwrap_or_else(|| "something".to_owned()));
    match verdict {
        Verdict::Agrees => None,
        Verdict::NotBuilt => Some(serde_json::json!({ "answer": "not-built", "why": why })),
        Verdict::Differs(_) => Some(serde_json::json!({ "answer": "differs", "why": "to be explained" })),
    }
}

/// Keeps a digest of every answer, for the suite that asks the same of the wasm module and wants the same bytes.
fn keep(answers: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/conformance");
    std::fs::create_dir_all(folder).expect("the target folder is writable");
    std::fs::write(format!("{folder}/native.jsonl"), answers).expect("the target folder is writable");
}

/// Both what the judge compares and the document that hosts get.
fn ask(case: &Case, layouts: &LayoutRoot, compat: Compat) -> (Actual, String) {
    let limits = Limits::default();
    let (policy, exceptions) = (case.text("policy.yaml"), case.text("exceptions.yaml"));
    let mut sources = vec![(SourceName::new("policy.yaml"), policy.as_str())];
    if !exceptions.is_empty() {
        sources.push((SourceName::new("exceptions.yaml"), exceptions.as_str()));
    }
    let set = match PolicySet::load(&sources, &limits) {
        Ok(set) => set,
        Err(found) => {
            let document = wire::diagnostics(&found);
            return (Actual::Refused(found.iter().map(ToString::to_string).collect()), document);
        }
    };
    let resource = parse_documents(&case.text("resource.yaml"), &limits).expect("the resource is YAML");
    let request = AdmissionRequest::new(Operation::Create, resource[0].to_value(), None).expect("an object");
    let mut artifacts = Artifacts::new();
    let options = Options {
        compat,
        trace: TraceLevel::Full,
        now: Some(Timestamp::parse_rfc3339(case.now()).expect("the case has a time")),
        trust_root: Some(case.trust_root()),
        ..Options::default()
    };
    let answer = evaluate(&set, &request, layouts, &mut artifacts, &options);
    let document = wire::AnswerDocument::new(&answer, &request, Some(artifacts.to_document(Some(&answer.used))));
    let document = serde_json::to_string(&document).expect("JSON");
    (Actual::Rows(rows(&answer, &request)), document)
}
