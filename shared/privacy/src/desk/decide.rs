//! Decisions on rights, checked by the law as it stood when the request came. Refusals and disclosures need a second
//! pair of eyes.

use jiff::Timestamp;

use super::{Desk, DeskError, Result};
use crate::carry::{Carry, carry};
use crate::file::{
    Decided, Edit, Event, Extra, ItemState, LetterKind, Proposal, Reason, RequestFile, RequestItem, Requests, Ruling,
};
use crate::law::{Law, Refusal, RefusalReason, Right};
use crate::letters::{Decision, Form, Letter, Outcome};
use crate::mail::thread::TicketId;

/// How far a decision got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It waits for a second pair of eyes.
    Proposed,
    /// It stands, and is carried out or told.
    Decided,
}

/// The task of posting a disclosure on paper.
pub const POST_PAPER: &str = "post_paper";
/// The task of handing a disclosure over in the way that the person proposed.
pub const HAND_OVER: &str = "hand_over";
/// The task of carrying out a grant in part: which data its reasons keep back, only a person can tell.
pub const CARRY_OUT_IN_PART: &str = "carry_out_in_part";

impl<R: Requests> Desk<'_, R> {
    /// Decides on a right, or seconds the same decision of somebody else.
    ///
    /// # Errors
    /// [`DeskError::Law`] for a reason that is no ground by that article or a fee that the law does not allow,
    /// [`DeskError::SamePerson`], [`DeskError::Stage`], [`DeskError::NotARight`], [`DeskError::DoesNotFit`].
    pub async fn decide(
        &self,
        ticket: &TicketId,
        number: u32,
        ruling: &Ruling,
        extra: &Extra,
        by: &str,
        now: Timestamp,
    ) -> Result<Stand> {
        self.amend(ticket, now, |edit| {
            let (right, item) = right_item(&edit.file, number)?;
            may_be_decided(item, ruling)?;
            check(&edit.file, right, ruling, extra)?;
            let mut extra = extra.clone();
            if offers_form(&edit.file, right)? && matches!(ruling, Ruling::Grant | Ruling::Partly(_)) {
                extra.form = Some(extra.form.or(edit.file.form).unwrap_or(Form::Electronic));
            }
            let proposal = Proposal { ruling: ruling.clone(), extra, by: by.to_owned(), at: now };
            let earlier = item.proposal.clone();
            let seconded_by = match earlier {
                None if needs_second(right, ruling) => return propose(edit, number, proposal),
                None => None,
                // Whoever proposed may think again, which starts anew.
                Some(earlier) if earlier.by == by && earlier.ruling == *ruling => return Err(DeskError::SamePerson),
                Some(earlier) if earlier.by == by => return propose(edit, number, proposal),
                Some(earlier) if earlier.ruling == *ruling && earlier.extra == proposal.extra => Some(by.to_owned()),
                Some(_) => return Err(DeskError::DoesNotFit("the proposal says something else: send it back first")),
            };
            let proposal = match seconded_by {
                Some(_) => item.proposal.clone().unwrap_or(proposal),
                None => proposal,
            };
            self.stand(edit, number, Decided { proposal, seconded_by, at: now }, now)
        })
        .await
    }

    /// Seconds whatever was proposed.
    ///
    /// # Errors
    /// [`DeskError::SamePerson`]; [`DeskError::Stage`] when nothing is proposed.
    pub async fn second(&self, ticket: &TicketId, number: u32, by: &str, now: Timestamp) -> Result<Stand> {
        self.amend(ticket, now, |edit| {
            let (_, item) = right_item(&edit.file, number)?;
            let proposal = item.proposal.clone().ok_or(DeskError::Stage(number, item.state))?;
            if proposal.by == by {
                return Err(DeskError::SamePerson);
            }
            self.stand(edit, number, Decided { proposal, seconded_by: Some(by.to_owned()), at: now }, now)
        })
        .await
    }

    /// Sends a proposal back to be thought over.
    ///
    /// # Errors
    /// [`DeskError::Stage`] when nothing is proposed.
    pub async fn send_back(&self, ticket: &TicketId, number: u32, by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let state = right_item(&edit.file, number)?.1.state;
            let taken = edit.item_mut(number).and_then(|item| item.proposal.take().map(|_| item));
            taken.ok_or(DeskError::Stage(number, state))?.state = ItemState::Open;
            edit.log(now, Event::SentBack, [("item", Edit::plain(number)), ("by", Edit::plain(by))]);
            Ok(())
        })
        .await
    }

    /// What was granted has been carried out: the person is told, and the item is closed.
    ///
    /// # Errors
    /// [`DeskError::Stage`] when the item is not being carried out.
    pub async fn carried_out(&self, ticket: &TicketId, number: u32, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let (_, item) = right_item(&edit.file, number)?;
            if item.state != ItemState::Fulfilling {
                return Err(DeskError::Stage(number, item.state));
            }
            self.tell(edit, number, now)
        })
        .await
    }

    /// A task by hand was done, for example the papers were posted.
    ///
    /// # Errors
    /// [`DeskError::Stage`] when there is none.
    pub async fn task_done(&self, ticket: &TicketId, number: u32, by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let (_, item) = right_item(&edit.file, number)?;
            let task = item.task.clone().ok_or(DeskError::Stage(number, item.state))?;
            if let Some(item) = edit.item_mut(number) {
                item.task = None;
            }
            let fields = [("item", Edit::plain(number)), ("task", Edit::plain(task)), ("by", Edit::plain(by))];
            edit.log(now, Event::TaskDone, fields);
            self.tell(edit, number, now)
        })
        .await
    }

    /// Carrying out failed for now and is tried again.
    ///
    /// # Errors
    /// [`DeskError::Stage`] when the item is not being carried out.
    pub async fn put_off(
        &self,
        ticket: &TicketId,
        number: u32,
        until: Timestamp,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let state = right_item(&edit.file, number)?.1.state;
            match edit.item_mut(number) {
                Some(item) if item.state == ItemState::Fulfilling => item.fulfil_at = Some(until),
                Some(_) | None => return Err(DeskError::Stage(number, state)),
            }
            edit.log(now, Event::FulfilmentFailed, [("item", Edit::plain(number)), ("reason", Edit::plain(reason))]);
            Ok(())
        })
        .await
    }

    /// A decision stands: a refusal is told at once, a grant carried out first.
    fn stand(&self, edit: &mut Edit, number: u32, decided: Decided, now: Timestamp) -> Result<Stand> {
        let ruling = decided.proposal.ruling.clone();
        let by_hand = by_hand(right_item(&edit.file, number)?.0, &decided.proposal);
        let second = decided.seconded_by.as_ref().map_or_else(|| Edit::plain("not_needed"), Edit::plain);
        let fields = [
            ("item", Edit::plain(number)),
            ("ruling", Edit::plain(&ruling)),
            ("by", Edit::plain(&decided.proposal.by)),
            ("second", second),
        ];
        edit.log(now, Event::Decided, fields);
        if let Some(item) = edit.item_mut(number) {
            item.proposal = None;
            item.decided = Some(decided);
        }
        match ruling {
            Ruling::Refuse(_) | Ruling::NotHeld => {
                if let Some(item) = edit.item_mut(number) {
                    item.clocks.refused(now);
                }
                self.tell(edit, number, now)?;
            }
            Ruling::Grant | Ruling::Partly(_) => {
                if let Some(item) = edit.item_mut(number) {
                    item.state = ItemState::Fulfilling;
                    item.task = by_hand.map(str::to_owned);
                    item.fulfil_at = by_hand.is_none().then_some(now);
                }
                if let Some(task) = by_hand {
                    let fields = [("item", Edit::plain(number)), ("task", Edit::plain(task))];
                    edit.log(now, Event::TaskOpened, fields);
                }
            }
        }
        Ok(Stand::Decided)
    }

    /// Writes the letter of a decision and closes the item.
    pub(crate) fn tell(&self, edit: &mut Edit, number: u32, now: Timestamp) -> Result<()> {
        let (right, item) = right_item(&edit.file, number)?;
        let decided = item.decided.clone().ok_or(DeskError::Stage(number, item.state))?;
        let law = edit.file.law.law();
        let outcome = match &decided.proposal.ruling {
            Ruling::Grant => Outcome::Granted,
            Ruling::Partly(reasons) => Outcome::Partly(refusals(&law, &edit.file, right, reasons)?),
            Ruling::Refuse(reason) => Outcome::Refused(refusal(&law, &edit.file, right, reason)?),
            Ruling::NotHeld => Outcome::NotHeld,
        };
        let marked = edit.file.suppressed;
        let Extra { not_held, corrected, .. } = decided.proposal.extra;
        let letter = Letter::Decision(vec![Decision { right, outcome, not_held, corrected, marked }]);
        self.addresses.write(edit, LetterKind::Decision, &letter, now);
        edit.close_item(number, ItemState::Answered, Event::Answered, now);
        Ok(())
    }
}

/// What of a grant is done by hand, if it is.
fn by_hand(right: Right, granted: &Proposal) -> Option<&'static str> {
    let in_part = matches!(granted.ruling, Ruling::Partly(_));
    match (granted.extra.form, carry(right)) {
        (Some(Form::Paper), _) => Some(POST_PAPER),
        (Some(Form::Other), _) => Some(HAND_OVER),
        (Some(Form::Electronic) | None, Carry::Disclose | Carry::Erase) => in_part.then_some(CARRY_OUT_IN_PART),
        (Some(Form::Electronic) | None, Carry::Refresh | Carry::Suppress | Carry::Tell) => None,
    }
}

fn propose(edit: &mut Edit, number: u32, proposal: Proposal) -> Result<Stand> {
    let fields =
        [("item", Edit::plain(number)), ("ruling", Edit::plain(&proposal.ruling)), ("by", Edit::plain(&proposal.by))];
    let at = proposal.at;
    if let Some(item) = edit.item_mut(number) {
        item.state = ItemState::Proposed;
        item.proposal = Some(proposal);
    }
    edit.log(at, Event::Proposed, fields);
    Ok(Stand::Proposed)
}

fn right_item(file: &RequestFile, number: u32) -> Result<(Right, &RequestItem)> {
    let item = file.item(number).ok_or_else(|| DeskError::NoItem(file.ticket.clone(), number))?;
    Ok((item.right().ok_or(DeskError::NotARight(number))?, item))
}

/// An unverified request can only be refused for what its being unverified means.
fn may_be_decided(item: &RequestItem, ruling: &Ruling) -> Result<()> {
    let of_unverified = |reason: RefusalReason| {
        matches!(
            reason,
            RefusalReason::NotVerified
                | RefusalReason::CannotIdentify
                | RefusalReason::UnfoundedOrExcessive
                | RefusalReason::SuspectedFraud
        )
    };
    match (item.state, ruling) {
        (ItemState::Open | ItemState::Proposed, _) => Ok(()),
        (ItemState::Unverified, Ruling::Refuse(reason)) if of_unverified(reason.reason) => Ok(()),
        (
            ItemState::Unverified
            | ItemState::Fulfilling
            | ItemState::Answered
            | ItemState::Withdrawn
            | ItemState::Expired
            | ItemState::Duplicate,
            _,
        ) => Err(DeskError::Stage(item.number, item.state)),
    }
}

/// Asks the law of the request about every reason, the fee and the form.
fn check(file: &RequestFile, right: Right, ruling: &Ruling, extra: &Extra) -> Result<()> {
    let law = file.law.law();
    match ruling {
        Ruling::Refuse(reason) => {
            refusal(&law, file, right, reason)?;
        }
        Ruling::Partly(reasons) if reasons.is_empty() => {
            return Err(DeskError::DoesNotFit("a partial grant needs the reason for the rest"));
        }
        Ruling::Partly(reasons) => {
            refusals(&law, file, right, reasons)?;
        }
        Ruling::Grant | Ruling::NotHeld => {}
    }
    if let Some(yen) = extra.fee_yen {
        law.fee(right, yen, file.law.on())?;
    }
    if extra.form.is_some() && !offers_form(file, right)? {
        return Err(DeskError::DoesNotFit("this right offers no choice of form"));
    }
    Ok(())
}

fn offers_form(file: &RequestFile, right: Right) -> Result<bool> {
    Ok(file.law.law().right(right, file.law.on())?.form_choice)
}

fn refusal(law: &Law, file: &RequestFile, right: Right, reason: &Reason) -> Result<Refusal> {
    Ok(law.refuse(right, reason.reason, &reason.article, reason.substitute.as_deref(), file.law.on())?)
}

fn refusals(law: &Law, file: &RequestFile, right: Right, reasons: &[Reason]) -> Result<Vec<Refusal>> {
    reasons.iter().map(|reason| refusal(law, file, right, reason)).collect()
}

/// Refusals in whole or part, and whatever lets data out.
fn needs_second(right: Right, ruling: &Ruling) -> bool {
    match ruling {
        Ruling::Refuse(_) | Ruling::Partly(_) | Ruling::NotHeld => true,
        Ruling::Grant => discloses(right),
    }
}

/// Whether granting the right hands data out.
pub fn discloses(right: Right) -> bool {
    match right {
        Right::AppiDisclosure
        | Right::AppiProvisionRecords
        | Right::GdprAccess
        | Right::GdprPortability
        | Right::CcpaKnow => true,
        Right::AppiPurposeNotice
        | Right::AppiCorrection
        | Right::AppiCessation
        | Right::AppiProvisionCessation
        | Right::AppiNeedlessOrHarmful
        | Right::GdprRectification
        | Right::GdprErasure
        | Right::GdprRestriction
        | Right::GdprObjection
        | Right::GdprHumanReview
        | Right::CcpaDelete
        | Right::CcpaCorrect
        | Right::CcpaOptOut
        | Right::XContentDeletion
        | Right::YoutubeDeletion => false,
    }
}
