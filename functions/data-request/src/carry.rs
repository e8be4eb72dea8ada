//! Identity, fulfilment and proof: what the function does besides mail, over the parts that only this needs.

mod daily;
mod disclose;
mod erase;
mod fulfil;
mod gone;
mod identify;
mod leak;
mod places;
mod replay;

use std::sync::{Arc, Mutex};

use casework::platform::Lookup;
use jiff::civil::Date;
use privacy::file::Account;
use rules::UserId;
use store::Store;

pub use daily::export;
pub(crate) use disclose::random;
pub use identify::suppress_where_asked;
pub use leak::{Reported, open_incident};
pub use places::{MailPlace, PackagePlace};
pub use replay::{Replayed, replay};

/// How often one caller may do something within an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests sent in from one network address.
    pub submissions: u32,
    /// Requests sent in for one e-mail address.
    pub mailbox: u32,
    /// Other calls from one network address.
    pub calls: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { submissions: 20, mailbox: 5, calls: 300 }
    }
}

/// The parts that carrying out needs. `O` keeps packages and proofs.
#[derive(Clone)]
pub struct Carrier<O> {
    /// The decisions table.
    pub decisions: Store,
    /// Our own accounts.
    pub own: Vec<Account>,
    /// Reads of the platforms.
    pub lookup: Arc<dyn Lookup>,
    /// The reports bucket: packages under `packages/`.
    pub packages: O,
    /// The proof bucket, under object lock: `roots/` and `erasures/`.
    pub proof: O,
    /// Where the interface can be reached, without a slash at the end; goes into letters.
    pub site: String,
    /// Rate limits.
    pub limits: Limits,
    /// The newest day whose root is known to exist.
    pub closed: Arc<Mutex<Option<Date>>>,
}

impl<O> Carrier<O> {
    /// The key of the person whose account it is.
    pub fn person(&self, account: &Account) -> String {
        self.decisions.person(account.platform(), &UserId(account.id().to_owned()))
    }
}
