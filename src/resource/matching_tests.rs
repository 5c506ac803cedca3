//! Every criterion, holding and not, alone and in blocks.

use super::*;
use crate::policy::{ExceptionTarget, LabelSelector, Operation, RequirementOperator, Subject, SubjectKind};
use crate::resource::testing::{
    all, any, cluster_policy, create, direct, expression, kinds, labels, map, pod, policy, strings,
};
use crate::resource::{AdmissionRequest, UserInfo};
use crate::source::{SourceName, Span};
use serde_json::{Value, json};

fn filter(change: impl FnOnce(&mut ResourceFilter)) -> ResourceFilter {
    let mut filter = ResourceFilter::default();
    change(&mut filter);
    filter
}

fn subject(kind: SubjectKind, namespace: &str, name: &str) -> Subject {
    Subject { kind, name: name.to_owned(), namespace: namespace.to_owned() }
}

fn user() -> UserInfo {
    UserInfo {
        username: "system:serviceaccount:ci:deployer".to_owned(),
        groups: strings(&["system:authenticated", "devs"]),
        roles: strings(&["shop:editor"]),
        cluster_roles: strings(&["view"]),
        ..UserInfo::default()
    }
}

/// A Pod in `shop`, whose labels are known, created by a service account.
fn request() -> AdmissionRequest {
    let mut request = create(pod());
    request.user_info = user();
    request.namespace_labels.insert("shop".to_owned(), map(&[("env", "prod")]));
    request
}

fn reasons(matched: &MatchResources, excluded: Option<&MatchResources>, request: &AdmissionRequest) -> Vec<Reason> {
    match applicability(&cluster_policy(), matched, excluded, &request.target()) {
        Applicability::Applies => Vec::new(),
        Applicability::DoesNotApply(reasons) => {
            assert!(!reasons.is_empty());
            reasons
        }
    }
}

/// Every criterion with a filter that holds for [`request`] and one that does not, and why.
fn criteria() -> Vec<(ResourceFilter, ResourceFilter, &'static str)> {
    let prod = |pairs: &[(&str, &str)]| Some(labels(pairs));
    vec![
        (kinds(&["Service", "Pod"]), kinds(&["Service", "Deploy*"]), "kind does not match [Service Deploy*]"),
        (filter(|f| f.name = Some("web-*".into())), filter(|f| f.name = Some("web".into())), "name does not match"),
        (
            filter(|f| f.names = strings(&["db", "web-?"])),
            filter(|f| f.names = strings(&["db", "Web-1"])),
            "none of the names match",
        ),
        (
            filter(|f| f.namespaces = strings(&["a", "sh*"])),
            filter(|f| f.namespaces = strings(&["a", ""])),
            "namespace does not match",
        ),
        (
            filter(|f| f.annotations = map(&[("*/owner", "b*")])),
            filter(|f| f.annotations = map(&[("*/owner", "b*"), ("x", "*")])),
            "annotations does not match",
        ),
        (
            filter(|f| f.selector = prod(&[("app", "web")])),
            filter(|f| f.selector = prod(&[("app", "db")])),
            "selector does not match",
        ),
        (
            filter(|f| f.namespace_selector = prod(&[("env", "p*")])),
            filter(|f| f.namespace_selector = prod(&[("env", "dev")])),
            "namespace selector does not match labels",
        ),
        (
            filter(|f| f.operations = vec![Operation::Update, Operation::Create]),
            filter(|f| f.operations = vec![Operation::Update]),
            "operation does not match",
        ),
        (
            filter(|f| f.roles = strings(&["a:b", "shop:editor"])),
            filter(|f| f.roles = strings(&["shop:*"])),
            "user info does not match roles for the given conditionBlock",
        ),
        (
            filter(|f| f.cluster_roles = strings(&["admin", "view"])),
            filter(|f| f.cluster_roles = strings(&["v*"])),
            "user info does not match clustersRoles for the given conditionBlock",
        ),
        (
            filter(|f| f.subjects = vec![subject(SubjectKind::ServiceAccount, "c?", "dep*")]),
            filter(|f| f.subjects = vec![subject(SubjectKind::ServiceAccount, "", "deployer")]),
            "user info does not match subject for the given conditionBlock",
        ),
        (
            filter(|f| f.subjects = vec![subject(SubjectKind::User, "", "x"), subject(SubjectKind::Group, "", "dev?")]),
            filter(|f| f.subjects = vec![subject(SubjectKind::Group, "", "dev")]),
            "user info does not match subject for the given conditionBlock",
        ),
        (
            filter(|f| f.subjects = vec![subject(SubjectKind::User, "", "system:serviceaccount:*")]),
            filter(|f| f.subjects = vec![subject(SubjectKind::User, "", "devs")]),
            "user info does not match subject for the given conditionBlock",
        ),
    ]
}

#[test]
fn every_criterion_decides_in_match_and_in_exclude() {
    let request = request();
    let everything = any(vec![kinds(&["*"])]);
    for (good, bad, text) in criteria() {
        let excludes = |filter: &ResourceFilter| reasons(&everything, Some(&direct(filter.clone())), &request);
        assert_eq!(reasons(&direct(good.clone()), None, &request), [], "{good:?}");
        let why: Vec<String> = reasons(&direct(bad.clone()), None, &request).iter().map(ToString::to_string).collect();
        assert_eq!(why, [text], "{bad:?}");
        assert_eq!(excludes(&good), [Reason::ExcludedByOne { filter: 0 }], "{good:?}");
        assert_eq!(excludes(&bad), [], "{bad:?}");
    }
}

#[test]
fn criteria_of_one_filter_must_all_hold() {
    let request = request();
    for (good, bad, text) in criteria() {
        // A wrong operation is the only reason that is given.
        let mut both = bad.clone();
        both.kinds = if bad.kinds.is_empty() { strings(&["Pod"]) } else { bad.kinds.clone() };
        let why = reasons(&direct(both), None, &request);
        assert_eq!(why.iter().map(ToString::to_string).collect::<Vec<_>>(), [text]);
        let mut both = good.clone();
        both.name = Some("nobody".to_owned());
        let why = reasons(&direct(both), None, &request);
        assert_eq!(why, [Reason::Name], "{good:?}");
    }
    let wrong = filter(|f| {
        f.operations = vec![Operation::Delete];
        f.name = Some("nobody".to_owned());
        f.roles = strings(&["no:body"]);
    });
    assert_eq!(reasons(&direct(wrong), None, &request), [Reason::Operation]);
}

#[test]
fn blocks_combine_their_filters() {
    let request = request();
    let (yes, no) = (kinds(&["Pod"]), kinds(&["Job"]));
    let kind = Reason::Kind(strings(&["Job"]));
    let matched = |block: MatchResources| reasons(&block, None, &request);
    assert_eq!(matched(any(vec![no.clone(), yes.clone()])), []);
    let filters = vec![vec![kind.clone()], vec![kind.clone()]];
    assert_eq!(matched(any(vec![no.clone(), no.clone()])), [Reason::NoneMatched { filters }]);
    assert_eq!(matched(all(vec![yes.clone(), yes.clone()])), []);
    assert_eq!(matched(all(vec![yes.clone(), no.clone()])), [kind]);
    assert_eq!(matched(any(Vec::new())), [Reason::MatchEmpty]);
    assert_eq!(matched(all(Vec::new())), [Reason::MatchEmpty]);
    let excluded = |block: MatchResources| reasons(&any(vec![yes.clone()]), Some(&block), &request);
    assert_eq!(excluded(any(vec![no.clone(), yes.clone()])), [Reason::ExcludedByOne { filter: 1 }]);
    assert_eq!(excluded(any(vec![no.clone()])), []);
    assert_eq!(excluded(all(vec![yes.clone(), yes.clone()])), [Reason::ExcludedByAll]);
    assert_eq!(excluded(all(vec![yes.clone(), no.clone()])), []);
    assert_eq!(excluded(all(Vec::new())), []);
}

#[test]
fn an_empty_filter_matches_nothing_and_excludes_nothing() {
    let request = request();
    let (empty, yes) = (ResourceFilter::default(), kinds(&["Pod"]));
    assert_eq!(reasons(&direct(empty.clone()), None, &request), [Reason::MatchEmpty]);
    assert_eq!(reasons(&all(vec![yes.clone(), empty.clone()]), None, &request), [Reason::MatchEmpty]);
    let named_nothing = filter(|f| f.name = Some(String::new()));
    assert_eq!(reasons(&direct(named_nothing), None, &request), [Reason::MatchEmpty]);
    for excluded in [direct(empty.clone()), any(vec![empty.clone()]), all(vec![yes.clone(), empty])] {
        assert_eq!(reasons(&any(vec![yes.clone()]), Some(&excluded), &request), [], "{excluded:?}");
    }
}

#[test]
fn exclude_is_not_looked_at_where_match_fails() {
    let why = reasons(&any(vec![kinds(&["Job"])]), Some(&any(vec![kinds(&["Pod"])])), &request());
    assert!(matches!(why.as_slice(), [Reason::NoneMatched { .. }]));
}

#[test]
fn where_nobody_is_named_user_criteria_are_dropped_from_match_and_hold_never_in_exclude() {
    let mut request = request();
    request.user_info = UserInfo::default();
    let somebody = filter(|f| f.subjects = vec![subject(SubjectKind::User, "", "*")]);
    let pods_of_somebody = ResourceFilter { kinds: strings(&["Pod"]), ..somebody.clone() };
    assert_eq!(reasons(&direct(pods_of_somebody.clone()), None, &request), []);
    assert_eq!(reasons(&direct(somebody.clone()), None, &request), [Reason::MatchEmpty]);
    let roles = filter(|f| f.roles = strings(&["shop:editor"]));
    assert_eq!(reasons(&any(vec![kinds(&["Pod"])]), Some(&direct(roles)), &request), []);
}

#[test]
fn on_delete_the_old_object_is_matched() {
    let request = AdmissionRequest::new(Operation::Delete, pod(), None).unwrap();
    assert_eq!(reasons(&any(vec![kinds(&["Pod"])]), None, &request), []);
    let created = filter(|f| f.operations = vec![Operation::Create]);
    assert!(matches!(reasons(&any(vec![created]), None, &request).as_slice(), [Reason::NoneMatched { .. }]));
    let nothing = AdmissionRequest::default();
    assert_eq!(reasons(&any(vec![kinds(&["*"])]), None, &nothing), [Reason::ResourceEmpty]);
}

#[test]
fn a_generated_name_is_matched_like_a_name() {
    let mut object = pod();
    object["metadata"].as_object_mut().unwrap().remove("name");
    object["metadata"]["generateName"] = json!("job-");
    let named = filter(|f| f.name = Some("job-".to_owned()));
    assert_eq!(reasons(&direct(named), None, &create(object)), []);
}

#[test]
fn a_policy_reaches_its_own_namespace_alone() {
    let pods = any(vec![kinds(&["Pod"])]);
    let reach = |kind, namespace: &str, request: &AdmissionRequest| {
        rule_applies(&policy(kind, namespace), &pods, None, &request.target())
    };
    assert!(reach(PolicyKind::ClusterPolicy, "", &request()));
    assert!(reach(PolicyKind::Policy, "shop", &request()));
    assert!(!reach(PolicyKind::Policy, "other", &request()));
    assert!(!reach(PolicyKind::Policy, "", &request()), "a Policy without a namespace is in default");
    let mut moved = pod();
    moved["metadata"]["namespace"] = json!("other");
    let update = AdmissionRequest::new(Operation::Update, pod(), Some(moved)).unwrap();
    assert!(!reach(PolicyKind::Policy, "shop", &update));
    let why = applicability(&policy(PolicyKind::Policy, "other"), &pods, None, &request().target());
    let expected = Reason::PolicyNamespace { policy: "other".to_owned(), resource: "shop".to_owned() };
    assert_eq!(why, Applicability::DoesNotApply(vec![expected]));
}

#[test]
fn a_namespace_is_in_itself_and_has_no_namespace_labels() {
    let mut request = create(
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"env": "prod"}}}),
    );
    request.namespace_labels.insert(String::new(), map(&[("env", "prod")]));
    let within = filter(|f| f.namespaces = strings(&["shop"]));
    assert_eq!(reasons(&direct(within), None, &request), []);
    let selected = filter(|f| f.namespace_selector = Some(labels(&[])));
    assert_eq!(reasons(&direct(selected.clone()), None, &request), [Reason::NamespaceSelectorOnNamespace]);
    assert!(!lacks_namespace_labels(&direct(selected), None, &request.target()));
}

#[test]
fn unknown_namespace_labels_count_as_none_and_are_named() {
    let mut request = request();
    let production = direct(filter(|f| f.namespace_selector = Some(labels(&[("env", "prod")]))));
    assert!(!lacks_namespace_labels(&production, None, &request.target()));
    request.namespace_labels.clear();
    let why = reasons(&production, None, &request);
    assert_eq!(why, [Reason::NamespaceSelector { unknown: Some("shop".to_owned()) }]);
    let text = "namespace selector does not match labels (those of namespace `shop` are unknown and count as none)";
    assert_eq!(why[0].to_string(), text);
    let pods = any(vec![kinds(&["Pod"])]);
    let unlabelled = direct(filter(|f| {
        f.namespace_selector = Some(expression("env", RequirementOperator::DoesNotExist, &[]));
    }));
    assert_eq!(reasons(&pods, Some(&unlabelled), &request), [Reason::ExcludedByOne { filter: 0 }]);
    assert!(lacks_namespace_labels(&pods, Some(&unlabelled), &request.target()));
    assert!(!lacks_namespace_labels(&pods, Some(&pods), &request.target()));
}

#[test]
fn an_invalid_selector_holds_neither_in_match_nor_in_exclude() {
    let request = request();
    let broken: LabelSelector = expression("app", RequirementOperator::NotIn, &[]);
    let by_labels = direct(filter(|f| f.selector = Some(broken.clone())));
    let by_namespace = direct(filter(|f| f.namespace_selector = Some(broken)));
    for (block, code) in [(by_labels, "selector-invalid"), (by_namespace, "namespace-selector-invalid")] {
        assert_eq!(reasons(&block, None, &request)[0].code(), code);
        assert_eq!(reasons(&any(vec![kinds(&["Pod"])]), Some(&block), &request), []);
    }
}

#[test]
fn an_exception_lifts_no_more_than_it_says() {
    let covers = |block: MatchResources, request: &AdmissionRequest| {
        let exception = PolicyException {
            conditions: None,
            name: "e".to_owned(),
            namespace: "default".to_owned(),
            source: SourceName::new("exception.yaml"),
            span: Span::default(),
            targets: vec![ExceptionTarget { policy_name: "p".to_owned(), rule_names: strings(&["*"]) }],
            match_resources: block,
            unsupported: Vec::new(),
        };
        exception_applies(&exception, &request.target())
    };
    let (pods, jobs) = (kinds(&["Pod"]), kinds(&["Job"]));
    assert!(covers(any(vec![jobs.clone(), pods.clone()]), &request()));
    assert!(!covers(all(vec![jobs, pods.clone()]), &request()));
    assert!(covers(all(vec![pods.clone(), pods.clone()]), &request()));
    assert!(!covers(all(Vec::new()), &request()));
    assert!(!covers(any(vec![ResourceFilter::default()]), &request()));
    assert!(!covers(direct(pods.clone()), &request()));
    let pods_of_somebody = filter(|f| {
        f.kinds = strings(&["Pod"]);
        f.subjects = vec![subject(SubjectKind::User, "", "admin")];
    });
    assert!(!covers(any(vec![pods_of_somebody.clone()]), &create(pod())), "nobody is not somebody");
    let deleted = filter(|f| f.operations = vec![Operation::Delete]);
    assert!(!covers(any(vec![deleted]), &request()));
}

#[test]
fn objects_of_any_shape_are_matched_without_a_panic() {
    let everything = any(criteria().into_iter().flat_map(|(good, bad, _)| [good, bad]).collect());
    let odd = [
        json!(null),
        json!(1),
        json!([]),
        json!({}),
        json!({"metadata": [1]}),
        json!({"kind": {}, "metadata": {"labels": 1}}),
    ];
    for object in odd {
        let mut request = request();
        request.object = Some(object.clone());
        let target = Target::new(&request, &object);
        let _ = (rule_applies(&cluster_policy(), &everything, Some(&everything), &target), target.id());
        let none: Value = Value::Null;
        assert!(!rule_applies(&cluster_policy(), &everything, None, &Target::new(&request, &none)));
    }
}
