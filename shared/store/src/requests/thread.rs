//! What leads to a file: tokens, message ids, events; and how often a sender was answered.

use casework::ledger::{LedgerError, Result};
use jiff::{SignedDuration, Timestamp};
use privacy::file::Found;
use privacy::mail::Address;
use privacy::mail::loops::Sent;
use privacy::mail::thread::{ThreadKey, TicketId};

use super::{RequestStore, canonical, keys};
use crate::attributes::{number, text};

impl RequestStore {
    pub(super) async fn find_thread(&self, thread: &ThreadKey) -> Result<Option<Found>> {
        let pk = match thread {
            ThreadKey::Token(token) => keys::token(token),
            ThreadKey::MessageId(id) => self.message_key(id),
            ThreadKey::Ticket(ticket) => {
                let file = self.get(&keys::request(ticket), keys::FILE).await?;
                return Ok(file.map(|_| Found { ticket: ticket.clone(), letter: None }));
            }
        };
        let Some(item) = self.get(&pk, keys::THREAD).await? else { return Ok(None) };
        Ok(Some(Found { ticket: ticket(&item)?, letter: number(&item, "letter") }))
    }

    /// The ticket that an item names.
    pub(super) async fn read_link(&self, pk: &str, sk: &str) -> Result<Option<TicketId>> {
        self.get(pk, sk).await?.map(|item| ticket(&item)).transpose()
    }

    pub(super) async fn count_answers(&self, sender: &Address, now: Timestamp) -> Result<Sent> {
        let since = keys::answered_at(now - SignedDuration::from_hours(24), "");
        let of_sender =
            self.query(&keys::from(&self.key.address(&canonical(sender))), Some(keys::ANSWERED_PREFIX)).await?;
        let recent = of_sender.iter().filter(|item| text(item, "sk").is_some_and(|sk| sk >= since.as_str())).count();
        let mut to_all = 0_u32;
        for hour in keys::hours_until(now) {
            let item = self.get(&keys::answered_in(hour), keys::COUNT).await?;
            to_all += item.and_then(|item| number::<u32>(&item, "answers")).unwrap_or(0);
        }
        Ok(Sent { in_thread: 0, to_sender: u32::try_from(recent).unwrap_or(u32::MAX), to_all })
    }

    /// Keys of a mail of a sender; neither can be read back from them.
    pub(super) fn sender_keys(&self, sender: &Address, message_id: &str) -> (String, String) {
        (keys::from(&self.key.address(&canonical(sender))), self.message_key(message_id))
    }

    /// Message ids may hold an address, so they are keys only as HMACs.
    pub(super) fn message_key(&self, id: &str) -> String {
        keys::message(&self.key.message(id))
    }
}

fn ticket(item: &crate::attributes::Item) -> Result<TicketId> {
    let corrupt = || LedgerError::Corrupt("a link to no file".to_owned());
    TicketId::parse(text(item, "ticket").ok_or_else(corrupt)?).map_err(|_| corrupt())
}
