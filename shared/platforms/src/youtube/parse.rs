//! What YouTube says, into events and posts: WebSub notices about videos, and comments.
//!
//! YouTube pushes videos only, never comments; comments come from the Data API's lists.

use std::collections::HashMap;

use casework::event::{Event, Unreadable, VideoNotice};
use jiff::Timestamp;

use super::feed;
use crate::Accounts;

pub use super::comment::comment;

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Reads a WebSub notice: one event for each video, the newest where a video is there more than once; another
/// channel's videos are counted as `video.other_channel`, and a feed without entries as `video.none`.
///
/// A document type definition, a body over [`MAX_BODY`] and anything but one Atom feed are unreadable.
pub fn parse(raw: &[u8], accounts: &Accounts) -> Result<Vec<Event>, Unreadable> {
    if raw.len() > MAX_BODY {
        return Err(Unreadable { reason: format!("the feed is longer than {MAX_BODY} bytes") });
    }
    let mut events: Vec<Event> = Vec::new();
    let mut seen: HashMap<(bool, String), usize> = HashMap::new();
    for entry in feed::read(raw)? {
        if entry.channel != accounts.youtube {
            events.push(Event::Counted { kind: "video.other_channel".to_owned() });
            continue;
        }
        let notice = VideoNotice { channel: entry.channel, video: entry.video, at: entry.at };
        let at = *seen.entry((entry.deleted, notice.video.clone())).or_insert(events.len());
        let event = if entry.deleted { Event::VideoDeleted(notice) } else { Event::Video(notice) };
        match events.get_mut(at) {
            None => events.push(event),
            Some(earlier) if time(&event) > time(earlier) => *earlier = event,
            Some(_) => {}
        }
    }
    if events.is_empty() {
        events.push(Event::Counted { kind: "video.none".to_owned() });
    }
    Ok(events)
}

fn time(event: &Event) -> Option<Timestamp> {
    match event {
        Event::Video(notice) | Event::VideoDeleted(notice) => notice.at,
        Event::Post(_)
        | Event::Outbound(_)
        | Event::OwnPostDeleted { .. }
        | Event::AccessRevoked { .. }
        | Event::Counted { .. } => None,
    }
}
