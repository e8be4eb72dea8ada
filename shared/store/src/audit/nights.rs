//! The audit's notes of each night: who is at it, how far each check is, and whether it was reported. Implements `Nights`.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use casework::audit::{Night, Nights, Note, Start};
use casework::ledger::{LedgerError, Result};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::attributes::{at, expiry, from_item, key, s, text, time, to_item};
use crate::error::{applied, unavailable};
use crate::transaction::{Written, incomplete, put, random_hex, update};
use crate::{Store, keys};

/// Days that the notes of a night are kept.
const NOTES_DAYS: i64 = 40;

impl Nights for Store {
    async fn start_night(&self, date: Date, now: Timestamp, until: Timestamp) -> Result<Start> {
        let token = random_hex()?;
        let sent = self
            .update(&keys::audit(date), keys::NIGHT)
            .update_expression(
                "SET lease = :lease, lease_until = :until, started_at = if_not_exists(started_at, :now), \
                 expires = :expires",
            )
            .condition_expression(
                "attribute_not_exists(mailed_at) AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            )
            .expression_attribute_values(":lease", s(&token))
            .expression_attribute_values(":until", at(until))
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":expires", expiry(now + SignedDuration::from_hours(24 * NOTES_DAYS)))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let item = match sent {
            Ok(done) => done.attributes.unwrap_or_default(),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    let held = refused.item().cloned().unwrap_or_default();
                    match (held.contains_key("mailed_at"), text(&held, "lease") == Some(&token)) {
                        (true, _) => return Ok(Start::Reported),
                        // Our own start, made again because its answer got lost.
                        (false, true) => held,
                        (false, false) => return Ok(Start::Held(time(&held, "lease_until").unwrap_or(until))),
                    }
                }
                Some(_) | None => return Err(unavailable(error)),
            },
        };
        let until = time(&item, "started_at").unwrap_or(now);
        Ok(Start::Ours(Night { date, until, lease: token, written: item.contains_key("written_at") }))
    }

    async fn notes(&self, date: Date) -> Result<Vec<Note>> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", s(keys::audit(date)))
            .expression_attribute_values(":prefix", s(keys::CHECK_PREFIX))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable)?;
        found.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    async fn note(&self, night: &Night, note: &Note, until: Timestamp) -> Result<()> {
        let pk = keys::audit(night.date);
        let prolong = aws_sdk_dynamodb::types::Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&pk, keys::NIGHT)))
            .update_expression("SET lease_until = :until")
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", s(&night.lease))
            .expression_attribute_values(":until", at(until));
        let mut item = to_item(note)?;
        item.extend(key(&pk, &keys::check(&note.check)));
        item.insert("expires".to_owned(), expiry(until + SignedDuration::from_hours(24 * NOTES_DAYS)));
        let item = aws_sdk_dynamodb::types::Put::builder().table_name(&self.table).set_item(Some(item));
        let writes = vec![update(prolong.build().map_err(incomplete)?), put(item.build().map_err(incomplete)?)];
        match self.write_all(writes).await? {
            Written::Yes => Ok(()),
            Written::Refused(_) => Err(lost()),
        }
    }

    async fn end_night(&self, night: &Night, mailed: bool, now: Timestamp) -> Result<()> {
        let set = if mailed {
            "SET mailed_at = :now, written_at = if_not_exists(written_at, :now)"
        } else {
            "SET written_at = :now"
        };
        self.while_ours(night, set, now).await
    }

    async fn release_night(&self, night: &Night, now: Timestamp) -> Result<()> {
        self.while_ours(night, "SET lease_until = :now", now).await
    }

    async fn forget_night(&self, date: Date) -> Result<()> {
        let pk = keys::audit(date);
        for note in self.notes(date).await? {
            self.delete(&pk, &keys::check(&note.check), None).await?;
        }
        self.delete(&pk, keys::NIGHT, None).await.map(|_| ())
    }
}

impl Store {
    async fn while_ours(&self, night: &Night, set: &str, now: Timestamp) -> Result<()> {
        let sent = self
            .update(&keys::audit(night.date), keys::NIGHT)
            .update_expression(set)
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", s(&night.lease))
            .expression_attribute_values(":now", at(now))
            .send()
            .await;
        if applied(sent)? { Ok(()) } else { Err(lost()) }
    }
}

fn lost() -> LedgerError {
    LedgerError::Conflict("somebody else goes on with the night".to_owned())
}
