//! Posts: hiding a reply, deleting an own post, looking up many.

use serde_json::{Value, json};

use super::answer::is_id;
use super::problem;
use super::state::State;
use crate::simulator::request::{Answer, Call};

/// Fields of a post without asking.
const DEFAULT_FIELDS: [&str; 3] = ["id", "text", "edit_history_tweet_ids"];

/// Fields that may be asked for: those of the OpenAPI and, by their names on the wire, of the reference pages.
const POST_FIELDS: [&str; 27] = [
    "article",
    "attachments",
    "author_id",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "id",
    "in_reply_to_user_id",
    "lang",
    "media_metadata",
    "note_tweet",
    "note_post",
    "paid_partnership",
    "possibly_sensitive",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
    "source",
    "text",
    "withheld",
];

/// Expansions that may be asked for; the simulated world can fill in authors only.
const EXPANSIONS: [&str; 8] = [
    "author_id",
    "attachments.media_keys",
    "attachments.poll_ids",
    "edit_history_tweet_ids",
    "entities.mentions.username",
    "geo.place_id",
    "in_reply_to_user_id",
    "referenced_tweets.id",
];

impl State {
    pub(super) fn hide(&mut self, call: &Call, user: &str, id: &str) -> Answer {
        if !is_id(id) {
            return problem::invalid("tweet_id", "The id is not a number of 1 to 19 digits.");
        }
        let Some(hidden) = hidden_flag(call) else {
            return problem::invalid("hidden", "The body is not an object with the boolean [hidden] alone.");
        };
        let Ok(post) = self.live(id) else {
            return problem::not_found("tweet_id", id);
        };
        // Deleting the first post does not end its author's say over the conversation.
        let ours = self.posts.get(&post.conversation).is_some_and(|root| root.author == user);
        if post.in_reply_to.is_none() || !ours {
            return problem::not_yours("tweet_id", id, "Only replies in conversations that you began can be hidden.");
        }
        let changed = match self.posts.get_mut(id) {
            Some(post) => std::mem::replace(&mut post.hidden, hidden) != hidden,
            None => false,
        };
        Answer::json(200, &json!({"data": {"hidden": hidden}})).acting_on(id, changed)
    }

    pub(super) fn delete_post(&mut self, call: &Call, user: &str, id: &str) -> Answer {
        if !is_id(id) || !call.body.is_empty() {
            return problem::invalid("id", "The id is not a number of 1 to 19 digits, or there is a body.");
        }
        let Ok(post) = self.live(id) else {
            return problem::not_found("tweet_id", id);
        };
        if post.author != user {
            return problem::not_yours("tweet_id", id, "You are not authorized to delete this Tweet.");
        }
        for version in post.versions.clone() {
            if let Some(post) = self.posts.get_mut(&version) {
                post.deleted = true;
            }
        }
        Answer::json(200, &json!({"data": {"deleted": true}})).acting_on(id, true)
    }

    pub(super) fn look_up(&self, call: &Call) -> Answer {
        let ids = call.list("ids");
        if ids.is_empty() || ids.len() > 100 || !ids.iter().all(|id| is_id(id)) {
            return problem::invalid("ids", "The ids are not 1 to 100 numbers of 1 to 19 digits.");
        }
        let asked = match asked_fields(call) {
            Ok(asked) => asked,
            Err(refused) => return refused,
        };
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for id in ids {
            match self.live(id) {
                Ok(post) if self.users.get(&post.author).is_some_and(|author| author.protected) => {
                    errors.push(problem::withheld("ids", id));
                }
                Ok(post) => found.push(post),
                Err(_) => errors.push(problem::missing("ids", id)),
            }
        }
        let mut body = self.shown(&found, &asked);
        if !errors.is_empty() {
            body.insert("errors".to_owned(), Value::Array(errors));
        }
        Answer::json(200, &Value::Object(body))
    }
}

/// What a call asked to be shown of each post.
pub(super) struct Asked<'a> {
    pub(super) fields: Vec<&'a str>,
    pub(super) user_fields: Vec<&'a str>,
    pub(super) authors: bool,
}

/// Reads the fields and expansions that a call asks for.
pub(super) fn asked_fields(call: &Call) -> Result<Asked<'_>, Answer> {
    let mut fields = call.list("tweet.fields");
    fields.extend(call.list("post.fields"));
    if let Some(field) = fields.iter().find(|field| !POST_FIELDS.contains(field)) {
        return Err(problem::invalid("tweet.fields", &format!("[{field}] is no field of a post.")));
    }
    let expansions = call.list("expansions");
    if let Some(expansion) = expansions.iter().find(|expansion| !EXPANSIONS.contains(expansion)) {
        return Err(problem::invalid("expansions", &format!("[{expansion}] is no expansion of a post.")));
    }
    let user_fields = super::blocks::user_fields(call)?;
    let authors = expansions.contains(&"author_id");
    fields.extend(DEFAULT_FIELDS);
    // Expanding the author gives its id too.
    fields.extend(authors.then_some("author_id"));
    Ok(Asked { fields, user_fields, authors })
}

/// The fields of an object that were asked for.
pub(super) fn only(object: &Value, fields: &[&str]) -> Value {
    let kept = object.as_object().into_iter().flatten();
    let kept = kept.filter(|(name, _)| fields.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn hidden_flag(call: &Call) -> Option<bool> {
    let body = call.json()?;
    let object = body.as_object().filter(|object| object.len() == 1)?;
    object.get("hidden")?.as_bool()
}
