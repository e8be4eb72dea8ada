//! A verified body: parsed, and each of its events handed on.

use axum::body::Bytes;
use axum::http::StatusCode;
use casework::account::{AccountKey, AccountStop, Mode};
use casework::decision::PostKey;
use casework::event::{Event, Unreadable};
use casework::handle_post::{Handled, handle_post};
use casework::ledger::{Accounts, Cases, LedgerError};
use jiff::Timestamp;
use lambda_kit::metrics::{self, Outcome};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use lambda_kit::secrets::SecretError;
use rules::Platform;
use secrecy::SecretString;

use crate::app::App;

/// How a verified body ended.
#[derive(Debug)]
pub(crate) enum Delivered {
    /// Every event in it was handled.
    Whole,
    /// At least one post is being decided by another delivery until then.
    Held(Timestamp),
    /// At least one event could not be recorded.
    Failed(LedgerError),
    /// It says nothing that we can read.
    Unreadable(Unreadable),
}

impl<O: Objects, Q: Queue> App<O, Q> {
    /// Whether the body is signed with a current secret. A secret that was replaced a moment ago is read anew.
    pub(crate) async fn signed(
        &self,
        name: &'static str,
        valid: impl Fn(&[SecretString]) -> bool,
    ) -> Result<bool, SecretError> {
        if valid(self.secrets.get().await?.all(name)?) {
            return Ok(true);
        }
        Ok(valid(self.secrets.reload().await?.all(name)?))
    }

    /// Handles a verified body, and keeps it where that can't be done now.
    pub(crate) async fn accept(&self, platform: Platform, body: Bytes) -> StatusCode {
        let kept = match self.deliver(platform, &body).await {
            Delivered::Whole => {
                metrics::delivery(platform.key(), Outcome::Accepted);
                return StatusCode::OK;
            }
            Delivered::Held(until) => self.park(platform, body, until).await,
            Delivered::Failed(error) => {
                tracing::error!(%error, %platform, "not recorded: kept for later");
                self.park(platform, body, self.now() + crate::park::RETRY).await
            }
            Delivered::Unreadable(unreadable) => self.keep_unreadable(platform, body, &unreadable).await,
        };
        match kept {
            Ok(outcome) => {
                metrics::delivery(platform.key(), outcome);
                StatusCode::OK
            }
            // The platform delivers again, and the sweep finds what every retry missed.
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), %platform, "not kept");
                metrics::delivery(platform.key(), Outcome::Failed);
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// Parses a verified body and hands on every event in it; one that fails does not keep the others back.
    pub(crate) async fn deliver(&self, platform: Platform, body: &[u8]) -> Delivered {
        let parsed = match platform {
            Platform::X => platforms::x::parse::parse(body, &self.accounts),
            Platform::YouTube => platforms::youtube::parse::parse(body, &self.accounts),
        };
        let events = match parsed {
            Ok(events) => events,
            Err(unreadable) => return Delivered::Unreadable(unreadable),
        };
        let mut delivered = Delivered::Whole;
        for event in events {
            match (self.hand_on(platform, event).await, &delivered) {
                (Ok(None), _) | (Ok(Some(_)), Delivered::Failed(_)) => {}
                (Ok(Some(until)), _) => delivered = Delivered::Held(until),
                (Err(error), _) => delivered = Delivered::Failed(error),
            }
        }
        delivered
    }

    /// Hands on one event; `Some` is when the lease of another delivery ends.
    async fn hand_on(&self, platform: Platform, event: Event) -> Result<Option<Timestamp>, LedgerError> {
        metrics::event(platform.key(), kind(&event));
        let now = self.now();
        match event {
            Event::Post(post) => {
                let rulebook = self.rulebooks.current(now).await?;
                let handled = Box::pin(handle_post(&self.store, &rulebook, &post, || self.now())).await?;
                tracing::info!(%platform, outcome = outcome(&handled), "post");
                match handled {
                    Handled::Decided { verdict, .. } => metrics::decision(verdict.key()),
                    Handled::Held { until } => return Ok(Some(until)),
                    Handled::Known | Handled::Refused => {}
                }
            }
            Event::Outbound(outbound) => {
                if self.takes_in(platform).await? {
                    let rulebook = self.rulebooks.current(now).await?;
                    let purpose = rulebook.organisation().purpose_of(&outbound.text);
                    self.store.record_outbound(&outbound, purpose, now).await?;
                }
            }
            Event::OwnPostDeleted { id } => self.store.own_post_deleted(&PostKey { platform, id }, now).await?,
            Event::AccessRevoked { user, at } => {
                if user.0 == self.accounts.x {
                    self.revoked(&self.account(platform), at).await?;
                }
            }
            Event::Video(notice) => {
                if self.takes_in(platform).await? {
                    self.store.watch_video(&notice, false, now).await?;
                }
            }
            Event::VideoDeleted(notice) => self.store.watch_video(&notice, true, now).await?,
            Event::Counted { .. } => {}
        }
        Ok(None)
    }

    /// Our account revoked the app. It may be told late and again: what was granted since then stands.
    async fn revoked(&self, account: &AccountKey, at: Option<Timestamp>) -> Result<(), LedgerError> {
        let granted = self.store.grant_status(account).await?.refreshed_at;
        if at.zip(granted).is_some_and(|(revoked, granted)| revoked < granted) {
            return Ok(());
        }
        tracing::error!(platform = %account.platform, "our account revoked the app");
        self.store.stop(account, &AccountStop::Disconnected("oauth.revoke".to_owned()), self.now()).await
    }

    /// Whether the account still takes anything in.
    async fn takes_in(&self, platform: Platform) -> Result<bool, LedgerError> {
        Ok(self.store.account(&self.account(platform)).await?.mode != Mode::Terminated)
    }

    fn account(&self, platform: Platform) -> AccountKey {
        let id = match platform {
            Platform::X => &self.accounts.x,
            Platform::YouTube => &self.accounts.youtube,
        };
        AccountKey { platform, id: id.clone() }
    }
}

/// A closed list of words for the metric; of what is only counted, the platform's own type.
fn kind(event: &Event) -> &str {
    match event {
        Event::Post(_) => "post",
        Event::Outbound(outbound) if outbound.retweet_of.is_some() => "own_retweet",
        Event::Outbound(_) => "own_post",
        Event::OwnPostDeleted { .. } => "own_post_deleted",
        Event::AccessRevoked { .. } => "access_revoked",
        Event::Video(_) => "video",
        Event::VideoDeleted(_) => "video_deleted",
        Event::Counted { kind } => kind,
    }
}

fn outcome(handled: &Handled) -> &'static str {
    match handled {
        Handled::Decided { verdict, .. } => verdict.key(),
        Handled::Known => "known",
        Handled::Held { .. } => "held",
        Handled::Refused => "refused",
    }
}
