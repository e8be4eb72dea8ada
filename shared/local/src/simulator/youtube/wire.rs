//! Comments and threads in the shapes that YouTube sends; some fields depend on who asks, and how.

use serde_json::{Value, json};

use super::state::{Comment, Moderation, State};

/// Who asks, and how the answer shall look.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// The channel of the token.
    pub(super) viewer: &'a str,
    /// `textFormat=plainText`.
    pub(super) plain: bool,
    /// Asked for by `id`: the moderation status is then never sent, not even to the owner (discovery document).
    pub(super) by_id: bool,
    /// The `snippet` part.
    pub(super) snippet: bool,
    /// The `replies` part, of threads only.
    pub(super) replies: bool,
    /// The status listed by; replies that have it are shown beside the published ones.
    pub(super) status: Moderation,
}

/// How many replies a thread shows at most.
const SHOWN_REPLIES: usize = 5;

pub(super) fn comment(state: &State, comment: &Comment, view: View<'_>) -> Value {
    let mut body = json!({"kind": "youtube#comment", "etag": etag(comment), "id": comment.id});
    if view.snippet {
        body["snippet"] = comment_snippet(state, comment, view);
    }
    body
}

pub(super) fn thread(state: &State, head: &Comment, view: View<'_>) -> Value {
    let mut body = json!({"kind": "youtube#commentThread", "etag": etag(head), "id": head.id});
    let seen = |reply: &&Comment| reply.moderation == Moderation::Published || reply.moderation == view.status;
    let replies: Vec<&Comment> = state.replies(&head.id).into_iter().filter(seen).collect();
    if view.snippet {
        body["snippet"] = json!({
            "channelId": state.owner(head),
            "videoId": head.video,
            "topLevelComment": comment(state, head, view),
            "canReply": true,
            "totalReplyCount": replies.len(),
            "isPublic": head.moderation == Moderation::Published,
        });
    }
    if view.replies && !replies.is_empty() {
        // The newest are shown; assumed, as only "a limited number" is promised.
        let shown = replies.iter().take(SHOWN_REPLIES);
        let shown: Vec<Value> = shown.map(|reply| comment(state, reply, View { snippet: true, ..view })).collect();
        body["replies"] = json!({"comments": shown});
    }
    body
}

fn comment_snippet(state: &State, comment: &Comment, view: View<'_>) -> Value {
    let owner = state.owner(comment);
    let title = state.channels.get(&comment.author).map(String::as_str).unwrap_or_default();
    let mut snippet = json!({
        "channelId": owner,
        "videoId": comment.video,
        "textDisplay": if view.plain { comment.text.clone() } else { html(&comment.text) },
        "authorDisplayName": title,
        "authorProfileImageUrl": "https://yt3.ggpht.com/ytc/simulated=s48-c-k-c0x00ffffff-no-rj",
        "authorChannelUrl": format!("http://www.youtube.com/channel/{}", comment.author),
        "authorChannelId": {"value": comment.author},
        "canRate": true,
        "viewerRating": "none",
        "likeCount": 0,
        "publishedAt": comment.published_at.to_string(),
        "updatedAt": comment.updated_at.to_string(),
    });
    let owner_looks = owner == Some(view.viewer);
    if owner_looks || comment.author == view.viewer {
        snippet["textOriginal"] = comment.text.clone().into();
    }
    if owner_looks && !view.by_id {
        snippet["moderationStatus"] = comment.moderation.name().into();
    }
    if let Some(parent) = &comment.parent {
        snippet["parentId"] = parent.clone().into();
    }
    if let Some(image) = &comment.image_url {
        snippet["imageUrl"] = image.clone().into();
    }
    snippet
}

fn etag(comment: &Comment) -> String {
    format!("sim-{}-{}", comment.id, comment.updated_at.as_microsecond())
}

fn html(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>"),
            other => out.push(other),
        }
    }
    out
}
