//! Takes the messages out of panics.
//!
//! The module has no panic hook: what a panic says is formatted and thrown away, and the module traps. So every function
//! that does nothing else traps at once. Behind it, the optimiser drops the arguments of each call, which are a message
//! and a place in the source.

use walrus::ir::{Instr, Unreachable};
use walrus::{FunctionId, Module};

/// Functions of the standard library that format a message and panic, by the start of their names. None returns.
const PANICS: &[&str] = &[
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_already",
    "core::num::from_ascii_radix_panic",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::slice::sort::shared::smallsort::panic_on_ord_violation",
    "core::str::slice_error_fail",
    "__rustc::rust_begin_unwind",
];

/// Replaces the body of each by a trap; how many there were.
pub fn empty(module: &mut Module) -> usize {
    let panics: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .filter(|(id, _)| {
            let name = without_hash(module.funcs.get(*id).name.as_deref().unwrap_or_default());
            PANICS.iter().any(|panic| name.starts_with(panic))
        })
        .map(|(id, _)| id)
        .collect();
    for id in &panics {
        let function = module.funcs.get_mut(*id).kind.unwrap_local_mut();
        let body = function.block_mut(function.entry_block());
        body.instrs = vec![(Instr::Unreachable(Unreachable {}), Default::default())];
    }
    panics.len()
}

/// `core[0123456789abcdef]::option::unwrap_failed` without what is in brackets.
fn without_hash(name: &str) -> String {
    let split = name.split_once('[').and_then(|(library, rest)| Some((library, rest.split_once(']')?.1)));
    split.map_or_else(|| name.to_owned(), |(library, path)| format!("{library}{path}"))
}
