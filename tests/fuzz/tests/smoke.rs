//! A short attack on every target, the same in every run.

use vidimus_fuzz::TARGETS;

/// How often each target is attacked.
const TIMES: usize = 1500;

#[test]
fn nothing_that_is_thrown_at_a_parser_breaks_it() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{}: no seeds", target.name);
        let good = seeds.iter().filter(|seed| (target.run)(seed)).count();
        assert!(good > 0, "{}: no seed is read", target.name);
        let thrown = target.throw(1, |times| times < TIMES);
        println!("{:20} {} thrown, {} accepted", target.name, thrown.times, thrown.accepted);
        assert!(thrown.accepted < thrown.times, "{}: everything is accepted", target.name);
    }
}

#[test]
fn names_are_unique_and_sorted() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
}
