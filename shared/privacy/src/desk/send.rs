//! What sending a letter leaves in its file: the id that answers will name, and the duties that it meets.

use jiff::Timestamp;

use super::{Desk, Result};
use crate::file::{Beside, Edit, Event, LetterKind, LetterState, QueuedLetter, Requests};
use crate::law::DeadlineKind;

impl<R: Requests> Desk<'_, R> {
    /// The mail service took a letter.
    ///
    /// # Errors
    /// The store's.
    pub async fn sent(&self, letter: &QueuedLetter, message_id: &str, now: Timestamp) -> Result<()> {
        self.amend(&letter.ticket, now, |edit| {
            // A code or a key is known to its reader alone.
            let secret =
                matches!(letter.kind, LetterKind::ProofOfControl | LetterKind::Package | LetterKind::Readdress);
            let sent = QueuedLetter {
                body: if secret { String::new() } else { letter.body.clone() },
                state: LetterState::Sent,
                attempts: letter.attempts + 1,
                tried: now,
                message_id: Some(message_id.to_owned()),
                ..letter.clone()
            };
            keep(edit, sent);
            edit.beside.push(Beside::Answers(message_id.to_owned(), Some(letter.number)));
            edit.log(
                now,
                Event::LetterSent,
                [("letter", Edit::plain(letter.number)), ("kind", Edit::code(letter.kind))],
            );
            if matches!(letter.kind, LetterKind::Acknowledgement | LetterKind::StandardAnswer | LetterKind::Reply) {
                meet(edit, &[DeadlineKind::ReceiptNotice, DeadlineKind::CcpaConfirmation], now);
            }
            Ok(())
        })
        .await
    }

    /// The mail service did not take a letter: for now, or for good, which makes the person unreachable.
    ///
    /// # Errors
    /// The store's.
    pub async fn not_sent(&self, letter: &QueuedLetter, reason: &str, is_final: bool, now: Timestamp) -> Result<()> {
        self.amend(&letter.ticket, now, |edit| {
            let state = if is_final { LetterState::Failed } else { LetterState::Pending };
            let tried = QueuedLetter { state, attempts: letter.attempts + 1, tried: now, ..letter.clone() };
            keep(edit, tried);
            edit.file.unreachable |= is_final && letter.kind != LetterKind::OfficerAlarm;
            edit.log(
                now,
                Event::LetterFailed,
                [
                    ("letter", Edit::plain(letter.number)),
                    ("reason", Edit::plain(reason)),
                    ("final", Edit::plain(is_final)),
                ],
            );
            Ok(())
        })
        .await
    }
}

/// Keeps how a letter stands, unless it is a person's whose file was purged while it was on its way: nothing of it comes
/// back.
fn keep(edit: &mut Edit, letter: QueuedLetter) {
    let purged = edit.file.person.is_none() && letter.kind != LetterKind::OfficerAlarm;
    edit.beside.push(if purged { Beside::NoLetter(letter.number) } else { Beside::Letter(letter) });
}

/// Marks duties as done on every item that has them and had not done them.
pub(crate) fn meet(edit: &mut Edit, kinds: &[DeadlineKind], now: Timestamp) {
    let mut met = Vec::new();
    for item in edit.file.items.iter_mut() {
        for kind in kinds {
            let owed = item.clocks.get(*kind).is_some_and(|clock| !clock.is_met());
            if owed && item.clocks.meet(*kind, now).is_ok() {
                met.push((item.number, *kind));
            }
        }
    }
    for (number, kind) in met {
        edit.log(now, Event::DutyMet, [("item", Edit::plain(number)), ("clock", Edit::code(kind))]);
    }
}
