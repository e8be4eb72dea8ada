//! Recorded posts, page by page, to be judged again.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use casework::ledger::Result;
use jiff::Timestamp;
use rules::Post;

use crate::attributes::{expired, from_item, s};
use crate::error::unavailable;
use crate::items::Content;
use crate::{Store, keys};

/// Where a page ended.
#[derive(Clone, Debug)]
pub struct Page(HashMap<String, AttributeValue>);

impl Store {
    /// One page of the posts whose text is still kept, and where the next one begins. Reads the whole table in the end,
    /// so it is for a person's tools and never for a function.
    ///
    /// # Errors
    /// When the table can't be read, or an item is of a shape that this program never writes.
    pub async fn recorded_posts(
        &self,
        since: Option<Timestamp>,
        from: Option<Page>,
        now: Timestamp,
    ) -> Result<(Vec<Post>, Option<Page>)> {
        let since = since.map(keys::stamp).unwrap_or_default();
        let page = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("begins_with(pk, :person) AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":person", s(keys::person("")))
            .expression_attribute_values(":from", s(format!("{}{since}", keys::CONTENT_PREFIX)))
            .expression_attribute_values(":to", s(format!("{}~", keys::CONTENT_PREFIX)))
            .set_exclusive_start_key(from.map(|page| page.0))
            .send()
            .await
            .map_err(unavailable)?;
        let mut posts = Vec::new();
        // Of who may not be taken in again nothing is used, even before it is erased.
        let mut suppressed: HashMap<String, bool> = HashMap::new();
        for item in page.items.unwrap_or_default().into_iter().filter(|item| !expired(item, now)) {
            let content = from_item::<Content>(item)?;
            let person = content.pk.trim_start_matches(&keys::person("")).to_owned();
            let hidden = match suppressed.get(&person) {
                Some(hidden) => *hidden,
                None => {
                    let hidden = self.is_suppressed(&person).await?;
                    suppressed.insert(person, hidden);
                    hidden
                }
            };
            if !hidden {
                posts.push(content.post);
            }
        }
        Ok((posts, page.last_evaluated_key.map(Page)))
    }
}
