//! The legal deletion: what has expired is removed here, whenever the table's own TTL may come.

use casework::audit::Removed;
use casework::ledger::Result;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;

use super::pages::Wanted;
use crate::attributes::{expiry, key, text};
use crate::error::applied;
use crate::{Store, keys};

/// Deletions under way at once.
const AT_ONCE: usize = 16;

/// What an item of these keys is.
enum Kind {
    Text,
    Person,
    Strike,
    Other,
}

impl Store {
    pub(super) async fn remove_page(&self, from: Option<&str>, now: Timestamp) -> Result<(Removed, Option<String>)> {
        let wanted =
            Wanted { filter: "expires <= :now", values: vec![(":now", expiry(now))], projection: Some("pk, sk") };
        let (items, next) = self.walk(from, &wanted).await?;
        let mut removed = Removed::default();
        for batch in items.chunks(AT_ONCE) {
            let mut under_way = FuturesUnordered::new();
            for item in batch {
                if let (Some(pk), Some(sk)) = (text(item, "pk"), text(item, "sk")) {
                    under_way.push(async move { (pk, kind(pk, sk), self.delete(pk, sk, Some(now)).await) });
                }
            }
            while let Some((pk, kind, deleted)) = under_way.next().await {
                match (kind, deleted) {
                    (_, Ok(false)) => {}
                    (Kind::Text, Ok(true)) => removed.texts += 1,
                    (Kind::Person, Ok(true)) => removed.people += 1,
                    (Kind::Strike, Ok(true)) => removed.strikes += 1,
                    (Kind::Other, Ok(true)) => removed.others += 1,
                    // It keeps no other from being removed.
                    (_, Err(error)) => {
                        let kind = pk.split('#').next();
                        tracing::error!(kind, %error, "an expired item could not be removed");
                        removed.failed += 1;
                    }
                }
            }
        }
        Ok((removed, next))
    }

    /// Deletes one item; with a time only if it has expired by then. `false` when there was nothing to delete.
    pub(super) async fn delete(&self, pk: &str, sk: &str, expired_by: Option<Timestamp>) -> Result<bool> {
        let mut delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(pk, sk)));
        delete = match expired_by {
            // Somebody may have prolonged it since it was listed.
            Some(now) => {
                delete.condition_expression("expires <= :now").expression_attribute_values(":now", expiry(now))
            }
            None => delete.condition_expression("attribute_exists(pk)"),
        };
        applied(delete.send().await)
    }
}

fn kind(pk: &str, sk: &str) -> Kind {
    match sk {
        _ if !pk.starts_with("PERSON#") => Kind::Other,
        keys::PROFILE => Kind::Person,
        _ if sk.starts_with(keys::CONTENT_PREFIX) => Kind::Text,
        _ if sk.starts_with(keys::STRIKE_PREFIX) => Kind::Strike,
        _ => Kind::Other,
    }
}
