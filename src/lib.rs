#![doc = include_str!("../README.md")]

pub mod condition;
pub mod context;
pub mod crypto;
pub mod diagnostic;
pub mod digest;
pub mod encoding;
pub mod engine;
pub mod evidence;
pub mod in_toto;
pub mod jmespath;
pub mod json;
pub mod limits;
pub mod mutate;
pub mod oci;
pub mod pattern;
pub mod policy;
pub mod resource;
pub mod scalar;
pub mod simple_signing;
pub mod source;
pub mod suite;
pub mod trace;
pub mod variables;
pub mod verify;
pub mod wildcard;
pub mod wire;
pub mod yaml;

pub use engine::{Answer, Options, PolicySet};
pub use evidence::Artifacts;
pub use limits::Limits;
pub use resource::AdmissionRequest;
pub use source::SourceName;
