//! Posts and users in the shapes that X sends, with the wire's own field names and a `_str` twin of each number.

use serde_json::{Map, Value, json};

use super::state::{Post, State, User};
use super::text::{cut, language, short_link, url, wire_text};
use jiff::{SignedDuration, Timestamp};

/// Posts may be edited for an hour.
const EDITABLE: SignedDuration = SignedDuration::from_hours(1);

/// A post with every field that the simulated world can fill in.
pub(crate) fn post(state: &State, post: &Post) -> Value {
    let original = post.reposted.as_ref().and_then(|id| state.posts.get(id));
    let written = match original {
        Some(original) => format!("RT @{}: {}", username(state, &original.author), original.text),
        None => post.text.clone(),
    };
    let mut wire = wire_text(&written, &state.users);
    let (start, end) = (reply_prefix(post), wire.text.chars().count());
    if let Some(quoted) = post.quoted.as_ref().and_then(|id| state.posts.get(id)) {
        let link = format!("https://twitter.com/{}/status/{}", username(state, &quoted.author), quoted.id);
        append_link(&link, &mut wire.text, &mut wire.entities);
    }
    if post.photo.is_some() {
        let link = format!("https://x.com/{}/status/{}/photo/1", username(state, &post.author), post.id);
        append_link(&link, &mut wire.text, &mut wire.entities);
    }
    let mut references = Vec::new();
    let kinds = [("replied_to", &post.in_reply_to), ("quoted", &post.quoted), ("retweeted", &post.reposted)];
    for (kind, id) in kinds {
        references.extend(id.as_ref().map(|id| json!({"type": kind, "id": id})));
    }
    let first = post.versions.first().and_then(|id| state.posts.get(id)).map_or(post.created_at, |v| v.created_at);
    let editable_until = first.checked_add(EDITABLE).unwrap_or(first);
    let edits_left = 6_usize.saturating_sub(post.versions.len());
    let eligible = post.in_reply_to.is_none() && post.reposted.is_none();
    let mut body = json!({
        "id": post.id,
        "author_id": post.author,
        "text": wire.text,
        "created_at": time(post.created_at),
        "conversation_id": post.conversation,
        "edit_history_tweet_ids": post.versions,
        "edit_controls": {
            "edits_remaining": edits_left,
            "is_edit_eligible": eligible,
            "editable_until": time(editable_until),
        },
        "display_text_range": [start, end],
        "lang": language(&written),
        "paid_partnership": false,
        "possibly_sensitive": false,
        "public_metrics": {
            "retweet_count": 0, "reply_count": 0, "like_count": 0,
            "quote_count": 0, "bookmark_count": 0, "impression_count": 0,
        },
        "reply_settings": "everyone",
    });
    if !references.is_empty() {
        body["referenced_tweets"] = Value::Array(references);
    }
    if let Some(parent) = post.in_reply_to.as_ref().and_then(|id| state.posts.get(id)) {
        body["in_reply_to_tweet_id"] = parent.id.clone().into();
        body["in_reply_to_user_id"] = parent.author.clone().into();
    }
    if let Some(short) = cut(&wire.text, &post.id) {
        let full = std::mem::replace(&mut body["text"], short.clone().into());
        body["note_tweet"] = json!({"text": full, "entities": wire.entities});
        body["display_text_range"] = json!([start, short.chars().count()]);
        wire.entities.clear();
    }
    if post.photo.is_some() {
        body["attachments"] = json!({"media_keys": [media_key(post)]});
    }
    if !wire.entities.is_empty() {
        body["entities"] = Value::Object(wire.entities);
    }
    twins(body)
}

/// A user with every field that the simulated world can fill in.
pub(crate) fn user(user: &User) -> Value {
    twins(json!({
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "created_at": time(user.created_at),
        "description": user.description,
        "url": "",
        "protected": user.protected,
        "verified": false,
        "verified_type": "none",
        "is_identity_verified": false,
        "profile_image_url": "https://pbs.twimg.com/profile_images/0/simulated_normal.jpg",
        "profile_banner_url": "",
        "public_metrics": {
            "followers_count": 12, "following_count": 34, "tweet_count": 56,
            "listed_count": 0, "like_count": 78, "media_count": 3,
        },
    }))
}

/// The picture of a post as `includes.media` lists it.
pub(crate) fn media(post: &Post) -> Option<Value> {
    let url = post.photo.as_ref()?;
    Some(twins(json!({"media_key": media_key(post), "type": "photo", "url": url, "width": 1200, "height": 900})))
}

fn media_key(post: &Post) -> String {
    format!("3_{}", post.id)
}

/// A moment as X writes it: UTC with milliseconds.
pub(crate) fn time(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// Adds to each number in an object its twin as a string.
pub(crate) fn twins(value: Value) -> Value {
    if let Value::Object(object) = value {
        let mut out = Map::new();
        for (name, value) in object {
            if let Some(number) = value.as_number() {
                out.insert(format!("{name}_str"), number.to_string().into());
            }
            out.insert(name, twins(value));
        }
        Value::Object(out)
    } else if let Value::Array(list) = value {
        Value::Array(list.into_iter().map(twins).collect())
    } else {
        value
    }
}

fn username<'a>(state: &'a State, id: &str) -> &'a str {
    state.users.get(id).map_or("unknown", |user| user.username.as_str())
}

/// The handle before a reply's words is not part of what is displayed.
fn reply_prefix(post: &Post) -> usize {
    if post.in_reply_to.is_none() || !post.text.starts_with('@') {
        return 0;
    }
    match post.text.split_once(' ') {
        Some((handle, _)) => handle.chars().count() + 1,
        None => post.text.chars().count(),
    }
}

/// Appends the link to a quoted post or a picture, which is not displayed.
fn append_link(link: &str, text: &mut String, entities: &mut Map<String, Value>) {
    if !text.is_empty() {
        text.push(' ');
    }
    let short = short_link(link);
    let entry = url(text.chars().count(), &short, link);
    text.push_str(&short);
    let urls = entities.entry("urls").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(urls) = urls.as_array_mut() {
        urls.push(entry);
    }
}
