//! Annotations that a policy requires of a signature.

use super::{good, team, with_layers};
use crate::{Payload, Requirements, Scenario, SignatureLayer};
use serde_json::{Value, json};

pub(super) fn scenarios() -> Vec<Scenario> {
    let two = &[("build", "7"), ("environment", "production")];
    vec![
        annotated(
            "annotations-match",
            "The signature carries the required annotation: verified.",
            &[("environment", json!("production")), ("build", json!("7"))],
            &[("environment", "production")],
        ),
        annotated(
            "annotations-two",
            "The signature carries both required annotations: verified.",
            &[("environment", json!("production")), ("build", json!("7"))],
            two,
        ),
        annotated(
            "annotations-other",
            "The annotation has another value: rejected.",
            &[("environment", json!("staging"))],
            &[("environment", "production")],
        )
        .fails("annotations-mismatch"),
        annotated(
            "annotations-missing",
            "The signature carries other annotations only: rejected.",
            &[("build", json!("7"))],
            &[("environment", "production")],
        )
        .fails("annotations-mismatch"),
        annotated(
            "annotations-none",
            "The signature carries no annotations at all: rejected.",
            &[],
            &[("environment", "production")],
        )
        .fails("annotations-mismatch"),
        annotated(
            "annotations-number",
            "The policy requires the text 7 and the signature carries the number 7: rejected.",
            &[("build", json!(7))],
            &[("build", "7")],
        )
        .fails("annotations-mismatch"),
        split(two),
        second(),
    ]
}

fn split(required: &[(&str, &str)]) -> Scenario {
    let what = "Two signatures carry one of the two required annotations each: rejected.";
    with_layers("annotations-split", what, |image| {
        let payload = Payload::of(image);
        vec![
            SignatureLayer::sign(&team(), &payload.clone().annotated("build", "7")),
            SignatureLayer::sign(&team(), &payload.annotated("environment", "production")),
        ]
    })
    .requiring(annotations(required))
    .fails("annotations-mismatch")
}

fn second() -> Scenario {
    with_layers("annotations-second", "Only the second signature carries the annotation: verified.", |image| {
        let annotated = Payload::of(image).annotated("environment", "production");
        vec![good(image), SignatureLayer::sign(&team(), &annotated)]
    })
    .requiring(annotations(&[("environment", "production")]))
}

fn annotated(name: &str, what: &str, carried: &[(&str, Value)], required: &[(&str, &str)]) -> Scenario {
    with_layers(name, what, |image| {
        let add = |payload: Payload, (key, value): &(&str, Value)| payload.annotated(key, value.clone());
        vec![SignatureLayer::sign(&team(), &carried.iter().fold(Payload::of(image), add))]
    })
    .requiring(annotations(required))
}

fn annotations(required: &[(&str, &str)]) -> Requirements {
    let pairs = required.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Requirements { annotations: pairs.collect(), ..Requirements::default() }
}
