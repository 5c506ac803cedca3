//! The house rules as tests: which module may know which, how long files and functions may be, what may lie around.

use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What each module of the core may use. A module that needs a new edge argues for it in the change that adds it here.
const EDGES: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("variables", &["scalar"]),
    ("context", &["digest", "evidence", "jmespath", "json", "oci", "policy", "resource", "scalar", "variables"]),
    ("condition", &["json", "pattern", "scalar", "wildcard"]),
    ("in_toto", &["digest", "encoding", "json"]),
    ("limits", &[]),
    (
        "lint",
        &[
            "condition",
            "diagnostic",
            "digest",
            "limits",
            "oci",
            "pattern",
            "policy",
            "resource",
            "source",
            "wildcard",
            "yaml",
        ],
    ),
    ("wildcard", &[]),
    ("json", &[]),
    ("scalar", &["encoding"]),
    ("encoding", &[]),
    ("jmespath", &["encoding", "json", "limits", "oci", "scalar", "wildcard", "yaml"]),
    ("digest", &[]),
    ("diagnostic", &["source"]),
    ("trace", &[]),
    ("pattern", &["scalar", "wildcard"]),
    ("mutate", &["json", "limits", "pattern", "scalar", "yaml"]),
    ("yaml", &["diagnostic", "limits", "source"]),
    ("crypto", &["digest", "encoding"]),
    ("oci", &["digest", "json", "limits"]),
    ("simple_signing", &["digest", "json"]),
    ("policy", &["diagnostic", "jmespath", "limits", "pattern", "source", "variables", "wildcard", "yaml"]),
    ("resource", &["jmespath", "json", "limits", "oci", "policy", "wildcard"]),
    ("notation", &["crypto", "digest", "encoding", "json", "scalar", "x509"]),
    ("x509", &["crypto", "digest", "encoding", "scalar"]),
    ("revocation", &["encoding", "scalar", "x509"]),
    ("timestamp", &["crypto", "encoding", "scalar", "x509"]),
    ("transparency_log", &["crypto", "digest", "encoding", "in_toto", "json", "scalar", "x509"]),
    ("trust_root", &["crypto", "encoding", "json", "scalar", "timestamp", "transparency_log", "x509"]),
    (
        "bundle",
        &[
            "crypto",
            "digest",
            "encoding",
            "in_toto",
            "json",
            "scalar",
            "timestamp",
            "transparency_log",
            "trust_root",
            "x509",
        ],
    ),
    ("evidence", &["crypto", "digest", "encoding", "json", "limits", "oci", "trust_root"]),
    (
        "verify",
        &[
            "bundle",
            "crypto",
            "digest",
            "encoding",
            "evidence",
            "in_toto",
            "json",
            "notation",
            "oci",
            "policy",
            "revocation",
            "scalar",
            "simple_signing",
            "source",
            "timestamp",
            "trace",
            "transparency_log",
            "trust_root",
            "wildcard",
            "x509",
        ],
    ),
    (
        "inspect",
        &[
            "bundle",
            "crypto",
            "digest",
            "encoding",
            "evidence",
            "in_toto",
            "limits",
            "notation",
            "oci",
            "scalar",
            "simple_signing",
            "timestamp",
            "transparency_log",
            "verify",
            "x509",
        ],
    ),
    (
        "engine",
        &[
            "condition",
            "context",
            "diagnostic",
            "digest",
            "evidence",
            "jmespath",
            "limits",
            "mutate",
            "oci",
            "pattern",
            "policy",
            "resource",
            "scalar",
            "source",
            "trace",
            "trust_root",
            "variables",
            "verify",
            "wildcard",
            "yaml",
        ],
    ),
    (
        "suite",
        &[
            "context",
            "diagnostic",
            "engine",
            "evidence",
            "jmespath",
            "limits",
            "policy",
            "resource",
            "scalar",
            "source",
            "trace",
            "wildcard",
            "yaml",
        ],
    ),
    (
        "wire",
        &[
            "diagnostic",
            "engine",
            "evidence",
            "inspect",
            "jmespath",
            "json",
            "limits",
            "oci",
            "lint",
            "policy",
            "resource",
            "scalar",
            "source",
            "suite",
            "trace",
            "trust_root",
            "yaml",
        ],
    ),
];

/// Files longer than the limit, each with the reason.
const LONG_FILES: &[(&str, &str)] = &[("pkg/npm/src/engine/types.ts", "generated from the wire types")];
/// Functions longer than the limit, each with the reason.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

const FILE_LIMIT: usize = 600;
const FILE_MEDIAN: usize = 150;
const FILE_P90: usize = 400;
const FUNCTION_LIMIT: usize = 100;
const FUNCTION_P99: usize = 80;

const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "docs",
    "examples",
    "pkg",
    "policies",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src",
    "tests",
    "www",
    "xtask",
];

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every file that git knows or would add.
fn files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    let listed = String::from_utf8(output.stdout).expect("file names are text");
    let present = |name: &&str| root().join(name).exists();
    let files: Vec<String> = listed.lines().filter(present).map(str::to_owned).collect();
    assert!(files.len() > 50, "git lists {} files only", files.len());
    files
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_default()
}

fn is_test(file: &str) -> bool {
    let name = Path::new(file).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    name == "tests"
        || name.ends_with("_tests")
        || name == "testing"
        || name == "test_vectors"
        || file.contains("/tests/")
}

fn core_files() -> Vec<String> {
    files().into_iter().filter(|file| file.starts_with("src/") && file.ends_with(".rs") && !is_test(file)).collect()
}

#[test]
fn modules_know_only_what_they_may() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        EDGES.iter().map(|(module, may)| (*module, may.iter().copied().collect())).collect();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in core_files() {
        let module = file.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default().to_owned();
        if module == "lib" {
            continue;
        }
        let tokens: TokenStream = read(&file).parse().expect("the source is Rust");
        let found = used.entry(module.clone()).or_default();
        crate_paths(tokens, found);
        found.remove(&module);
    }
    for (module, found) in &used {
        let may =
            allowed.get(module.as_str()).unwrap_or_else(|| panic!("module `{module}` is not in the table of edges"));
        for other in found.iter().filter(|other| allowed.contains_key(other.as_str())) {
            assert!(may.contains(other.as_str()), "`{module}` uses `{other}`, which the table of edges does not allow");
        }
        for other in may {
            assert!(
                found.contains(*other),
                "the edge from `{module}` to `{other}` is not used: remove it from the table"
            );
        }
    }
}

/// The names behind every `crate::`.
fn crate_paths(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        if let TokenTree::Group(group) = tree {
            crate_paths(group.stream(), found);
        }
        let is_crate = matches!(tree, TokenTree::Ident(ident) if ident == "crate");
        if let (true, Some(TokenTree::Ident(name))) = (is_crate, trees.get(index + 3)) {
            found.insert(name.to_string());
        }
    }
}

/// Lines of code without the unit tests at the end of the file.
fn length(text: &str) -> usize {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count()
}

#[test]
fn files_stay_short() {
    let mut lengths: Vec<(usize, String)> = core_files().into_iter().map(|file| (length(&read(&file)), file)).collect();
    lengths.sort();
    let at = |part: usize| lengths[(lengths.len() - 1) * part / 100].0;
    println!("files: {}, median {}, p90 {}, longest {:?}", lengths.len(), at(50), at(90), lengths.last());
    assert!(at(50) <= FILE_MEDIAN, "the median file has {} lines", at(50));
    assert!(at(90) <= FILE_P90, "the 90th percentile of files has {} lines", at(90));
    let typescript = files().into_iter().filter(|file| file.starts_with("pkg/npm/src/") && file.ends_with(".ts"));
    let others = files().into_iter().filter(|file| file.starts_with("xtask/") && file.ends_with(".rs"));
    let all = lengths.into_iter().chain(typescript.chain(others).map(|file| (read(&file).lines().count(), file)));
    for (lines, file) in all {
        let named = LONG_FILES.iter().any(|(name, _)| *name == file);
        assert!(lines <= FILE_LIMIT || named, "{file} has {lines} lines, at most {FILE_LIMIT} are allowed");
        assert!(lines > FILE_LIMIT || !named, "{file} is short enough: remove it from the exceptions");
    }
}

#[derive(Default)]
struct Functions {
    lengths: Vec<(usize, String)>,
}

impl Functions {
    fn add(&mut self, name: String, span: Span) {
        self.lengths.push((span.end().line - span.start().line + 1, name));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(function.sig.ident.to_string(), function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(function.sig.ident.to_string(), function.block.span());
        visit::visit_impl_item_fn(self, function);
    }
}

#[test]
fn functions_stay_short() {
    let mut functions = Functions::default();
    for file in core_files() {
        let parsed = syn::parse_file(&read(&file)).expect("the source is Rust");
        functions.visit_file(&parsed);
    }
    let mut lengths = functions.lengths;
    lengths.sort();
    let at = |part: usize| lengths[(lengths.len() - 1) * part / 100].0;
    println!("functions: {}, median {}, p99 {}, longest {:?}", lengths.len(), at(50), at(99), lengths.last());
    assert!(at(50) <= 10, "the median function has {} lines", at(50));
    assert!(at(99) <= FUNCTION_P99, "the 99th percentile of functions has {} lines", at(99));
    for (lines, name) in &lengths {
        let named = LONG_FUNCTIONS.iter().any(|(exception, _)| exception == name);
        assert!(*lines <= FUNCTION_LIMIT || named, "`{name}` has {lines} lines, at most {FUNCTION_LIMIT} are allowed");
    }
}

#[test]
fn nothing_lies_around() {
    for file in files() {
        let top = file.split('/').next().unwrap_or_default();
        assert!(TOP_LEVEL.contains(&top), "{file}: `{top}` does not belong at the top level");
        let name = Path::new(&file).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        assert!(
            !["utils", "util", "helpers", "common", "misc"].contains(&name),
            "{file}: name it after what it is about"
        );
    }
}

#[test]
fn no_file_names_this_machine_or_a_package_registry() {
    // Written in parts, so that this file does not name them either.
    let words = [
        ["/ro", "ot/"].concat(),
        ["/wo", "rk/"].concat(),
        ["registry", ".npmjs"].concat(),
        ["static", ".crates.io"].concat(),
        ["index", ".crates.io"].concat(),
        ["proxy", ".golang.org"].concat(),
        ["deb", ".debian.org"].concat(),
    ];
    for file in files().iter().filter(|file| *file != "Cargo.lock") {
        let text = read(file);
        for word in &words {
            assert!(!text.contains(word), "{file} has `{word}` in it");
        }
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    for file in files().iter().filter(|file| file.ends_with("Cargo.toml")) {
        let mut in_dependencies = false;
        for line in read(file).lines() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.contains('=') && !line.contains("path = ") {
                assert!(line.contains(" # "), "{file}: say in a comment why this is there: {line}");
            }
        }
    }
}

#[test]
fn files_that_the_documents_name_are_there() {
    for document in files().iter().filter(|file| file.ends_with(".md")) {
        let folder = root().join(Path::new(document).parent().expect("a file has a folder"));
        for target in links(&read(document)) {
            assert!(folder.join(&target).exists(), "{document} names `{target}`, which is not there");
        }
    }
}

/// The relative targets of Markdown links.
fn links(text: &str) -> Vec<String> {
    let target = |part: &str| part.split([')', '#']).next().unwrap_or_default().to_owned();
    let relative = |target: &String| !target.is_empty() && !target.contains("://");
    text.split("](").skip(1).map(target).filter(relative).collect()
}
