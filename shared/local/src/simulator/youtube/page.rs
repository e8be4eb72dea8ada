//! Page tokens of listings: opaque to callers, good for the listing that gave them and no other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error;
use crate::simulator::request::{Answer, Call};

/// One page of a listing.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
    pub(super) size: usize,
}

/// The number of results asked for.
pub(super) fn size(call: &Call) -> Result<usize, Answer> {
    let text = call.value("maxResults").unwrap_or("20");
    text.parse().ok().filter(|size| (1..=100).contains(size)).ok_or_else(|| {
        let message = format!("Invalid value '{text}'. Values must be within the range: [1, 100]");
        error::parameter("invalidParameter", "maxResults", &message)
    })
}

/// Cuts the page that the call asks for, of `longest` items at most, out of a listing that `listing` names.
pub(super) fn cut<T>(call: &Call, longest: usize, listing: &str, all: Vec<T>) -> Result<Page<T>, Answer> {
    let size = size(call)?.min(longest);
    let start = match call.value("pageToken") {
        None => Some(0),
        Some(token) => offset(token, listing),
    };
    let Some(start) = start.filter(|start| *start <= all.len()) else {
        return Err(expired());
    };
    let next = (start + size < all.len()).then(|| token(start + size, listing));
    Ok(Page { items: all.into_iter().skip(start).take(size).collect(), next, size })
}

/// A token of a place in a listing.
pub(super) fn token(start: usize, listing: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{start}|{listing}"))
}

/// 400: the token is not, or no longer, one of this listing.
pub(super) fn expired() -> Answer {
    error::parameter("invalidPageToken", "pageToken", "The request specifies an invalid page token.")
}

fn offset(token: &str, listing: &str) -> Option<usize> {
    let token = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (start, of) = token.split_once('|')?;
    if of == listing { start.parse().ok() } else { None }
}
