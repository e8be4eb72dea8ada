//! A profile read anew from its platform: what changed is replaced, what is no longer shown is removed, and the access
//! register tells so.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::ReturnValue;
use casework::ledger::Result;
use casework::platform::PublicProfile;
use jiff::Timestamp;
use privacy::letters::DataItem;
use rules::Platform;

use crate::attributes::{s, text, to_value};
use crate::error::unavailable;
use crate::{Store, keys};

impl Store {
    /// Refreshes the profile of a person, where there is one. Gives what was different.
    ///
    /// # Errors
    /// The store's.
    pub async fn refresh_profile(
        &self,
        person: &str,
        platform: Platform,
        shown: &PublicProfile,
        now: Timestamp,
    ) -> Result<Vec<DataItem>> {
        let read = to_value(&BTreeMap::from([
            ("source", format!("{platform} API answer")),
            ("at", keys::stamp(now)),
            ("purpose", "correcting what is kept, at the person's request".to_owned()),
        ]))?;
        let items = [
            (DataItem::Name, "published_name", &shown.name),
            (DataItem::Nickname, "nickname", &shown.handle),
            (DataItem::ProfilePhoto, "profile_photograph", &shown.picture),
        ];
        let (mut set, mut remove) = (vec!["read_user_id = :read".to_owned()], Vec::new());
        let mut update = self
            .update(&keys::person(person), keys::PROFILE)
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":read", read)
            .return_values(ReturnValue::AllOld);
        for (_, name, value) in items {
            match value {
                Some(value) => {
                    set.push(format!("{name} = :{name}, read_{name} = :read"));
                    update = update.expression_attribute_values(format!(":{name}"), s(value));
                }
                None => remove.push(format!("{name}, read_{name}")),
            }
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !remove.is_empty() {
            expression.push_str(&format!(" REMOVE {}", remove.join(", ")));
        }
        match update.update_expression(expression).send().await {
            Ok(done) => {
                let old = done.attributes.unwrap_or_default();
                let different = items.iter().filter(|(_, name, value)| text(&old, name) != value.as_deref());
                Ok(different.map(|(item, ..)| *item).collect())
            }
            // Nothing is kept of this person.
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(Vec::new())
            }
            Err(error) => Err(unavailable(error)),
        }
    }
}
