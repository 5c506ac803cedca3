//! Functions of times.

use super::super::eval::Outcome;
use super::call::{Call, answered};
use super::table::{Function, STRING, Type};
use crate::scalar::time::functions;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("time_add", &[STRING, STRING], Type::String, "a time some duration later", time_add),
    Function::new("time_after", &[STRING, STRING], Type::Bool, "is the first time after the second?", time_after),
    Function::new("time_before", &[STRING, STRING], Type::Bool, "is the first time before the second?", time_before),
    Function::new(
        "time_between",
        &[STRING, STRING, STRING],
        Type::Bool,
        "is the time after a start and before an end?",
        time_between,
    ),
    Function::new("time_diff", &[STRING, STRING], Type::String, "the duration from one time to another", time_diff),
    Function::new("time_now", &[], Type::String, "the time of the evaluation", time_now),
    Function::new("time_now_utc", &[], Type::String, "the time of the evaluation in UTC", time_now_utc),
    Function::new("time_parse", &[STRING, STRING], Type::String, "a time of a Go layout in RFC 3339", time_parse),
    Function::new(
        "time_since",
        &[STRING, STRING, STRING],
        Type::String,
        "the duration between two times of a Go layout; to the time of the evaluation if the second is empty",
        time_since,
    ),
    Function::new("time_to_cron", &[STRING], Type::String, "a time as a cron schedule", time_to_cron),
    Function::new("time_truncate", &[STRING, STRING], Type::String, "rounded down to a multiple", time_truncate),
    Function::new("time_utc", &[STRING], Type::String, "a time in UTC", time_utc),
];

fn time_add<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_add(call.text(0)?, call.text(1)?))
}

fn time_after<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_after(call.text(0)?, call.text(1)?))
}

fn time_before<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_before(call.text(0)?, call.text(1)?))
}

fn time_between<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_between(call.text(0)?, call.text(1)?, call.text(2)?))
}

fn time_diff<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_diff(call.text(0)?, call.text(1)?))
}

fn time_now<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_now(call.evaluation.environment.now))
}

fn time_now_utc<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_now_utc(call.evaluation.environment.now))
}

fn time_parse<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_parse(call.text(0)?, call.text(1)?))
}

fn time_since<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let now = call.evaluation.environment.now;
    answered(functions::time_since(call.text(0)?, call.text(1)?, call.text(2)?, now))
}

fn time_to_cron<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_to_cron(call.text(0)?))
}

fn time_truncate<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_truncate(call.text(0)?, call.text(1)?))
}

fn time_utc<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(functions::time_utc(call.text(0)?))
}
