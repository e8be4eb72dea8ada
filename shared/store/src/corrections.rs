//! The register of corrections, beside the posts that they are about. Implements `Register`.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use casework::corrections::{Correction, Register};
use casework::decision::PostKey;
use casework::event::Outbound;
use casework::ledger::{LedgerError, Result};

use crate::attributes::{Item, at, from_item, key, n, s, to_item};
use crate::case_file::outbound;
use crate::error::unavailable;
use crate::keys::{Bucket, SHARDS};
use crate::{Store, keys};

impl Register for Store {
    async fn own_post(&self, post: &PostKey) -> Result<Option<Outbound>> {
        match self.get(&keys::post(post), keys::OUTBOUND).await? {
            // A post of which only the deletion is known has no words to correct.
            Some(item) if item.contains_key("as_of") => outbound(post, &item).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    async fn corrections_of(&self, post: &PostKey) -> Result<Vec<Correction>> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", s(keys::post(post)))
            .expression_attribute_values(":prefix", s(keys::CORRECTION_PREFIX))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable)?;
        found.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    async fn open_corrections(&self) -> Result<Vec<Correction>> {
        let mut open: Vec<Correction> = Vec::new();
        for shard in 0..SHARDS {
            for item in self.queue_shard(Bucket::Correction, shard, None).await? {
                open.push(from_item(item)?);
            }
        }
        // The index may be behind.
        open.retain(|correction| correction.state.is_open());
        open.sort_by_key(|correction| correction.opened_at);
        Ok(open)
    }

    async fn add_correction(&self, correction: &Correction) -> Result<()> {
        let put = self.put_correction(correction)?.condition_expression("attribute_not_exists(pk)");
        written(put).await
    }

    async fn replace_correction(&self, old: &Correction, new: &Correction) -> Result<()> {
        let put = self
            .put_correction(new)?
            .condition_expression("changes = :changes")
            .expression_attribute_values(":changes", n(old.steps.len()));
        written(put).await
    }
}

impl Store {
    fn put_correction(&self, correction: &Correction) -> Result<PutItemFluentBuilder> {
        let mut item: Item = to_item(correction)?;
        item.extend(key(&keys::post(&correction.post), &keys::correction(correction.number)));
        item.insert("changes".to_owned(), n(correction.steps.len()));
        if correction.state.is_open() {
            item.insert("queue".to_owned(), s(Bucket::Correction.of(&correction.post)));
            item.insert("due".to_owned(), at(correction.opened_at));
        }
        Ok(self.client.put_item().table_name(&self.table).set_item(Some(item)))
    }
}

async fn written(put: PutItemFluentBuilder) -> Result<()> {
    match put.send().await {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(_)) => {
                Err(LedgerError::Conflict("the correction changed meanwhile".to_owned()))
            }
            Some(_) | None => Err(unavailable(error)),
        },
    }
}
