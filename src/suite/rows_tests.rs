use super::*;
use crate::suite::testing::expectation;
use serde_json::json;

fn object(name: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "namespace": "ns" }, "spec": { "a": 1 } })
}

fn answer(rule: &str, rule_type: RuleType, status: &'static str) -> RuleAnswer {
    RuleAnswer {
        rule: rule.to_owned(),
        rule_type,
        status,
        message: "said so".to_owned(),
        is_built: true,
        generated: Vec::new(),
        target: None,
    }
}

fn validated(rule: &str, status: &'static str) -> RuleAnswer {
    answer(rule, RuleType::Validation, status)
}

fn response(policy: &str, object: &Value, rules: Vec<RuleAnswer>) -> Response {
    Response { policy: policy.to_owned(), rules, resource: object.clone(), patched: object.clone() }
}

/// A world with the policy `p`, evaluated on the objects `x` and `w`.
#[derive(Default)]
struct World {
    responses: Responses,
    expected: BTreeMap<String, Result<Vec<Value>, String>>,
    invalid: BTreeMap<String, String>,
    others: Vec<OtherPolicy>,
    payloads: Vec<String>,
}

impl World {
    fn of(rules: Vec<RuleAnswer>) -> Self {
        let mut world = Self::default();
        for name in ["x", "w"] {
            let object = object(name);
            world.responses.triggers.push((Key::of(&object), vec![response("p", &object, rules.clone())]));
        }
        world
    }

    fn rows(&self, entry: &str) -> Vec<Row> {
        let judge = Judge {
            responses: &self.responses,
            expected: &self.expected,
            invalid: &self.invalid,
            others: &self.others,
            payloads: &self.payloads,
            is_pending: false,
        };
        judge.rows(&expectation(entry))
    }

    /// Rule, resource and reason of each row.
    fn shown(&self, entry: &str) -> Vec<String> {
        let show = |row: &Row| format!("{} {} {}", row.rule, row.resource, row.reason);
        self.rows(entry).iter().map(show).collect()
    }
}

#[test]
fn a_rule_stands_for_those_generated_from_it() {
    let names = ["r", "autogen-r", "autogen-cronjob-r", "s", "autogen-autogen-r"];
    let world = World::of(names.iter().map(|name| validated(name, "pass")).collect());
    let rules = |entry| world.rows(entry).into_iter().map(|row| row.rule).collect::<Vec<_>>();
    assert_eq!(rules("{policy: p, rule: r, resources: [x], result: pass}"), ["r", "autogen-r", "autogen-cronjob-r"]);
    assert_eq!(rules("{policy: p, rule: autogen-r, resources: [x], result: pass}"), ["autogen-r", "autogen-autogen-r"]);
    assert_eq!(rules("{policy: team/p, resources: [x], result: pass}").len(), 5);
}

#[test]
fn verdicts_are_held_against_what_is_expected() {
    let world = World::of(vec![validated("r", "warn")]);
    let good = &world.rows("{policy: p, rule: r, resources: [x], result: warn}")[0];
    assert_eq!((good.code, good.actual, good.message.as_str()), (RowCode::AsExpected, Some("warn"), "said so"));
    let bad = &world.rows("{policy: p, rule: r, resources: [x], result: fail}")[0];
    assert_eq!((bad.code, bad.reason.as_str()), (RowCode::Unexpected, "Want fail, got warn"));
    assert!(good.code.is_ok() && !bad.code.is_ok());
}

#[test]
fn names_that_nothing_has_mean_everything() {
    let world = World::of(vec![validated("r", "pass")]);
    assert_eq!(world.shown("{policy: p, resources: [ns/x], result: pass}"), ["r ns/x Ok"]);
    assert_eq!(world.shown("{policy: p, resources: [z, m/x], result: pass}"), ["r ns/x Ok", "r ns/w Ok"]);
    assert_eq!(world.shown("{policy: p, result: pass}"), ["r ns/x Ok", "r ns/w Ok"]);
    assert_eq!(world.shown("{policy: p, resources: [w, z, w], result: pass}"), ["r ns/w Ok"]);
}

#[test]
fn specs_count_where_resources_are_written() {
    let world = World::of(vec![validated("r", "pass")]);
    let spec = "resourceSpecs: [{version: v1, namespace: ns, name: w, kind: Other}]";
    assert_eq!(world.shown(&format!("{{policy: p, resources: [], {spec}, result: pass}}")), ["r ns/w Ok"]);
    assert_eq!(world.shown(&format!("{{policy: p, {spec}, result: pass}}")).len(), 2);
}

#[test]
fn no_answer_is_excluded_and_no_evaluation_is_not_found() {
    let world = World::of(vec![validated("r", "pass")]);
    let excluded = &world.rows("{policy: p, rule: other, resources: [x], result: fail}")[0];
    assert_eq!((excluded.code, excluded.actual, excluded.rule.as_str()), (RowCode::Excluded, None, "other"));
    assert!(excluded.code.is_ok());
    let missing = &world.rows("{policy: q, resources: [x], result: pass}")[0];
    assert_eq!((missing.code, missing.reason.as_str()), (RowCode::NotFound, "Not found"));
    assert!(!missing.code.is_ok());
}

#[test]
fn an_invalid_policy_is_skipped_and_says_why() {
    let mut world = World::of(Vec::new());
    world.invalid.insert("q".to_owned(), "no match".to_owned());
    let row = &world.rows("{policy: q, resources: [x], result: fail}")[0];
    assert_eq!((row.code, row.message.as_str()), (RowCode::InvalidPolicy, "no match"));
    assert!(row.code.is_ok());
}

#[test]
fn what_is_not_built_never_counts_as_expected() {
    let mut world = World::of(vec![RuleAnswer { is_built: false, ..validated("r", "error") }]);
    world.others.push(OtherPolicy { name: "v".to_owned(), kind: "ValidatingPolicy (g/v1)".to_owned() });
    world.payloads.push("data.json".to_owned());
    for entry in ["{policy: p, resources: [x], result: error}", "{policy: v, resources: [data.json], result: error}"] {
        let rows = world.rows(entry);
        assert_eq!(rows.len(), 1, "{entry}");
        assert_eq!((rows[0].code, rows[0].actual), (RowCode::NotBuilt, Some("error")), "{entry}");
        assert!(!rows[0].code.is_ok());
    }
    assert_eq!(world.rows("{policy: v, result: pass}")[0].message, "ValidatingPolicy (g/v1) is not available");
}

#[test]
fn missing_artifacts_decide_nothing() {
    let world = World::of(vec![validated("r", "pass")]);
    let judge = Judge {
        responses: &world.responses,
        expected: &world.expected,
        invalid: &world.invalid,
        others: &world.others,
        payloads: &world.payloads,
        is_pending: true,
    };
    let rows = judge.rows(&expectation("{policy: p, result: pass}"));
    assert!(rows.iter().all(|row| row.code == RowCode::MissingArtifacts && !row.code.is_ok()));
}

#[test]
fn a_result_with_an_operation_looks_at_the_run_of_that_operation() {
    let mut world = World::of(vec![validated("r", "pass")]);
    let x = object("x");
    let run = vec![(Key::of(&x), vec![response("p", &x, vec![validated("r", "fail")])])];
    world.responses.by_operation.insert("DELETE", run);
    assert_eq!(world.shown("{policy: p, resources: [x], operation: DELETE, result: fail}"), ["r ns/x Ok"]);
    assert_eq!(world.shown("{policy: p, resources: [x], result: pass}"), ["r ns/x Ok"]);
}

fn mutated() -> World {
    let mut world = World::of(vec![answer("r", RuleType::Mutation, "pass")]);
    for (_, responses) in &mut world.responses.triggers {
        responses[0].patched["spec"]["a"] = 2.into();
    }
    world
}

#[test]
fn mutated_objects_are_compared_in_full() {
    let mut world = mutated();
    let mut patched = object("x");
    let entry = "{policy: p, resources: [x], patchedResources: out.yaml, result: pass}";
    world.expected.insert("out.yaml".to_owned(), Ok(vec![patched.clone()]));
    let row = &world.rows(entry)[0];
    assert_eq!((row.code, row.reason.as_str()), (RowCode::ResourceDiff, "Resource diff"));
    assert!(row.message.starts_with("Patched resource didn't match the patched resource in the test result\n("));
    assert!(row.message.ends_with("- .spec.a: 1\n+ .spec.a: 2"), "{}", row.message);
    patched["spec"]["a"] = json!(2.0);
    world.expected.insert("out.yaml".to_owned(), Ok(vec![patched]));
    assert_eq!(world.shown(entry), ["r ns/x Ok"]);
}

#[test]
fn an_object_that_the_file_has_not_is_left_out_unless_the_test_wants_it() {
    let mut world = mutated();
    world.expected.insert("out.yaml".to_owned(), Ok(vec![object("other")]));
    let entry = "policy: p\nresources: [x]\npatchedResources: out.yaml\nresult: pass\n";
    assert_eq!(world.shown(entry), [""; 0]);
    let row = &world.rows(&format!("{entry}failOnMissingResources: true\n"))[0];
    let message = "error: failed to load PatchedResources resource (resource with name x not found in manifest)";
    assert_eq!((row.code, row.message.as_str()), (RowCode::ResourceError, message));
    world.expected.insert("out.yaml".to_owned(), Err("no such file".to_owned()));
    assert_eq!(world.rows(entry)[0].code, RowCode::ResourceError);
}

#[test]
fn a_generated_object_must_be_one_of_those_expected() {
    let mut generate = answer("r", RuleType::Generation, "pass");
    generate.generated = vec![object("made")];
    let mut world = World::of(vec![generate]);
    let mut different = object("made");
    different["spec"]["a"] = 7.into();
    world.expected.insert("a.yaml".to_owned(), Ok(vec![different]));
    world.expected.insert("b.yaml".to_owned(), Ok(vec![object("made")]));
    let entry = |paths: &str| format!("{{policy: p, resources: [x], generatedResources: [{paths}], result: pass}}");
    assert_eq!(world.shown(&entry("a.yaml, b.yaml")), ["r made Ok"]);
    let row = &world.rows(&entry("a.yaml"))[0];
    assert!(row.message.starts_with("Generated resource didn't match any of the expected"), "{}", row.message);
    let single = &world.rows("{policy: p, resources: [x], generatedResource: a.yaml, result: pass}")[0];
    assert!(single.message.starts_with("Patched resource didn't match the generated"), "{}", single.message);
}

#[test]
fn a_generate_rule_that_made_nothing_is_held_against_its_verdict_alone() {
    let world = World::of(vec![answer("r", RuleType::Generation, "error")]);
    let row = &world.rows("{policy: p, resources: [x], generatedResource: a.yaml, result: pass}")[0];
    assert_eq!(row.reason, "Want pass, got error");
}

#[test]
fn a_changed_target_is_compared_and_says_nothing_of_other_policies() {
    let mut world = World::of(vec![validated("r", "pass")]);
    let target = object("t");
    let mutation = RuleAnswer { target: Some(target.clone()), ..answer("m", RuleType::Mutation, "pass") };
    let changed = response("mutator", &object("x"), vec![mutation]);
    world.responses.targets.push((Key::of(&target), vec![changed]));
    world.expected.insert("t.yaml".to_owned(), Ok(vec![target]));
    let entry = "{policy: mutator, resources: [t], patchedResources: t.yaml, result: pass}";
    assert_eq!(world.shown(entry), ["m ns/t Ok"]);
    assert_eq!(world.shown("{policy: p, result: pass}"), ["r ns/x Ok", "r ns/w Ok"]);
}
