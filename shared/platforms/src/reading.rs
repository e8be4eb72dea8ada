//! What the poll and the audit read of both platforms.

use casework::platform::PlatformError;
use jiff::Timestamp;
use rules::Platform;

use crate::list::ListError;
use crate::youtube::list::{Queue, ReplyPage, ThreadPage, Threads};
use crate::{Accounts, Platforms, TokenSource, x, youtube};

impl<T: TokenSource> Platforms<T> {
    /// One page of a list of posts on X.
    ///
    /// # Errors
    /// The platform's refusals, and a page token that is no longer good.
    pub async fn x_page(
        &self,
        accounts: &Accounts,
        list: x::list::List<'_>,
        span: x::list::Span<'_>,
        now: Timestamp,
    ) -> Result<x::list::Page, ListError> {
        x::list::page(&self.line(Platform::X, now), accounts, list, span).await
    }

    /// Posts on X by their ids; those that are gone are left out.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn x_posts(&self, accounts: &Accounts, ids: &[&str], now: Timestamp) -> Result<x::list::Page, ListError> {
        x::list::look_up(&self.line(Platform::X, now), accounts, ids).await
    }

    /// Our app's webhooks at X.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn x_webhooks(&self, now: Timestamp) -> Result<Vec<x::list::Webhook>, PlatformError> {
        x::list::webhooks(&self.line(Platform::X, now)).await
    }

    /// Registers a webhook of our app at X, which challenges it first.
    ///
    /// # Errors
    /// The platform's refusals: an answer to the challenge that is wrong, or too many webhooks, among them.
    pub async fn add_x_webhook(&self, url: &str, now: Timestamp) -> Result<x::list::Webhook, PlatformError> {
        x::list::add_webhook(&self.line(Platform::X, now), url).await
    }

    /// What our app is told of by X's Activity API.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn x_subscriptions(&self, now: Timestamp) -> Result<Vec<x::list::Subscription>, PlatformError> {
        x::list::subscriptions(&self.line(Platform::X, now)).await
    }

    /// Has a webhook told of one more kind of event around our account.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn x_subscribe(&self, subscription: &x::list::Subscription, now: Timestamp) -> Result<(), PlatformError> {
        x::list::subscribe(&self.line(Platform::X, now), subscription).await
    }

    /// Has X challenge one of our webhooks now; tells whether it is valid then.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn validate_x_webhook(&self, id: &str, now: Timestamp) -> Result<bool, PlatformError> {
        x::list::validate(&self.line(Platform::X, now), id).await
    }

    /// One page of comment threads on YouTube, newest first, with some of their replies: 1 unit.
    ///
    /// # Errors
    /// The platform's refusals, and a page token that is no longer good.
    pub async fn youtube_threads(
        &self,
        accounts: &Accounts,
        of: Threads<'_>,
        status: Queue,
        page: Option<&str>,
        now: Timestamp,
    ) -> Result<ThreadPage, ListError> {
        youtube::list::threads(&self.line(Platform::YouTube, now), &accounts.youtube, of, status, page).await
    }

    /// One page of the replies in a thread on YouTube: 1 unit.
    ///
    /// # Errors
    /// The platform's refusals, and a page token that is no longer good.
    pub async fn youtube_replies(
        &self,
        accounts: &Accounts,
        thread: &str,
        page: Option<&str>,
        now: Timestamp,
    ) -> Result<ReplyPage, ListError> {
        youtube::list::replies(&self.line(Platform::YouTube, now), &accounts.youtube, thread, page).await
    }

    /// The account that a platform's token stands for, by its stable id.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn connected_account(&self, platform: Platform, now: Timestamp) -> Result<String, PlatformError> {
        let line = self.line(platform, now);
        match platform {
            Platform::X => x::list::me(&line).await,
            Platform::YouTube => youtube::list::mine(&line).await,
        }
    }
}
