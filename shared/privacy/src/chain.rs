//! The audit chain of a request: entries that can only be appended, each bound to the one before by its hash.
//!
//! A personal field is in the chain only as a commitment, a hash keyed with a random salt that is stored elsewhere.
//! With the salt anyone can check what the field said; once the salt is erased nobody can find out, and the chain
//! still verifies.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A SHA-256 hash, as hexadecimal in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(#[serde(with = "hex::serde")] [u8; 32]);

impl Hash {
    /// What the first entry is bound to.
    pub const ZERO: Hash = Hash([0; 32]);

    /// The hash with these bytes.
    pub(crate) fn of(bytes: [u8; 32]) -> Self {
        Hash(bytes)
    }

    /// Its bytes.
    pub(crate) fn bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// A random key that opens one commitment. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Salt(#[serde(with = "hex::serde")] [u8; 32]);

impl Salt {
    /// A new salt.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(hidden)")
    }
}

/// A field of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A code, number or date that says nothing about a person.
    Plain(String),
    /// A personal value, hidden behind its salt.
    Commitment(Hash),
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Position, from 0.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened, as a code.
    pub event: String,
    /// Details.
    pub fields: BTreeMap<String, Field>,
    /// Hash of the entry before, or [`Hash::ZERO`].
    pub prev: Hash,
    /// SHA-256 of the canonical JSON of all fields above `prev`, followed by `prev`.
    pub hash: Hash,
}

/// The end of a chain: all that is needed to append to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Entries so far.
    pub entries: u64,
    /// Hash of the last one, or [`Hash::ZERO`].
    pub hash: Hash,
}

impl Default for Head {
    fn default() -> Self {
        Self { entries: 0, hash: Hash::ZERO }
    }
}

/// Where a chain breaks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing, doubled or out of order.
    #[error("entry {0} is not where it belongs")]
    Sequence(u64),
    /// An entry is not bound to the one before.
    #[error("entry {0} does not follow from the one before")]
    Link(u64),
    /// An entry says something else than when it was written.
    #[error("entry {0} was changed")]
    Content(u64),
    /// Entries at the end are missing.
    #[error("the chain ends after {0} entries, before its known head")]
    Cut(u64),
}

impl Entry {
    /// The entry that follows `last`, or the first one.
    pub fn after(last: Option<&Entry>, at: Timestamp, event: &str, fields: BTreeMap<String, Field>) -> Self {
        Self::at_head(last.map(Entry::head).unwrap_or_default(), at, event, fields)
    }

    /// The entry that follows the end of a chain.
    pub fn at_head(head: Head, at: Timestamp, event: &str, fields: BTreeMap<String, Field>) -> Self {
        let (seq, prev) = (head.entries, head.hash);
        let hash = digest(seq, at, event, &fields, prev);
        Self { seq, at, event: event.to_owned(), fields, prev, hash }
    }

    /// The end of the chain whose last entry this is.
    pub fn head(&self) -> Head {
        Head { entries: self.seq + 1, hash: self.hash }
    }

    /// Whether a commitment of this entry stands for the value.
    pub fn opens(&self, field: &str, value: &str, salt: &Salt) -> bool {
        match self.fields.get(field) {
            Some(Field::Commitment(hash)) => commitment(salt, field, value).0.ct_eq(&hash.0).into(),
            Some(Field::Plain(_)) | None => false,
        }
    }
}

/// A personal value as a field. The name is part of it, so that equal values under two names differ.
pub fn commit(salt: &Salt, field: &str, value: &str) -> Field {
    Field::Commitment(commitment(salt, field, value))
}

/// Checks a whole chain, in its order, against the head that was kept elsewhere (in the state of the request, or in
/// the daily root). Returns the head.
///
/// # Errors
/// [`Broken`] with the number of the first entry that is wrong.
pub fn verify(entries: &[Entry], known_head: Option<Hash>) -> Result<Hash, Broken> {
    let mut head = Hash::ZERO;
    let mut seq = 0;
    for entry in entries {
        if entry.seq != seq {
            return Err(Broken::Sequence(seq));
        }
        if entry.prev != head {
            return Err(Broken::Link(seq));
        }
        if digest(entry.seq, entry.at, &entry.event, &entry.fields, entry.prev) != entry.hash {
            return Err(Broken::Content(seq));
        }
        head = entry.hash;
        seq += 1;
    }
    if known_head.is_some_and(|known| known != head) { Err(Broken::Cut(seq)) } else { Ok(head) }
}

fn commitment(salt: &Salt, field: &str, value: &str) -> Hash {
    // A key of 32 bytes is always accepted.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&salt.0) else { return Hash::ZERO };
    mac.update(&(field.len() as u64).to_be_bytes());
    mac.update(field.as_bytes());
    mac.update(value.as_bytes());
    Hash(mac.finalize().into_bytes().into())
}

fn digest(seq: u64, at: Timestamp, event: &str, fields: &BTreeMap<String, Field>, prev: Hash) -> Hash {
    let fields = fields.iter().map(|(name, field)| {
        let value = match field {
            Field::Plain(text) => serde_json::json!({ "plain": text }),
            Field::Commitment(hash) => serde_json::json!({ "commitment": hex::encode(hash.0) }),
        };
        (name.clone(), value)
    });
    let entry = serde_json::json!({
        "at": at.to_string(),
        "event": event,
        "fields": Value::Object(fields.collect()),
        "seq": seq,
    });
    let mut hasher = Sha256::new();
    hasher.update(canonical(&entry));
    hasher.update(prev.0);
    Hash(hasher.finalize().into())
}

/// JSON without blanks, object keys in the order of their code points; for the values used here this is RFC 8785.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            let members =
                sorted.into_iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

#[cfg(test)]
#[path = "chain/tests.rs"]
mod tests;
