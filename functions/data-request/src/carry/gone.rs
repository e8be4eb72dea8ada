//! "Delete my post": where the platform itself shows it as gone, its text is deleted at once, and nobody has to prove
//! anything.

use anyhow::{Context, Result};
use bytes::Bytes;
use casework::decision::PostKey;
use casework::platform::Shown;
use jiff::SignedDuration;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::classify::Link;
use privacy::desk::DeskError;
use privacy::erasure::Tombstone;
use privacy::file::{Claim, RequestFile, Requests};
use privacy::law::{Regime, Right};
use privacy::mail::thread::TicketId;
use rules::Platform;

use crate::app::App;

/// The most posts that one file is looked up for at a time.
const MOST: usize = 20;
/// Pause before a platform is asked again, at least.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Looks up the posts that a file asks to be deleted, and deletes what is kept of those that are gone. An item whose
    /// posts are all gone is answered; one with a post that is still shown waits for proof of who asks, and one with a post
    /// on hold for one of us. Where a platform does not answer, it is asked again after as long as the file has waited.
    pub(crate) async fn delete_what_is_gone(&self, ticket: &TicketId) -> Result<()> {
        let file = self.requests.load(ticket).await?.context("no such file")?;
        let waiting: Vec<_> = file.waits_for_deletion().map(|(number, right)| (number, posts(&file, right))).collect();
        let named: usize = waiting.iter().map(|(_, posts)| posts.len()).sum();
        if waiting.is_empty() || named == 0 && file.look_at.is_none() {
            return Ok(());
        }
        let (mut all_gone, mut gone, mut failure) = (Vec::new(), 0, None);
        for (number, posts) in &waiting {
            match self.delete_gone(&file, posts).await {
                Ok(evidence) => {
                    gone += evidence.len();
                    if !posts.is_empty() && evidence.len() == posts.len() {
                        all_gone.push((*number, evidence));
                    }
                }
                Err(error) => failure = Some(error),
            }
        }
        let now = self.now();
        let again = failure.as_ref().map(|_| now + now.duration_since(file.arrived).max(AGAIN));
        self.desk().looked_up(ticket, named, gone, again, now).await?;
        for (number, evidence) in &all_gone {
            match self.desk().gone(ticket, *number, evidence, now).await {
                // Somebody decided meanwhile.
                Ok(()) | Err(DeskError::Stage(..)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Of these posts, those that the platform shows as gone, with how; what is kept of them is deleted. A legal hold
    /// keeps them.
    async fn delete_gone(&self, file: &RequestFile, posts: &[PostKey]) -> Result<Vec<(String, &'static str)>> {
        let mut evidence = Vec::new();
        for post in posts {
            let shown = match self.carrier.lookup.shown(post.platform, &post.id, self.now()).await? {
                Shown::Yes(_) => continue,
                Shown::Gone => "gone",
                Shown::Withheld => "withheld",
            };
            let author = self.carrier.decisions.person_of(post).await?;
            let held = match &author {
                Some(author) => self.is_on_hold(author).await?,
                None => false,
            };
            if held || file.hold.is_some() {
                continue;
            }
            // Remembered first: once it is erased, nothing shows any more that something was kept.
            if author.is_some() {
                let key = format!("{}{}", Tombstone::POSTS, self.carrier.decisions.digest_of(post));
                self.carrier.proof.put_locked(&key, Bytes::new(), self.ledger_until()).await?;
            }
            self.carrier.decisions.erase_post(post).await?;
            evidence.push((post.to_string(), shown));
        }
        Ok(evidence)
    }
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
