//! What identifies the person behind a file, and the proof of control.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chain::Salt;
use crate::classify::Link;
use crate::identity::{Challenge, Tier};
use crate::mail::Address;

/// The longest thread kept.
const MAX_THREAD: usize = 10;

/// What the person says is theirs; unproven.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// A handle without `@`, as written.
    Handle(String),
    /// A post, video, channel or profile.
    Link(Link),
}

impl Claim {
    /// Whether it is a post on X or a comment on YouTube.
    pub fn is_post(&self) -> bool {
        match self {
            Claim::Link(Link::XPost { .. } | Link::YoutubeVideo { comment: Some(_), .. }) => true,
            Claim::Link(
                Link::YoutubeVideo { comment: None, .. } | Link::XProfile { .. } | Link::YoutubeChannel { .. },
            )
            | Claim::Handle(_) => false,
        }
    }
}

/// An account on a platform, by the id that never changes hands.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Numeric user id on X.
    X(String),
    /// Channel id on YouTube.
    Youtube(String),
}

/// Control of an account, as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// What was shown.
    pub tier: Tier,
    /// When.
    pub at: Timestamp,
}

/// A change of address that waits for both mailboxes to confirm it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// The new address.
    pub to: Address,
    /// The code that went to the old one.
    pub from_old: Challenge,
    /// The code that went to the new one.
    pub from_new: Challenge,
    /// When it was asked, the newest last.
    pub at: Vec<Timestamp>,
}

/// Somebody who asks on behalf of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// When one of us saw the power of attorney, or what else shows the mandate.
    pub mandate_seen: Option<Timestamp>,
}

/// Who asks. Erased as a whole, and with it the salt that opens the chain's commitments. Its `Debug` hides it all.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Opens the commitments of this file's chain.
    pub salt: Salt,
    /// Where letters go.
    pub address: Option<Address>,
    /// What the person says is theirs.
    pub claims: Vec<Claim>,
    /// The account whose control was shown.
    pub account: Option<Account>,
    /// The code that was issued last, with the account that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<crate::carry::Issued>,
    /// An address that letters shall go to, once both mailboxes confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moving: Option<Moving>,
    /// `Message-ID`s of the person's mails, the newest last, for the thread of our letters.
    pub thread: Vec<String>,
}

impl Person {
    /// A person with an address and claims, under a new salt.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new(address: Option<Address>, claims: Vec<Claim>) -> Result<Self, getrandom::Error> {
        Ok(Self {
            salt: Salt::random()?,
            address,
            claims,
            account: None,
            issued: None,
            moving: None,
            thread: Vec::new(),
        })
    }

    /// Notes the newest mail of the thread.
    pub fn follow(&mut self, message_id: &str) {
        self.thread.retain(|id| id != message_id);
        self.thread.push(message_id.to_owned());
        let old = self.thread.len().saturating_sub(MAX_THREAD);
        self.thread.drain(..old);
    }
}

macro_rules! hidden {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    )*};
}

hidden!(Claim, Account, Person);
