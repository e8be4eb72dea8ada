//! What happens in the simulated world before a delivery tells of it: posts are written, edited, deleted.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::data::{Day, Event, Kind, Way, Wire};
use crate::simulator::deliver::atom::{self, VideoNotice};
use crate::simulator::deliver::x_event::{self, PostEvent};
use crate::simulator::x::{Draft, Link, State, User};
use crate::simulator::youtube;
use crate::stack::{X_USER, YOUTUBE_CHANNEL};

/// Where the picture of a post with a picture lies.
const PICTURE: &str = "https://pbs.twimg.com/media/sample.jpg";

/// The names of the data, and what the simulated world calls them.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Ids of X posts by root, foreign conversation or event.
    pub(super) posts: BTreeMap<String, String>,
    /// Ids of people by key.
    authors: BTreeMap<String, String>,
    /// Videos by key: id and title.
    videos: BTreeMap<String, (String, String)>,
    /// Ids of comments by key.
    pub(super) comments: BTreeMap<String, String>,
    /// Running number of event ids.
    events: u64,
}

impl World {
    /// Brings in the people, and what is older than the day.
    pub(super) fn new(day: &Day, midnight: Timestamp, x: &mut State) -> Self {
        let mut world = World::default();
        for author in &day.author {
            world.authors.insert(author.key.clone(), author.id.clone());
            let Some(handle) = author.handle.as_ref().filter(|_| author.platform == rules::Platform::X) else {
                continue;
            };
            let age = SignedDuration::from_hours(24 * author.created_days_ago.unwrap_or(365));
            let user = User {
                id: author.id.clone(),
                username: handle.clone(),
                name: author.name.clone(),
                description: author.description.clone().unwrap_or_default(),
                created_at: midnight - age,
                protected: false,
            };
            x.users.insert(author.id.clone(), user);
        }
        for video in &day.video {
            world.videos.insert(video.key.clone(), (video.id.clone(), video.title.clone()));
        }
        world
    }

    /// Puts our videos and those who comment on them onto YouTube.
    pub(super) fn open_channel(&self, day: &Day, youtube: &mut youtube::State) {
        for author in day.author.iter().filter(|author| author.platform == rules::Platform::YouTube) {
            youtube.add_channel(&author.id, &author.name);
        }
        for video in &day.video {
            youtube.add_video(&video.id, YOUTUBE_CHANNEL);
        }
    }

    /// Writes a comment.
    pub(super) fn comment(
        &mut self,
        comment: &super::data::Comment,
        now: Timestamp,
        youtube: &mut youtube::State,
    ) -> Result<()> {
        let (video, _) = self.videos.get(&comment.video).with_context(|| format!("no video {}", comment.video))?;
        let draft = youtube::Draft {
            id: None,
            at: Some(now),
            video,
            answers: comment.under.as_ref().and_then(|under| self.comments.get(under)).map(String::as_str),
            author: self.author(&comment.author)?,
            text: comment.text.trim(),
            image: comment.media.is_some().then_some(PICTURE),
        };
        let id = youtube.publish(draft)?;
        self.comments.insert(comment.id.clone(), id);
        Ok(())
    }

    /// Writes a conversation that somebody else started.
    pub(super) fn start_foreign(&mut self, key: &str, author: &str, text: &str, x: &mut State) -> Result<()> {
        let id = x.write(self.author(author)?, text, Link::None)?;
        self.posts.insert(key.to_owned(), id);
        Ok(())
    }

    /// Lets an event happen; gives the bodies that tell of it.
    pub(super) fn happen(&mut self, event: &Event, now: Timestamp, x: &mut State) -> Result<Vec<Vec<u8>>> {
        let us = X_USER;
        let body = match event.kind {
            Kind::Reply => {
                let root = self.post(event.thread.as_deref())?;
                self.write(event, self.by(event)?, Link::Reply(&root), x)?;
                return self.tell(event, PostEvent::Reply, x);
            }
            Kind::Mention => {
                let thread = event.thread.as_deref().map(|thread| self.post(Some(thread))).transpose()?;
                let link = thread.as_deref().map_or(Link::None, Link::Reply);
                self.write(event, self.by(event)?, link, x)?;
                return self.tell(event, PostEvent::Mention, x);
            }
            Kind::Quote => {
                match &event.edits {
                    Some(edited) => {
                        let edited = self.post(Some(edited))?;
                        self.write(event, self.by(event)?, Link::Edit(&edited), x)?;
                    }
                    None => {
                        let root = self.post(event.thread.as_deref())?;
                        self.write(event, self.by(event)?, Link::Quote(&root), x)?;
                    }
                }
                return self.tell(event, PostEvent::Quote, x);
            }
            Kind::Stream => {
                let answered = self.post(event.answers.as_deref())?;
                self.write(event, self.by(event)?, Link::Reply(&answered), x)?;
                shaped(x_event::filtered(x, &self.posts[&event.id], "9300000000000000001", "our threads")?, event)?
            }
            Kind::OwnPost => {
                let linked = event.thread.as_deref().or(event.quotes.as_deref());
                let linked = linked.map(|key| self.post(Some(key))).transpose()?;
                let link = match (&linked, &event.quotes) {
                    (Some(id), None) => Link::Reply(id),
                    (Some(id), Some(_)) => Link::Quote(id),
                    (None, _) => Link::None,
                };
                self.write(event, us.to_owned(), link, x)?;
                return self.tell(event, PostEvent::Create, x);
            }
            Kind::OwnRetweet => {
                let original = self.post(event.retweets.as_deref())?;
                self.write(event, us.to_owned(), Link::Repost(&original), x)?;
                return self.tell(event, PostEvent::Create, x);
            }
            Kind::Retweet => {
                let original = self.post(event.retweets.as_deref())?;
                self.write(event, self.by(event)?, Link::Repost(&original), x)?;
                return self.tell(event, PostEvent::Repost, x);
            }
            Kind::DeleteOwn => {
                let id = self.post(event.deletes.as_deref())?;
                if event.expect == super::data::Expect::Outbound
                    && let Some(post) = x.posts.get_mut(&id)
                {
                    post.deleted = true;
                }
                x_event::post_deleted(x, &id, &self.event_id())?
            }
            Kind::Like => {
                let liked = self.posts.get("release").context("no post to like")?.clone();
                x_event::like(x, us, &liked, &self.event_id())?
            }
            Kind::Dm => {
                let body = x_event::direct_message(x, &self.by(event)?, us, &event.text, &self.event_id())?;
                retyped(&body, event.r#type.as_deref())?
            }
            Kind::Notice if event.r#type.as_deref() == Some("replay_job_status") => json!({"replay_job_status": {
                "webhook_id": "9300000000000000002", "job_state": "Complete",
                "job_state_description": "Job completed successfully", "job_id": "9300000000000000003",
            }})
            .to_string()
            .into_bytes(),
            Kind::Notice => {
                let kind = event.r#type.as_deref().context("a notice needs a type")?;
                let payload = json!({"source": {"data": {"id": self.by(event)?}}});
                x_event::wire_bytes(&json!({"data": {"event_uuid": self.event_id(), "filter": {"user_id": us},
                    "event_type": kind, "payload": payload}}))
            }
            Kind::RevokeOther => x_event::access_revoked(&self.by(event)?, "930000001", now, &self.event_id()),
            Kind::Aaa | Kind::Malformed => event.body.clone().context("a raw event needs a body")?.into_bytes(),
            Kind::Huge => vec![b'x'; event.bytes.context("a huge event needs its size")?],
            Kind::Video => atom::videos(YOUTUBE_CHANNEL, "Sockets Inc", &self.notices(event, now)?),
            Kind::Comment => return Ok(Vec::new()),
            Kind::VideoDeleted => {
                let notices = self.notices(event, now)?;
                let video = &notices.first().context("no video to delete")?.video;
                atom::deleted(YOUTUBE_CHANNEL, "Sockets Inc", video, now)
            }
        };
        Ok(vec![body])
    }

    fn write(&mut self, event: &Event, author: String, link: Link<'_>, x: &mut State) -> Result<()> {
        let photo = event.media.is_some().then_some(PICTURE);
        let draft = Draft { id: None, at: None, author: &author, text: event.text.trim(), photo, link };
        self.posts.insert(event.id.clone(), x.publish(draft)?);
        Ok(())
    }

    /// Bodies that tell of the event's post: one, or the same post under three event ids.
    fn tell(&mut self, event: &Event, kind: PostEvent, x: &State) -> Result<Vec<Vec<u8>>> {
        let kinds = match event.delivery {
            Some(Way::ThriceOtherIds) => vec![PostEvent::Mention, PostEvent::Reply, PostEvent::Quote],
            Some(Way::Twice | Way::Forged | Way::WrongSecret | Way::Unsigned | Way::StaleSecret | Way::Late) | None => {
                vec![kind]
            }
        };
        let id = self.posts[&event.id].clone();
        let tell_one = |kind| {
            let body = x_event::post(x, kind, X_USER, &id, &self.event_id())?;
            shaped(body, event)
        };
        kinds.into_iter().map(tell_one).collect()
    }

    fn notices(&self, event: &Event, now: Timestamp) -> Result<Vec<VideoNotice>> {
        let notice = |key: &String| {
            let (id, title) = self.videos.get(key).with_context(|| format!("no video {key}"))?;
            Ok(VideoNotice { video: id.clone(), title: title.clone(), published: now, updated: now })
        };
        event.entries.iter().map(notice).collect()
    }

    fn event_id(&mut self) -> String {
        self.events += 1;
        x_event::uuid(self.events)
    }

    fn by(&self, event: &Event) -> Result<String> {
        self.author(event.author.as_deref().with_context(|| format!("{} has no author", event.id))?).map(str::to_owned)
    }

    fn author(&self, key: &str) -> Result<&str> {
        self.authors.get(key).map(String::as_str).with_context(|| format!("no author {key}"))
    }

    fn post(&self, key: Option<&str>) -> Result<String> {
        let key = key.context("the event names no post")?;
        self.posts.get(key).cloned().with_context(|| format!("no post {key}"))
    }
}

/// The same body under another event type.
fn retyped(body: &[u8], kind: Option<&str>) -> Result<Vec<u8>> {
    let Some(kind) = kind else { return Ok(body.to_vec()) };
    let mut value: Value = serde_json::from_slice(body)?;
    value["data"]["event_type"] = kind.into();
    Ok(x_event::wire_bytes(&value))
}

/// A body in an array, or with the other names of the contract.
fn shaped(body: Vec<u8>, event: &Event) -> Result<Vec<u8>> {
    Ok(match event.wire {
        None => body,
        Some(Wire::PostNames) => x_event::with_interface_names(&body)?,
        Some(Wire::Array) => {
            let mut value: Value = serde_json::from_slice(&body)?;
            value["data"] = json!([value["data"].take()]);
            x_event::wire_bytes(&value)
        }
    })
}
