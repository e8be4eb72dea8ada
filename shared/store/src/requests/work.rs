//! What waits for somebody and what time has come for: the two indexes, and the lease on a letter.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValue;
use casework::ledger::Result;
use jiff::{SignedDuration, Timestamp};
use privacy::file::{Due, QueuedLetter, WaitsFor};
use privacy::mail::thread::TicketId;

use super::load::value;
use super::{LETTER_LEASE_SECONDS, RequestStore, keys};
use crate::attributes::{Item, at, key, s, text};
use crate::batch;
use crate::error::unavailable;

impl RequestStore {
    pub(super) async fn read_waiting(&self, waits_for: WaitsFor) -> Result<Vec<TicketId>> {
        let mut found = Vec::new();
        for shard in 0..keys::SHARDS {
            let items =
                self.index(keys::WAITS_INDEX, "waits", &keys::waits(waits_for, shard), None, usize::MAX).await?;
            found.extend(items.into_iter().filter_map(|item| {
                Some((text(&item, "arrived")?.to_owned(), keys::parse_request(text(&item, "pk")?)?))
            }));
        }
        found.sort();
        Ok(found.into_iter().map(|(_, ticket)| ticket).collect())
    }

    pub(super) async fn read_due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>> {
        let mut found = Vec::new();
        for shard in 0..keys::SHARDS {
            let items = self.index(keys::DUE_INDEX, "wakes", &keys::due(shard), Some(now), limit).await?;
            found.extend(items.into_iter().filter_map(|item| {
                let ticket = keys::parse_request(text(&item, "pk")?)?;
                let due = match keys::parse_letter(text(&item, "sk")?) {
                    Some(number) => Due::Letter(ticket, number),
                    None => Due::File(ticket),
                };
                Some((text(&item, "due")?.to_owned(), due))
            }));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found.into_iter().map(|(_, due)| due).take(limit).collect())
    }

    pub(super) async fn lease_letter(
        &self,
        ticket: &TicketId,
        number: u32,
        now: Timestamp,
    ) -> Result<Option<QueuedLetter>> {
        let leased = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&keys::request(ticket), &keys::letter(number))))
            .update_expression("SET due = :until")
            // Only a pending letter is in the index, and only one that is due may be taken.
            .condition_expression("attribute_exists(wakes) AND due <= :now")
            .expression_attribute_values(":until", at(now + SignedDuration::from_secs(LETTER_LEASE_SECONDS)))
            .expression_attribute_values(":now", at(now))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match leased {
            Ok(leased) => leased.attributes.map(|item| value(item, "letter")).transpose(),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    pub(super) async fn erase_letters_and_mails(&self, ticket: &TicketId) -> Result<()> {
        let pk = keys::request(ticket);
        for prefix in [keys::LETTER_PREFIX, keys::MAIL_PREFIX] {
            batch::delete_all(&self.client, &self.table, &self.query(&pk, Some(prefix)).await?).await?;
        }
        Ok(())
    }

    /// Keys in one partition of an index, the earliest first, up to a time.
    async fn index(
        &self,
        index: &str,
        hash: &str,
        partition: &str,
        until: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<Item>> {
        let request = self.client.query().table_name(&self.table).index_name(index);
        let request = request.expression_attribute_names("#hash", hash);
        let request = request.expression_attribute_values(":hash", s(partition));
        let request = match until {
            Some(until) => request
                .key_condition_expression("#hash = :hash AND due <= :until")
                .expression_attribute_values(":until", at(until)),
            None => request.key_condition_expression("#hash = :hash"),
        };
        let (mut items, mut pages) = (Vec::new(), request.into_paginator().items().send());
        while items.len() < limit
            && let Some(item) = pages.next().await
        {
            items.push(item.map_err(unavailable)?);
        }
        Ok(items)
    }
}
