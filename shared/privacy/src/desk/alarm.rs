//! What time does to an open file: alarms at a half, four fifths and the end of each clock; the end of waiting for a
//! verification.

use jiff::{SignedDuration, Timestamp};

use super::{Desk, Result};
use crate::clocks::Alarm;
use crate::file::{
    CLOSED_DAYS, ERASED_DAYS, Edit, Event, ItemState, LetterKind, RequestFile, RequestItem, Requests, UNREAD_DAYS,
    UNVERIFIED_DAYS,
};
use crate::law::DeadlineKind;
use crate::letters::Letter;
use crate::mail::thread::TicketId;

/// What time did to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Woke {
    /// Alarms reached, by item.
    pub alarms: Vec<(u32, DeadlineKind, Alarm)>,
    /// Items closed because nobody verified them.
    pub expired: Vec<u32>,
    /// Items to carry out.
    pub fulfil: Vec<u32>,
}

impl<R: Requests> Desk<'_, R> {
    /// Does what time has come for.
    ///
    /// # Errors
    /// The store's.
    pub async fn wake(&self, ticket: &TicketId, now: Timestamp) -> Result<Woke> {
        self.amend(ticket, now, |edit| {
            let mut woke = Woke::default();
            if edit.file.closed.is_some() {
                return Ok(woke);
            }
            woke.alarms = alarms(edit, now)?;
            if !woke.alarms.is_empty() {
                self.tell_officer(edit, &woke.alarms, now)?;
            }
            self.remind(edit, now);
            woke.expired = expire(edit, now);
            woke.fulfil = due_to_fulfil(&edit.file, now);
            Ok(woke)
        })
        .await
    }

    /// Tells the person, while there is time, which items will be closed because control was not shown, and when.
    fn remind(&self, edit: &mut Edit, now: Timestamp) {
        let due = |item: &&RequestItem| edit.file.reminds_at(item).is_some_and(|at| at <= now);
        let items: Vec<RequestItem> = edit.file.items.iter().filter(due).cloned().collect();
        let Some(started) = items.iter().filter_map(|item| item.clocks.started()).min() else { return };
        for number in items.iter().map(|item| item.number) {
            if let Some(item) = edit.item_mut(number) {
                item.reminded = true;
            }
        }
        let until = started + SignedDuration::from_hours(24 * UNVERIFIED_DAYS);
        let until = super::write::local(until, edit.file.language).date();
        let rights = items.iter().filter_map(RequestItem::right).collect();
        self.addresses.write(edit, LetterKind::Reminder, &Letter::Reminder { rights, until }, now);
    }

    /// One mail for all alarms of a file: number, duty and last day, nothing of the person.
    fn tell_officer(&self, edit: &mut Edit, alarms: &[(u32, DeadlineKind, Alarm)], now: Timestamp) -> Result<()> {
        let mut lines = Vec::new();
        for (number, kind, alarm) in alarms {
            let clock = edit.file.item(*number).and_then(|item| item.clocks.get(*kind));
            let Some(clock) = clock else { continue };
            let last = clock.last_day(now)?;
            lines.push(format!("項目{number} {} {} 期限 {last}", crate::word(kind), words(*alarm)));
        }
        let over = alarms.iter().any(|(_, _, alarm)| *alarm == Alarm::Over);
        let mark = if over { "期限超過" } else { "期限接近" };
        let subject = format!("【{}】{mark}", edit.file.ticket);
        let body = format!("{}\n\nsekisho requests show {}\n", lines.join("\n"), edit.file.ticket);
        self.addresses.write_officer(edit, subject, body, now);
        Ok(())
    }
}

fn words(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::Half => "50%経過",
        Alarm::FourFifths => "80%経過",
        Alarm::Over => "期限切れ",
    }
}

/// Alarms newly reached, each noted as told.
fn alarms(edit: &mut Edit, now: Timestamp) -> Result<Vec<(u32, DeadlineKind, Alarm)>> {
    let mut reached = Vec::new();
    for item in edit.file.items.iter_mut().filter(|item| !item.state.is_closed()) {
        for (kind, alarm) in item.clocks.alarms(now)? {
            match item.alarms_told.iter_mut().find(|(told, _)| *told == kind) {
                Some((_, told)) if *told >= alarm => continue,
                Some((_, told)) => *told = alarm,
                None => item.alarms_told.push((kind, alarm)),
            }
            reached.push((item.number, kind, alarm));
        }
    }
    for (number, kind, alarm) in &reached {
        let fields = [("item", Edit::plain(number)), ("clock", Edit::code(kind)), ("alarm", Edit::code(alarm))];
        edit.log(now, Event::Alarm, fields);
    }
    Ok(reached)
}

/// Closes what nobody verified in time. A clock that the law or a platform set has had its alarms by then.
fn expire(edit: &mut Edit, now: Timestamp) -> Vec<u32> {
    let file = &edit.file;
    let over = |item: &&RequestItem| item.state == ItemState::Unverified && now >= file.unverified_until(item);
    let numbers: Vec<u32> = file.items.iter().filter(over).map(|item| item.number).collect();
    for number in &numbers {
        edit.close_item(*number, ItemState::Expired, Event::Expired, now);
    }
    numbers
}

fn due_to_fulfil(file: &RequestFile, now: Timestamp) -> Vec<u32> {
    let due = |item: &&RequestItem| item.state == ItemState::Fulfilling && item.fulfil_at.is_some_and(|at| at <= now);
    file.items.iter().filter(due).map(|item| item.number).collect()
}

impl RequestFile {
    /// Until when the closed file keeps its personal data, at least as long as its package may be fetched; `None` while
    /// something is open or the file is on hold, and once it is gone.
    pub fn kept_until(&self) -> Option<Timestamp> {
        let closed = self.closed.filter(|_| self.person.is_some() && self.hold.is_none())?;
        let days = if self.unread { self.kept_days().max(UNREAD_DAYS) } else { self.kept_days() };
        let until = closed + SignedDuration::from_hours(24 * days);
        Some(self.package.as_ref().map_or(until, |package| until.max(package.until)))
    }

    /// Days that the closed file keeps its personal data. What nobody ever verified is not worth keeping, and whose
    /// data was erased is erased from here too, once the letter about it has had time to arrive.
    fn kept_days(&self) -> i64 {
        let expired = self.items.iter().all(|item| item.state == ItemState::Expired);
        match (expired, self.has_erased()) {
            (true, _) => 0,
            (false, true) => ERASED_DAYS,
            (false, false) => CLOSED_DAYS,
        }
    }
}
