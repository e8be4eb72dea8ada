//! What the platform disclosed of an author, with the access register: which item was read, from where, when, for what.

use std::collections::BTreeMap;

use casework::ledger::{LedgerError, Result};
use jiff::Timestamp;
use rules::Post;

use crate::attributes::{at, expiry, s, to_value};
use crate::error::applied;
use crate::{Store, keys};

impl Store {
    /// Notes what a post tells of its author. A profile that has expired begins anew: what it held is not revived.
    pub(crate) async fn note_profile(&self, post: &Post, person: &str, until: Timestamp, now: Timestamp) -> Result<()> {
        // The last try is for a profile that another delivery began anew in between.
        for anew in [false, true, false] {
            if self.update_profile(post, person, until, now, anew).await? {
                return Ok(());
            }
        }
        Err(LedgerError::Conflict("the profile expires and comes back".to_owned()))
    }

    /// Adds to a living or missing profile, or begins an expired one anew; `false` when it is not of that kind.
    async fn update_profile(
        &self,
        post: &Post,
        person: &str,
        until: Timestamp,
        now: Timestamp,
        anew: bool,
    ) -> Result<bool> {
        let author = &post.author;
        let read = to_value(&BTreeMap::from([
            ("source", format!("{} event or API answer", post.platform)),
            ("at", keys::stamp(now)),
            ("purpose", "enforcing the social media guidelines".to_owned()),
        ]))?;
        let (first_seen, condition) = match anew {
            false => ("first_seen = if_not_exists(first_seen, :now)", "attribute_not_exists(pk) OR expires > :second"),
            true => ("first_seen = :now", "expires <= :second"),
        };
        let mut set = vec![
            first_seen,
            "last_seen = :now",
            "platform = :platform",
            "user_id = :user",
            "read_user_id = :read",
            "expires = :expires",
        ];
        let mut remove = Vec::new();
        let mut update = self
            .update(&keys::person(person), keys::PROFILE)
            .condition_expression(condition)
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":second", expiry(now))
            .expression_attribute_values(":platform", s(post.platform.key()))
            .expression_attribute_values(":user", s(&author.id.0))
            .expression_attribute_values(":read", read)
            .expression_attribute_values(":expires", expiry(until));
        // The guidelines' words for the items: published name, nickname, profile photograph.
        let items = [
            (
                &author.name,
                ":published_name",
                "published_name = :published_name, read_published_name = :read",
                "published_name, read_published_name",
            ),
            (&author.handle, ":nickname", "nickname = :nickname, read_nickname = :read", "nickname, read_nickname"),
            (
                &author.picture,
                ":photograph",
                "profile_photograph = :photograph, read_profile_photograph = :read",
                "profile_photograph, read_profile_photograph",
            ),
        ];
        for (value, name, disclosed, names) in items {
            if let Some(value) = value {
                set.push(disclosed);
                update = update.expression_attribute_values(name, s(value));
            } else if anew {
                remove.push(names);
            }
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !remove.is_empty() {
            expression.push_str(&format!(" REMOVE {}", remove.join(", ")));
        }
        applied(update.update_expression(expression).send().await)
    }
}
