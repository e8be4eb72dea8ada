//! Which rulebook is in force, and which rules are demoted. Implements `Publications`.

use aws_sdk_dynamodb::types::Put;
use casework::ledger::{LedgerError, Result};
use casework::publication::{Demotion, Publications, Restored, Standing, Version};

use crate::attributes::{Item, from_item, key, n, s, text, to_item, to_value};
use crate::error::{applied, unavailable};
use crate::transaction::{Written, incomplete, put};
use crate::{Store, keys};

impl Publications for Store {
    async fn standing(&self) -> Result<Standing> {
        let mut standing = Standing::default();
        // Demotions sort before the pointer, so that one range holds both.
        for item in self.rulebook_items(keys::DEMOTED_PREFIX, keys::IN_FORCE, true).await? {
            match text(&item, "sk") {
                Some(keys::IN_FORCE) => standing.version = Some(from_item(item)?),
                _ => standing.demotions.push(from_item(item)?),
            }
        }
        Ok(standing)
    }

    async fn versions(&self) -> Result<Vec<Version>> {
        let to = format!("{}~", keys::VERSION_PREFIX);
        let items = self.rulebook_items(keys::VERSION_PREFIX, &to, false).await?;
        items.into_iter().map(from_item).collect()
    }

    async fn put_in_force(&self, version: &Version) -> Result<()> {
        let kept = Put::builder()
            .table_name(&self.table)
            .set_item(Some(keyed(version, &keys::version(version.number))?))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(incomplete)?;
        let pointer = Put::builder().table_name(&self.table).set_item(Some(keyed(version, keys::IN_FORCE)?));
        let pointer = match version.number {
            1 => pointer.condition_expression("attribute_not_exists(pk)"),
            number => pointer
                .condition_expression("#number = :before")
                .expression_attribute_names("#number", "number")
                .expression_attribute_values(":before", n(number - 1)),
        };
        match self.write_all(vec![put(kept), put(pointer.build().map_err(incomplete)?)]).await? {
            Written::Yes => Ok(()),
            Written::Refused(_) => Err(LedgerError::Conflict("somebody else put a rulebook in force".to_owned())),
        }
    }

    async fn demote(&self, demotion: &Demotion) -> Result<bool> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(keyed(demotion, &keys::demoted(&demotion.rule))?))
            .condition_expression("attribute_not_exists(pk) OR attribute_exists(restored)")
            .send()
            .await;
        applied(sent)
    }

    async fn restore(&self, rule: &str, restored: &Restored) -> Result<bool> {
        let sent = self
            .update(keys::RULEBOOK, &keys::demoted(rule))
            .update_expression("SET restored = :restored")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(restored)")
            .expression_attribute_values(":restored", to_value(restored)?)
            .send()
            .await;
        applied(sent)
    }
}

impl Store {
    /// Items of the rulebook's partition between two sort keys, all pages, read consistently.
    async fn rulebook_items(&self, from: &str, to: &str, forward: bool) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":pk", s(keys::RULEBOOK))
                .expression_attribute_values(":from", s(from))
                .expression_attribute_values(":to", s(to))
                .scan_index_forward(forward)
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

fn keyed(value: &impl serde::Serialize, sk: &str) -> Result<Item> {
    let mut item = to_item(value)?;
    item.extend(key(keys::RULEBOOK, sk));
    Ok(item)
}
