//! The target that `TARGET` names, under libFuzzer.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vidimus_fuzz::Target;

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("TARGET").expect("set TARGET to the name of a target");
    Target::named(&name).expect("a target of this name")
});

fuzz_target!(|bytes: &[u8]| {
    (CHOSEN.run)(bytes);
});
