//! Lists of numbers, stored as their little-endian bytes: first the lowest byte of each number, then the next of each.
//! So equal bytes lie together, and what is uploaded packs a quarter smaller.

use serde::{Deserialize, Deserializer, Serializer};

pub(super) trait Number: Copy {
    const BYTES: usize;

    fn byte(self, at: usize) -> u8;

    /// Puts together what `byte` gives.
    fn of(byte: impl Fn(usize) -> u8) -> Self;
}

macro_rules! number {
    ($($number:ty)*) => {
        $(impl Number for $number {
            const BYTES: usize = size_of::<$number>();

            fn byte(self, at: usize) -> u8 {
                self.to_le_bytes()[at]
            }

            #[inline]
            fn of(byte: impl Fn(usize) -> u8) -> Self {
                <$number>::from_le_bytes(std::array::from_fn(byte))
            }
        })*
    };
}

number!(u16 u32);

pub(super) fn serialize<N: Number, S: Serializer>(numbers: &[N], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = (0..N::BYTES).flat_map(|at| numbers.iter().map(move |number| number.byte(at))).collect();
    serializer.serialize_bytes(&bytes)
}

pub(super) fn deserialize<'de, N: Number, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<N>, D::Error> {
    let bytes = <&[u8]>::deserialize(deserializer)?;
    let count = bytes.len() / N::BYTES;
    Ok((0..count).map(|at| N::of(|byte| bytes[byte * count + at])).collect())
}
