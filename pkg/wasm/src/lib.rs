//! The core behind a wasm-bindgen boundary: JSON text and bytes in, JSON text out. Nothing throws on bad input.

use vidimus::diagnostic::Diagnostic;
use vidimus::digest::Digest;
use vidimus::{PolicySet as Set, wire};
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

    /// The evidence document of everything added.
    #[wasm_bindgen(js_name = toJson)]
    pub fn to_json(&self) -> String {
        self.store.to_document(None).to_string()
    }
}

/// The objects of a resource text: `{"objects": [...]}`, or `{"diagnostics": [...]}`.
#[wasm_bindgen]
pub fn objects(text: &str, name: &str) -> String {
    wire::objects(text, name)
}

/// The version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
