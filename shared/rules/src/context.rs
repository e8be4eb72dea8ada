//! What is known around a post when it is judged. `None` means "not known", never "no".

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Platform;

/// Everything that judging may ask about besides the post itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// What the author did before.
    pub author: AuthorHistory,
    /// How many other authors posted the same folded text within the last day.
    pub same_text_by_others: Option<u32>,
    /// The post that is answered, where it is in the store.
    pub answered: Option<AnsweredPost>,
    /// Whether we started the conversation that it belongs to.
    #[serde(default)]
    pub in_our_conversation: Option<bool>,
}

/// An author's history, from range queries over the person's items.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AuthorHistory {
    /// Earlier posts on which an action was taken and not undone, within the policy's window.
    pub strikes: Option<u32>,
    /// Posts of the last hour, this one not counted.
    pub posts_last_hour: Option<u32>,
    /// Posts of the last day with the same folded text, this one not counted.
    pub same_text_last_day: Option<u32>,
    /// When we first saw the author.
    pub first_seen: Option<Timestamp>,
}

/// The post that is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnsweredPost {
    /// Where it was made.
    pub platform: Platform,
    /// Its id.
    pub id: String,
    /// Whether it is one of ours.
    pub ours: bool,
}
