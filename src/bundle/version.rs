//! Versions of bundles.
//!
//! Source: sigstore-go v1.3, `bundle/bundle.go` (`getBundleVersion`).

use super::BundleError;

const BASE: &str = "application/vnd.dev.sigstore.bundle";

/// As far as versions differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V01,
    V02,
    V03,
}

impl Version {
    /// The version that a media type names. Pre-releases, which sigstore-go orders below their release, are refused.
    pub(super) fn parse(media_type: &str) -> Result<Self, BundleError> {
        let rest = media_type.strip_prefix(BASE);
        let version = rest.and_then(|rest| match rest {
            "+json;version=0.1" => Some(Self::V01),
            "+json;version=0.2" => Some(Self::V02),
            "+json;version=0.3" => Some(Self::V03),
            other => Self::of(other.strip_prefix(".v0.")?.strip_suffix("+json")?),
        });
        version.ok_or_else(|| BundleError::MediaType(media_type.to_owned()))
    }

    /// What stands behind the first point: `3` or `3.1`. Patches of 0.1 come after it, and so have the rules of 0.2.
    fn of(version: &str) -> Option<Self> {
        let (minor, patch) = version.split_once('.').unwrap_or((version, "0"));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
        if !is_number(patch) || (patch.len() > 1 && patch.starts_with('0')) {
            return None;
        }
        match (minor, patch) {
            ("1", "0") => Some(Self::V01),
            ("1" | "2", _) => Some(Self::V02),
            ("3", _) => Some(Self::V03),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_name_a_version_in_two_ways() {
        for (rest, version) in [
            ("+json;version=0.1", Version::V01),
            ("+json;version=0.2", Version::V02),
            ("+json;version=0.3", Version::V03),
            (".v0.1+json", Version::V01),
            (".v0.1.0+json", Version::V01),
            (".v0.1.1+json", Version::V02),
            (".v0.2+json", Version::V02),
            (".v0.3+json", Version::V03),
            (".v0.3.10+json", Version::V03),
        ] {
            assert_eq!(Version::parse(&format!("{BASE}{rest}")), Ok(version), "{rest}");
        }
    }

    #[test]
    fn other_media_types_are_refused() {
        for rest in [
            "",
            "+json",
            "+json;version=0.4",
            "+json;version=0.3;x",
            ".v0.4+json",
            ".v1.0+json",
            ".v0+json",
            ".v0.03+json",
            ".v0.3.+json",
            ".v0.3.x+json",
            ".v0.3.01+json",
            ".v0.3.0-rc1+json",
            ".v0.3",
            ".0.3+json",
        ] {
            let error = Version::parse(&format!("{BASE}{rest}")).unwrap_err();
            assert_eq!(error.code(), "bundle-media-type", "{rest}");
        }
    }
}
