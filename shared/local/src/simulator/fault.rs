//! Faults on demand: what shall go wrong, with which call, and whether the effect happened all the same.

use http::Method;
use jiff::Timestamp;

use super::request::Call;

/// Whether a failing call did its work before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The work was done and only the answer is lost.
    Performed,
    /// Nothing was done.
    NotPerformed,
}

/// One way to fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The rate limit is used up until `reset`.
    Status429 {
        /// When calls are welcome again.
        reset: Timestamp,
    },
    /// The platform is in trouble.
    Status5xx {
        /// The status, 500 to 599.
        status: u16,
        /// A `Retry-After` header in seconds, if one is sent.
        retry_after: Option<u32>,
        /// Whether the work was done.
        effect: Effect,
    },
    /// The answer is held back until [`super::Simulator::release`], or for ever.
    Timeout {
        /// Whether the work was done.
        effect: Effect,
    },
    /// The connection is closed without a byte of an answer.
    CloseConnection {
        /// Whether the work was done.
        effect: Effect,
    },
    /// X only: the spending cap is reached (429, not cured by waiting for a window).
    UsageCapped,
    /// X only: the prepaid credit is spent (402).
    CreditsDepleted,
    /// YouTube only: the day's units are spent (403).
    QuotaExceeded,
    /// The token is not accepted (401).
    Unauthorized,
    /// A list answers with nothing on the page, and a token of a page that goes on from the same place.
    EmptyPage,
    /// A list's page token is no longer good (400).
    PageExpired,
    /// YouTube only: 400 `processingFailure`, which may pass or may mean that the comment is gone.
    ProcessingFailure,
}

/// The parameters that go on with a list.
const PAGE_TOKENS: [&str; 3] = ["pagination_token", "next_token", "pageToken"];

/// Which calls a fault waits for.
#[derive(Clone, Debug)]
pub struct Matcher {
    method: Option<Method>,
    path: Option<Vec<String>>,
    mentions: Option<String>,
    later_page: bool,
}

impl Matcher {
    /// Any call.
    pub fn any() -> Matcher {
        Matcher { method: None, path: None, mentions: None, later_page: false }
    }

    /// Calls with this method and path; a `*` in the path stands for one segment, as in `/2/tweets/*/hidden`.
    pub fn call(method: Method, path: &str) -> Matcher {
        let segments = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Matcher { method: Some(method), path: Some(segments), mentions: None, later_page: false }
    }

    /// Narrows to calls that name this id in path, query or body.
    pub fn about(mut self, id: &str) -> Matcher {
        self.mentions = Some(id.to_owned());
        self
    }

    /// Narrows to calls that go on with a list by a page token.
    pub fn of_a_later_page(mut self) -> Matcher {
        self.later_page = true;
        self
    }

    pub(crate) fn fits(&self, call: &Call, targets: &[String]) -> bool {
        let path_fits = |wanted: &Vec<String>| {
            let given = call.segments();
            wanted.len() == given.len() && wanted.iter().zip(&given).all(|(want, got)| want == "*" || want == got)
        };
        self.method.as_ref().is_none_or(|method| *method == call.method)
            && self.path.as_ref().is_none_or(path_fits)
            && self.mentions.as_ref().is_none_or(|id| targets.contains(id))
            && (!self.later_page || PAGE_TOKENS.iter().any(|name| call.value(name).is_some()))
    }
}
