use super::*;

const P256_PEM: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----
";

fn code(text: &str) -> &'static str {
    PublicKey::from_pem(text).unwrap_err().code()
}

#[test]
fn text_around_the_block_and_line_lengths_do_not_matter() {
    let key = PublicKey::from_pem(P256_PEM).unwrap();
    assert_eq!(key.kind(), KeyKind::Ecdsa(Curve::P256));
    let body: String = P256_PEM.lines().filter(|line| !line.starts_with('-')).collect();
    for variant in [
        format!("# release key\n{P256_PEM}# end"),
        P256_PEM.replace('\n', "\r\n"),
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----"),
        format!("-----BEGIN PUBLIC KEY-----\nComment: x\n\n{body}\n-----END PUBLIC KEY-----\n"),
    ] {
        assert_eq!(PublicKey::from_pem(&variant), Ok(key.clone()), "{variant}");
    }
}

#[test]
fn what_is_no_key_says_what_it_is() {
    assert_eq!(code(""), "key-pem-missing");
    assert_eq!(code(&P256_PEM.replace("END PUBLIC", "END PRIVATE")), "key-pem-missing");
    assert_eq!(code(&P256_PEM.replace("MFkw", "xx!x")), "key-pem-missing");
    assert_eq!(code(&P256_PEM.replace("MFkw", "xxxx")), "key-malformed");
    assert_eq!(code(&P256_PEM.replace("PUBLIC KEY", "CERTIFICATE")), "key-pem-label");
    assert_eq!(code(&P256_PEM.replace("9R9Q==", "9R9g==")), "key-malformed");
    // The same key on secp256k1: a curve that is not verified on.
    let other_curve = P256_PEM.replace("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE");
    assert_eq!(code(&other_curve), "key-type-unsupported");
}
