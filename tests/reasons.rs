//! The table of reasons in `docs/reasons.md`: generated from the error enums, and checked to be what they say.
//!
//! `BLESS=1` writes it, and the same for the reports of the npm package. What to do about a reason stands in `data/reason-fixes.json`, which is strict: every code has an
//! entry, and every entry is a code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta, Pat};

/// Where reasons are defined, by what they are about.
const PARTS: &[(&str, &[&str])] = &[
    ("Signatures, attestations and who made them", &["verify/error.rs"]),
    ("Notary signatures", &["verify/notary/error.rs", "notation/error.rs", "notation/chain.rs"]),
    ("Payloads and statements", &["simple_signing.rs", "in_toto/error.rs"]),
    ("Keys and signatures", &["crypto/error.rs", "encoding/pem.rs", "encoding/base64.rs"]),
    ("Certificates", &["x509/error.rs", "x509/sct.rs"]),
    ("Transparency logs", &["transparency_log/error.rs"]),
    ("Timestamps", &["timestamp/error.rs"]),
    ("Sigstore bundles and trust roots", &["bundle/error.rs", "trust_root/error.rs"]),
    ("Registries and manifests", &["oci/error.rs"]),
];
const HEAD: &str = "# Reasons\n\nWhy an image is not verified: the codes of results and trace steps, what each means and what to do about it. Generated\nfrom the sources; do not edit.\n";

const MODULE_HEAD: &str = "// Generated from the sources; do not edit.\n\n/** What reasons mean, and what to do about them, by code. */\nexport const REASONS: Record<string, { fix: string; meaning: string }> = ";

/// A row of the table.
#[derive(serde::Serialize)]
struct Reason {
    fix: String,
    meaning: String,
}

#[test]
fn the_table_says_what_the_sources_say() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let fixes = fs::read_to_string(format!("{root}/tests/data/reason-fixes.json")).expect("the fixes are there");
    let mut fixes: BTreeMap<String, String> = serde_json::from_str(&fixes).expect("the fixes are JSON");
    let mut table = HEAD.to_owned();
    let mut missing = Vec::new();
    let mut told = BTreeMap::new();
    let mut reported = BTreeMap::new();
    for (part, files) in PARTS {
        write!(table, "\n## {part}\n\n| code | meaning | what to do |\n| --- | --- | --- |\n").expect("written");
        let mut rows = BTreeMap::new();
        for file in *files {
            let source = fs::read_to_string(format!("{root}/src/{file}")).expect("the source is there");
            rows.extend(reasons(&source));
        }
        for (code, meaning) in rows {
            if told.insert(code.clone(), ()).is_some() {
                continue;
            }
            match fixes.remove(&code) {
                Some(fix) => {
                    writeln!(table, "| `{code}` | {meaning} | {fix} |").expect("written");
                    reported.insert(code, Reason { meaning, fix });
                }
                None => missing.push(format!("{code}: {meaning}")),
            }
        }
    }
    assert!(missing.is_empty(), "codes that nobody says what to do about:\n{}", missing.join("\n"));
    assert!(fixes.is_empty(), "entries that are no codes: {:?}", fixes.keys());
    let rows: String = reported.iter().map(|(code, reason)| module_row(code, reason)).collect();
    let module = format!("{MODULE_HEAD}{{\n{rows}}};\n");
    for (path, text) in [("docs/reasons.md", table), ("pkg/npm/src/report/reasons.ts", module)] {
        let file = format!("{root}/{path}");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, &text).expect("writable");
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found, text, "{path} is not up to date: BLESS=1 writes it");
    }
}

fn module_row(code: &str, reason: &Reason) -> String {
    format!("  \"{code}\": {},\n", serde_json::to_string(reason).expect("texts are JSON"))
}

/// Codes with the documentation of the variants that have them.
fn reasons(source: &str) -> BTreeMap<String, String> {
    let file = syn::parse_file(source).expect("the source is Rust");
    let mut meanings = BTreeMap::new();
    let mut found = BTreeMap::new();
    for item in &file.items {
        if let Item::Enum(item) = item {
            for variant in &item.variants {
                meanings.insert(format!("{}::{}", item.ident, variant.ident), documentation(&variant.attrs));
            }
        }
    }
    for item in &file.items {
        let Item::Impl(item) = item else { continue };
        let syn::Type::Path(kind) = item.self_ty.as_ref() else { continue };
        let kind = kind.path.segments.last().expect("a name").ident.to_string();
        for method in &item.items {
            let ImplItem::Fn(method) = method else { continue };
            if method.sig.ident == "code" {
                codes(&kind, &method.block, &meanings, &mut found);
            }
        }
    }
    found
}

fn codes(kind: &str, block: &syn::Block, meanings: &BTreeMap<String, String>, found: &mut BTreeMap<String, String>) {
    for statement in &block.stmts {
        let syn::Stmt::Expr(Expr::Match(arms), _) = statement else { continue };
        for arm in &arms.arms {
            let Expr::Lit(literal) = arm.body.as_ref() else { continue };
            let Lit::Str(code) = &literal.lit else { continue };
            for variant in variants(&arm.pat) {
                if let Some(meaning) = meanings.get(&format!("{kind}::{variant}")) {
                    found.entry(code.value()).or_insert_with(|| meaning.clone());
                }
            }
        }
    }
}

fn variants(pattern: &Pat) -> Vec<String> {
    let name = |path: &syn::Path| path.segments.last().map(|segment| segment.ident.to_string()).into_iter().collect();
    match pattern {
        Pat::Or(or) => or.cases.iter().flat_map(variants).collect(),
        Pat::Path(path) => name(&path.path),
        Pat::Struct(pattern) => name(&pattern.path),
        Pat::TupleStruct(pattern) => name(&pattern.path),
        _ => Vec::new(),
    }
}

fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ").replace('|', "\\|").trim_end_matches('.').to_owned()
}
