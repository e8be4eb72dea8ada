//! Lists of posts: a user's own, mentions, and recent search; newest first, page by page.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::answer::is_id;
use super::posts::{self, only};
use super::state::{Post, State};
use super::{problem, search, wire};
use crate::simulator::request::{Answer, Call};

/// How far back search reaches.
const SEARCHED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The newest mentions that are listed at all.
const MENTIONS: usize = 800;

/// Page tokens begin so and go on with the id after which the page starts, and what they are good for.
const PAGE: &str = "simulated-list-";

impl State {
    pub(super) fn list_posts(&self, call: &Call, user: &str) -> Answer {
        if !is_id(user) {
            return problem::invalid("id", "The id is not a number of 1 to 19 digits.");
        }
        if !self.users.contains_key(user) {
            return problem::not_found("id", user);
        }
        self.paged(call, 5, "pagination_token", |post| post.author == user, usize::MAX)
    }

    pub(super) fn list_mentions(&self, call: &Call, user: &str) -> Answer {
        let Some(named) = self.users.get(user) else {
            return problem::not_found("id", user);
        };
        let handle = format!("@{}", named.username);
        // The handle that X puts before a reply's words counts when it answers the user directly.
        let mentions = |post: &Post| post.author != user && post.reposted.is_none() && names(&post.text, &handle);
        self.paged(call, 5, "pagination_token", mentions, MENTIONS)
    }

    pub(super) fn search(&self, call: &Call) -> Answer {
        let query = call.value("query").unwrap_or_default();
        // Self-serve access; Enterprise takes 4096 characters.
        if query.is_empty() || query.chars().count() > 512 {
            return problem::invalid("query", "The query has not between 1 and 512 characters.");
        }
        let Some(query) = search::Query::parse(query) else {
            return problem::invalid("query", "The query cannot be understood.");
        };
        let now = (self.clock)();
        let oldest = now.checked_sub(SEARCHED).unwrap_or(Timestamp::MIN);
        if let Some(start) = call.value("start_time").and_then(|time| time.parse::<Timestamp>().ok())
            && start < oldest
        {
            return problem::invalid("start_time", "The time lies more than seven days back.");
        }
        // Since May 2026 plain reposts are found by no search.
        let found = |post: &Post| post.reposted.is_none() && post.created_at >= oldest && query.finds(self, post);
        self.paged(call, 10, "next_token", found, usize::MAX)
    }

    fn paged(&self, call: &Call, fewest: usize, token: &str, wanted: impl Fn(&Post) -> bool, most: usize) -> Answer {
        let asked = match posts::asked_fields(call) {
            Ok(asked) => asked,
            Err(refused) => return refused,
        };
        let size = call.value("max_results").map_or(Some(10), |text| text.parse::<usize>().ok());
        let Some(size) = size.filter(|size| (fewest..=100).contains(size)) else {
            return problem::invalid("max_results", "Too few, or more than 100.");
        };
        let size = size.min(self.longest_page);
        let since = match call.value("start_time").map(str::parse::<Timestamp>) {
            None => Timestamp::MIN,
            Some(Ok(since)) => since,
            Some(Err(_)) => return problem::invalid("start_time", "Not a time."),
        };
        let until = match call.value("end_time").map(str::parse::<Timestamp>) {
            None => Timestamp::MAX,
            Some(Ok(until)) => until,
            Some(Err(_)) => return problem::invalid("end_time", "Not a time."),
        };
        let since_id = call.value("since_id").and_then(|id| id.parse::<u64>().ok()).unwrap_or(0);
        let number = |post: &Post| post.id.parse::<u64>().unwrap_or(0);
        let newest_version = |post: &Post| post.versions.last() == Some(&post.id);
        let mut found: Vec<&Post> = self.posts.values().filter(|post| !post.deleted && newest_version(post)).collect();
        found.retain(|post| {
            wanted(post) && post.created_at >= since && post.created_at < until && number(post) > since_id
        });
        found.sort_by_key(|post| std::cmp::Reverse((post.created_at, number(post))));
        found.truncate(most);
        let after = match call.value(token).or_else(|| call.value("pagination_token")) {
            None => None,
            Some(text) => match text.strip_prefix(PAGE).filter(|id| is_id(id)) {
                Some(id) => Some(id.to_owned()),
                None => return problem::invalid(token, "Not a token of this list."),
            },
        };
        // The place is that of a post, so that what is deleted or added in between shifts nothing.
        let start = match after.as_ref().and_then(|id| self.posts.get(id)) {
            None => 0,
            Some(last) => {
                let last = (last.created_at, number(last));
                found.iter().position(|post| (post.created_at, number(post)) < last).unwrap_or(found.len())
            }
        };
        let page = found.get(start..(start + size).min(found.len())).unwrap_or_default();
        let mut body = self.shown(page, &asked);
        let mut meta = json!({"result_count": page.len()});
        if let (Some(first), Some(last)) = (page.first(), page.last()) {
            meta["newest_id"] = first.id.clone().into();
            meta["oldest_id"] = last.id.clone().into();
            if start + size < found.len() {
                meta["next_token"] = format!("{PAGE}{}", last.id).into();
            }
        }
        body.insert("meta".to_owned(), meta);
        Answer::json(200, &Value::Object(body))
    }

    /// Posts as they are shown, with their authors where asked for.
    pub(super) fn shown(&self, list: &[&Post], asked: &posts::Asked<'_>) -> Map<String, Value> {
        let mut users = Vec::new();
        let data: Vec<Value> = list
            .iter()
            .map(|post| {
                if let Some(author) = self.users.get(&post.author) {
                    let author = only(&wire::user(author), &asked.user_fields);
                    if !users.contains(&author) {
                        users.push(author);
                    }
                }
                only(&wire::post(self, post), &asked.fields)
            })
            .collect();
        let mut body = Map::new();
        if !data.is_empty() {
            body.insert("data".to_owned(), Value::Array(data));
        }
        if asked.authors && !users.is_empty() {
            body.insert("includes".to_owned(), json!({"users": users}));
        }
        body
    }
}

/// A page without posts that goes on from the same place.
pub(super) fn empty_page(call: &Call) -> Answer {
    // No post has this id, so that a page after it begins at the top.
    let top = format!("{PAGE}1");
    let next = call.value("next_token").or_else(|| call.value("pagination_token")).unwrap_or(&top);
    Answer::json(200, &json!({"meta": {"result_count": 0, "next_token": next}}))
}

/// Whether a text names a handle, as a whole word.
fn names(text: &str, handle: &str) -> bool {
    text.match_indices(handle).any(|(at, _)| {
        let next = text[at + handle.len()..].chars().next();
        !next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}
