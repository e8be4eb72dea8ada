//! What the platform disclosed of an author, with the access register: which item was read, from where, when, for what.

use std::collections::BTreeMap;

use casework::ledger::{LedgerError, Result};
use jiff::Timestamp;
use rules::Post;

use crate::attributes::{at, expiry, n, s, to_value};
use crate::error::applied;
use crate::{Store, keys};

/// The profile before a post is noted in it.
#[derive(Clone, Copy)]
enum Before {
    /// There is none, or the post keeps it for longer.
    Shorter,
    /// Another post keeps it for longer.
    Longer,
    /// It has expired: it begins anew, what it held is not revived.
    Expired,
}

impl Store {
    /// Notes what a post tells of its author.
    pub(crate) async fn note_profile(&self, post: &Post, person: &str, until: Timestamp, now: Timestamp) -> Result<()> {
        // The last try is for a profile that another delivery began anew in between.
        for before in [Before::Shorter, Before::Longer, Before::Expired, Before::Shorter] {
            if self.update_profile(post, person, until, now, before).await? {
                return Ok(());
            }
        }
        Err(LedgerError::Conflict("the profile expires and comes back".to_owned()))
    }

    /// Adds to a profile, or begins one; `false` when it was another before.
    async fn update_profile(
        &self,
        post: &Post,
        person: &str,
        until: Timestamp,
        now: Timestamp,
        before: Before,
    ) -> Result<bool> {
        let author = &post.author;
        let read = to_value(&BTreeMap::from([
            ("source", format!("{} event or API answer", post.platform)),
            ("at", keys::stamp(now)),
            ("purpose", "enforcing the social media guidelines".to_owned()),
        ]))?;
        let seen = "first_seen = if_not_exists(first_seen, :now)";
        let (kept, condition) = match before {
            Before::Shorter => {
                (vec![seen, "expires = :expires"], "attribute_not_exists(pk) OR expires BETWEEN :living AND :expires")
            }
            Before::Longer => (vec![seen], "expires >= :living AND expires > :expires"),
            Before::Expired => (vec!["first_seen = :now", "expires = :expires"], "expires < :living"),
        };
        let mut set = vec!["last_seen = :now", "platform = :platform", "user_id = :user", "read_user_id = :read"];
        set.extend(kept);
        let mut remove = Vec::new();
        let mut update = self
            .update(&keys::person(person), keys::PROFILE)
            .condition_expression(condition)
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":living", n(now.as_second() + 1))
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
            } else if matches!(before, Before::Expired) {
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
