//! Where every chain stands, for the daily root, and whole chains for the export.

use casework::ledger::{LedgerError, Result};
use privacy::chain::Head as ChainHead;
use privacy::mail::thread::TicketId;
use privacy::proof::{Export, Head};
use serde::Deserialize;

use super::{RequestStore, keys};
use crate::attributes::{Item, s};
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
        let mut heads = Vec::new();
        let mut start: Option<Item> = None;
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.table)
                .filter_expression("sk = :file AND begins_with(pk, :request)")
                .expression_attribute_values(":file", s(keys::FILE))
                .expression_attribute_values(":request", s("REQUEST#"))
                .projection_expression("#file.ticket, #file.#log")
                .expression_attribute_names("#file", "file")
                .expression_attribute_names("#log", "log")
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            for mut item in page.items.unwrap_or_default() {
                let file =
                    item.remove("file").ok_or_else(|| LedgerError::Corrupt("a file without a state".to_owned()))?;
                let stands: Stands = serde_dynamo::from_attribute_value(file)
                    .map_err(|error| LedgerError::Corrupt(error.to_string()))?;
                heads.push(Head { ticket: stands.ticket, entries: stands.log.entries, hash: stands.log.hash });
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(heads);
            }
        }
    }

    /// One chain as it is exported, with the head that its file states.
    ///
    /// # Errors
    /// The store's.
    pub async fn export(&self, head: &Head) -> Result<Export> {
        Ok(Export { ticket: head.ticket.clone(), entries: self.read_entries(&head.ticket).await?, head: head.hash })
    }
}
