//! Where every chain stands, for the daily root, and whole chains for the export.

use casework::ledger::Result;
use privacy::chain::Head as ChainHead;
use privacy::mail::thread::TicketId;
use privacy::proof::{Export, Head};
use serde::Deserialize;

use super::load::value;
use super::{RequestStore, keys};
use crate::attributes::s;
use crate::error::unavailable;

#[derive(Deserialize)]
struct Stands {
    ticket: TicketId,
    log: ChainHead,
}

impl RequestStore {
    /// The heads of all chains, page by page; the table is small, and this happens once a day.
    ///
    /// # Errors
    /// The store's.
    pub async fn heads(&self) -> Result<Vec<Head>> {
        let files = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("sk = :file AND begins_with(pk, :request)")
            .expression_attribute_values(":file", s(keys::FILE))
            .expression_attribute_values(":request", s("REQUEST#"))
            .projection_expression("#file.ticket, #file.#log")
            .expression_attribute_names("#file", "file")
            .expression_attribute_names("#log", "log");
        let (mut heads, mut pages) = (Vec::new(), files.into_paginator().items().send());
        while let Some(file) = pages.next().await {
            let Stands { ticket, log } = value(file.map_err(unavailable)?, "file")?;
            heads.push(Head { ticket, entries: log.entries, hash: log.hash });
        }
        Ok(heads)
    }

    /// One chain as it is exported, up to the head that was read: what was appended since is left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn export(&self, head: &Head) -> Result<Export> {
        let mut entries = self.read_entries(&head.ticket).await?;
        entries.truncate(usize::try_from(head.entries).unwrap_or(usize::MAX));
        Ok(Export { ticket: head.ticket.clone(), entries, head: head.hash })
    }
}
