//! Reading: comments by id or thread, threads by id, video or channel.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::page::{Page, cut};
use super::state::{Comment, Moderation, State};
use super::wire::{self, View};
use super::{error, page};
use crate::simulator::request::{Answer, Call};

impl State {
    pub(super) fn comments_list(&self, call: &Call, viewer: &str) -> Result<Answer, Answer> {
        let filter = filter(call, &["id", "parentId"])?;
        let view = view(call, viewer, filter == "id", &["id", "snippet"])?;
        if filter == "id" {
            let ids = listed_ids(call, &["maxResults", "pageToken"])?;
            let found = ids.iter().filter_map(|id| self.live(id).ok()).filter(|comment| self.shown(comment, viewer));
            let items: Vec<Value> = found.map(|comment| wire::comment(self, comment, view)).collect();
            let size = items.len();
            return Ok(listing_of("youtube#commentListResponse", Page { items, next: None, size }));
        }
        let parent = call.value("parentId").unwrap_or_default();
        let head = self.live(parent).ok().filter(|head| head.parent.is_none() && self.shown(head, viewer));
        let Some(head) = head else {
            let message = "The specified comment could not be found.";
            return Err(error::refused(404, "youtube.comment", "commentNotFound", message));
        };
        let replies = self.replies(&head.id).into_iter().filter(|reply| self.shown(reply, viewer)).collect();
        let page = cut(call, self.longest_page, parent, replies)?;
        Ok(listing_of("youtube#commentListResponse", page.map(|reply| wire::comment(self, reply, view))))
    }

    pub(super) fn threads_list(&self, call: &Call, viewer: &str) -> Result<Answer, Answer> {
        let filter = filter(call, &["id", "videoId", "allThreadsRelatedToChannelId"])?;
        let view = view(call, viewer, filter == "id", &["id", "snippet", "replies"])?;
        let heads: Vec<&Comment> = self.comments.values().filter(|c| c.parent.is_none() && !c.deleted).collect();
        if filter == "id" {
            let ids = listed_ids(call, &["maxResults", "pageToken", "moderationStatus", "order"])?;
            let found = heads.into_iter().filter(|head| ids.contains(&head.id.as_str()) && self.shown(head, viewer));
            let items: Vec<Value> = found.map(|head| wire::thread(self, head, view)).collect();
            let size = items.len();
            return Ok(listing_of("youtube#commentThreadListResponse", Page { items, next: None, size }));
        }
        let wanted = call.value(filter).unwrap_or_default();
        let by_video = filter == "videoId";
        let owner = if by_video { self.video_owner(wanted)? } else { self.channel(wanted)? };
        let status = asked_status(call, owner == viewer)?;
        let view = View { status, ..view };
        if call.value("order").is_some_and(|order| order != "time" && order != "relevance") {
            return Err(error::parameter("invalidParameter", "order", "Invalid value."));
        }
        let within = |head: &&Comment| if by_video { head.video == wanted } else { self.owner(head) == Some(owner) };
        // A thread is listed when its head, or at least one reply, has the status asked for.
        let by_reply: BTreeSet<&str> = match status {
            Moderation::Published => BTreeSet::new(),
            Moderation::HeldForReview | Moderation::LikelySpam | Moderation::Rejected => {
                let with = self.comments.values().filter(|comment| !comment.deleted && comment.moderation == status);
                with.filter_map(|comment| comment.parent.as_deref()).collect()
            }
        };
        let listed = |head: &&Comment| head.moderation == status || by_reply.contains(head.id.as_str());
        let mut found: Vec<&Comment> = heads.into_iter().filter(within).filter(listed).collect();
        found.sort_by(|one, other| (other.published_at, &other.id).cmp(&(one.published_at, &one.id)));
        let page = cut(call, self.longest_page, &name(filter, wanted, status), found)?;
        Ok(listing_of("youtube#commentThreadListResponse", page.map(|head| wire::thread(self, head, view))))
    }

    /// A thread's replies that still exist, newest first, whatever their status.
    pub(super) fn replies(&self, head: &str) -> Vec<&Comment> {
        let mut replies: Vec<&Comment> =
            self.comments.values().filter(|c| c.parent.as_deref() == Some(head) && !c.deleted).collect();
        replies.sort_by(|one, other| (other.published_at, &other.id).cmp(&(one.published_at, &one.id)));
        replies
    }

    /// Whether a viewer gets the comment: all get published ones, the owner what waits too, nobody rejected ones
    /// (assumed, after "can't be listed").
    fn shown(&self, comment: &Comment, viewer: &str) -> bool {
        match comment.moderation {
            Moderation::Published => self.visible(&comment.id) || self.owner(comment) == Some(viewer),
            Moderation::HeldForReview | Moderation::LikelySpam => self.owner(comment) == Some(viewer),
            Moderation::Rejected => false,
        }
    }

    fn video_owner(&self, id: &str) -> Result<&str, Answer> {
        let Some(video) = self.videos.get(id) else {
            let message = "The video identified by the <code>videoId</code> parameter could not be found.";
            return Err(error::refused(404, "youtube.commentThread", "videoNotFound", message));
        };
        if video.comments_disabled {
            let message = "The video identified by the <code>videoId</code> parameter has disabled comments.";
            return Err(error::refused(403, "youtube.commentThread", "commentsDisabled", message));
        }
        Ok(&video.channel)
    }

    fn channel<'a>(&self, id: &'a str) -> Result<&'a str, Answer> {
        if self.channels.contains_key(id) {
            return Ok(id);
        }
        let message = "The channel of the <code>allThreadsRelatedToChannelId</code> parameter could not be found.";
        Err(error::refused(404, "youtube.commentThread", "channelNotFound", message))
    }
}

impl<T> Page<T> {
    fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(make).collect(), next: self.next, size: self.size }
    }
}

/// The name of a listing of threads, which its page tokens carry.
fn name(filter: &str, wanted: &str, status: Moderation) -> String {
    format!("{filter}={wanted}&{}", status.name())
}

/// A page without items that goes on from the same place.
pub(super) fn empty_page(call: &Call) -> Answer {
    let status = call.value("moderationStatus").and_then(Moderation::parse).unwrap_or(Moderation::Published);
    let listing = ["videoId", "allThreadsRelatedToChannelId"]
        .into_iter()
        .find_map(|filter| Some(name(filter, call.value(filter)?, status)))
        .or_else(|| call.value("parentId").map(str::to_owned))
        .unwrap_or_default();
    let next = call.value("pageToken").map_or_else(|| page::token(0, &listing), str::to_owned);
    listing_of("youtube#commentThreadListResponse", Page { items: Vec::new(), next: Some(next), size: 0 })
}

/// The one filter of a listing.
fn filter(call: &Call, filters: &[&'static str]) -> Result<&'static str, Answer> {
    let given: Vec<&'static str> = filters.iter().copied().filter(|&name| call.value(name).is_some()).collect();
    let expected = filters.join(", ");
    match given.as_slice() {
        &[one] => Ok(one),
        [] => {
            let message = format!("No filter selected. Expected one of: {expected}");
            Err(error::parameter("missingRequiredParameter", "", &message))
        }
        [..] => {
            let message = format!("Incompatible parameters specified in the request: {}", given.join(", "));
            Err(error::parameter("incompatibleParameters", "", &message))
        }
    }
}

fn view<'a>(call: &Call, viewer: &'a str, by_id: bool, parts: &[&str]) -> Result<View<'a>, Answer> {
    let given = call.list("part");
    if given.is_empty() {
        return Err(error::parameter("missingRequiredParameter", "part", "No part selected."));
    }
    if let Some(part) = given.iter().find(|part| !parts.contains(part)) {
        return Err(error::parameter("unknownPart", "part", &format!("'{part}'")));
    }
    let plain = match call.value("textFormat") {
        None | Some("html") => false,
        Some("plainText") => true,
        Some(_) => return Err(error::parameter("invalidParameter", "textFormat", "Invalid value.")),
    };
    let (snippet, replies) = (given.contains(&"snippet"), given.contains(&"replies"));
    Ok(View { viewer, plain, by_id, snippet, replies, status: Moderation::Published })
}

/// The ids asked for; paging and the other filters don't go with them.
fn listed_ids<'a>(call: &'a Call, incompatible: &[&str]) -> Result<Vec<&'a str>, Answer> {
    if let Some(name) = incompatible.iter().find(|name| call.value(name).is_some()) {
        let message = format!("Incompatible parameters specified in the request: id, {name}");
        return Err(error::parameter("incompatibleParameters", name, &message));
    }
    let ids = call.list("id");
    // No source gives a bound for ids; assumed to be that of the other lists of ids.
    if ids.len() > 50 || ids.iter().any(|id| id.is_empty()) {
        return Err(error::parameter("invalidParameter", "id", "Between 1 and 50 ids are required."));
    }
    Ok(ids)
}

/// The moderation status to list by. Asking for one is the owner's alone, and rejected ones can't be listed.
fn asked_status(call: &Call, owner: bool) -> Result<Moderation, Answer> {
    let Some(name) = call.value("moderationStatus") else {
        return Ok(Moderation::Published);
    };
    let status = Moderation::parse(name).filter(|status| *status != Moderation::Rejected);
    let Some(status) = status else {
        return Err(error::parameter("invalidParameter", "moderationStatus", "Invalid value."));
    };
    if !owner {
        let message = "One or more of the requested comment threads cannot be retrieved due to insufficient \
                       permissions. The request might not be properly authorized.";
        return Err(error::refused(403, "youtube.commentThread", "forbidden", message));
    }
    Ok(status)
}

fn listing_of(kind: &str, page: page::Page<Value>) -> Answer {
    let mut body = json!({
        "kind": kind,
        "etag": format!("sim-{}", page.items.len()),
        "pageInfo": {"totalResults": page.items.len(), "resultsPerPage": page.size},
        "items": page.items,
    });
    if let Some(next) = page.next {
        body["nextPageToken"] = next.into();
    }
    Answer::json(200, &body)
}
