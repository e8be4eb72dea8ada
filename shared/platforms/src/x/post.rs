//! A post object of X API v2, in the wire's spelling or the specification's.

use casework::event::{Event, Outbound, Unreadable};
use rules::{Author, Media, Platform, Post, PostKind, UserId};
use serde_json::Value;

use super::parse::counted;
use crate::Accounts;
use crate::json::{Object, unreadable};

/// Stands for an event type where we asked for the post ourselves.
pub(super) const LISTED: &str = "listed";

/// Reads a post: somebody else's is to be judged, ours is outbound, and a plain retweet by others is counted.
///
/// `event` is the event type that carried it, `stream`, or [`LISTED`].
pub(super) fn read(
    post: Object<'_>,
    includes: Option<Object<'_>>,
    event: &str,
    accounts: &Accounts,
) -> Result<Event, Unreadable> {
    let author = id(post, "author_id")?;
    let ours = author == accounts.x;
    let references = References::read(post)?;
    if !ours && (references.retweeted.is_some() || event == "post.repost.create") {
        // The retweeter said nothing of their own, so nothing of it is judged as theirs.
        return Ok(counted(if matches!(event, "stream" | LISTED) { "retweet" } else { event }));
    }
    let (first, newest) = versions(post)?;
    let created_at = post.needed_time("created_at")?;
    let text = long_text(post)?;
    if ours {
        if references.retweeted.is_none() && event == "post.repost.create" {
            return Err(post.fault("referenced_tweets", "names no retweeted post"));
        }
        return Ok(Event::Outbound(Box::new(Outbound {
            platform: Platform::X,
            id: first,
            target: newest,
            account: author,
            text: if references.retweeted.is_some() { String::new() } else { text },
            as_of: created_at,
            retweet_of: references.retweeted,
        })));
    }
    let entities = Entities::read(post, &accounts.x)?;
    let reply = references.replied_to.is_some() || event == "post.reply.create";
    let kind = if reply {
        PostKind::Reply
    } else if references.quoted || event == "post.quote.create" {
        PostKind::Quote
    } else if entities.mentions_us || event == "post.mention.create" {
        PostKind::Mention
    } else {
        PostKind::Post
    };
    let answers_user = match optional_id(post, "in_reply_to_user_id")? {
        // This event is only sent for direct replies to our posts.
        None if event == "post.reply.create" => Some(accounts.x.clone()),
        user => user,
    };
    let media = media(post, &entities, &text)?;
    Ok(Event::Post(Box::new(Post {
        platform: Platform::X,
        id: first,
        target: newest.clone(),
        version: newest,
        account: accounts.x.clone(),
        kind,
        author: described(author, includes)?,
        text,
        lang: post.kept_text("lang")?,
        created_at,
        edited_at: None,
        conversation: optional_id(post, "conversation_id")?,
        answers: references.replied_to,
        answers_user: answers_user.map(UserId),
        links: entities.links,
        media,
        held: false,
    })))
}

/// An id that must be there: 1 to 19 decimal digits (OpenAPI 2.167, `PostId` and `UserId`).
pub(super) fn id(object: Object<'_>, name: &str) -> Result<String, Unreadable> {
    optional_id(object, name)?.ok_or_else(|| object.fault(name, "is missing"))
}

fn optional_id(object: Object<'_>, name: &str) -> Result<Option<String>, Unreadable> {
    match object.text(name)? {
        None => Ok(None),
        Some(text) if is_id(text) => Ok(Some(text.to_owned())),
        Some(_) => Err(object.fault(name, "is not an id")),
    }
}

/// Whether it has the form of a post or user id.
pub(super) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first and the newest id of the edit history. Each edit has a new, greater id.
pub(super) fn versions(post: Object<'_>) -> Result<(String, String), Unreadable> {
    let mut ids = vec![id(post, "id")?];
    for edit in post.list(&["edit_history_tweet_ids", "edit_history_post_ids"])? {
        match edit.as_str() {
            Some(edit) if is_id(edit) => ids.push(edit.to_owned()),
            _ => return Err(post.fault("edit_history_tweet_ids", "holds something that is not an id")),
        }
    }
    ids.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let newest = ids[ids.len() - 1].clone();
    Ok((ids.swap_remove(0), newest))
}

/// The full text: that of the note when the post is a long one, else `text`.
fn long_text(post: Object<'_>) -> Result<String, Unreadable> {
    let note = match note(post)? {
        Some(note) => note.text("text")?,
        None => None,
    };
    Ok(unescaped(match note {
        Some(text) => text,
        None => post.needed_text("text")?,
    }))
}

/// X writes `&`, `<` and `>` of a post as HTML entities, and no other character.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn note<'a>(post: Object<'a>) -> Result<Option<Object<'a>>, Unreadable> {
    post.object(&["note_tweet", "note_post"])
}

/// The posts that a post refers to.
struct References {
    replied_to: Option<String>,
    quoted: bool,
    retweeted: Option<String>,
}

impl References {
    fn read(post: Object<'_>) -> Result<Self, Unreadable> {
        let mut found =
            References { replied_to: optional_id(post, "in_reply_to_tweet_id")?, quoted: false, retweeted: None };
        for item in post.list(&["referenced_tweets", "referenced_posts"])? {
            let reference = Object::read(item, "referenced_tweets")?;
            match reference.needed_text("type")? {
                "replied_to" => found.replied_to = Some(id(reference, "id")?),
                "quoted" => found.quoted = true,
                "retweeted" => found.retweeted = Some(id(reference, "id")?),
                _ => return Err(unreadable("referenced_tweets.type", "is unknown")),
            }
        }
        Ok(found)
    }
}

/// What the entities of the text, and of the long text, tell.
struct Entities {
    links: Vec<String>,
    /// Short links that are explained, those of media included.
    short: Vec<String>,
    mentions_us: bool,
    media: bool,
}

impl Entities {
    fn read(post: Object<'_>, us: &str) -> Result<Self, Unreadable> {
        let mut found = Entities { links: vec![], short: vec![], mentions_us: false, media: false };
        if let Some(entities) = post.object(&["entities"])? {
            found.add(entities, us)?;
        }
        if let Some(note) = note(post)?
            && let Some(entities) = note.object(&["entities"])?
        {
            found.add(entities, us)?;
        }
        Ok(found)
    }

    fn add(&mut self, entities: Object<'_>, us: &str) -> Result<(), Unreadable> {
        for item in entities.list(&["urls"])? {
            let url = Object::read(item, "entities.urls")?;
            self.short.extend(url.text("url")?.map(str::to_owned));
            let shown = url.text("display_url")?.unwrap_or_default();
            let expanded = url.text("expanded_url")?;
            if url.has("media_key") || shown.starts_with("pic.x.com/") || shown.starts_with("pic.twitter.com/") {
                self.media = true;
            } else if let Some(expanded) = expanded
                && !self.links.iter().any(|link| link == expanded)
            {
                self.links.push(expanded.to_owned());
            }
        }
        for item in entities.list(&["mentions"])? {
            self.mentions_us |= Object::read(item, "entities.mentions")?.text("id")? == Some(us);
        }
        Ok(())
    }
}

/// X appends a short link to the text for every attachment, so a text whose short links are all explained has none.
fn media(post: Object<'_>, entities: &Entities, text: &str) -> Result<Media, Unreadable> {
    let attached = match post.object(&["attachments"])? {
        Some(attachments) => !attachments.list(&["media_keys"])?.is_empty(),
        None => false,
    };
    let unexplained = text
        .match_indices("https://t.co/")
        .any(|(at, _)| !entities.short.iter().any(|short| text[at..].starts_with(short.as_str())));
    Ok(match (attached || entities.media, unexplained) {
        (true, _) => Media::Attached,
        (false, true) => Media::Unknown,
        (false, false) => Media::None,
    })
}

/// The author as `includes.users` describes them; each user is there bare or wrapped in `data`.
fn described(author: String, includes: Option<Object<'_>>) -> Result<Author, Unreadable> {
    let users: &[Value] = match includes {
        Some(includes) => includes.list(&["users"])?,
        None => &[],
    };
    for item in users {
        let outer = Object::read(item, "includes.users")?;
        let user = outer.object(&["data"])?.unwrap_or(outer);
        if user.text("id")? == Some(author.as_str()) {
            return Ok(Author {
                id: UserId(author),
                handle: user.kept_text("username")?,
                name: user.kept_text("name")?,
                created_at: user.time("created_at")?,
                description: user.kept_text("description")?,
                picture: user.kept_text("profile_image_url")?,
            });
        }
    }
    Ok(Author::unknown(author))
}

#[cfg(test)]
mod tests {
    #[test]
    fn entities_of_x_are_read_once() {
        assert_eq!(super::unescaped("R&amp;B &lt;3 &gt; &amp;lt; &quot;"), "R&B <3 > &lt; &quot;");
    }
}
