//! One transaction for a change: the file, its new chain entries, and what is saved beside them.

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use casework::ledger::Result;
use jiff::{SignedDuration, Timestamp};
use privacy::file::{Beside, Edit, LetterState, QueuedLetter, Saved};
use privacy::mail::thread::TicketId;

use super::{RequestStore, canonical, keys};
use crate::attributes::{Item, at, expiry, key, n, s, to_value};
use crate::transaction::{self, Written, incomplete, put, random_hex, update};

/// How long it is remembered that a mail or event was taken up.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 400);
/// How long automatic answers are counted.
const COUNTED: SignedDuration = SignedDuration::from_hours(48);

/// Position of the file in the transaction.
const FILE: usize = 0;

impl RequestStore {
    pub(super) async fn write(&self, edit: &Edit, now: Timestamp) -> Result<Saved> {
        let ticket = &edit.file.ticket;
        let mut writes = vec![self.put_file(edit)?];
        for entry in &edit.entries {
            let item = Item::from([("entry".to_owned(), to_value(entry)?)]);
            writes.push(self.put_new(&keys::log(ticket), &keys::entry(entry.seq), item)?);
        }
        for beside in &edit.beside {
            writes.extend(self.beside(ticket, beside, now)?);
        }
        match transaction::write_all(&self.client, writes).await? {
            Written::Yes => Ok(Saved::Written),
            Written::Refused(refused) if refused.iter().any(|(position, _)| *position == FILE) => Ok(Saved::Stale),
            Written::Refused(_) => Ok(Saved::Before),
        }
    }

    fn put_file(&self, edit: &Edit) -> Result<TransactWriteItem> {
        let file = &edit.file;
        let shard = keys::shard(&file.ticket);
        let mut item = key(&keys::request(&file.ticket), keys::FILE);
        item.insert("file".to_owned(), to_value(file)?);
        item.insert("version".to_owned(), n(file.log.entries));
        item.insert("arrived".to_owned(), at(file.arrived));
        if let Some(waits_for) = file.waits_for() {
            item.insert("waits".to_owned(), s(keys::waits(waits_for, shard)));
        }
        if let Some(due) = file.wakes_at().map_err(incomplete)? {
            item.insert("wakes".to_owned(), s(keys::due(shard)));
            item.insert("due".to_owned(), at(due));
        }
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = match edit.before {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            before => put.condition_expression("version = :before").expression_attribute_values(":before", n(before)),
        };
        Ok(transaction::put(put.build().map_err(incomplete)?))
    }

    fn beside(&self, ticket: &TicketId, beside: &Beside, now: Timestamp) -> Result<Vec<TransactWriteItem>> {
        let link = |expires: bool| {
            let mut item = Item::from([("ticket".to_owned(), s(ticket.to_string()))]);
            if expires {
                item.insert("expires".to_owned(), expiry(now + REMEMBERED));
            }
            item
        };
        Ok(match beside {
            Beside::Letter(letter) => vec![self.put_letter(letter)?],
            Beside::NoLetter(number) => vec![self.delete_any(key(&keys::request(ticket), &keys::letter(*number)))?],
            Beside::Mail(mail) => {
                let mut item = key(&keys::request(ticket), &keys::mail(mail.number));
                item.insert("mail".to_owned(), to_value(mail)?);
                vec![self.put_any(item)?]
            }
            Beside::Once(event) => vec![self.put_new(&keys::event(event), keys::SEEN, link(true))?],
            Beside::OnceFrom(sender, id) => {
                let (pk, sk) = self.sender_keys(sender, id);
                vec![self.put_new(&pk, &sk, link(true))?]
            }
            Beside::Answers(id, letter) => {
                let mut item = key(&self.message_key(id), keys::THREAD);
                item.extend(link(false));
                if let Some(letter) = letter {
                    item.insert("letter".to_owned(), n(letter));
                }
                vec![self.put_any(item)?]
            }
            Beside::Token(token) => vec![self.put_new(&keys::token(token), keys::THREAD, link(false))?],
            Beside::Active(active) => vec![self.put_new(&keys::active(active), keys::FILE, link(false))?],
            Beside::Inactive(active) => {
                vec![self.delete_any(key(&keys::active(active), keys::FILE))?]
            }
            Beside::Secret(hash) => {
                let mut item = key(&keys::request(ticket), keys::SECRET);
                item.insert("hash".to_owned(), s(hash));
                vec![self.put_any(item)?]
            }
            Beside::Code(mark, until) => {
                let mut item = key(&keys::request(ticket), keys::CODE);
                item.insert("hash".to_owned(), s(mark));
                item.insert("expires".to_owned(), expiry(*until));
                vec![self.put_any(item)?]
            }
            Beside::Of(person) => {
                let mut item = key(&keys::person(person), &ticket.to_string());
                item.extend(link(false));
                vec![self.put_any(item)?]
            }
            Beside::AnsweredTo(address) => self.count_answer(&canonical(address), now)?,
        })
    }

    /// A letter; while it is pending it is due at once, then at each end of a lease.
    fn put_letter(&self, letter: &QueuedLetter) -> Result<TransactWriteItem> {
        let mut item = key(&keys::request(&letter.ticket), &keys::letter(letter.number));
        item.insert("letter".to_owned(), to_value(letter)?);
        if letter.state == LetterState::Pending {
            item.insert("wakes".to_owned(), s(keys::due(keys::shard(&letter.ticket))));
            item.insert("due".to_owned(), at(letter.due()));
        }
        self.put_any(item)
    }

    fn count_answer(&self, address: &str, now: Timestamp) -> Result<Vec<TransactWriteItem>> {
        let mut one = key(&keys::from(&self.key.address(address)), &keys::answered_at(now, &random_hex()?));
        one.insert("expires".to_owned(), expiry(now + COUNTED));
        let all = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&keys::answered_in(now), keys::COUNT)))
            .update_expression("ADD answers :one SET expires = :expires")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":expires", expiry(now + COUNTED))
            .build()
            .map_err(incomplete)?;
        Ok(vec![self.put_any(one)?, update(all)])
    }

    fn delete_any(&self, key: Item) -> Result<TransactWriteItem> {
        let delete = Delete::builder().table_name(&self.table).set_key(Some(key)).build().map_err(incomplete)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    fn put_any(&self, item: Item) -> Result<TransactWriteItem> {
        Ok(put(Put::builder().table_name(&self.table).set_item(Some(item)).build().map_err(incomplete)?))
    }

    /// A put that never replaces.
    fn put_new(&self, pk: &str, sk: &str, mut item: Item) -> Result<TransactWriteItem> {
        item.extend(key(pk, sk));
        Ok(put(Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(incomplete)?))
    }
}
