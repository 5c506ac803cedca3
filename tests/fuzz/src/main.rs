//! `vidimus-fuzz [NAME] [--seconds N]`: throws things at one target, or at each in turn.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vidimus_fuzz::{TARGETS, Target};

fn main() -> ExitCode {
    let (mut names, mut seconds) = (Vec::new(), 30);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            let Some(number) = arguments.next().and_then(|text| text.parse().ok()) else { return usage() };
            seconds = number;
        } else {
            let Some(target) = Target::named(&argument) else { return usage() };
            names.push(target);
        }
    }
    let targets: Vec<&Target> = if names.is_empty() { TARGETS.iter().collect() } else { names };
    // Another start each time; it is printed, so that what was found can be found again.
    let start = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_secs());
    for target in targets {
        let begin = Instant::now();
        let thrown = target.throw(start, |_| begin.elapsed() < Duration::from_secs(seconds));
        println!("{:20} {} thrown, {} accepted (start {start})", target.name, thrown.times, thrown.accepted);
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    eprintln!("usage: vidimus-fuzz [NAME] [--seconds N]\n\nnames: {}", names.join(", "));
    ExitCode::from(2)
}
