//! A comment as the Data API lists it (YouTube Data API v3, `comments` and `commentThreads` resources).

use casework::event::Unreadable;
use rules::{Author, Media, Platform, Post, PostKind, UserId};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::json::{Object, unreadable};

/// Reads a `comment` resource, or the top-level comment of a `commentThread`. `account` is our channel's id.
///
/// The text is `textOriginal`, which the owner's token sees, else `textDisplay`; lists have to be asked for with
/// `textFormat=plainText`, since `textDisplay` is HTML otherwise. A comment whose author the platform does not
/// name is given an author of its own, `comment:` and its id, so that no two strangers are taken for one.
pub fn comment(value: &Value, account: &str) -> Result<Post, Unreadable> {
    let resource = Object::read(value, "comment")?;
    let snippet = resource.object(&["snippet"])?.ok_or_else(|| resource.fault("snippet", "is missing"))?;
    if let Some(top) = snippet.value(&["topLevelComment"]) {
        let inner = Object::read(top, "topLevelComment")?;
        if inner.object(&["snippet"])?.is_some_and(|snippet| snippet.has("topLevelComment")) {
            return Err(unreadable("topLevelComment", "holds a thread"));
        }
        return comment(top, account);
    }
    let id = comment_id(resource, "id")?;
    let text = match snippet.text("textOriginal")? {
        Some(text) => text,
        None => snippet.needed_text("textDisplay")?,
    };
    let image = snippet.text("imageUrl")?.filter(|url| !url.is_empty());
    let parent = match snippet.text("parentId")? {
        Some(_) => Some(comment_id(snippet, "parentId")?),
        None => None,
    };
    Ok(Post {
        platform: Platform::YouTube,
        target: id.clone(),
        version: version(text, image),
        account: account.to_owned(),
        kind: if parent.is_some() { PostKind::CommentReply } else { PostKind::Comment },
        author: author(snippet, &id)?,
        id,
        text: text.to_owned(),
        lang: None,
        created_at: snippet.needed_time("publishedAt")?,
        edited_at: snippet.time("updatedAt")?,
        conversation: snippet.kept_text("videoId")?,
        answers: parent,
        answers_user: None,
        links: Vec::new(),
        media: if image.is_some() { Media::Attached } else { Media::None },
        // The owner's lists tell it; of a comment asked for by its id it is not told.
        held: matches!(snippet.text("moderationStatus")?, Some("heldForReview" | "likelySpam")),
    })
}

fn comment_id(object: Object<'_>, name: &str) -> Result<String, Unreadable> {
    let id = object.needed_text(name)?;
    if is_id(id) { Ok(id.to_owned()) } else { Err(object.fault(name, "is not an id")) }
}

/// Whether it can be a comment's id; a comma would make two of one in a call.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=128).contains(&text.len()) && text.bytes().all(plain)
}

/// Changes whenever the text or the picture does: 32 hexadecimal digits of their SHA-256.
fn version(text: &str, image: Option<&str>) -> String {
    let mut digest = Sha256::new();
    digest.update(text.as_bytes());
    digest.update([0]);
    digest.update(image.unwrap_or_default().as_bytes());
    hex::encode(&digest.finalize()[..16])
}

fn author(snippet: Object<'_>, comment: &str) -> Result<Author, Unreadable> {
    let channel = match snippet.object(&["authorChannelId"])? {
        Some(channel) => channel.kept_text("value")?,
        None => None,
    };
    Ok(Author {
        id: UserId(channel.unwrap_or_else(|| format!("comment:{comment}"))),
        handle: None,
        name: snippet.kept_text("authorDisplayName")?,
        created_at: None,
        description: None,
        picture: snippet.kept_text("authorProfileImageUrl")?,
    })
}
