//! A person's items in pages: the partition, and the heads of the posts by the index. Expired items too, since what is
//! still there is still held.

use casework::ledger::Result;

use crate::attributes::{Item, s};
use crate::error::unavailable;
use crate::{Store, keys};

/// Items in a page, and so the most of a person that is in memory at a time.
pub(crate) const PAGE: i32 = 100;
/// Of a page, posts that are read or cleaned at a time.
pub(crate) const AT_ONCE: usize = 8;

/// A walk through one partition of the table or of the person index.
pub(crate) struct Pages {
    partition: String,
    index: Option<&'static str>,
    projection: Option<&'static str>,
    /// `None` before the first page; then where the next one begins, if there is one.
    next: Option<Option<Item>>,
}

impl Pages {
    /// The person's partition, with these attributes or all.
    pub(crate) fn of_partition(pk: &str, projection: Option<&'static str>) -> Self {
        Pages { partition: pk.to_owned(), index: None, projection, next: None }
    }

    /// The heads of the person's posts; keys only.
    pub(crate) fn of_heads(person: &str) -> Self {
        Pages { partition: person.to_owned(), index: Some(keys::PERSON_INDEX), projection: None, next: None }
    }

    /// The next page, which may be empty; `None` after the last.
    pub(crate) async fn next(&mut self, store: &Store) -> Result<Option<Vec<Item>>> {
        let from = match self.next.take() {
            None => None,
            Some(Some(from)) => Some(from),
            Some(None) => return Ok(None),
        };
        let query = store
            .client
            .query()
            .table_name(&store.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", if self.index.is_some() { "person" } else { "pk" })
            .expression_attribute_values(":pk", s(&self.partition))
            .set_index_name(self.index.map(str::to_owned))
            .set_projection_expression(self.projection.map(str::to_owned))
            // An index cannot be read consistently.
            .consistent_read(self.index.is_none())
            .limit(PAGE)
            .set_exclusive_start_key(from);
        let page = query.send().await.map_err(unavailable)?;
        self.next = Some(page.last_evaluated_key);
        Ok(Some(page.items.unwrap_or_default()))
    }
}
