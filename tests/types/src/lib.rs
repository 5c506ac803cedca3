//! The TypeScript types of the wire documents.

use ts_rs::{Config, TS};
use vidimus::engine::{PatchOp, PatchOperation};
use vidimus::evidence::{Asker, RequestDocument};
use vidimus::inspect;
use vidimus::trace::{Step, StepOutcome};
use vidimus::wire;

/// Where the types are kept, from the folder of the workspace.
pub const PATH: &str = "pkg/npm/src/engine/types.ts";

/// The whole file.
pub fn render() -> String {
    let config = Config::default().with_large_int("number");
    let mut text = "// Generated from the Rust wire types by `cargo xtask types`. Do not edit.\n".to_owned();
    macro_rules! add {
        ($($t:ty),* $(,)?) => {
            $(text.push_str(&format!("\nexport {}\n", <$t as TS>::decl(&config)));)*
        };
    }
    add!(
        wire::SourceDocument,
        wire::SourcesDocument,
        wire::EvaluateDocument,
        wire::RequestReview,
        wire::UserInfoDocument,
        wire::OptionsDocument,
        wire::LimitsDocument,
        wire::AnswerDocument,
        wire::AnswerStatus,
        wire::NeedDocument,
        RequestDocument,
        Asker,
        wire::ResultDocument,
        wire::ResourceDocument,
        wire::LocationDocument,
        Step,
        StepOutcome,
        wire::TargetDocument,
        wire::AdmissionDocument,
        PatchOperation,
        PatchOp,
        wire::ImageDocument,
        wire::DiagnosticDocument,
        wire::InspectionDocument,
        inspect::Node,
        inspect::NodeKind,
        inspect::Problem,
        inspect::Signature,
        inspect::StatementDetails,
        inspect::SubjectDetails,
        inspect::NotationDetails,
        inspect::CertificateDetails,
        inspect::SctDetails,
        inspect::LogEntryDetails,
        inspect::TimestampDetails,
        wire::WantedPathDocument,
        wire::OutcomeDocument,
        wire::RowDocument,
        wire::LintDocument,
        wire::FindingDocument,
    );
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_types_are_those_of_the_wire_documents() {
        let path = format!("{}/../../{}", env!("CARGO_MANIFEST_DIR"), super::PATH);
        let committed = std::fs::read_to_string(path).expect("the types are there");
        assert!(committed == super::render(), "the TypeScript types are stale: run `cargo xtask types`");
    }
}
