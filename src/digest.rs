//! One number for a list of texts: FNV-1a of 128 bits, the same on every machine and in every version. It keeps nobody
//! from making two lists equal; where that would matter, it is the wrong tool.

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The number of a list of texts; where one ends and the next begins counts.
pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> u128 {
    parts.into_iter().fold(OFFSET, |hash, part| add(add(hash, part.as_bytes()), &[0]))
}

/// The number of what came before and these bytes.
pub fn add(hash: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::{add, of};

    #[test]
    fn texts_do_not_run_into_each_other() {
        assert_ne!(of(["a", "b"]), of(["ab"]));
        assert_ne!(of(["a", ""]), of(["a"]));
        // The published value for "a".
        assert_eq!(add(super::OFFSET, b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
