//! "Delete my post": where the platform itself shows it as gone, its text is deleted at once, and nobody has to prove
//! anything.

use anyhow::{Context, Result};
use casework::decision::PostKey;
use casework::platform::Shown;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::is_content_deletion;
use privacy::classify::Link;
use privacy::desk::DeskError;
use privacy::file::{Claim, ItemState, RequestFile, Requests};
use privacy::law::{Regime, Right};
use privacy::mail::thread::TicketId;
use rules::Platform;

use crate::app::App;

/// The most posts that one file is looked up for at a time.
const MOST: usize = 20;

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Looks up the posts that a file asks to be deleted, and deletes what is kept of those that are gone. An item whose
    /// posts are all gone is answered; one with a post that is still shown waits for proof of who asks.
    pub(crate) async fn delete_what_is_gone(&self, ticket: &TicketId) -> Result<()> {
        let file = self.requests.load(ticket).await?.context("no such file")?;
        for (number, right) in waiting(&file) {
            let posts = posts(&file, right);
            let mut evidence = Vec::new();
            for post in &posts {
                let shown = match self.carrier.lookup.shown(post.platform, &post.id, self.now()).await? {
                    Shown::Yes(_) => continue,
                    Shown::Gone => "gone",
                    Shown::Withheld => "withheld",
                };
                self.carrier.decisions.erase_post(post).await?;
                evidence.push((post.to_string(), shown));
            }
            if posts.is_empty() || evidence.len() < posts.len() {
                continue;
            }
            match self.desk().gone(ticket, number, &evidence, self.now()).await {
                // Somebody decided meanwhile.
                Ok(()) | Err(DeskError::Stage(..)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Items that ask for deletion of content and are not decided.
fn waiting(file: &RequestFile) -> Vec<(u32, Right)> {
    let waits = |state| matches!(state, ItemState::Unverified | ItemState::Open);
    let items = file.items.iter().filter(|item| waits(item.state));
    items.filter_map(|item| Some((item.number, item.right().filter(|right| is_content_deletion(*right))?))).collect()
}

/// The posts that the person names, on the platform that the right is about.
fn posts(file: &RequestFile, right: Right) -> Vec<PostKey> {
    let claims = file.person.iter().flat_map(|person| &person.claims);
    let posts = claims.filter_map(|claim| match claim {
        Claim::Link(Link::XPost { id }) => Some(PostKey { platform: Platform::X, id: id.clone() }),
        Claim::Link(Link::YoutubeVideo { comment: Some(id), .. }) => {
            Some(PostKey { platform: Platform::YouTube, id: id.clone() })
        }
        Claim::Link(Link::YoutubeVideo { comment: None, .. } | Link::XProfile { .. } | Link::YoutubeChannel { .. })
        | Claim::Handle(_) => None,
    });
    let of_right = |post: &PostKey| match (right.regime(), post.platform) {
        (Regime::X, Platform::X) | (Regime::Youtube, Platform::YouTube) => true,
        (Regime::X | Regime::Youtube | Regime::Appi | Regime::Gdpr | Regime::Ccpa, _) => false,
    };
    posts.filter(of_right).take(MOST).collect()
}
