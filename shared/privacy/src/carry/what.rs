//! What granting each right means for the data.

use jiff::Timestamp;

use crate::clocks::ClockError;
use crate::file::{ItemState, RequestFile, Ruling};
use crate::law::{DeadlineKind, Right};

/// What has to be done when a right is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carry {
    /// Suppress, erase everywhere, look again, and remember it in the ledger.
    Erase,
    /// Make the package and tell where it is.
    Disclose,
    /// Read anew what the platform shows, and keep that.
    Refresh,
    /// Stop using the data, and keep it.
    Suppress,
    /// The letter itself is the answer.
    Tell,
}

/// What a right needs.
pub fn carry(right: Right) -> Carry {
    match right {
        Right::AppiCessation
        | Right::AppiNeedlessOrHarmful
        | Right::GdprErasure
        | Right::CcpaDelete
        | Right::XContentDeletion
        | Right::YoutubeDeletion => Carry::Erase,
        Right::AppiDisclosure
        | Right::AppiProvisionRecords
        | Right::GdprAccess
        | Right::GdprPortability
        | Right::CcpaKnow => Carry::Disclose,
        Right::AppiCorrection | Right::GdprRectification | Right::CcpaCorrect => Carry::Refresh,
        Right::GdprRestriction | Right::GdprObjection => Carry::Suppress,
        // Nothing is handed to third parties, and a person has looked at the decision before it came here.
        Right::AppiPurposeNotice | Right::AppiProvisionCessation | Right::GdprHumanReview | Right::CcpaOptOut => {
            Carry::Tell
        }
    }
}

/// Whether granting it ends in erasure.
pub fn erases(right: Right) -> bool {
    carry(right) == Carry::Erase
}

impl RequestFile {
    /// The rights of the file that ask for erasure and are open, or were granted.
    pub fn erasing(&self) -> impl Iterator<Item = Right> {
        self.items.iter().filter_map(|item| {
            let granted = item
                .decided
                .as_ref()
                .is_some_and(|decided| matches!(decided.proposal.ruling, Ruling::Grant | Ruling::Partly(_)));
            let wanted = matches!(item.state, ItemState::Open | ItemState::Proposed | ItemState::Fulfilling);
            item.right().filter(|right| erases(*right) && (wanted || granted))
        })
    }

    /// Whether a right that ends in erasure is open, or granted and not carried out yet.
    pub fn wants_erased(&self) -> bool {
        self.wants(Carry::Erase)
    }

    fn wants(&self, what: Carry) -> bool {
        let wanted = |state| matches!(state, ItemState::Open | ItemState::Proposed | ItemState::Fulfilling);
        self.items.iter().any(|item| wanted(item.state) && item.right().is_some_and(|right| carry(right) == what))
    }

    /// When an item that erases has to be done, where what is asked beside it would disclose what is erased then; `None`
    /// where nothing is.
    ///
    /// # Errors
    /// [`ClockError::Time`].
    pub fn discloses_before(&self, number: u32, now: Timestamp) -> Result<Option<Timestamp>, ClockError> {
        let item = self.item(number).filter(|_| self.wants(Carry::Disclose));
        let clocks = item.into_iter().flat_map(|item| item.clocks.iter()).filter(|clock| !clock.is_met());
        let ends = clocks.filter(|clock| clock.kind().is_answer() || clock.kind() == DeadlineKind::AppiErasure);
        Ok(ends.map(|clock| clock.due(now)).collect::<Result<Vec<_>, _>>()?.into_iter().min())
    }

    /// Whether its time of keeping is over while it still says who asked.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.kept_until().is_some_and(|until| now >= until)
    }

    /// Whether the file led to an erasure that was carried out.
    pub fn has_erased(&self) -> bool {
        self.has_carried_out(Carry::Erase)
    }

    /// Whether the file led to something that use of the data must not begin again after.
    pub fn has_ended_use(&self) -> bool {
        self.has_erased() || self.has_carried_out(Carry::Suppress)
    }

    fn has_carried_out(&self, what: Carry) -> bool {
        self.items.iter().any(|item| {
            let granted = item
                .decided
                .as_ref()
                .is_some_and(|decided| matches!(decided.proposal.ruling, Ruling::Grant | Ruling::Partly(_)));
            item.state == ItemState::Answered && granted && item.right().is_some_and(|right| carry(right) == what)
        })
    }
}
