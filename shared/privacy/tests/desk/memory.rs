//! The `requests` table in memory, as far as one desk after the other needs it.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use jiff::Timestamp;
use privacy::chain::Entry;
use privacy::file::{
    Beside, Due, Edit, FileError, Found, QueuedLetter, ReceivedMail, RequestFile, Requests, Result, Saved, WaitsFor,
};
use privacy::mail::Address;
use privacy::mail::loops::Sent;
use privacy::mail::thread::{ThreadKey, TicketId};

/// Gives what a call gives that never waits.
pub(crate) fn now_or_never<T>(call: impl Future<Output = T>) -> T {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

#[derive(Default)]
struct Kept {
    files: Vec<RequestFile>,
    entries: Vec<(TicketId, Entry)>,
    letters: Vec<QueuedLetter>,
    mails: Vec<ReceivedMail>,
    links: HashMap<String, Found>,
    /// How many changes it still takes, where it is going to fail.
    takes: Option<usize>,
}

/// The table.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Kept>);

impl Memory {
    /// Every file, in the order in which they were opened.
    pub(crate) fn files(&self) -> Vec<RequestFile> {
        self.0.lock().unwrap().files.clone()
    }

    /// From now on it takes so many changes, and then fails.
    pub(crate) fn fails_after(&self, changes: usize) {
        self.0.lock().unwrap().takes = Some(changes);
    }

    fn link(&self, key: &str) -> Option<Found> {
        self.0.lock().unwrap().links.get(key).cloned()
    }
}

fn once_from(sender: &Address, id: &str) -> String {
    format!("from {} {id}", sender.to_header())
}

impl Requests for Memory {
    async fn load(&self, ticket: &TicketId) -> Result<Option<RequestFile>> {
        Ok(self.files().into_iter().find(|file| file.ticket == *ticket))
    }

    async fn save(&self, edit: &Edit, _: Timestamp) -> Result<Saved> {
        let mut kept = self.0.lock().unwrap();
        match &mut kept.takes {
            Some(0) => return Err(FileError::Unavailable("gone".to_owned())),
            Some(takes) => *takes -= 1,
            None => {}
        }
        let place = kept.files.iter().position(|file| file.ticket == edit.file.ticket);
        if place.map_or(0, |place| kept.files[place].log.entries) != edit.before {
            return Ok(Saved::Stale);
        }
        let found = |letter| Found { ticket: edit.file.ticket.clone(), letter };
        let (mut links, mut gone) = (Vec::new(), Vec::new());
        for beside in &edit.beside {
            let (key, letter, once) = match beside {
                Beside::Once(event) => (format!("event {event}"), None, true),
                Beside::OnceFrom(sender, id) => (once_from(sender, id), None, true),
                Beside::Active(key) => (format!("active {key}"), None, true),
                Beside::Answers(id, letter) => (format!("id {id}"), *letter, false),
                Beside::Token(token) => (format!("token {token}"), None, false),
                Beside::Inactive(key) => {
                    gone.push(format!("active {key}"));
                    continue;
                }
                Beside::Letter(_)
                | Beside::NoLetter(_)
                | Beside::Mail(_)
                | Beside::Secret(_)
                | Beside::Code(..)
                | Beside::Of(_)
                | Beside::AnsweredTo(_) => continue,
            };
            if once && kept.links.contains_key(&key) {
                return Ok(Saved::Before);
            }
            links.push((key, found(letter)));
        }
        kept.links.retain(|key, _| !gone.contains(key));
        kept.links.extend(links);
        kept.entries.extend(edit.entries.iter().map(|entry| (edit.file.ticket.clone(), entry.clone())));
        for beside in &edit.beside {
            if let Beside::Letter(letter) = beside {
                kept.letters.retain(|old| old.ticket != letter.ticket || old.number != letter.number);
                kept.letters.push(letter.clone());
            }
            if let Beside::NoLetter(number) = beside {
                kept.letters.retain(|old| old.ticket != edit.file.ticket || old.number != *number);
            }
            if let Beside::Mail(mail) = beside {
                kept.mails.retain(|old| old.ticket != mail.ticket || old.number != mail.number);
                kept.mails.push(mail.clone());
            }
        }
        match place {
            Some(place) => kept.files[place] = edit.file.clone(),
            None => kept.files.push(edit.file.clone()),
        }
        Ok(Saved::Written)
    }

    async fn entries(&self, ticket: &TicketId) -> Result<Vec<Entry>> {
        let kept = self.0.lock().unwrap();
        Ok(kept.entries.iter().filter(|(of, _)| of == ticket).map(|(_, entry)| entry.clone()).collect())
    }

    async fn letters(&self, ticket: &TicketId) -> Result<Vec<QueuedLetter>> {
        Ok(self.0.lock().unwrap().letters.iter().filter(|letter| letter.ticket == *ticket).cloned().collect())
    }

    async fn mails(&self, ticket: &TicketId) -> Result<Vec<ReceivedMail>> {
        Ok(self.0.lock().unwrap().mails.iter().filter(|mail| mail.ticket == *ticket).cloned().collect())
    }

    async fn find(&self, key: &ThreadKey) -> Result<Option<Found>> {
        Ok(match key {
            ThreadKey::Token(token) => self.link(&format!("token {token}")),
            ThreadKey::MessageId(id) => self.link(&format!("id {id}")),
            ThreadKey::Ticket(ticket) => {
                let known = self.files().iter().any(|file| file.ticket == *ticket);
                known.then(|| Found { ticket: ticket.clone(), letter: None })
            }
        })
    }

    async fn handled(&self, event: &str) -> Result<Option<TicketId>> {
        Ok(self.link(&format!("event {event}")).map(|found| found.ticket))
    }

    async fn taken_up(&self, sender: &Address, message_id: &str) -> Result<Option<TicketId>> {
        Ok(self.link(&once_from(sender, message_id)).map(|found| found.ticket))
    }

    async fn active(&self, key: &str) -> Result<Option<TicketId>> {
        Ok(self.link(&format!("active {key}")).map(|found| found.ticket))
    }

    fn sender_key(&self, sender: &Address, asks: &str) -> String {
        format!("{} {asks}", sender.to_header())
    }

    fn pepper(&self) -> Vec<u8> {
        b"pepper".to_vec()
    }

    async fn answered(&self, _: &Address, _: Timestamp) -> Result<Sent> {
        Ok(Sent::default())
    }

    async fn waiting(&self, waits_for: WaitsFor) -> Result<Vec<TicketId>> {
        let waits = |file: &RequestFile| file.waits_for() == Some(waits_for);
        Ok(self.files().into_iter().filter(waits).map(|file| file.ticket).collect())
    }

    async fn due(&self, _: Timestamp, _: usize) -> Result<Vec<Due>> {
        Ok(Vec::new())
    }

    async fn claim_letter(&self, _: &TicketId, _: u32, _: Timestamp) -> Result<Option<QueuedLetter>> {
        Ok(None)
    }
}
