//! What can happen to a file, as codes of the audit chain.

use serde::Serialize;

/// One kind of entry. A code never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A request arrived and its clocks started.
    Received,
    /// A further mail arrived in its thread.
    MailReceived,
    /// Something new was asked in the thread.
    ItemAdded,
    /// A letter was written; it goes out next.
    LetterQueued,
    /// The mail service took a letter.
    LetterSent,
    /// The mail service will not take a letter.
    LetterFailed,
    /// What became of a letter.
    DeliveryReported,
    /// A reviewer said what is really asked.
    Reclassified,
    /// A person has read what came.
    Read,
    /// A one-time code was issued.
    CodeIssued,
    /// A guess at a code failed.
    CodeRefused,
    /// Control of an account was shown.
    Verified,
    /// Somebody asks on behalf of the person.
    AgentAsks,
    /// One of us saw the agent's mandate.
    MandateSeen,
    /// The platform itself shows the content as gone.
    GoneOnPlatform,
    /// The posts that the person names were looked up on their platforms.
    LookedUp,
    /// The account that the person names was looked for.
    AccountSought,
    /// The person agreed that address and account are linked for this procedure.
    MatchingConsent,
    /// Letters shall go to another address: both mailboxes were asked.
    ReaddressAsked,
    /// One of the two mailboxes confirmed it.
    ReaddressConfirmed,
    /// Letters go there from now on.
    Readdressed,
    /// Clocks stand still.
    Paused,
    /// Clocks run on.
    Resumed,
    /// A clock was lengthened.
    Extended,
    /// A clock reached an alarm.
    Alarm,
    /// A duty was done.
    DutyMet,
    /// A decision waits for a second pair of eyes.
    Proposed,
    /// A decision stands.
    Decided,
    /// The second pair of eyes saw it otherwise.
    SentBack,
    /// Erasure is stopped for legal reasons.
    Held,
    /// The stop is over.
    Released,
    /// Use of the data stopped.
    Suppressed,
    /// What was stopped is used again.
    UsedAgain,
    /// Data was collected for disclosure.
    Collected,
    /// A package of disclosure was made.
    PackageMade,
    /// A package of disclosure was fetched.
    PackageFetched,
    /// Data was erased from a store.
    Erased,
    /// A store was found empty.
    ErasureChecked,
    /// Stored data was refreshed from the platform.
    Refreshed,
    /// A task for a person was opened.
    TaskOpened,
    /// A task was done.
    TaskDone,
    /// What was granted could not be carried out yet.
    FulfilmentFailed,
    /// An item was answered.
    Answered,
    /// The person took it back.
    Withdrawn,
    /// Nobody verified it in time.
    Expired,
    /// The same person asks the same in an older file.
    LinkedToOlder,
    /// A mail was put aside.
    Quarantined,
    /// A stored mail was deleted.
    MailDeleted,
    /// The personal data of the file was erased.
    Purged,
    /// Something went wrong with other people's data on the way.
    IncidentOpened,
}

impl Event {
    /// The code in the chain.
    pub fn code(self) -> String {
        crate::word(self)
    }
}
