//! What must be shown before a right is carried out, and one-time codes that show control of an account.
//!
//! The e-mail address alone never proves an account, and no identity document is asked for. A code is kept as a keyed
//! hash only; the store that holds a [`Challenge`] must write it conditionally on [`Challenge::attempts`], so that
//! parallel guesses are counted one by one.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::law::RightRule;
use crate::mail::thread::ALPHABET;

/// What a person must show, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// T0, nothing.
    None,
    /// T1, control of the e-mail address.
    Email,
    /// T2, control of the account on X or YouTube.
    Account,
    /// T3, control of the account and a mandate of the agent.
    Mandate,
}

/// What is needed for a right. An agent always needs a mandate for what is about an account. What the platform itself
/// shows as gone is deleted without any proof.
pub fn required(rule: &RightRule, by_agent: bool, gone_on_platform: bool) -> Tier {
    match (rule.tier, by_agent) {
        (_, _) if gone_on_platform && rule.right == crate::law::Right::XContentDeletion => Tier::None,
        (Tier::None, _) => Tier::None,
        (Tier::Email | Tier::Account | Tier::Mandate, true) => Tier::Mandate,
        (tier, false) => tier,
    }
}

/// Minutes that a code is valid, whatever happens meanwhile.
pub const VALID_MINUTES: i64 = 30;
/// Guesses allowed.
pub const MAX_ATTEMPTS: u8 = 5;
/// Codes issued for one request within an hour.
pub const MAX_PER_HOUR: usize = 3;
/// Codes sent by letter for one request within a day. A machine that answers every letter and bears no mark of one would
/// get a new one for each of its answers.
pub const MAX_BY_LETTER_PER_DAY: usize = 5;

/// A one-time code of eight characters, 40 random bits. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A new code.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 5];
        getrandom::fill(&mut bytes)?;
        Ok(Self::from_random(bytes))
    }

    /// The code for five random bytes.
    pub fn from_random(bytes: [u8; 5]) -> Self {
        let bits = bytes.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let digits: String = (0..8).map(|index| char::from(ALPHABET[(bits >> (5 * index) & 31) as usize])).collect();
        Self(format!("{}-{}", &digits[..4], &digits[4..]))
    }

    /// The code, for the one letter that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Code(hidden)")
    }
}

/// What stands beside the file for the code that was issued last, so that a file that is not there and a code that is
/// wrong are found out in the same way. Knowing a code shows no control of anything.
pub fn mark(pepper: &[u8], request: &str, told: &str) -> String {
    hex::encode(mac(pepper, request, &normalise(told)))
}

/// What is stored of an issued code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    request: String,
    #[serde(with = "hex::serde")]
    mac: [u8; 32],
    expires: Timestamp,
    attempts: u8,
    used: bool,
}

/// Why a code was not accepted. A person is told the same for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not this code.
    #[error("the code does not match")]
    Wrong,
    /// The time is over.
    #[error("the code has expired")]
    Expired,
    /// No guesses are left.
    #[error("too many attempts")]
    Locked,
    /// It was used before.
    #[error("the code has been used")]
    Used,
    /// It belongs to another request.
    #[error("the code belongs to another request")]
    OtherRequest,
    /// Too many codes within an hour.
    #[error("too many codes were issued")]
    TooManyIssued,
}

impl Challenge {
    /// Stores a code for a request. `issued` are the times of earlier codes of the same request; the new one replaces
    /// the one before, so that a single code is alive.
    ///
    /// # Errors
    /// [`CodeError::TooManyIssued`].
    pub fn issue(
        pepper: &[u8],
        request: &str,
        code: &Code,
        issued: &[Timestamp],
        now: Timestamp,
    ) -> Result<Self, CodeError> {
        let until = now + SignedDuration::from_mins(VALID_MINUTES);
        Self::issue_until(pepper, request, code, issued, now, until)
    }

    /// The same for a code that goes by mail and is not for an account, valid until another end.
    ///
    /// # Errors
    /// [`CodeError::TooManyIssued`].
    pub fn issue_until(
        pepper: &[u8],
        request: &str,
        code: &Code,
        issued: &[Timestamp],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Self, CodeError> {
        let hour_ago = now - SignedDuration::from_hours(1);
        if issued.iter().filter(|at| **at > hour_ago).count() >= MAX_PER_HOUR {
            return Err(CodeError::TooManyIssued);
        }
        Ok(Self {
            request: request.to_owned(),
            mac: mac(pepper, request, &code.0),
            expires: until,
            attempts: 0,
            used: false,
        })
    }

    /// When it ends, whatever happens meanwhile.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Whether a look for the code could still succeed.
    pub fn is_live(&self, now: Timestamp) -> bool {
        !self.used && now < self.expires && self.attempts < MAX_ATTEMPTS
    }

    /// Whether the right code was told.
    pub fn is_used(&self) -> bool {
        self.used
    }

    /// Guesses made.
    pub fn attempts(&self) -> u8 {
        self.attempts
    }

    /// Checks one guess and counts it. The right code is used up by it. A guess for another request, after the end or
    /// after the lock counts nothing and tells nothing about the code.
    ///
    /// # Errors
    /// Any [`CodeError`] but [`CodeError::TooManyIssued`].
    pub fn check(&mut self, pepper: &[u8], request: &str, guess: &str, now: Timestamp) -> Result<(), CodeError> {
        self.check_any(pepper, request, std::iter::once(normalise(guess)), now)
    }

    /// Looks for the code in a public text such as a bio. The whole text is one attempt, and at most
    /// [`MAX_ATTEMPTS`] code-like words of it are tried.
    ///
    /// # Errors
    /// As [`Challenge::check`].
    pub fn check_text(&mut self, pepper: &[u8], request: &str, text: &str, now: Timestamp) -> Result<(), CodeError> {
        let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '－')));
        let guesses = words.map(normalise).filter(|word| word.len() == 9).take(usize::from(MAX_ATTEMPTS));
        self.check_any(pepper, request, guesses, now)
    }

    fn check_any(
        &mut self,
        pepper: &[u8],
        request: &str,
        guesses: impl Iterator<Item = String>,
        now: Timestamp,
    ) -> Result<(), CodeError> {
        if self.request != request {
            return Err(CodeError::OtherRequest);
        }
        if self.used {
            return Err(CodeError::Used);
        }
        if now >= self.expires {
            return Err(CodeError::Expired);
        }
        if self.attempts >= MAX_ATTEMPTS {
            return Err(CodeError::Locked);
        }
        self.attempts += 1;
        let mut right = subtle::Choice::from(0);
        for guess in guesses {
            right |= mac(pepper, request, &guess).ct_eq(&self.mac);
        }
        self.used = right.into();
        if self.used { Ok(()) } else { Err(CodeError::Wrong) }
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Challenge")
            .field("attempts", &self.attempts)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}

/// Whether a text has a word that is written like a code.
pub fn names_code(text: &str) -> bool {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '－')));
    words.filter(|word| word.contains(['-', '－'])).any(|word| normalise(word).len() == 9)
}

/// A code as typed: any width and case, `O` for `0`, `I` and `L` for `1`, with or without the dash.
fn normalise(guess: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let digits: String = guess
        .nfkc()
        .flat_map(char::to_uppercase)
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(16)
        .collect();
    if digits.len() == 8 { format!("{}-{}", &digits[..4], &digits[4..]) } else { digits }
}

fn mac(pepper: &[u8], request: &str, code: &str) -> [u8; 32] {
    // The key may have any length, so the construction cannot fail; an empty key of a failure would match nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(pepper) else { return [0; 32] };
    mac.update(&(request.len() as u64).to_be_bytes());
    mac.update(request.as_bytes());
    mac.update(code.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
#[path = "identity/tests.rs"]
mod tests;
