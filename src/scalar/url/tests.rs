mod vectors;

use super::Url;
use serde_json::json;

fn shown(text: &str) -> String {
    match Url::parse(text) {
        Err(error) => error.to_string(),
        Ok(Url {
            scheme,
            opaque,
            user,
            host,
            path,
            fragment,
            raw_query,
            raw_path,
            raw_fragment,
            force_query,
            omit_host,
        }) => json!([
            scheme,
            opaque,
            user.is_some(),
            host,
            path,
            fragment,
            raw_query,
            raw_path,
            raw_fragment,
            force_query,
            omit_host
        ])
        .to_string(),
    }
}

#[test]
fn urls_are_read_and_refused_as_by_go() {
    for (text, expected) in vectors::URLS {
        // Of a bad address Go tells more.
        let expected = expected.split(": ParseAddr").next().unwrap();
        assert_eq!(shown(text).split(": ParseAddr").next().unwrap(), expected, "{text}");
    }
}

#[test]
fn urls_are_written_as_by_go() {
    for (text, expected) in vectors::WRITTEN {
        assert_eq!(Url::parse(text).unwrap().to_string(), *expected, "{text}");
    }
}
