//! Tags, digests, platforms and repositories.

use super::{good, image, team};
use crate::{Document, Image, Index, Payload, Requirements, Scenario, SignatureLayer, Signatures};

const SIGNATURES: &str = "registry.example/team/signatures";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![by_digest(), tag_and_digest()];
    all.extend(moved_tag());
    all.extend(platforms());
    all.extend(other_repository());
    all
}

fn by_digest() -> Scenario {
    let image = image("by-digest");
    let mut document = signed(&image);
    document.blob(&image.manifest.bytes);
    case("by-digest", "The workload names the digest: verified.", &image.pinned(), document)
}

fn tag_and_digest() -> Scenario {
    let (image, newer) = (image("tag-and-digest"), Image::new("team/tag-and-digest", "v2"));
    let mut document = signed(&image);
    document.image(&newer, "v1").blob(&image.manifest.bytes);
    let reference = format!("{}@{}", image.tagged("v1"), image.digest());
    let what = "The workload names tag and digest, and the tag has moved; the digest counts: verified.";
    case("tag-and-digest", what, &reference, document)
}

fn moved_tag() -> [Scenario; 2] {
    let documents = |name: &str| {
        let (old, new) = (image(name), Image::new(&format!("team/{name}"), "v2"));
        let mut document = signed(&old);
        document.blob(&old.manifest.bytes).image(&new, "v1").unsigned(&new.repository, &new.digest());
        (old, document)
    };
    let (by_tag, tag_document) = documents("tag-moved");
    let (by_digest, digest_document) = documents("tag-moved-old-digest");
    [
        case(
            "tag-moved",
            "The tag was moved to an image that nobody signed: rejected.",
            &by_tag.tagged("v1"),
            tag_document,
        )
        .fails("no-signatures"),
        case(
            "tag-moved-old-digest",
            "The tag was moved, and the workload names the digest of the old, signed image: verified.",
            &by_digest.pinned(),
            digest_document,
        ),
    ]
}

/// A tag of an index means the index: no platform is chosen.
fn platforms() -> [Scenario; 4] {
    let index_signed = |name: &str| {
        let index = Index::new(&format!("team/{name}"), "v1");
        let mut document = signed_digest(&index.repository, &index.digest());
        document.index(&index, "v1");
        (index, document)
    };
    let platform_signed = |name: &str| {
        let index = Index::new(&format!("team/{name}"), "v1");
        let mut document = signed(&index.images[0]);
        document.index(&index, "v1").unsigned(&index.repository, &index.digest());
        (index, document)
    };
    let (index, document) = index_signed("index-signed");
    let (platform_of_index, mut platform_document) = index_signed("index-signed-platform");
    let unsigned = &platform_of_index.images[0];
    platform_document.unsigned(&unsigned.repository, &unsigned.digest());
    let (other, other_document) = platform_signed("platform-signed");
    let (pinned, pinned_document) = platform_signed("platform-signed-by-digest");
    let by_tag = |index: &Index| format!("{}:v1", index.repository);
    [
        case("index-signed", "An image for two platforms whose index is signed: verified.", &by_tag(&index), document),
        case(
            "index-signed-platform",
            "The index is signed, and the workload names the digest of one platform: rejected.",
            &unsigned.pinned(),
            platform_document,
        )
        .fails("no-signatures"),
        case(
            "platform-signed",
            "One platform is signed, and the workload names the tag, which means the index: rejected.",
            &by_tag(&other),
            other_document,
        )
        .fails("no-signatures"),
        case(
            "platform-signed-by-digest",
            "One platform is signed, and the workload names its digest: verified.",
            &pinned.images[0].pinned(),
            pinned_document,
        ),
    ]
}

fn other_repository() -> [Scenario; 2] {
    let document = |image: &Image| {
        let mut document = Document::new();
        let signatures = Signatures::new(vec![good(image)]);
        document.image(image, "v1").signatures(SIGNATURES, &image.digest(), &signatures);
        document.unsigned(&image.repository, &image.digest());
        document
    };
    let (named, unnamed) = (image("other-repository"), image("other-repository-unnamed"));
    let repository = Some(SIGNATURES.to_owned());
    [
        case(
            "other-repository",
            "Signatures are in another repository, which the policy names: verified.",
            &named.tagged("v1"),
            document(&named),
        )
        .requiring(Requirements { repository, ..Requirements::default() }),
        case(
            "other-repository-unnamed",
            "Signatures are in another repository, which the policy does not name: rejected.",
            &unnamed.tagged("v1"),
            document(&unnamed),
        )
        .fails("no-signatures"),
    ]
}

fn case(name: &str, what: &str, reference: &str, document: Document) -> Scenario {
    Scenario::new(name, what, reference, document).trusting(&team())
}

fn signed(image: &Image) -> Document {
    signed_digest(&image.repository, &image.digest())
}

fn signed_digest(repository: &str, digest: &str) -> Document {
    let layer = SignatureLayer::sign(&team(), &Payload::named(repository, digest));
    let mut document = Document::new();
    document.signatures(repository, digest, &Signatures::new(vec![layer]));
    document
}
