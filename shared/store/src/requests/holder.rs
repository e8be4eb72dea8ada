//! The `requests` table as a place that holds personal data: a person's own files. Implements `Holder`.
//!
//! Erasing takes out of a file who asked, with the salt that opens its chain, and deletes its letters and mails. The
//! chain stays and verifies.

use casework::ledger::{LedgerError, Result};
use jiff::Timestamp;
use privacy::file::{Edit, RequestFile, Requests, Saved};
use privacy::mail::thread::TicketId;
use privacy::package::Record;
use privacy::registry::{Holder, Place, PlaceError, Subject, Take, Work};

use super::{RequestStore, keys};
use crate::attributes::{Item, key, s, text};
use crate::batch;
use crate::error::unavailable;

/// Tries of erasing a file that others change.
const TRIES: u32 = 5;

impl RequestStore {
    /// The files in which a person showed control of the account.
    ///
    /// # Errors
    /// The store's.
    pub async fn files_of(&self, person: &str) -> Result<Vec<TicketId>> {
        let items = self.query(&keys::person(person), None).await?;
        Ok(items.iter().filter_map(|item| TicketId::parse(text(item, "sk")?).ok()).collect())
    }

    /// Erases again what a backup brings back of files that have lost their person: letters, mails, and what leads to
    /// them. Gives the number of items. Reads the whole table, so it is for a person's tools and never for a function.
    ///
    /// # Errors
    /// The store's.
    pub async fn purge_again(&self, now: Timestamp) -> std::result::Result<u64, PlaceError> {
        let ways = self.all_ways().await.map_err(place_error)?;
        let mut erased = 0;
        for ticket in self.purged().await.map_err(place_error)? {
            let leads = |way: &&Item| text(way, "ticket") == Some(&ticket.to_string());
            let ways: Vec<Item> = ways.iter().filter(leads).cloned().collect();
            batch::delete_all(&self.client, &self.table, &ways).await.map_err(place_error)?;
            erased += ways.len() as u64 + self.purge(&ticket, now).await?;
        }
        Ok(erased)
    }

    /// The files that have lost their person.
    async fn purged(&self) -> Result<Vec<TicketId>> {
        let files = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("sk = :file AND attribute_type(#file.person, :null)")
            .expression_attribute_values(":file", s(keys::FILE))
            .expression_attribute_values(":null", s("NULL"))
            .projection_expression("pk")
            .expression_attribute_names("#file", "file");
        let files: Vec<Item> = files.into_paginator().items().send().try_collect().await.map_err(unavailable)?;
        Ok(files.iter().filter_map(|file| keys::parse_request(text(file, "pk")?)).collect())
    }

    /// What leads from a person, and from what a sender asks, to files.
    async fn all_ways(&self) -> Result<Vec<Item>> {
        let ways = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("begins_with(pk, :person) OR begins_with(pk, :active)")
            .expression_attribute_values(":person", s(keys::person("")))
            .expression_attribute_values(":active", s(keys::active("")))
            .projection_expression("pk, sk, ticket");
        ways.into_paginator().items().send().try_collect().await.map_err(unavailable)
    }

    async fn purge(&self, ticket: &TicketId, now: Timestamp) -> std::result::Result<u64, PlaceError> {
        let failed = |error: privacy::file::FileError| PlaceError::Unavailable(Place::Requests, error.to_string());
        let mut erased = 0;
        for _ in 0..TRIES {
            let Some(file) = self.load(ticket).await.map_err(failed)? else { return Ok(erased) };
            let beside =
                self.letters(ticket).await.map_err(failed)?.len() + self.mails(ticket).await.map_err(failed)?.len();
            // Who asked goes last: while that stands there, an end that was cut short is tried again.
            self.erase_letters_and_mails(ticket).await.map_err(place_error)?;
            erased += beside as u64;
            if file.person.is_none() {
                return Ok(erased);
            }
            let mut edit = Edit::of(file);
            edit.purge(now);
            match self.save(&edit, now).await.map_err(failed)? {
                Saved::Written => return Ok(erased + 1),
                // Something came in meanwhile.
                Saved::Stale | Saved::Before => {}
            }
        }
        Err(PlaceError::Unavailable(Place::Requests, "the file is being changed by others".to_owned()))
    }

    async fn forget_link(&self, person: &str, ticket: &TicketId) -> Result<()> {
        let sk = ticket.to_string();
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(&keys::person(person), &sk)));
        delete.send().await.map(|_| ()).map_err(unavailable)
    }
}

impl Holder for RequestStore {
    fn place(&self) -> Place {
        Place::Requests
    }

    fn collect<'a>(&'a self, subject: &'a Subject, take: &'a mut Take<'_>) -> Work<'a, ()> {
        Box::pin(async move {
            let failed = |error: privacy::file::FileError| PlaceError::Unavailable(Place::Requests, error.to_string());
            for ticket in &subject.tickets {
                let Some(file) = self.load(ticket).await.map_err(failed)? else { continue };
                take(record(&file))?;
                let mail = |direction: &str, at: Timestamp, text: &str| Record::Mail {
                    ticket: ticket.to_string(),
                    direction: direction.to_owned(),
                    at: Some(at),
                    bytes: text.len() as u64,
                };
                for received in self.mails(ticket).await.map_err(failed)? {
                    take(mail("in", received.at, &received.text))?;
                }
                for letter in self.letters(ticket).await.map_err(failed)? {
                    take(mail("out", letter.written, &letter.body))?;
                }
            }
            Ok(())
        })
    }

    fn erase<'a>(&'a self, subject: &'a Subject, now: Timestamp) -> Work<'a, u64> {
        Box::pin(async move {
            let mut erased = 0;
            for ticket in &subject.tickets {
                self.forget_link(&subject.person, ticket).await.map_err(place_error)?;
                erased += self.purge(ticket, now).await?;
            }
            Ok(erased)
        })
    }

    fn verify<'a>(&'a self, subject: &'a Subject) -> Work<'a, u64> {
        Box::pin(async move {
            let failed = |error: privacy::file::FileError| PlaceError::Unavailable(Place::Requests, error.to_string());
            let mut left = 0;
            for ticket in &subject.tickets {
                let file = self.load(ticket).await.map_err(failed)?;
                left += u64::from(file.is_some_and(|file| file.person.is_some()));
                left += self.letters(ticket).await.map_err(failed)?.len() as u64;
                left += self.mails(ticket).await.map_err(failed)?.len() as u64;
            }
            let links = self.files_of(&subject.person).await.map_err(place_error)?;
            Ok(left + links.iter().filter(|ticket| subject.tickets.contains(ticket)).count() as u64)
        })
    }
}

fn record(file: &RequestFile) -> Record {
    let code = |ask| {
        let value = serde_json::to_value(ask).unwrap_or_default();
        let inner = || value.as_object()?.values().next()?.as_str();
        value.as_str().or_else(inner).unwrap_or_default().to_owned()
    };
    Record::Request {
        ticket: file.ticket.to_string(),
        received_at: file.arrived,
        asks: file.items.iter().map(|item| code(item.ask)).collect(),
        state: if file.is_closed() { "closed" } else { "open" }.to_owned(),
    }
}

fn place_error(error: LedgerError) -> PlaceError {
    PlaceError::Unavailable(Place::Requests, error.to_string())
}
