//! The core behind a wasm-bindgen boundary: JSON text and bytes in, JSON text out. Nothing throws on bad input.

use vidimus::diagnostic::Diagnostic;
use vidimus::digest::Digest;
use vidimus::suite::{Files, Outcome, Selector, Suite, TestFile};
use vidimus::{Limits, PolicySet as Set, SourceName, wire};
use wasm_bindgen::prelude::wasm_bindgen;

/// Policies, compiled once.
#[wasm_bindgen]
pub struct PolicySet {
    loaded: Result<Set, Vec<Diagnostic>>,
}

#[wasm_bindgen]
impl PolicySet {
    /// Loads a sources document. What is wrong with it is in `diagnostics`.
    pub fn load(sources: &[u8]) -> PolicySet {
        PolicySet { loaded: wire::load(sources) }
    }

    /// The diagnostics of the policies, a JSON array; with an error among them nothing is evaluated.
    pub fn diagnostics(&self) -> String {
        match &self.loaded {
            Ok(set) => wire::diagnostics(set.diagnostics()),
            Err(found) => wire::diagnostics(found),
        }
    }

    /// Evaluates an evaluate document; answers with an answer document, or with `{"diagnostics": [...]}`.
    pub fn evaluate(&self, request: &[u8], artifacts: &Artifacts) -> String {
        match &self.loaded {
            Ok(set) => wire::evaluate(set, request, &artifacts.store),
            Err(found) => wire::refusal(found),
        }
    }
}

/// What was fetched so far. Blobs are hashed once and signatures verified once for as long as it lives.
#[wasm_bindgen]
#[derive(Default)]
pub struct Artifacts {
    store: vidimus::Artifacts,
}

#[wasm_bindgen]
impl Artifacts {
    /// An empty store.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Artifacts {
        Artifacts::default()
    }

    /// Adds an evidence document; empty text, or `{"diagnostics": [...]}`.
    pub fn add(&mut self, document: &[u8]) -> String {
        match self.store.add_document(document) {
            Ok(()) => String::new(),
            Err(error) => wire::refusal(&[Diagnostic::error("evidence-malformed", error.to_string())]),
        }
    }

    /// Adds bytes under the digest that they were asked for; empty text, or `{"diagnostics": [...]}`.
    #[wasm_bindgen(js_name = addBlob)]
    pub fn add_blob(&mut self, digest: &str, bytes: Vec<u8>) -> String {
        match Digest::parse(digest) {
            Ok(digest) => {
                self.store.add_blob(digest, bytes);
                String::new()
            }
            Err(error) => wire::refusal(&[Diagnostic::error("digest-malformed", error.to_string())]),
        }
    }

    /// Sets the Sigstore TrustedRoot that signatures are checked by; empty text, or `{"diagnostics": [...]}`.
    #[wasm_bindgen(js_name = setTrustRoot)]
    pub fn set_trust_root(&mut self, document: &[u8]) -> String {
        match wire::trust_root(document) {
            Ok(trust_root) => {
                self.store.set_trust_root(trust_root);
                String::new()
            }
            Err(diagnostic) => wire::refusal(&[diagnostic]),
        }
    }

    /// The evidence document of everything added.
    #[wasm_bindgen(js_name = toJson)]
    pub fn to_json(&self) -> String {
        self.store.to_document(None).to_string()
    }
}

/// One document of a test file, with the files it names.
#[wasm_bindgen]
pub struct TestSuite {
    test: Result<TestFile, Vec<Diagnostic>>,
    files: Files,
    /// Compiled when it is first run.
    suite: Option<Result<Suite, Vec<Diagnostic>>>,
}

#[wasm_bindgen]
impl TestSuite {
    /// The documents of a test file; a file with anything wrong in it is one suite that has diagnostics alone.
    pub fn parse(text: &str, name: &str) -> Vec<TestSuite> {
        let suite = |test| TestSuite { test, files: Files::default(), suite: None };
        match TestFile::parse(text, &SourceName::new(name), &Limits::default()) {
            Ok(tests) => tests.into_iter().map(|test| suite(Ok(test))).collect(),
            Err(found) => vec![suite(Err(found))],
        }
    }

    /// What is wrong with a text that chooses results, such as `policy=P,rule=R,resource=X`; a JSON array.
    #[wasm_bindgen(js_name = checkSelector)]
    pub fn check_selector(selector: &str) -> String {
        match Selector::parse(selector) {
            Ok(_) => wire::diagnostics(&[]),
            Err(error) => wire::diagnostics(&[Diagnostic::error(error.code(), error.to_string())]),
        }
    }

    /// What is wrong with the test file, a JSON array.
    pub fn diagnostics(&self) -> String {
        wire::diagnostics(self.test.as_ref().err().map_or(&[], Vec::as_slice))
    }

    /// Every path that the test names, a JSON array.
    pub fn paths(&self) -> String {
        wire::wanted_paths(&self.test.as_ref().map(TestFile::paths).unwrap_or_default())
    }

    /// The paths that were not added yet, those that added files name among them; not those of artifacts.
    #[wasm_bindgen(js_name = missingPaths)]
    pub fn missing_paths(&self) -> String {
        let missing = self.test.as_ref().map(|test| test.missing(&self.files, &Limits::default()));
        wire::wanted_paths(&missing.unwrap_or_default())
    }

    /// Adds the text of a file behind `path`; several behind one path, where that is a folder or a pattern.
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(&mut self, path: &str, name: &str, text: &str) {
        self.files.add(path, &SourceName::new(name), text);
    }

    /// Notes that there is nothing behind `path`, and why.
    #[wasm_bindgen(js_name = addAbsent)]
    pub fn add_absent(&mut self, path: &str, why: &str) {
        self.files.add_absent(path, why);
    }

    /// Runs the test with the artifacts at hand; `selector` is empty, or chooses results; `seed` is where random
    /// texts begin. Answers with an outcome document: where it has needs, add what they ask for to `artifacts` and run again.
    ///
    /// The first run compiles the test and adds the objects of its cluster to `artifacts`.
    pub fn run(&mut self, artifacts: &mut Artifacts, selector: &str, seed: Option<u32>) -> String {
        let test = match &self.test {
            Ok(test) => test,
            Err(found) => return wire::outcome("", &Outcome { diagnostics: found.clone(), ..Outcome::default() }),
        };
        let selector = match Selector::parse(selector) {
            Ok(selector) => selector,
            Err(error) => return refused(test, &[Diagnostic::error(error.code(), error.to_string())]),
        };
        let files = &self.files;
        let load = || Suite::load(test, files, &mut artifacts.store, &Limits::default());
        match self.suite.get_or_insert_with(load) {
            Ok(suite) => {
                suite.set_seed(seed.map(u64::from));
                wire::outcome(&test.name, &suite.run(&artifacts.store, &selector))
            }
            Err(found) => refused(test, found),
        }
    }
}

fn refused(test: &TestFile, found: &[Diagnostic]) -> String {
    wire::outcome(&test.name, &Outcome { diagnostics: found.to_vec(), ..Outcome::default() })
}

/// What an image carries, decoded and not verified: an inspection document, or `{"diagnostics": [...]}`.
#[wasm_bindgen]
pub fn inspect(
    image: &str,
    platforms: bool,
    signatures: &str,
    predicate_bytes: usize,
    artifacts: &Artifacts,
) -> String {
    wire::inspect(image, platforms, signatures, predicate_bytes, &artifacts.store)
}

/// The objects of a resource text: `{"objects": [...]}`, or `{"diagnostics": [...]}`.
#[wasm_bindgen]
pub fn objects(text: &str, name: &str) -> String {
    wire::objects(text, name)
}

/// The value of a JMESPath expression on a JSON or YAML text: `{"result": ...}`, or `{"diagnostics": [...]}`.
#[wasm_bindgen]
pub fn query(expression: &str, input: &str, name: &str, now: &str, seed: Option<u32>) -> String {
    wire::query(expression, input, name, now, seed)
}

/// The tree of a JMESPath expression: `{"tree": "..."}`, or `{"diagnostics": [...]}`.
#[wasm_bindgen(js_name = parseExpression)]
pub fn parse_expression(expression: &str) -> String {
    wire::parse_expression(expression)
}

/// What the authors of the policies of a sources document can hardly want: `{"findings": [...]}`, or
/// `{"diagnostics": [...]}`.
#[wasm_bindgen]
pub fn lint(sources: &[u8]) -> String {
    wire::lint(sources)
}

/// The functions of JMESPath in Kyverno's dialect: `[{"name", "signature", "note"}]`.
#[wasm_bindgen]
pub fn functions() -> String {
    wire::functions()
}

/// The version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
