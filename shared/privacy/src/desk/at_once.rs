//! The one letter that answers a new file at once.

use jiff::Timestamp;

use super::Desk;
use crate::carry::is_content_deletion;
use crate::classify::Inquiry;
use crate::file::{Beside, Claim, Draft, Edit, Event, ItemState, LetterKind, RequestFile, RequestItem, Requests};
use crate::letters::{Letter, Standard, Verification};

impl<R: Requests> Desk<'_, R> {
    /// One letter: the answer where the guidelines fix it, else the receipt of everything.
    pub(super) fn answer_at_once(&self, edit: &mut Edit, now: Timestamp) {
        let drafts: Vec<Option<Draft>> = edit.file.items.iter().map(|item| item.draft).collect();
        let fixed = match drafts.as_slice() {
            [Some(Draft::Standard(only))] => Some(*only),
            _ => None,
        };
        let wrote = match fixed {
            Some(standard) => {
                let letter = Letter::StandardAnswer(standard);
                let wrote = self.addresses.write(edit, LetterKind::StandardAnswer, &letter, now);
                if wrote {
                    edit.close_item(1, ItemState::Answered, Event::Answered, now);
                }
                wrote
            }
            None => {
                let letter = acknowledgement(&edit.file, now);
                self.addresses.write(edit, LetterKind::Acknowledgement, &letter, now)
            }
        };
        if wrote && let Some(address) = edit.file.person.as_ref().and_then(|person| person.address.clone()) {
            edit.beside.push(Beside::AnsweredTo(address));
        }
    }
}

/// The receipt of everything that a file asks.
fn acknowledgement(file: &RequestFile, now: Timestamp) -> Letter {
    let answers_by = file.items.iter().map(|item| {
        let answers = item.clocks.iter().filter(|clock| clock.kind().is_answer());
        let first = answers.filter_map(|clock| clock.last_day(now).ok()).min();
        first.unwrap_or_else(|| super::write::local(now, file.language).date())
    });
    Letter::Acknowledgement {
        asks: file.items.iter().map(|item| item.ask).collect(),
        answers_by: answers_by.collect(),
        verification: verification(file),
        mandate: file.lacks_mandate(),
    }
}

/// What the receipt says of showing control: posts that the platform shows as gone are deleted without it.
fn verification(file: &RequestFile) -> Verification {
    let names_nothing = file.person.iter().all(|person| person.claims.is_empty());
    let names_posts = file.person.iter().flat_map(|person| &person.claims).any(Claim::is_post);
    let deletes = |item: &RequestItem| item.right().is_some_and(is_content_deletion);
    let unverified: Vec<&RequestItem> = file.items.iter().filter(|item| item.state == ItemState::Unverified).collect();
    if unverified.is_empty() {
        Verification::NotNeeded
    } else if names_nothing {
        Verification::Unnamed
    } else if names_posts && unverified.into_iter().all(deletes) {
        Verification::UnlessGone
    } else {
        Verification::Needed
    }
}

/// The answer that the guidelines fix, if they do.
pub(super) fn standard(inquiry: Inquiry) -> Option<Standard> {
    match inquiry {
        Inquiry::DisputeBetweenUsers => Some(Standard::DisputeBetweenUsers),
        Inquiry::Platform => Some(Standard::Platform),
        Inquiry::Guidelines | Inquiry::DecisionAndAppeal | Inquiry::Press | Inquiry::Other => None,
    }
}
