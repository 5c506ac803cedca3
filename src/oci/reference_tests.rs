//! Image strings and what becomes of them.

use super::*;

const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn digest() -> Digest {
    Digest::parse(&format!("sha256:{HEX}")).unwrap()
}

#[test]
fn references_are_read_as_kyverno_reads_them() {
    for (text, registry, path, name, tag, canonical) in [
        ("nginx", "docker.io", "nginx", "nginx", "latest", "docker.io/nginx:latest"),
        ("nginx:v10.3", "docker.io", "nginx", "nginx", "v10.3", "docker.io/nginx:v10.3"),
        ("test/nginx", "docker.io", "test/nginx", "nginx", "latest", "docker.io/test/nginx:latest"),
        ("library/nginx:1", "docker.io", "library/nginx", "nginx", "1", "docker.io/library/nginx:1"),
        ("ghcr.io/org/app", "ghcr.io", "org/app", "app", "latest", "ghcr.io/org/app:latest"),
        ("ghcr.io/a/b:1@sha256:HEX", "ghcr.io", "a/b", "b", "1", "ghcr.io/a/b@sha256:HEX"),
        ("nginx@sha256:HEX", "docker.io", "nginx", "nginx", "", "docker.io/nginx@sha256:HEX"),
        ("localhost:5000/x:2", "localhost:5000", "x", "x", "2", "localhost:5000/x:2"),
        ("localhost:4443/t/n", "localhost:4443", "t/n", "n", "latest", "localhost:4443/t/n:latest"),
        ("localhost/x", "localhost", "x", "x", "latest", "localhost/x:latest"),
        // Without a slash it is a tag, not a port.
        ("localhost:5000", "docker.io", "localhost", "localhost", "5000", "docker.io/localhost:5000"),
        ("docker.io/t/c@sha256:HEX", "docker.io", "t/c", "c", "", "docker.io/t/c@sha256:HEX"),
        ("r.example:10443/i:tag@sha256:HEX", "r.example:10443", "i", "i", "tag", "r.example:10443/i@sha256:HEX"),
        ("index.docker.io/busybox:v1", "index.docker.io", "busybox", "busybox", "v1", "index.docker.io/busybox:v1"),
        ("nginx:latest@sha256:HEX", "docker.io", "nginx", "nginx", "latest", "docker.io/nginx@sha256:HEX"),
        ("Foo/bar", "Foo", "bar", "bar", "latest", "Foo/bar:latest"),
        ("[::1]:5000/a/b:1", "[::1]:5000", "a/b", "b", "1", "[::1]:5000/a/b:1"),
        ("[fe80::1]/a", "[fe80::1]", "a", "a", "latest", "[fe80::1]/a:latest"),
        (
            "127.0.0.1:5000/a__b--c.d:_x.y-z",
            "127.0.0.1:5000",
            "a__b--c.d",
            "a__b--c.d",
            "_x.y-z",
            "127.0.0.1:5000/a__b--c.d:_x.y-z",
        ),
        ("my_registry.local/team/app:1", "my_registry.local", "team/app", "app", "1", "my_registry.local/team/app:1"),
    ] {
        let image = ImageReference::parse(&text.replace("HEX", HEX)).expect(text);
        let found = (image.registry(), image.path(), image.name(), image.tag().unwrap_or(""));
        assert_eq!(found, (registry, path, name, tag), "{text}");
        assert_eq!(image.canonical(), canonical.replace("HEX", HEX), "{text}");
        assert_eq!(image.digest().is_some(), text.contains('@'), "{text}");
        assert_eq!(image.repository().to_string(), format!("{registry}/{path}"), "{text}");
    }
}

#[test]
fn what_is_no_reference_is_refused_with_kyvernos_text() {
    let upper = HEX.to_uppercase();
    let long_path = format!("r.io/{}", "a".repeat(256));
    let long_tag = format!("r.io/a:{}", "t".repeat(129));
    let sha512 = format!("r.io/a@sha512:{HEX}");
    let upper_hex = format!("r.io/a@sha256:{upper}");
    let md5 = format!("r.io/a@md5:{}", "0".repeat(32));
    let upper_algorithm = format!("r.io/a@SHA256:{HEX}");
    let twice = format!("r.io/a@sha256:{HEX}@sha256:{HEX}");
    let behind = format!("r.io/a@sha256:{HEX}:tag");
    for (text, full, reason) in [
        ("++", "docker.io/++", "invalid reference format"),
        ("", "docker.io/", "invalid reference format"),
        (" nginx", "docker.io/ nginx", "invalid reference format"),
        ("nginx\n", "docker.io/nginx\n", "invalid reference format"),
        ("r.io/", "r.io/", "invalid reference format"),
        ("/a", "docker.io//a", "invalid reference format"),
        ("a//b", "docker.io/a//b", "invalid reference format"),
        ("a:", "docker.io/a:", "invalid reference format"),
        ("a:b:c", "docker.io/a:b:c", "invalid reference format"),
        ("a@", "docker.io/a@", "invalid reference format"),
        ("a-", "docker.io/a-", "invalid reference format"),
        ("a..b", "docker.io/a..b", "invalid reference format"),
        ("a___b", "docker.io/a___b", "invalid reference format"),
        ("a._b", "docker.io/a._b", "invalid reference format"),
        ("é", "docker.io/é", "invalid reference format"),
        ("r.io/a:.x", "r.io/a:.x", "invalid reference format"),
        ("https://r.io/a", "https://r.io/a", "invalid reference format"),
        ("r.io:x/a", "r.io:x/a", "invalid reference format"),
        ("-r.io/a", "-r.io/a", "invalid reference format"),
        ("r.io/a/../b", "r.io/a/../b", "invalid reference format"),
        ("[::1/a:1", "[::1/a:1", "invalid reference format"),
        ("r.io/a@sha256:00", "r.io/a@sha256:00", "invalid reference format"),
        (&twice, &twice, "invalid reference format"),
        (&behind, &behind, "invalid reference format"),
        (&long_tag, &long_tag, "invalid reference format"),
        ("Nginx", "docker.io/Nginx", "repository name must be lowercase"),
        ("r.io/Up/x:1", "r.io/Up/x:1", "repository name must be lowercase"),
        (&long_path, &long_path, "repository name must not be more than 255 characters"),
        (&sha512, &sha512, "invalid checksum digest length"),
        (&upper_hex, &upper_hex, "invalid checksum digest format"),
        (&md5, &md5, "unsupported digest algorithm"),
        (&upper_algorithm, &upper_algorithm, "unsupported digest algorithm"),
    ] {
        let error = ImageReference::parse(text).expect_err(text);
        let expected =
            format!("bad image: {full}, defaultRegistry: docker.io, enableDefaultRegistryMutation: true: {reason}");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.code(), "image-unparsable");
    }
}

#[test]
fn limits_are_those_of_the_grammar_and_not_narrower() {
    let host = format!("{}.example", "h".repeat(200));
    let text = format!("{host}/{}:{}", "a".repeat(255), "t".repeat(128));
    assert_eq!(ImageReference::parse(&text).unwrap().path().len(), 255);
    let sha512 = format!("r.io/a@sha512:{HEX}{HEX}");
    assert_eq!(ImageReference::parse(&sha512).unwrap().canonical(), sha512);
}

#[test]
fn configuration_decides_about_the_default_registry() {
    let off = RegistryDefaults { registry: "docker.io".to_owned(), mutation: false };
    let image = ImageReference::parse_with("test/nginx", &off).unwrap();
    assert_eq!((image.registry(), image.path(), image.canonical()), ("", "test/nginx", "test/nginx:latest"));
    let image = ImageReference::parse_with("r.io/x", &off).unwrap();
    assert_eq!(image.canonical(), "r.io/x:latest");
    let image = ImageReference::parse_with("a_b/c", &off).unwrap();
    assert_eq!((image.registry(), image.path(), image.canonical()), ("a_b", "c", "a_b/c:latest"));
    let error = ImageReference::parse_with("++", &off).unwrap_err().to_string();
    assert!(error.contains("enableDefaultRegistryMutation: false"), "{error}");

    let mirror = RegistryDefaults { registry: "mirror.example/hub".to_owned(), mutation: true };
    let image = ImageReference::parse_with("nginx", &mirror).unwrap();
    assert_eq!((image.registry(), image.path()), ("mirror.example", "hub/nginx"));
}

#[test]
fn a_digest_replaces_the_tag_in_the_name() {
    let image = ImageReference::parse("r.io/a:1").unwrap();
    let pinned = image.with_digest(&digest());
    assert_eq!(pinned.canonical(), format!("r.io/a@sha256:{HEX}"));
    assert_eq!(pinned.tag(), Some("1"));
    assert_eq!(pinned.reference_with_tag(), "r.io/a:1");
    let untagged = ImageReference::parse(&format!("nginx@sha256:{HEX}")).unwrap();
    assert_eq!(untagged.reference_with_tag(), "docker.io/nginx:");
}
