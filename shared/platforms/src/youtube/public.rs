//! What YouTube shows of a channel and of a comment.

use casework::platform::{PlatformError, PublicProfile, Shown};
use rules::UserId;
use serde_json::Value;

use super::call::{Call, send};
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::Line;

/// Whether this is a channel's id: `UC` and 22 characters.
fn is_channel(text: &str) -> bool {
    text.len() == 24 && text.starts_with("UC") && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

pub(crate) async fn by_handle<T: TokenSource>(
    line: &Line<'_, T>,
    handle: &str,
) -> Result<Option<UserId>, PlatformError> {
    if handle.is_empty() || handle.chars().count() > 31 {
        return Ok(None);
    }
    let channel = first(send(line, Call::ChannelByHandle { handle }).await)?;
    Ok(channel.and_then(|channel| channel["id"].as_str().filter(|id| is_channel(id)).map(|id| UserId(id.to_owned()))))
}

pub(crate) async fn profile<T: TokenSource>(
    line: &Line<'_, T>,
    id: &UserId,
) -> Result<Option<PublicProfile>, PlatformError> {
    if !is_channel(&id.0) {
        return Ok(None);
    }
    let Some(channel) = first(send(line, Call::Channel { id: &id.0 }).await)? else { return Ok(None) };
    if channel["id"] != id.0 {
        return Err(PlatformError::Transient { reason: "unreadable-answer".to_owned() });
    }
    let snippet = &channel["snippet"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Ok(Some(PublicProfile {
        id: id.clone(),
        handle: text(&snippet["customUrl"]).map(|handle| handle.trim_start_matches('@').to_owned()),
        name: text(&snippet["title"]),
        picture: text(&snippet["thumbnails"]["default"]["url"]),
        text: text(&snippet["description"]).unwrap_or_default(),
    }))
}

/// A rejected comment cannot be told from a deleted one, so that only a comment that is shown is surely there.
pub(crate) async fn shown<T: TokenSource>(line: &Line<'_, T>, comment: &str) -> Result<Shown, PlatformError> {
    if !super::comment::is_id(comment) {
        return Err(PlatformError::Permanent { reason: "bad-id".to_owned() });
    }
    let found = first(send(line, Call::ListComments { ids: &[comment] }).await)?;
    Ok(match found {
        Some(comment) => {
            let author = comment["snippet"]["authorChannelId"]["value"].as_str();
            Shown::Yes(author.map(|author| UserId(author.to_owned())))
        }
        None => Shown::Gone,
    })
}

/// The first of the items, or `None` when there is none; YouTube leaves the list out then.
fn first(answer: Result<Value, Refusal>) -> Result<Option<Value>, PlatformError> {
    match answer {
        Ok(answer) => Ok(answer["items"].as_array().and_then(|items| items.first()).cloned()),
        Err(Refusal::Gone) => Ok(None),
        Err(Refusal::Comments(reason)) => Err(PlatformError::Permanent { reason }),
        Err(Refusal::Error(error)) => Err(error),
    }
}
