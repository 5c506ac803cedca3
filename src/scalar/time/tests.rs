mod vectors;

use super::{Timestamp, Zone, duration, functions};

/// Everything about a time; the same layout as in the vectors.
const FULL: &str = "2006-01-02T15:04:05.999999999Z07:00:00 MST";

fn read(layout: &str, text: &str) -> String {
    Timestamp::parse(layout, text).map_or_else(|error| error.to_string(), |time| time.format(FULL))
}

#[test]
fn rfc_3339_is_read_and_refused_as_by_go() {
    for (text, expected) in vectors::RFC_3339 {
        assert_eq!(read(super::RFC_3339, text), *expected, "{text}");
    }
}

#[test]
fn texts_are_read_and_refused_in_every_layout_as_by_go() {
    for (layout, text, expected) in vectors::LAYOUTS {
        assert_eq!(read(layout, text), *expected, "{layout} {text}");
    }
}

#[test]
fn of_two_parts_of_an_offset_that_are_out_of_range_the_last_is_told() {
    assert_eq!(read("-0700", "+2561"), "parsing time \"+2561\": time zone offset minute out of range");
    assert_eq!(read("-0700", "+25x1"), "parsing time \"+25x1\": time zone offset hour out of range");
}

#[test]
fn times_are_written_in_every_layout_as_by_go() {
    for (seconds, nanos, offset, name, layout, expected) in vectors::FORMATS {
        let zone = Zone { offset: *offset, name: (*name).into() };
        let time = Timestamp { seconds: *seconds, nanos: u32::try_from(*nanos).unwrap(), zone };
        assert_eq!(time.format(layout), *expected, "{seconds} {layout}");
    }
}

#[test]
fn durations_are_added_and_times_truncated_as_by_go() {
    for (text, nanos, sum, truncated) in vectors::SUMS {
        let time = Timestamp::parse_rfc3339(text).unwrap();
        assert_eq!(time.add(*nanos).format(FULL), *sum, "{text} {nanos}");
        assert_eq!(time.truncate(*nanos).format(FULL), *truncated, "{text} {nanos}");
    }
}

#[test]
fn a_difference_is_the_nearest_duration_that_there_is() {
    for (time, other, expected) in vectors::DIFFERENCES {
        let (time, other) = (Timestamp::parse_rfc3339(time).unwrap(), Timestamp::parse_rfc3339(other).unwrap());
        assert_eq!(other.since(&time), *expected);
        assert_eq!(other > time, *expected > 0);
    }
}

#[test]
fn durations_are_read_and_written_as_by_go() {
    for (text, expected) in vectors::DURATIONS {
        let found = match duration::parse(text) {
            Ok(nanos) => format!("{nanos} {}", duration::to_string(nanos)),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn nothing_that_is_read_or_written_panics() {
    let pieces = ["2006", "Jan", "_2", "Z07:00:00", ".999", ",000", "MST", "PM", "002", "é", "9", "-", "GMT+", "0"];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                let (layout, text) = (format!("{a}{b}{c}"), format!("{c}{b}{a}"));
                let _ = read(&layout, &text);
                let _ = read(&layout, &layout);
                let _ = duration::parse(&text);
                for seconds in [i64::MIN, -1, i64::MAX] {
                    let time = Timestamp::from_unix(seconds);
                    let _ = time.add(i64::MIN).add(i64::MAX).truncate(i64::MAX).format(&layout);
                    let _ = time.since(&Timestamp::from_unix(0));
                }
            }
        }
    }
}

fn ok(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

#[test]
fn functions_answer_as_kyvernos() {
    let noon = "2023-01-12T12:00:00Z";
    let five = "2023-01-12T17:00:00+05:00";
    assert_eq!(functions::time_add(noon, "1h30m"), ok("2023-01-12T13:30:00Z"));
    assert_eq!(functions::time_add(five, "-24h"), ok("2023-01-11T17:00:00+05:00"));
    assert_eq!(functions::time_parse("2006-01-02", "2023-01-12"), ok("2023-01-12T00:00:00Z"));
    assert_eq!(functions::time_parse("1702691171", "1702691171"), ok("2023-12-16T01:46:11Z"));
    assert_eq!(functions::time_parse("0", "-1"), ok("1969-12-31T23:59:59Z"));
    assert_eq!(functions::time_parse("-7", "9223372036854775807"), ok("292277026596-12-04T15:30:07Z"));
    assert_eq!(functions::time_to_cron("2023-01-15T09:05:00+02:00"), ok("5 9 15 1 0"));
    assert_eq!(functions::time_utc("2023-01-12T17:30:00.9+05:30"), ok("2023-01-12T12:00:00Z"));
    assert_eq!(functions::time_diff(noon, "2023-01-12T11:59:59.5Z"), ok("-500ms"));
    assert_eq!(functions::time_truncate("2023-01-12T17:37:00Z", "168h"), ok("2023-01-09T00:00:00Z"));
    assert_eq!(functions::time_before(noon, five), Ok(false));
    assert_eq!(functions::time_after(noon, five), Ok(false));
    assert_eq!(functions::time_between(noon, "2023-01-12T11:59:59Z", "2023-01-12T12:00:01Z"), Ok(true));
    assert_eq!(functions::time_between(noon, noon, "2023-01-12T12:00:01Z"), Ok(false));
}

#[test]
fn functions_of_the_present_take_it_from_the_evaluation() {
    let now = Timestamp::parse_rfc3339("2023-01-12T17:37:00.25+05:30").unwrap();
    assert_eq!(functions::time_now(Some(&now)), ok("2023-01-12T17:37:00+05:30"));
    assert_eq!(functions::time_now_utc(Some(&now)), ok("2023-01-12T12:07:00Z"));
    assert_eq!(functions::time_since("", "2023-01-12T12:00:00Z", "", Some(&now)), ok("7m0.25s"));
    assert_eq!(functions::time_since("2006-01-02", "2023-01-12", "2023-01-13", None), ok("24h0m0s"));
    let none = Err("no time is given: set the time of the evaluation".to_owned());
    assert_eq!(functions::time_since("", "2023-01-12T12:00:00Z", "", None), none);
    assert_eq!(functions::time_now(None), none);
    assert_eq!(functions::time_now_utc(None), none);
}

#[test]
fn a_bad_argument_is_refused_with_gos_words() {
    let bad_time = "parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"".to_owned();
    assert_eq!(functions::time_utc("x"), Err(bad_time.clone()));
    assert_eq!(functions::time_before("2023-01-12T12:00:00Z", "x"), Err(bad_time));
    assert_eq!(
        functions::time_add("2023-01-12T12:00:00Z", "1d"),
        Err("time: unknown unit \"d\" in duration \"1d\"".to_owned())
    );
    assert_eq!(functions::time_parse("1", "1.5"), Err("strconv.ParseInt: parsing \"1.5\": invalid syntax".to_owned()));
    assert_eq!(
        functions::time_parse("1", "9223372036854775808"),
        Err("strconv.ParseInt: parsing \"9223372036854775808\": value out of range".to_owned())
    );
}
