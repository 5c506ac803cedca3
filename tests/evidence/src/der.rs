//! DER, written: as much as certificates need (X.690, section 10).

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// An element with these contents.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = u16::try_from(contents.len()).expect("no element here has 64 KiB");
    let [high, low] = length.to_be_bytes();
    let mut out = match length {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    out.extend(contents);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, parts)
}

/// The element with a context's number, constructed.
pub(crate) fn explicit(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    element(0xa0 | number, parts)
}

/// A bit string of whole bytes.
pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes])
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let numbers: Vec<u32> = dotted.split('.').map(|number| number.parse().expect("a number")).collect();
    let mut contents = Vec::new();
    for number in std::iter::once(numbers[0] * 40 + numbers[1]).chain(numbers[2..].iter().copied()) {
        let groups = (0..5_u32).rev().filter(|group| *group == 0 || number >> (group * 7) != 0);
        contents.extend(groups.map(|group| {
            let bits = (number >> (group * 7) & 0x7f) as u8;
            if group == 0 { bits } else { bits | 0x80 }
        }));
    }
    element(0x06, &[&contents])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X.690, 8.19.5.
    #[test]
    fn identifier_is_written_in_groups_of_seven_bits() {
        assert_eq!(oid("2.999.3"), [0x06, 0x03, 0x88, 0x37, 0x03]);
    }

    #[test]
    fn long_element_has_its_length_in_two_bytes() {
        assert_eq!(element(4, &[&[7; 300]])[..4], [4, 0x82, 1, 44]);
    }
}
