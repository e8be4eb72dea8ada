//! Delivers the day's bodies to the functions' HTTP endpoints, as X and the WebSub hub do.

use anyhow::{Context, Result};
use rules::Platform;

use super::data::{Event, Kind, Way};
use crate::simulator::deliver::{Delivery, Digest, Hub, Signing, XWebhook};
use crate::stack::{Stack, YOUTUBE_CHANNEL};

/// Both senders.
pub(super) struct Sender {
    x: XWebhook,
    /// Signs with the secret that is being rotated out.
    x_stale: XWebhook,
    hub: Hub,
}

impl Sender {
    pub(super) fn new(stack: &Stack) -> Result<Self> {
        let [newest, stale, ..] = stack.secrets.x_consumer_secret.as_slice() else {
            anyhow::bail!("two consumer secrets are needed");
        };
        Ok(Sender {
            x: XWebhook::new(&stack.x_webhook(), newest)?,
            x_stale: XWebhook::new(&stack.x_webhook(), stale)?,
            hub: Hub::new(&stack.youtube_callback(), YOUTUBE_CHANNEL, &stack.secrets.youtube_websub_secret)?,
        })
    }

    /// Delivers one body as the event says; gives the statuses answered.
    pub(super) async fn send(&self, event: &Event, body: &[u8]) -> Result<Vec<u16>> {
        let (signing, copies, sender) = match event.delivery {
            Some(Way::Twice) => (Signing::Genuine, 2, &self.x),
            Some(Way::Forged | Way::WrongSecret) => (Signing::Forged, 1, &self.x),
            Some(Way::Unsigned) => (Signing::Missing, 1, &self.x),
            Some(Way::StaleSecret) => (Signing::Genuine, 1, &self.x_stale),
            Some(Way::Late | Way::ThriceOtherIds) | None => (Signing::Genuine, 1, &self.x),
        };
        let delivery = Delivery { signing, copies };
        let sent = match platform(event) {
            Platform::X => sender.post(body, delivery).await,
            Platform::YouTube => self.hub.post(body, Digest::Sha1, delivery).await,
        };
        sent.with_context(|| event.id.clone())
    }
}

/// Which platform delivers an event.
pub(super) fn platform(event: &Event) -> Platform {
    match event.kind {
        Kind::Video | Kind::VideoDeleted | Kind::Comment => Platform::YouTube,
        Kind::Malformed | Kind::Aaa | Kind::Huge => event.platform.unwrap_or(Platform::X),
        Kind::Reply
        | Kind::Mention
        | Kind::Quote
        | Kind::Stream
        | Kind::OwnPost
        | Kind::OwnRetweet
        | Kind::Retweet
        | Kind::DeleteOwn
        | Kind::Like
        | Kind::Dm
        | Kind::Notice
        | Kind::RevokeOther => Platform::X,
    }
}
