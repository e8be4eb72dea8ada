//! Judges again, with its author's name, what a webhook brought without it.
//!
//! X's events about replies and quotes do not have to say more of an author than the id, so that rules about names have
//! nothing to look at; its lists say the rest. Only where such a rule fires is anything read or written for it.

use std::collections::BTreeSet;

use casework::audit::Shelves;
use casework::decision::{Decider, PostKey};
use casework::handle_post::{Handled, handle_post};
use casework::in_force::InForce;
use casework::ledger::LedgerError;
use jiff::Timestamp;
use rules::{Author, Context, Post, Rulebook, judge};

use crate::sweeper::Sweeper;

impl<T, O, Q> Sweeper<T, O, Q> {
    /// Decides a known post once more if these very rules, told who wrote it, find what they could not find before.
    /// `None` when nothing was missed, or a person has ruled since.
    pub(crate) async fn judge_by_name(&self, rulebook: &InForce, post: &Post) -> Result<Option<Handled>, LedgerError> {
        let now = self.now();
        if !name_matters(rulebook, post, now) {
            return Ok(None);
        }
        let key = PostKey { platform: post.platform, id: post.id.clone() };
        let nameless = |kept: &Post| kept.version == post.version && kept.author.name.is_none();
        if !self.store.text_of(&key, now).await?.is_some_and(|kept| nameless(&kept.post)) {
            return Ok(None);
        }
        let decision = self.store.newest_decision(&key).await?;
        let ours = decision.is_some_and(|made| made.by == Decider::Machine && made.rulebook == rulebook.version());
        if !ours || !self.store.reopen(post, now).await? {
            return Ok(None);
        }
        let clock = &self.clock;
        Box::pin(handle_post(&self.store, rulebook, post, || clock())).await.map(Some)
    }
}

/// Whether a rule fires only because it is told who wrote the post.
fn name_matters(rulebook: &Rulebook, post: &Post, now: Timestamp) -> bool {
    if post.author.name.is_none() {
        return false;
    }
    let fired = |post: &Post| -> BTreeSet<String> {
        let judgement = judge(post, &Context::default(), rulebook, now);
        judgement.violations.into_iter().map(|violation| violation.rule).collect()
    };
    let named = fired(post);
    let nameless = || Post { author: Author::unknown(post.author.id.0.clone()), ..post.clone() };
    !named.is_empty() && !named.is_subset(&fired(&nameless()))
}
