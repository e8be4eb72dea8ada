//! Bodies of X's webhooks, made from the simulated world in the shape of the vendor's samples (X Activity API).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::simulator::NoSuch;
use crate::simulator::x::State;
use crate::simulator::x::wire;

/// Events that carry a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostEvent {
    /// The subscribed user wrote a post.
    Create,
    /// Somebody named the subscribed user.
    Mention,
    /// Somebody answered a post of the subscribed user.
    Reply,
    /// Somebody quoted a post of the subscribed user.
    Quote,
    /// Somebody repeated a post of the subscribed user.
    Repost,
}

impl PostEvent {
    fn name(self) -> &'static str {
        match self {
            PostEvent::Create => "post.create",
            PostEvent::Mention => "post.mention.create",
            PostEvent::Reply => "post.reply.create",
            PostEvent::Quote => "post.quote.create",
            PostEvent::Repost => "post.repost.create",
        }
    }
}

/// An event id for a running number: nineteen digits or so, every second one negative, as X sends them.
pub fn uuid(number: u64) -> String {
    let spread = (number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 1).cast_signed();
    if number.is_multiple_of(2) { spread.to_string() } else { (-spread).to_string() }
}

/// An event about a post, for the user who subscribed to it.
///
/// # Errors
///
/// [`NoSuch`] if the post does not exist or is deleted.
pub fn post(state: &State, event: PostEvent, subscriber: &str, id: &str, event_uuid: &str) -> Result<Vec<u8>, NoSuch> {
    let post = state.live(id)?;
    let payload = wire::post(state, post);
    // The samples fill `includes` for mentions alone; assumed to be so for own posts too.
    let includes = match event {
        PostEvent::Create | PostEvent::Mention => {
            let mut people = vec![post.author.as_str()];
            people.extend((post.author != subscriber).then_some(subscriber));
            let users = people.into_iter().filter_map(|id| state.users.get(id)).map(wire::user);
            json!({"users": users.collect::<Vec<Value>>(), "tweets": [payload.clone()]})
        }
        PostEvent::Reply | PostEvent::Quote | PostEvent::Repost => json!({}),
    };
    let filter = json!({"user_id": subscriber});
    Ok(envelope(event.name(), event_uuid, &filter, &payload, Some(includes)))
}

/// `post.delete`: the subscribed user deleted a post. It says no more than whose and which.
///
/// # Errors
///
/// [`NoSuch`] if the post never existed.
pub fn post_deleted(state: &State, id: &str, event_uuid: &str) -> Result<Vec<u8>, NoSuch> {
    let post = state.posts.get(id).ok_or(NoSuch("post"))?;
    let author = state.users.get(&post.author).ok_or(NoSuch("user"))?;
    let includes = json!({"users": [{"data": wire::user(author)}]});
    let payload = json!({"id": post.id, "author_id": post.author});
    Ok(envelope("post.delete", event_uuid, &json!({"user_id": post.author}), &payload, Some(includes)))
}

/// `like.create`: the subscribed user liked a post.
///
/// # Errors
///
/// [`NoSuch`] if the post does not exist or is deleted.
pub fn like(state: &State, subscriber: &str, id: &str, event_uuid: &str) -> Result<Vec<u8>, NoSuch> {
    let post = state.live(id)?;
    let author = state.users.get(&post.author).ok_or(NoSuch("user"))?;
    let now = (state.clock)();
    let payload = json!({
        "id": format!("{:032x}", post.id.parse::<u64>().unwrap_or_default()),
        "created_at": wire::time(now),
        "timestamp_ms": now.as_millisecond().to_string(),
        "liked_tweet_id": post.id,
        "liked_tweet_author_id": post.author,
    });
    let filter = json!({"user_id": subscriber, "direction": "outbound"});
    let includes = json!({"users": [wire::user(author)], "tweets": [wire::post(state, post)]});
    Ok(envelope("like.create", event_uuid, &filter, &payload, Some(includes)))
}

/// `dm.received`: a direct message to the subscribed user.
///
/// # Errors
///
/// [`NoSuch`] if either user does not exist.
pub fn direct_message(
    state: &State,
    sender: &str,
    recipient: &str,
    text: &str,
    event_uuid: &str,
) -> Result<Vec<u8>, NoSuch> {
    let person = |id: &str| state.users.get(id).map(wire::user).ok_or(NoSuch("user"));
    let payload = json!({
        "direct_message_events": [{
            "type": "message_create",
            "id": event_uuid.trim_start_matches('-'),
            "created_timestamp": (state.clock)().as_millisecond().to_string(),
            "message_create": {
                "target": {"recipient_id": recipient},
                "sender_id": sender,
                "message_data": {
                    "text": text,
                    "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
                },
            },
        }],
        "users": {sender: {"data": person(sender)?}, recipient: {"data": person(recipient)?}},
    });
    Ok(envelope("dm.received", event_uuid, &json!({"user_id": recipient}), &payload, None))
}

/// `oauth.revoke`: a user took back the app's access. Sent without a subscription, so without a filter or tag.
pub fn access_revoked(user: &str, app: &str, at: Timestamp, event_uuid: &str) -> Vec<u8> {
    let payload = json!({"date_time": wire::time(at), "user_id": user, "app_id": app});
    wire_bytes(&json!({"data": {
        "event_uuid": event_uuid,
        "filter": {},
        "event_type": "oauth.revoke",
        "payload": payload,
    }}))
}

/// The filtered stream's envelope around a post that a rule matched.
///
/// # Errors
///
/// [`NoSuch`] if the post does not exist or is deleted.
pub fn filtered(state: &State, id: &str, rule_id: &str, rule_tag: &str) -> Result<Vec<u8>, NoSuch> {
    let post = state.live(id)?;
    let users: Vec<Value> = state.users.get(&post.author).map(wire::user).into_iter().collect();
    Ok(wire_bytes(&json!({
        "data": wire::post(state, post),
        "includes": {"users": users},
        "matching_rules": [{"id": rule_id, "tag": rule_tag}],
    })))
}

/// JSON as X writes it: `/` and `<` are escaped, so that printing a parsed body again gives other bytes.
pub fn wire_bytes(body: &Value) -> Vec<u8> {
    // Neither character occurs outside strings in JSON, and a backslash before neither is special in serde's output.
    body.to_string().replace('/', "\\/").replace('<', "\\u003c").into_bytes()
}

fn envelope(kind: &str, event_uuid: &str, filter: &Value, payload: &Value, includes: Option<Value>) -> Vec<u8> {
    let mut data = json!({
        "event_uuid": event_uuid,
        "filter": filter,
        "event_type": kind,
        "tag": format!("sim {kind}"),
        "payload": payload,
    });
    if let Some(includes) = includes {
        data["includes"] = includes;
    }
    wire_bytes(&json!({"data": data}))
}
