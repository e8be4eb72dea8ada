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

/// How the functions learn of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By webhooks alone, the filtered stream of Enterprise access included. Comments on videos have none.
    Webhooks,
    /// By webhooks without the filtered stream, and by polls a few times a day.
    Both,
    /// By polls alone.
    Polls,
    /// By polls, and by every webhook once the day is over.
    PollsThenWebhooks,
    /// By every webhook, and by polls of the same.
    WebhooksThenPolls,
}

impl Means {
    fn poll_minutes(self) -> Option<i64> {
        match self {
            Means::Webhooks => None,
            // A showing: enough to find everything, and quick.
            Means::Both => Some(240),
            Means::Polls | Means::PollsThenWebhooks | Means::WebhooksThenPolls => Some(30),
        }
    }

    fn delivers(self, event: &Event) -> bool {
        match self {
            Means::Webhooks | Means::PollsThenWebhooks | Means::WebhooksThenPolls => true,
            Means::Both => event.kind != Kind::Stream,
            Means::Polls => false,
        }
    }
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
    Comment(usize),
    Poll,
}

/// Plays the day of `date` (in Tokyo) by webhooks, on a stack that tells the time by `clock`.
///
/// # Errors
/// When the data contradicts itself, or a part of the stack does not answer.
pub async fn play(stack: &Stack, day: &Day, date: Date, clock: &HandClock) -> Result<Played> {
    play_by(stack, day, date, clock, Means::Webhooks).await
}

/// Plays the day by other means.
///
/// # Errors
/// As [`play`].
pub async fn play_by(stack: &Stack, day: &Day, date: Date, clock: &HandClock, means: Means) -> Result<Played> {
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
    if let Some(minutes) = means.poll_minutes() {
        for (index, comment) in day.comment.iter().enumerate() {
            steps.push((at(comment.at)?, Step::Comment(index)));
        }
        steps.extend((0..=24 * 60 / minutes).map(|poll| {
            // The last one comes once all has happened.
            (start + SignedDuration::from_mins((poll * minutes).min(24 * 60)), Step::Poll)
        }));
    }
    // Stable: of the same time, what happened comes before its delivery.
    steps.sort_by_key(|(at, _)| *at);

    let sender = Sender::new(stack)?;
    let mut world = World::new(day, start, &mut stack.x.simulator.state());
    if means.poll_minutes().is_some() {
        world.open_channel(day, &mut stack.youtube.simulator.state());
    }
    let mut late = Vec::new();
    let mut bodies: Vec<Vec<Vec<u8>>> = vec![Vec::new(); day.event.len()];
    let mut statuses: Vec<Vec<u16>> = vec![Vec::new(); day.event.len()];
    let mut next_tick = start;
    for (time, step) in steps {
        clock.set(time);
        if time >= next_tick {
            stack.tick().await?;
            next_tick = time + SignedDuration::from_mins(60);
        }
        match step {
            Step::Root(root) => {
                let event = root_event(root);
                let bodies = world.happen(&event, time, &mut stack.x.simulator.state())?;
                if let Some(id) = world.posts.get(&event.id).cloned() {
                    world.posts.insert(root.key.clone(), id);
                }
                match means {
                    Means::Polls => {}
                    Means::PollsThenWebhooks => late.extend(bodies.into_iter().map(|body| (event.clone(), body))),
                    Means::Webhooks | Means::Both | Means::WebhooksThenPolls => {
                        for body in bodies {
                            sender.send(&event, &body).await?;
                        }
                    }
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
                let (event, bodies) = (&day.event[index], std::mem::take(&mut bodies[index]));
                if means == Means::PollsThenWebhooks {
                    late.extend(bodies.into_iter().map(|body| (event.clone(), body)));
                } else if means.delivers(event) {
                    for body in bodies {
                        statuses[index].extend(sender.send(event, &body).await?);
                    }
                    stack.pump_stream().await?;
                }
            }
            Step::Comment(index) => {
                world.comment(&day.comment[index], time, &mut stack.youtube.simulator.state())?;
            }
            Step::Poll => {
                stack.poll().await?;
                stack.pump_stream().await?;
            }
        }
    }
    for (event, body) in late {
        sender.send(&event, &body).await?;
    }
    stack.pump_stream().await?;
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
    for comment in &day.comment {
        let Some(id) = world.comments.get(&comment.id) else { continue };
        let post = PostKey { platform: Platform::YouTube, id: id.clone() };
        let file = stack.store.case_file(&post, now).await?;
        let version = file.as_ref().and_then(|file| Some(file.decisions.last()?.version.clone()));
        let event = comment_event(comment);
        told.push(Told { at: at(comment.at)?, event, statuses: Vec::new(), post: Some(post), version, file });
    }
    told.sort_by_key(|told| told.at);
    Ok(Played { told, deliveries })
}

/// A comment as an event that nothing tells of.
fn comment_event(comment: &super::data::Comment) -> Event {
    Event {
        author: Some(comment.author.clone()),
        clause: comment.clause,
        also: comment.also.clone(),
        media: comment.media.clone(),
        ..event(&comment.id, comment.at, Kind::Comment, &comment.text, comment.expect)
    }
}

/// A root of ours as the event that told of it.
fn root_event(root: &super::data::Root) -> Event {
    let midnight = jiff::civil::Time::midnight();
    Event {
        purpose: Some(root.purpose.clone()),
        ..event(&format!("root-{}", root.key), midnight, Kind::OwnPost, &root.text, Expect::Outbound)
    }
}

/// An event with nothing but what every event has.
fn event(id: &str, at: jiff::civil::Time, kind: Kind, text: &str, expect: Expect) -> Event {
    Event {
        id: id.to_owned(),
        at,
        arrives: None,
        kind,
        author: None,
        text: text.to_owned(),
        expect,
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
        purpose: None,
        r#type: None,
        platform: None,
        body: None,
        bytes: None,
    }
}
