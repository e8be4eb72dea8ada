//! What X shows of a user and of a post.

use casework::platform::{PlatformError, PublicProfile, Shown};
use rules::UserId;
use serde_json::Value;

use super::call::{Call, send};
use super::post::is_id;
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::Line;

/// X's kind of problem for what is there but not for us: a protected or suspended author, or a withheld post.
const NOT_FOR_US: &str = "not-authorized-for-resource";

/// Whether this may be a handle (X help, username rules).
fn is_handle(text: &str) -> bool {
    (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(crate) async fn by_handle<T: TokenSource>(
    line: &Line<'_, T>,
    handle: &str,
) -> Result<Option<UserId>, PlatformError> {
    if !is_handle(handle) {
        return Ok(None);
    }
    let answer = seen(send(line, Call::UserByHandle { handle }).await.answer)?;
    Ok(answer.and_then(|answer| answer["data"]["id"].as_str().filter(|id| is_id(id)).map(|id| UserId(id.to_owned()))))
}

pub(crate) async fn profile<T: TokenSource>(
    line: &Line<'_, T>,
    id: &UserId,
) -> Result<Option<PublicProfile>, PlatformError> {
    if !is_id(&id.0) {
        return Ok(None);
    }
    let answer = seen(send(line, Call::User { id: &id.0 }).await.answer)?;
    let Some(user) = answer.map(|answer| answer["data"].clone()) else { return Ok(None) };
    if user["id"] != id.0 {
        return Err(PlatformError::Transient { reason: "unreadable-answer".to_owned() });
    }
    let text = |name: &str| user[name].as_str().map(str::to_owned);
    Ok(Some(PublicProfile {
        id: id.clone(),
        handle: text("username"),
        name: text("name"),
        picture: text("profile_image_url"),
        text: text("description").unwrap_or_default(),
    }))
}

pub(crate) async fn shown<T: TokenSource>(line: &Line<'_, T>, post: &str) -> Result<Shown, PlatformError> {
    if !is_id(post) {
        return Err(PlatformError::Permanent { reason: "bad-id".to_owned() });
    }
    match send(line, Call::LookUp { ids: &[post] }).await.answer {
        Ok(answer) => {
            let found = answer["data"].as_array().and_then(|posts| posts.first());
            let found = found.ok_or_else(|| PlatformError::Transient { reason: "unreadable-answer".to_owned() })?;
            Ok(Shown::Yes(found["author_id"].as_str().map(|id| UserId(id.to_owned()))))
        }
        Err(Refusal::Gone) => Ok(Shown::Gone),
        Err(Refusal::Error(PlatformError::Permanent { reason })) if reason.starts_with(NOT_FOR_US) => {
            Ok(Shown::Withheld)
        }
        Err(Refusal::Error(error)) => Err(error),
    }
}

/// An answer, or `None` for somebody who is not there to be seen.
fn seen(answer: Result<Value, Refusal>) -> Result<Option<Value>, PlatformError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Refusal::Gone) => Ok(None),
        Err(Refusal::Error(PlatformError::Permanent { reason })) if reason.starts_with(NOT_FOR_US) => Ok(None),
        Err(Refusal::Error(error)) => Err(error),
    }
}
