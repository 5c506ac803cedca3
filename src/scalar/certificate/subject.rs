//! Alternative names of the subject: hosts, mail addresses, IP addresses, URIs.
//!
//! Source: Go, package `crypto/x509`, `parseSANExtension` and `domainNameValid`.

use super::error::{CertificateError, OrMalformed};
use super::json;
use crate::encoding::der::{Reader, SEQUENCE, context};
use crate::scalar::quoted::quoted;
use crate::scalar::url::Url;
use serde_json::{Map, Value, json};

/// The names, each kind in a field; and whether there are any that Go knows.
pub(super) fn alternative_names(value: &[u8], out: &mut Map<String, Value>) -> Result<bool, CertificateError> {
    let mut reader = Reader::new(value).read(SEQUENCE).or_malformed("invalid subject alternative names")?;
    let (mut hosts, mut mails, mut addresses, mut uris) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    while !reader.is_empty() {
        let name = reader.any().or_malformed("invalid subject alternative name")?;
        const MAIL: u8 = context(1);
        const HOST: u8 = context(2);
        const URI: u8 = context(6);
        const ADDRESS: u8 = context(7);
        match name.tag {
            MAIL => mails.push(json!(ascii(name.contents, "SAN rfc822Name is malformed")?)),
            HOST => hosts.push(json!(ascii(name.contents, "SAN dNSName is malformed")?)),
            URI => uris.push(uri(ascii(name.contents, "SAN uniformResourceIdentifier is malformed")?)?),
            ADDRESS => addresses.push(json::address(name.contents).ok_or_else(|| {
                CertificateError::malformed(format!("cannot parse IP address of length {}", name.contents.len()))
            })?),
            _ => {}
        }
    }
    let any = [&hosts, &mails, &addresses, &uris].iter().any(|names| !names.is_empty());
    for (field, names) in [("DNSNames", hosts), ("EmailAddresses", mails), ("IPAddresses", addresses), ("URIs", uris)] {
        out.insert(field.to_owned(), json::list(names));
    }
    Ok(any)
}

/// ASCII text.
pub(super) fn ascii<'a>(bytes: &'a [u8], problem: &str) -> Result<&'a str, CertificateError> {
    std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).or_malformed(problem)
}

fn uri(text: &str) -> Result<Value, CertificateError> {
    let bad = |problem: &str| CertificateError::malformed(format!("cannot parse URI {}: {problem}", quoted(text)));
    let url = Url::parse(text).map_err(|error| bad(&error.to_string()))?;
    if !is_domain(&url.host) {
        return Err(bad("invalid domain"));
    }
    Ok(json!({
        "Scheme": url.scheme, "Opaque": url.opaque, "Host": url.host, "Path": url.path, "Fragment": url.fragment,
        "RawQuery": url.raw_query, "RawPath": url.raw_path, "RawFragment": url.raw_fragment,
        "ForceQuery": url.force_query, "OmitHost": url.omit_host,
        // The fields of a user are private in Go.
        "User": url.has_user.then(|| json!({})),
    }))
}

/// Labels between dots, none of them empty; nothing at all is a domain, too.
pub(crate) fn is_domain(text: &str) -> bool {
    text.is_empty() || text.split('.').all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_graphic()))
}
