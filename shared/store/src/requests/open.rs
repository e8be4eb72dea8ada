//! Open files with their clocks, for the audit. Of a file's own attributes only number and items are read: nothing of
//! who asks.

use casework::audit::Page;
use casework::ledger::{LedgerError, Result};
use privacy::file::{RequestItem, WaitsFor};
use privacy::mail::thread::TicketId;
use serde::Deserialize;

use super::load::value;
use super::{RequestStore, keys};
use crate::attributes::key;
use crate::error::unavailable;

/// A file that is not closed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct OpenFile {
    /// Its number.
    pub ticket: TicketId,
    /// What is asked, each with its clocks.
    pub items: Vec<RequestItem>,
}

impl RequestStore {
    /// So many open files at most in the order of their numbers, from the one after `from` on.
    ///
    /// # Errors
    /// The store's.
    pub async fn open_files(&self, from: Option<&str>, most: usize) -> Result<Page<OpenFile>> {
        let from = from.map(TicketId::parse).transpose().map_err(|error| LedgerError::Corrupt(error.to_string()))?;
        let mut tickets = Vec::new();
        // Every open file waits for somebody.
        for waits_for in [WaitsFor::Person, WaitsFor::Fulfilment, WaitsFor::Staff] {
            tickets.extend(self.read_waiting(waits_for).await?);
        }
        tickets.retain(|ticket| from.as_ref().is_none_or(|from| ticket > from));
        tickets.sort_unstable();
        tickets.dedup();
        let next = tickets.get(..most).and_then(<[TicketId]>::last).filter(|_| tickets.len() > most);
        let next = next.map(TicketId::to_string);
        tickets.truncate(most);
        let mut items = Vec::with_capacity(tickets.len());
        for ticket in tickets {
            items.extend(self.open_file(&ticket).await?);
        }
        Ok(Page { items, next })
    }

    /// A file, unless it is closed.
    async fn open_file(&self, ticket: &TicketId) -> Result<Option<OpenFile>> {
        let got = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(&keys::request(ticket), keys::FILE)))
            .projection_expression("#file.ticket, #file.#items")
            .expression_attribute_names("#file", "file")
            .expression_attribute_names("#items", "items")
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable)?;
        let file: Option<OpenFile> = got.item.map(|item| value(item, "file")).transpose()?;
        Ok(file.filter(|file| file.items.iter().any(|item| !item.state.is_closed())))
    }
}
