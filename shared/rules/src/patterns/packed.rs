//! Lists of numbers, stored as their little-endian bytes: reading them back is a copy.

use serde::{Deserialize, Deserializer, Serializer};

pub(super) trait Number: Copy {
    fn write(self, bytes: &mut Vec<u8>);
    fn read(bytes: &[u8]) -> Vec<Self>;
}

impl Number for u8 {
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.push(self);
    }

    fn read(bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }
}

impl Number for u16 {
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Vec<u16> {
        bytes.as_chunks().0.iter().copied().map(u16::from_le_bytes).collect()
    }
}

impl Number for u32 {
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Vec<u32> {
        bytes.as_chunks().0.iter().copied().map(u32::from_le_bytes).collect()
    }
}

pub(super) fn serialize<N: Number, S: Serializer>(numbers: &[N], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(size_of_val(numbers));
    numbers.iter().for_each(|number| number.write(&mut bytes));
    serializer.serialize_bytes(&bytes)
}

pub(super) fn deserialize<'de, N: Number, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<N>, D::Error> {
    <&[u8]>::deserialize(deserializer).map(N::read)
}
