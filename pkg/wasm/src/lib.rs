//! The core behind a wasm-bindgen boundary.
