//! The model file: a short head, then one byte for each bucket and output.

use std::borrow::Cow;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::Output;
use super::features::BUCKETS;

const MAGIC: &[u8; 4] = b"SKM6";
/// Magic, outputs, a byte of nothing, buckets, the digest of what follows; then four numbers for each output.
const HEAD: usize = NUMBERS + Output::COUNT * 16;
const NUMBERS: usize = 16;
/// The byte of a weight of nothing. All bytes are less than twice that, so that a few can be added before they are full.
pub(super) const ZERO: u8 = 32;
const SIZES: [u8; 4] = {
    let [low, high] = (BUCKETS as u16).to_le_bytes();
    [Output::COUNT as u8, 0, low, high]
};

/// A model file that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not a model file, or one of another version.
    #[error("this is no model file of this version")]
    Kind,
    /// Cut off, or longer than it says.
    #[error("the model file has the wrong length")]
    Length,
    /// Numbers that are none.
    #[error("the model file holds numbers that are none")]
    Numbers,
    /// Changed after it was written.
    #[error("the model file is not what was written")]
    Digest,
}

/// What turns the sum of an output's weights into its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Head {
    /// What one step of a weight is worth.
    pub(super) step: f32,
    pub(super) bias: f32,
    /// Slope and offset of the calibration.
    pub(super) calibration: (f32, f32),
}

/// A trained model, ready to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(super) heads: [Head; Output::COUNT],
    /// The weights of one bucket lie together.
    pub(super) weights: Cow<'static, [u8]>,
}

impl Model {
    /// Buckets that features are hashed to.
    pub const BUCKETS: usize = BUCKETS;

    /// The model that the program was built with.
    pub fn embedded() -> &'static Model {
        static EMBEDDED: OnceLock<Model> = OnceLock::new();
        // A file that can't be read would be a model that knows nothing; a test proves that it can.
        EMBEDDED.get_or_init(|| {
            Model::from_static(Model::embedded_file()).unwrap_or_else(|_| Model {
                heads: [Head { step: 0.0, bias: -1.0, calibration: (30.0, 0.0) }; Output::COUNT],
                weights: Cow::Borrowed(&[]),
            })
        })
    }

    /// The embedded file, as it is.
    pub fn embedded_file() -> &'static [u8] {
        include_bytes!("../../rulebook/model/weights.bin")
    }

    /// Digest of the file, by which decisions and the card name it: sixteen hexadecimal digits.
    pub fn version(&self) -> String {
        digest(&self.body()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Model, ModelError> {
        let heads = heads(&bytes)?;
        if bytes[8..NUMBERS] != digest(&bytes[NUMBERS..]) {
            return Err(ModelError::Digest);
        }
        if bytes[HEAD..].iter().any(|&weight| weight >= 2 * ZERO) {
            return Err(ModelError::Numbers);
        }
        Ok(Model { heads, weights: Cow::Owned(bytes[HEAD..].to_vec()) })
    }

    fn from_static(bytes: &'static [u8]) -> Result<Model, ModelError> {
        Ok(Model { heads: heads(bytes)?, weights: Cow::Borrowed(&bytes[HEAD..]) })
    }

    /// The model as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = self.body();
        let mut bytes = Vec::with_capacity(NUMBERS + body.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&SIZES);
        bytes.extend_from_slice(&digest(&body));
        bytes.extend_from_slice(&body);
        bytes
    }

    fn body(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + self.weights.len());
        for head in &self.heads {
            for number in [head.step, head.bias, head.calibration.0, head.calibration.1] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        bytes.extend_from_slice(&self.weights);
        bytes
    }
}

fn digest(body: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(body);
    std::array::from_fn(|at| digest[at])
}

fn heads(bytes: &[u8]) -> Result<[Head; Output::COUNT], ModelError> {
    let Some((start, rest)) = bytes.split_at_checked(NUMBERS) else { return Err(ModelError::Length) };
    if !start.starts_with(MAGIC) || start[4..8] != SIZES {
        return Err(ModelError::Kind);
    }
    if bytes.len() != HEAD + BUCKETS * Output::COUNT {
        return Err(ModelError::Length);
    }
    let mut heads = [Head { step: 0.0, bias: 0.0, calibration: (0.0, 0.0) }; Output::COUNT];
    for (head, numbers) in heads.iter_mut().zip(rest.chunks_exact(16)) {
        let number = |at: usize| {
            let bytes = [numbers[at * 4], numbers[at * 4 + 1], numbers[at * 4 + 2], numbers[at * 4 + 3]];
            f32::from_le_bytes(bytes)
        };
        *head = Head { step: number(0), bias: number(1), calibration: (number(2), number(3)) };
        if ![head.step, head.bias, head.calibration.0, head.calibration.1].into_iter().all(f32::is_finite) {
            return Err(ModelError::Numbers);
        }
    }
    Ok(heads)
}
