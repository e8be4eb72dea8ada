//! Comment threads of a page: which of them changed, what they hold, and the mark that says so afterwards.

use casework::decision::PostKey;
use casework::ledger::LedgerError;
use casework::platform::PlatformError;
use casework::quota::Spender;
use jiff::Timestamp;
use platforms::TokenSource;
use platforms::youtube::list::{Queue, Thread};
use rules::Platform;
use store::{Backlog, Purpose};

use super::halt::Halt;
use super::record::Item;
use crate::sweeper::Sweeper;

/// Pages of replies that one poll reads of a thread; the rest is left for later.
const REPLY_PAGES: u32 = 3;

/// How often a thread is read that can't be read whole; after that it waits until it changes.
const TRIES: u32 = 3;

/// The name of a queue's list.
pub(crate) fn list(queue: Queue) -> &'static str {
    match queue {
        Queue::Published => "youtube.published",
        Queue::Held => "youtube.held",
        Queue::LikelySpam => "youtube.spam",
    }
}

/// The queue of a list's name.
pub(crate) fn queue(name: &str) -> Option<Queue> {
    Queue::ALL.into_iter().find(|queue| list(*queue) == name)
}

/// The name of the list of a thread's replies.
pub(crate) const REPLIES: &str = "youtube.replies:";

/// What a page's threads hold that is not recorded yet.
#[derive(Default)]
pub(crate) struct Gathered {
    /// Comments to hand on.
    pub(crate) items: Vec<Item>,
    /// Threads to mark once all of that is recorded.
    pub(crate) marks: Vec<Mark>,
    /// Why replies of some threads were not read, which another try may mend. What they show is among the items.
    pub(crate) halted: Option<Halt>,
}

/// What became of the replies that a list does not show.
enum Unshown {
    /// They are among the items, or there are none.
    Read,
    /// They are refused, and will be the next time too.
    Refused,
    /// Another try may read them.
    Left,
}

/// What a thread looks like.
pub(crate) struct Mark {
    thread: PostKey,
    mark: String,
    published_at: Timestamp,
    /// When the newest of what was gathered of it was made.
    newest: Timestamp,
}

impl<T: TokenSource, O: Send + Sync, Q: Send + Sync> Sweeper<T, O, Q> {
    /// Looks which threads changed since they were recorded, and reads the replies that the list does not show.
    ///
    /// `again` marks those that did not change too: they were seen to be as they are. A thread that could not be read
    /// whole keeps nothing else back; it is not marked, so that it is read again whenever a list shows it, where it is
    /// refused or unreadable a few times only.
    pub(crate) async fn gather_threads(
        &self,
        queue: Queue,
        threads: Vec<Thread>,
        again: bool,
        deadline: Timestamp,
    ) -> Result<Gathered, Halt> {
        let key = |thread: &Thread| PostKey { platform: Platform::YouTube, id: thread.id.clone() };
        let keys: Vec<PostKey> = threads.iter().map(key).collect();
        let marks = self.store.seen_marks(&keys, list(queue)).await?;
        let now = self.now();
        // The other half of the time is for recording.
        let enough = now + deadline.duration_since(now) / 2;
        let mut gathered = Gathered::default();
        for ((thread, key), mark) in threads.into_iter().zip(keys).zip(marks) {
            let changed = mark.as_ref() != Some(&thread.mark);
            let before = gathered.items.len();
            if changed {
                let more = thread.has_more();
                gathered.items.extend(thread.comments.into_iter().map(Item::from));
                let unshown = match more {
                    true => self.gather_unshown(&thread.id, &mut gathered, enough).await?,
                    false => Unshown::Read,
                };
                let readable = gathered.items.iter().skip(before).all(Item::is_readable);
                let whole = match unshown {
                    Unshown::Read => readable,
                    Unshown::Refused => false,
                    Unshown::Left => continue,
                };
                if !whole && self.store.count_incomplete(&key, list(queue), &thread.mark).await? < TRIES {
                    continue;
                }
            }
            if changed || again {
                let published_at = thread.published_at;
                let newest = gathered.items.iter().skip(before).map(Item::made_at).max().unwrap_or(published_at);
                gathered.marks.push(Mark { thread: key, mark: thread.mark, published_at, newest });
            }
        }
        Ok(gathered)
    }

    /// Reads the replies of a thread. After a halt that concerns more than one thread no other is asked for.
    async fn gather_unshown(
        &self,
        thread: &str,
        gathered: &mut Gathered,
        enough: Timestamp,
    ) -> Result<Unshown, LedgerError> {
        if gathered.halted.as_ref().is_some_and(|halt| !halt.may_pass()) {
            return Ok(Unshown::Left);
        }
        match self.gather_replies(thread, gathered, enough).await {
            Ok(()) => Ok(Unshown::Read),
            Err(Halt::Store(error)) => Err(error),
            // What else is listed does not wait for that.
            Err(halt @ Halt::Platform(PlatformError::Permanent { .. })) => {
                self.settle(Platform::YouTube, &format!("{REPLIES}{thread}"), halt).await?;
                Ok(Unshown::Refused)
            }
            Err(halt) => {
                gathered.halted = Some(halt);
                Ok(Unshown::Left)
            }
        }
    }

    async fn gather_replies(&self, thread: &str, gathered: &mut Gathered, deadline: Timestamp) -> Result<(), Halt> {
        let mut token: Option<String> = None;
        let mut pages = 0;
        loop {
            if self.now() >= deadline {
                return Err(Halt::Deadline);
            }
            self.spend_list(Spender::Replies).await?;
            let page = self.platform.youtube_replies(&self.accounts, thread, token.as_deref(), self.now()).await;
            let page = match page.map_err(Halt::from) {
                Ok(page) => page,
                // Deleted between listing and reading.
                Err(Halt::Gone) => return Ok(()),
                // The page of the list that shows the thread is as good as before.
                Err(Halt::PageExpired) => {
                    return Err(PlatformError::Transient { reason: "page-expired".to_owned() }.into());
                }
                Err(halt) => return Err(halt),
            };
            gathered.items.extend(page.comments.into_iter().map(Item::from));
            pages += 1;
            token = page.next;
            if token.is_none() {
                return Ok(());
            }
            if pages == REPLY_PAGES {
                let now = self.now();
                let rest = Backlog {
                    list: format!("{REPLIES}{thread}"),
                    purpose: Purpose::Backlog,
                    opened_at: now,
                    upper: now,
                    floor: None,
                    token,
                    reached: None,
                    pages,
                    restarts: 0,
                };
                self.store.leave_for_later(&self.account(Platform::YouTube), &rest, now).await?;
                return Ok(());
            }
        }
    }

    /// Marks the threads of which nothing is left to record; gives when the oldest of the others was begun.
    pub(crate) async fn mark_threads(
        &self,
        queue: Queue,
        marks: Vec<Mark>,
        left_from: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, Halt> {
        let mut left: Option<Timestamp> = None;
        for marked in marks {
            // A comment that was left belongs to a thread that was begun no later.
            if left_from.is_some_and(|from| marked.newest >= from) {
                left = Some(left.map_or(marked.published_at, |left| left.min(marked.published_at)));
                continue;
            }
            self.store.mark_seen(&marked.thread, list(queue), &marked.mark, self.now()).await?;
        }
        Ok(left)
    }
}
