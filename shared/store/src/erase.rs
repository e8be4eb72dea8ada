//! Erases a person from the `decisions` table, page by page; may be repeated after any failure.
//!
//! Of the person's decisions a closed list of attributes is removed in place, the only exception to append-only: from
//! the head the person's key and the link to the text, from a decision the hash of the content and what a member of
//! staff wrote as the reason; claims, whose keys are hashes, go whole. What is left under the post's id says what was
//! decided, when, and by which rule, and leads to nobody here. Open actions and tasks stay: a threat is not left
//! standing by the erasure of its author, and what was done can still be taken back.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use casework::decision::PostKey;
use casework::ledger::{LedgerError, Result};
use futures::stream::{self, StreamExt, TryStreamExt};
use privacy::registry::Subject;

use crate::attributes::{Item, key, s, text};
use crate::error::unavailable;
use crate::person_pages::{AT_ONCE, Pages};
use crate::transaction::{Written, incomplete, update};
use crate::{Store, batch, keys};

/// What stands in the place of a hash.
const ERASED: &str = "erased";
/// Items that DynamoDB takes in one transaction.
const TRANSACTION: usize = 100;

impl Store {
    /// Erases everything; gives the number of items deleted or cleaned.
    pub(crate) async fn erase_person(&self, subject: &Subject) -> Result<u64> {
        let mut erased = 0;
        let mut heads = Pages::of_heads(&subject.person);
        while let Some(page) = heads.next(self).await? {
            let posts = page.iter().filter_map(|head| text(head, "pk").map(str::to_owned)).collect::<Vec<_>>();
            erased += self.all_of(posts, |pk| async move { self.clean_post(&pk, &subject.person).await }).await?;
        }
        let pk = keys::person(&subject.person);
        let mut items = Pages::of_partition(&pk, Some("pk, sk, text_hash"));
        while let Some(page) = items.next(self).await? {
            // One text may stand in many posts, and its sightings are looked through once.
            let hashes: BTreeSet<_> =
                page.iter().filter_map(|item| text(item, "text_hash").map(str::to_owned)).collect();
            erased += self.all_of(hashes, |hash| async move { self.forget_sightings(&hash, subject).await }).await?;
            erased += self.delete_all(page).await?;
        }
        Ok(erased)
    }

    /// The person whose post it is, as far as that is kept.
    ///
    /// # Errors
    /// The store's.
    pub async fn person_of(&self, post: &PostKey) -> Result<Option<String>> {
        let head = self.get(&keys::post(post), keys::HEAD).await?;
        Ok(head.and_then(|head| text(&head, "person").map(str::to_owned)))
    }

    /// Erases what is kept of one post, and its link to its author: the text, the sightings of it, the strike.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase_post(&self, post: &PostKey) -> Result<u64> {
        let pk = keys::post(post);
        let Some(head) = self.get(&pk, keys::HEAD).await? else { return Ok(0) };
        let Some(person) = text(&head, "person") else { return Ok(0) };
        let subject = Subject { person: person.to_owned(), tickets: Vec::new() };
        let partition = keys::person(person);
        let mut items = vec![key(&partition, &keys::strike(post))];
        let mut erased = 0;
        if let Some(content) = text(&head, "content") {
            if let Some(kept) = self.get(&partition, content).await?
                && let Some(hash) = text(&kept, "text_hash")
            {
                erased += self.forget_sightings(hash, &subject).await?;
            }
            items.push(key(&partition, content));
        }
        erased += self.delete_all(items).await?;
        Ok(erased + self.clean_post(&pk, person).await?)
    }

    /// The digest by which the erasure ledger remembers a post.
    pub fn digest_of(&self, post: &PostKey) -> String {
        self.person_key.post(post.platform, &post.id)
    }

    /// Erases again, as [`Self::erase_post`] does, the posts with these digests that a backup brings back. Reads the
    /// whole table, so it is for a person's tools and never for a function.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase_posts_again(&self, digests: &BTreeSet<String>) -> Result<u64> {
        let heads = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("sk = :head AND attribute_exists(person)")
            .expression_attribute_values(":head", s(keys::HEAD))
            .projection_expression("pk");
        let (mut erased, mut heads) = (0, heads.into_paginator().items().send());
        while let Some(head) = heads.next().await {
            let post = text(&head.map_err(unavailable)?, "pk").and_then(keys::parse_post);
            if let Some(post) = post.filter(|post| digests.contains(&self.digest_of(post))) {
                erased += self.erase_post(&post).await?;
            }
        }
        Ok(erased)
    }

    /// Items of the person that are still there.
    pub(crate) async fn left_of_person(&self, subject: &Subject) -> Result<u64> {
        let mut left = 0;
        let pk = keys::person(&subject.person);
        let pages = [Pages::of_partition(&pk, Some("pk, sk")), Pages::of_heads(&subject.person)];
        for mut pages in pages {
            while let Some(page) = pages.next(self).await? {
                left += page.len() as u64;
            }
        }
        Ok(left)
    }

    /// Sums up what a few at a time came to.
    async fn all_of<F, W>(&self, keys: impl IntoIterator<Item = String>, work: F) -> Result<u64>
    where
        F: Fn(String) -> W,
        W: Future<Output = Result<u64>>,
    {
        let done = stream::iter(keys).map(work).buffer_unordered(AT_ONCE);
        done.try_fold(0, |sum, one| async move { Ok(sum + one) }).await
    }

    /// Removes the closed list from one post's items.
    async fn clean_post(&self, pk: &str, person: &str) -> Result<u64> {
        let mut items = self.partition(pk).await?;
        // The head goes last, so that a failure in between leaves the post in the index and is taken up again.
        items.sort_by_key(|item| text(item, "sk") == Some(keys::HEAD));
        let writes = items.iter().filter_map(|item| self.clean_item(pk, item, person).transpose());
        let writes = writes.collect::<Result<Vec<_>>>()?;
        for part in writes.chunks(TRANSACTION) {
            match self.write_all(part.to_vec()).await? {
                Written::Yes => {}
                Written::Refused(_) => {
                    return Err(LedgerError::Conflict("a post changed while it was cleaned".to_owned()));
                }
            }
        }
        Ok(writes.len() as u64)
    }

    fn clean_item(&self, pk: &str, item: &Item, person: &str) -> Result<Option<TransactWriteItem>> {
        let sk = text(item, "sk").unwrap_or_default();
        if sk.starts_with(keys::CLAIM_PREFIX) {
            let delete = Delete::builder().table_name(&self.table).set_key(Some(key(pk, sk)));
            let delete = delete.build().map_err(incomplete)?;
            return Ok(Some(TransactWriteItem::builder().delete(delete).build()));
        }
        let clean = Update::builder().table_name(&self.table).set_key(Some(key(pk, sk)));
        let clean = if sk == keys::HEAD && text(item, "person") == Some(person) {
            clean
                .update_expression("REMOVE person, content")
                .condition_expression("person = :person")
                .expression_attribute_values(":person", s(person))
        } else if sk.starts_with(keys::DECISION_PREFIX) {
            clean
                .update_expression("SET version = :erased REMOVE reason")
                .expression_attribute_values(":erased", s(ERASED))
        } else {
            return Ok(None);
        };
        Ok(Some(update(clean.build().map_err(incomplete)?)))
    }

    /// Deletes the person's sightings of one text.
    async fn forget_sightings(&self, hash: &str, subject: &Subject) -> Result<u64> {
        let mut forgotten = 0;
        let mut pages = Pages::of_partition(&keys::same(hash), Some("pk, sk"));
        while let Some(mut page) = pages.next(self).await? {
            page.retain(|item| text(item, "sk").and_then(keys::person_of_sighting) == Some(subject.person.as_str()));
            forgotten += self.delete_all(page).await?;
        }
        Ok(forgotten)
    }

    /// Deletes items by their keys.
    async fn delete_all(&self, items: Vec<Item>) -> Result<u64> {
        batch::delete_all(&self.client, &self.table, &items).await?;
        Ok(items.len() as u64)
    }
}
