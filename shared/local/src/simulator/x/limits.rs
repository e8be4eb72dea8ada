//! Rate windows of fifteen minutes per token's user and endpoint, and the headers that tell of them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::simulator::request::Answer;

const WINDOW_SECONDS: i64 = 900;

/// Endpoints with a window of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Endpoint {
    Hide,
    DeletePost,
    LookUp,
    Block,
    Unblock,
    ListBlocks,
    ListPosts,
    ListMentions,
    Search,
    Webhooks,
    Subscriptions,
    Me,
    Users,
}

impl Endpoint {
    /// Calls in one window. X publishes none for blocking; assumed to be that of the other changes.
    pub(super) fn limit(self) -> u32 {
        match self {
            Endpoint::Hide | Endpoint::DeletePost | Endpoint::Block | Endpoint::Unblock => 50,
            Endpoint::LookUp => 5000,
            Endpoint::ListBlocks => 15,
            Endpoint::ListMentions | Endpoint::Search => 300,
            Endpoint::Webhooks => 450,
            Endpoint::Subscriptions => 500,
            // Not in the platform contract; by the reference pages' table.
            Endpoint::ListPosts => 900,
            Endpoint::Me => 75,
            Endpoint::Users => 900,
        }
    }
}

#[derive(Default)]
pub(super) struct Windows(BTreeMap<(String, Endpoint), Window>);

struct Window {
    used: u32,
    reset: i64,
}

/// What the headers say after a call was counted.
pub(super) struct Standing {
    pub(super) exceeded: bool,
    limit: u32,
    remaining: u32,
    reset: i64,
}

impl Windows {
    /// Counts a call of this caller; refused calls of a full window are not counted.
    pub(super) fn count(&mut self, caller: &str, endpoint: Endpoint, now: Timestamp) -> Standing {
        let now = now.as_second();
        let fresh = Window { used: 0, reset: now + WINDOW_SECONDS };
        let window = self.0.entry((caller.to_owned(), endpoint)).or_insert(fresh);
        if window.reset <= now {
            *window = Window { used: 0, reset: now + WINDOW_SECONDS };
        }
        let limit = endpoint.limit();
        let exceeded = window.used >= limit;
        if !exceeded {
            window.used += 1;
        }
        Standing { exceeded, limit, remaining: limit - window.used, reset: window.reset }
    }
}

impl Standing {
    /// A window that is used up until `reset`.
    pub(super) fn used_up(endpoint: Endpoint, reset: Timestamp) -> Standing {
        Standing { exceeded: true, limit: endpoint.limit(), remaining: 0, reset: reset.as_second() }
    }

    /// The answer with the three headers.
    pub(super) fn stamp(&self, mut answer: Answer) -> Answer {
        answer.headers.push(("x-rate-limit-limit", self.limit.to_string()));
        answer.headers.push(("x-rate-limit-remaining", self.remaining.to_string()));
        answer.headers.push(("x-rate-limit-reset", self.reset.to_string()));
        answer
    }
}
