//! One thing that is asked: its clocks, its state, what was proposed and decided.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::classify::Ask;
use crate::clocks::{Alarm, ClockError, Clocks};
use crate::law::{DeadlineKind, RefusalReason, Right};
use crate::letters::{DataItem, Form, Standard};
use crate::word as word_of;

/// Who said what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassifiedBy {
    /// The patterns.
    Patterns,
    /// The person, by choosing from a list.
    Requester,
    /// A reviewer, who corrected it.
    Reviewer {
        /// Who.
        by: String,
        /// What it was before.
        was: Ask,
    },
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Control of the account has to be shown first.
    Unverified,
    /// Waits for a decision or an answer of ours.
    Open,
    /// A decision waits for a second pair of eyes.
    Proposed,
    /// Granted, and being carried out.
    Fulfilling,
    /// Answered.
    Answered,
    /// Taken back by the person.
    Withdrawn,
    /// Closed because nobody verified it.
    Expired,
    /// Worked on in an older file.
    Duplicate,
}

impl ItemState {
    /// What a person is told who wants what cannot be done there.
    pub(crate) fn told(self) -> &'static str {
        match self {
            ItemState::Unverified => {
                "waits for control of its account to be shown; until then it can only be refused because of that"
            }
            ItemState::Open => "is open",
            ItemState::Proposed => "waits for a second pair of eyes",
            ItemState::Fulfilling => "was granted and is being carried out",
            ItemState::Answered => "was answered",
            ItemState::Withdrawn => "was taken back",
            ItemState::Expired => "was closed because nobody showed control of its account",
            ItemState::Duplicate => "is worked on in an older request",
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_closed(self) -> bool {
        match self {
            ItemState::Answered | ItemState::Withdrawn | ItemState::Expired | ItemState::Duplicate => true,
            ItemState::Unverified | ItemState::Open | ItemState::Proposed | ItemState::Fulfilling => false,
        }
    }
}

/// What a person is offered to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draft {
    /// The answer that the guidelines fix.
    Standard(Standard),
    /// Grant the right.
    Grant,
}

/// Why something is refused, before the law was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// From the closed list.
    pub reason: RefusalReason,
    /// Article of the right's regime.
    pub article: String,
    /// Measure taken instead, for the reason that needs one.
    pub substitute: Option<String>,
}

/// What somebody wants to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Wholly granted.
    Grant,
    /// Granted except for what these reasons cover.
    Partly(Vec<Reason>),
    /// Refused.
    Refuse(Reason),
    /// Nothing of it is held.
    NotHeld,
}

/// As the chain keeps it: its word, and each reason with its article.
impl fmt::Display for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, reasons) = match self {
            Ruling::Grant => ("grant", &[][..]),
            Ruling::Partly(reasons) => ("partly", reasons.as_slice()),
            Ruling::Refuse(reason) => ("refuse", std::slice::from_ref(reason)),
            Ruling::NotHeld => ("not_held", &[][..]),
        };
        f.write_str(word)?;
        reasons.iter().try_for_each(|one| write!(f, " {}@{}", word_of(one.reason), one.article))
    }
}

/// What belongs to a decision besides the ruling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    /// Fee in yen, where the law allows one.
    pub fee_yen: Option<u32>,
    /// Form of disclosure.
    pub form: Option<Form>,
    /// Items that are not held.
    pub not_held: Vec<DataItem>,
    /// Items that were corrected.
    #[serde(default)]
    pub corrected: Vec<DataItem>,
}

/// A ruling with who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The ruling.
    pub ruling: Ruling,
    /// What belongs to it.
    pub extra: Extra,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A decision that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What was proposed.
    pub proposal: Proposal,
    /// The second pair of eyes, where one was needed.
    pub seconded_by: Option<String>,
    /// When it came to stand.
    pub at: Timestamp,
}

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestItem {
    /// Its number within the file, from 1.
    pub number: u32,
    /// What is asked.
    pub ask: Ask,
    /// For an unclear question: the right that the words may mean.
    pub maybe: Option<Right>,
    /// Who said so.
    pub classified_by: ClassifiedBy,
    /// Where it stands.
    pub state: ItemState,
    /// Its clocks, all started at the arrival of the mail that asks it.
    pub clocks: Clocks,
    /// The highest alarm told for each clock.
    pub alarms_told: Vec<(DeadlineKind, Alarm)>,
    /// What a person is offered to send.
    pub draft: Option<Draft>,
    /// A decision that waits for its second.
    pub proposal: Option<Proposal>,
    /// The decision.
    pub decided: Option<Decided>,
    /// When carrying it out is tried next.
    pub fulfil_at: Option<Timestamp>,
    /// Whether the person was told that control was not shown yet.
    #[serde(default)]
    pub reminded: bool,
    /// A task by hand that carrying it out waits for, for example the posting of papers.
    pub task: Option<String>,
}

impl RequestItem {
    /// The right, when it is one.
    pub fn right(&self) -> Option<Right> {
        match self.ask {
            Ask::Right(right) => Some(right),
            Ask::Inquiry(_) => None,
        }
    }

    /// The alarm that comes next among all clocks, with its clock and moment.
    ///
    /// # Errors
    /// [`ClockError::Time`].
    pub fn next_alarm(&self) -> Result<Option<(DeadlineKind, Alarm, Timestamp)>, ClockError> {
        let mut first: Option<(DeadlineKind, Alarm, Timestamp)> = None;
        for clock in self.clocks.iter() {
            let told = self.alarms_told.iter().find(|(kind, _)| *kind == clock.kind()).map(|(_, alarm)| *alarm);
            if let Some((alarm, at)) = clock.next_alarm(told)?
                && first.is_none_or(|(_, _, earliest)| at < earliest)
            {
                first = Some((clock.kind(), alarm, at));
            }
        }
        Ok(first)
    }
}
