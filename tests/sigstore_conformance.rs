//! The cases of the Sigstore client conformance suite: bundles that must verify, and bundles that must not.
//!
//! Source: `shared/corpus/sigstore-conformance/NOTICE.md`. The ledger lists cases that are known to differ; it is strict.

use std::collections::BTreeMap;
use vidimus_tests::bundles::BundleCase;

/// Cases that differ, each with the reason.
const LEDGER: &[(&str, &str)] = &[];

#[test]
fn bundles_verify_as_the_suite_says() {
    let Some(suite) = vidimus_tests::shared("corpus/sigstore-conformance") else { return };
    let mut ledger: BTreeMap<&str, &str> = LEDGER.iter().copied().collect();
    let mut complaints = Vec::new();
    let cases = BundleCase::all(&suite);
    for case in &cases {
        let outcome = case.ask(true);
        let agrees = outcome.is_ok() == case.is_good();
        match (agrees, ledger.remove(case.name.as_str())) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(_)) => complaints.push(format!("{}: the ledger entry is stale", case.name)),
            (false, None) => complaints.push(format!("{}: {outcome:?}", case.name)),
        }
    }
    println!("{} cases", cases.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(ledger.is_empty(), "ledger entries that are no cases: {ledger:?}");
    assert!(cases.len() >= 68, "only {} cases", cases.len());
}
