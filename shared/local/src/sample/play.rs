//! Plays the day: lets each event happen at its time, delivers what tells of it, and asks the store what became of it.

use anyhow::Result;
use casework::decision::PostKey;
use casework::ledger::{CaseFile, Desk};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rules::Platform;

use super::data::{Day, Event, Expect, Kind};
use super::deliver::Sender;
use super::write::World;
use crate::simulator::HandClock;
use crate::stack::Stack;

/// What became of the day.
pub struct Played {
    /// One for each event, by time.
    pub told: Vec<Told>,
    /// Deliveries sent, copies included.
    pub deliveries: usize,
}

/// What became of one event.
pub struct Told {
    /// The event.
    pub event: Event,
    /// When it happened.
    pub at: Timestamp,
    /// Statuses answered to its deliveries.
    pub statuses: Vec<u16>,
    /// Key of the post that it was about.
    pub post: Option<PostKey>,
    /// Its version of that post, which edits have several of.
    pub version: Option<String>,
    /// What the store knows of that post at the end of the day.
    pub file: Option<CaseFile>,
}

/// One step of the day.
enum Step<'a> {
    Root(&'a super::data::Root),
    Foreign(&'a super::data::Foreign),
    Happen(usize),
    Deliver(usize),
}

/// Plays the day of `date` (in Tokyo) on a stack that tells the time by `clock`.
///
/// # Errors
/// When the data contradicts itself, or a part of the stack does not answer.
pub async fn play(stack: &Stack, day: &Day, date: Date, clock: &HandClock) -> Result<Played> {
    let midnight = date.at(0, 0, 0, 0);
    let tokyo = |time: jiff::civil::DateTime| jiff::tz::offset(9).to_timestamp(time);
    let start = tokyo(midnight)?;
    let at = |time: jiff::civil::Time| tokyo(date.to_datetime(time));

    let mut steps: Vec<(Timestamp, Step<'_>)> = Vec::new();
    for root in &day.root {
        steps.push((start - SignedDuration::from_hours(root.hours_before), Step::Root(root)));
    }
    for foreign in &day.foreign {
        steps.push((start - SignedDuration::from_hours(foreign.hours_before), Step::Foreign(foreign)));
    }
    for (index, event) in day.event.iter().enumerate() {
        steps.push((at(event.at)?, Step::Happen(index)));
        steps.push((at(event.arrives.unwrap_or(event.at))?, Step::Deliver(index)));
    }
    // Stable: of the same time, what happened comes before its delivery.
    steps.sort_by_key(|(at, _)| *at);

    let sender = Sender::new(stack)?;
    let mut world = World::new(day, start, &mut stack.x.simulator.state());
    let mut bodies: Vec<Vec<Vec<u8>>> = vec![Vec::new(); day.event.len()];
    let mut statuses: Vec<Vec<u16>> = vec![Vec::new(); day.event.len()];
    let mut next_tick = start;
    for (time, step) in steps {
        clock.set(time);
        if time >= next_tick {
            stack.tick().await?;
            next_tick = time + SignedDuration::from_mins(15);
        }
        match step {
            Step::Root(root) => {
                let event = root_event(root);
                let bodies = world.happen(&event, time, &mut stack.x.simulator.state())?;
                if let Some(id) = world.posts.get(&event.id).cloned() {
                    world.posts.insert(root.key.clone(), id);
                }
                for body in bodies {
                    sender.send(&event, &body).await?;
                }
            }
            Step::Foreign(foreign) => {
                let state = &mut stack.x.simulator.state();
                world.start_foreign(&foreign.key, &foreign.author, &foreign.text, state)?;
            }
            Step::Happen(index) => {
                bodies[index] = world.happen(&day.event[index], time, &mut stack.x.simulator.state())?;
            }
            Step::Deliver(index) => {
                for body in std::mem::take(&mut bodies[index]) {
                    statuses[index].extend(sender.send(&day.event[index], &body).await?);
                }
                stack.pump_stream().await?;
            }
        }
    }
    tell(stack, day, &world, statuses, at, clock.now()).await
}

/// Asks the store about every post of the day.
async fn tell(
    stack: &Stack,
    day: &Day,
    world: &World,
    statuses: Vec<Vec<u16>>,
    at: impl Fn(jiff::civil::Time) -> Result<Timestamp, jiff::Error>,
    now: Timestamp,
) -> Result<Played> {
    let deliveries = statuses.iter().map(Vec::len).sum();
    let mut told = Vec::new();
    for (event, statuses) in day.event.iter().zip(statuses) {
        // An edit belongs to the case of the post that it edits.
        let name = event.edits.as_ref().unwrap_or(&event.id);
        let post = world.posts.get(name).map(|id| PostKey { platform: Platform::X, id: id.clone() });
        let file = match &post {
            Some(post) => stack.store.case_file(post, now).await?,
            None => None,
        };
        let version = world.posts.get(&event.id).cloned();
        told.push(Told { at: at(event.at)?, event: event.clone(), statuses, post, version, file });
    }
    told.sort_by_key(|told| told.at);
    Ok(Played { told, deliveries })
}

/// A root of ours as the event that told of it.
fn root_event(root: &super::data::Root) -> Event {
    Event {
        id: format!("root-{}", root.key),
        at: jiff::civil::Time::midnight(),
        arrives: None,
        kind: Kind::OwnPost,
        author: None,
        text: root.text.clone(),
        expect: Expect::Outbound,
        clause: None,
        also: Vec::new(),
        delivery: None,
        wire: None,
        lang: None,
        note: None,
        thread: None,
        answers: None,
        quotes: None,
        retweets: None,
        deletes: None,
        edits: None,
        entries: Vec::new(),
        media: None,
        long: false,
        purpose: Some(root.purpose.clone()),
        r#type: None,
        platform: None,
        body: None,
        bytes: None,
    }
}
