//! Hands what was listed on, oldest first, as the webhook does with what was pushed.

use std::collections::BTreeSet;

use casework::event::{Event, Unreadable};
use casework::handle_post::{Handled, handle_post};
use casework::ledger::{Cases, LedgerError};
use jiff::Timestamp;
use lambda_kit::metrics;
use platforms::{x, youtube};
use rules::Platform;

use crate::sweeper::Sweeper;

/// Something that a list said.
#[derive(Debug)]
pub(crate) enum Item {
    /// As the webhook would have brought it.
    Event(Box<Event>),
    /// It could not be read.
    Unreadable {
        /// Whose.
        platform: Platform,
        /// Its id, where it has one.
        id: String,
        /// What was wrong.
        reason: Unreadable,
    },
}

impl From<youtube::list::Listed> for Item {
    fn from(listed: youtube::list::Listed) -> Self {
        match listed {
            youtube::list::Listed::Event(event) => Item::Event(event),
            youtube::list::Listed::Unreadable { id, reason } => {
                Item::Unreadable { platform: Platform::YouTube, id, reason }
            }
        }
    }
}

impl Item {
    /// What a list of X says; `Err` holds the id of a newer version that has to be looked up.
    pub(crate) fn of_x(listed: x::list::Listed) -> Result<Self, String> {
        match listed {
            x::list::Listed::Event { event, .. } => Ok(Item::Event(event)),
            x::list::Listed::Superseded { newest } => Err(newest),
            x::list::Listed::Unreadable { id, reason } => Ok(Item::Unreadable { platform: Platform::X, id, reason }),
        }
    }

    /// Whether it could be read.
    pub(crate) fn is_readable(&self) -> bool {
        match self {
            Item::Event(_) => true,
            Item::Unreadable { .. } => false,
        }
    }

    /// The version of the post that it is about, which several lists may show.
    fn version(&self) -> Option<(Platform, String, String)> {
        match self {
            Item::Event(event) => match event.as_ref() {
                Event::Post(post) => Some((post.platform, post.id.clone(), post.version.clone())),
                Event::Outbound(_)
                | Event::OwnPostDeleted { .. }
                | Event::AccessRevoked { .. }
                | Event::Video(_)
                | Event::VideoDeleted(_)
                | Event::Counted { .. } => None,
            },
            Item::Unreadable { .. } => None,
        }
    }

    /// When it was made; what does not say so comes first.
    pub(crate) fn made_at(&self) -> Timestamp {
        match self {
            Item::Event(event) => match event.as_ref() {
                Event::Post(post) => post.created_at,
                Event::Outbound(own) => own.as_of,
                Event::OwnPostDeleted { .. }
                | Event::AccessRevoked { .. }
                | Event::Video(_)
                | Event::VideoDeleted(_)
                | Event::Counted { .. } => Timestamp::MIN,
            },
            Item::Unreadable { .. } => Timestamp::MIN,
        }
    }
}

/// What came of handing on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Posts decided now.
    pub(crate) new: u32,
    /// The oldest that could not be handed on: the time was over, or another delivery is deciding it.
    pub(crate) left_from: Option<Timestamp>,
}

impl Tally {
    fn leave(&mut self, from: Timestamp) {
        self.left_from = Some(self.left_from.map_or(from, |left| left.min(from)));
    }
}

impl<T, O, Q> Sweeper<T, O, Q> {
    /// Hands on all of them, the oldest first, so that what depends on order comes out as if they had been pushed.
    pub(crate) async fn record_all(&self, mut items: Vec<Item>, deadline: Timestamp) -> Result<Tally, LedgerError> {
        items.sort_by_key(Item::made_at);
        // What several lists showed is handed on once: each time would cost a write.
        let mut seen = BTreeSet::new();
        items.retain(|item| item.version().is_none_or(|version| seen.insert(version)));
        let mut tally = Tally::default();
        for item in items {
            let made_at = item.made_at();
            if self.now() >= deadline {
                tally.leave(made_at);
                break;
            }
            match Box::pin(self.record(item)).await? {
                Some(Handled::Decided { .. }) => tally.new += 1,
                Some(Handled::Held { .. }) => tally.leave(made_at),
                Some(Handled::Known | Handled::Refused) | None => {}
            }
        }
        Ok(tally)
    }

    async fn record(&self, item: Item) -> Result<Option<Handled>, LedgerError> {
        let now = self.now();
        let event = match item {
            Item::Event(event) => event,
            Item::Unreadable { platform, id, reason } => {
                metrics::polled(platform.key(), "unreadable");
                tracing::error!(%platform, reason = reason.reason, "a listed post could not be read");
                self.store.record_unreadable(platform, &format!("listed/{id}"), &reason.reason, now).await?;
                return Ok(None);
            }
        };
        match *event {
            Event::Post(post) => {
                let clock = &self.clock;
                let rulebook = self.rulebooks.current(now).await?;
                let mut handled = Box::pin(handle_post(&self.store, &rulebook, &post, || clock())).await?;
                if handled == Handled::Known
                    && let Some(again) = self.judge_by_name(&rulebook, &post).await?
                {
                    handled = again;
                }
                let outcome = match &handled {
                    Handled::Decided { verdict, .. } => {
                        metrics::decision(verdict.key());
                        verdict.key()
                    }
                    Handled::Known => "known",
                    Handled::Held { .. } => "held",
                    Handled::Refused => "refused",
                };
                metrics::polled(post.platform.key(), outcome);
                Ok(Some(handled))
            }
            Event::Outbound(own) => {
                let rulebook = self.rulebooks.current(now).await?;
                let purpose = rulebook.organisation().purpose_of(&own.text);
                self.store.record_outbound(&own, purpose, now).await?;
                Ok(None)
            }
            Event::OwnPostDeleted { .. }
            | Event::AccessRevoked { .. }
            | Event::Video(_)
            | Event::VideoDeleted(_)
            | Event::Counted { .. } => Ok(None),
        }
    }
}
