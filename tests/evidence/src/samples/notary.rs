//! Signatures of the Notary Project, in both formats.

use super::{Sample, filled, image, pod};
use crate::{Authority, CertifiedSigner, Document, EnvelopeFormat, Image, Time};

const SIGNED_AT: Time = Time::new("2026-02-10T08:00:00Z");
const OF_2025: [Time; 2] = [Time::new("2025-03-01T00:00:00Z"), Time::new("2026-02-28T23:59:59Z")];
const OF_2026: [Time; 2] = [Time::new("2026-02-01T00:00:00Z"), Time::new("2027-01-31T23:59:59Z")];

pub(super) fn notation_signed() -> Sample {
    let ten_years = [Time::new("2025-01-01T00:00:00Z"), Time::new("2034-12-31T23:59:59Z")];
    let [ours, theirs] = ["shop signing root", "unknown root"].map(|name| Authority::root(name, ten_years));
    let [current, former] = [OF_2026, OF_2025].map(|validity| CertifiedSigner::new("release", &ours, validity));
    let outsider = CertifiedSigner::new("release", &theirs, OF_2026);
    let mut document = Document::new();
    let mut signed = |name: &str, signer: &CertifiedSigner, format: EnvelopeFormat| -> Image {
        let image = image(&mut document, name);
        document.referrers(&image, &[signer.sign(&image, format, SIGNED_AT)]);
        image
    };
    let resources = vec![
        pod("jws", &signed("checkout", &current, EnvelopeFormat::Jws), "pass"),
        pod("cose", &signed("search", &current, EnvelopeFormat::Cose), "pass"),
        pod("expired", &signed("payment", &former, EnvelopeFormat::Jws), "fail"),
        pod("other-authority", &signed("cart", &outsider, EnvelopeFormat::Cose), "fail"),
    ];
    let policy = include_str!("../../policies/notation-signed.yaml");
    let policy = filled(policy, &[("signing root", ours.certificate.pem())]);
    Sample { name: "notation-signed", policy, document, resources }
}
