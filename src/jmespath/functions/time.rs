//! Times and durations.

use super::{Answer, Call};
use crate::jmespath::EvalError;
use crate::scalar::time::functions;
use serde_json::Value;

fn answer<T: Into<Value>>(result: Result<T, String>) -> Answer {
    result.map(Into::into).map_err(EvalError::failed)
}

pub(super) fn time_add(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_add(call.text(0), call.text(1)))
}

pub(super) fn time_after(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_after(call.text(0), call.text(1)))
}

pub(super) fn time_before(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_before(call.text(0), call.text(1)))
}

pub(super) fn time_between(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_between(call.text(0), call.text(1), call.text(2)))
}

pub(super) fn time_diff(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_diff(call.text(0), call.text(1)))
}

pub(super) fn time_now(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_now(call.evaluation.environment.now))
}

pub(super) fn time_now_utc(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_now_utc(call.evaluation.environment.now))
}

pub(super) fn time_parse(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_parse(call.text(0), call.text(1)))
}

pub(super) fn time_since(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_since(call.text(0), call.text(1), call.text(2), call.evaluation.environment.now))
}

pub(super) fn time_to_cron(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_to_cron(call.text(0)))
}

pub(super) fn time_truncate(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_truncate(call.text(0), call.text(1)))
}

pub(super) fn time_utc(call: &mut Call<'_, '_, '_>) -> Answer {
    answer(functions::time_utc(call.text(0)))
}
