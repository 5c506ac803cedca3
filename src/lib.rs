#![doc = include_str!("../README.md")]

pub mod crypto;
pub mod diagnostic;
pub mod digest;
pub mod encoding;
pub mod limits;
pub mod oci;
pub mod policy;
pub mod source;
pub mod wildcard;
pub mod yaml;
