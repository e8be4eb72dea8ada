//! Blocks: listing them is open to every app, making and lifting them to Enterprise apps alone.

use serde_json::{Value, json};

use super::answer::is_id;
use super::posts::only;
use super::state::State;
use super::{problem, wire};
use crate::simulator::request::{Answer, Call};

/// Fields of a user that may be asked for (OpenAPI 2.167, without those that need special access).
const USER_FIELDS: [&str; 14] = [
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "name",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "username",
    "verified",
    "verified_type",
];

/// Page tokens have at least 16 characters (OpenAPI 2.167); the offset follows.
const PAGE: &str = "simulated-page-";

impl State {
    pub(super) fn block(&mut self, call: &Call, user: &str, source: &str) -> Answer {
        if !self.enterprise {
            return problem::enrolment();
        }
        let Some(target) = target(call) else {
            return problem::invalid("target_user_id", "The body is not an object with [target_user_id] alone.");
        };
        if source != user || target == user {
            return problem::not_yours("id", source, "You can block others, and for yourself only.");
        }
        if !self.users.contains_key(&target) {
            return problem::not_found("target_user_id", &target);
        }
        let blocked = self.blocks.entry(source.to_owned()).or_default();
        let changed = !blocked.contains(&target);
        if changed {
            blocked.push(target.clone());
        }
        Answer::json(200, &json!({"data": {"blocking": true}})).acting_on(&target, changed)
    }

    pub(super) fn unblock(&mut self, call: &Call, user: &str, source: &str, target: &str) -> Answer {
        if !self.enterprise {
            return problem::enrolment();
        }
        if !is_id(target) || !call.body.is_empty() {
            return problem::invalid("target_user_id", "The id is not a number of 1 to 19 digits, or there is a body.");
        }
        if source != user {
            return problem::not_yours("id", source, "You can unblock for yourself only.");
        }
        let blocked = self.blocks.entry(source.to_owned()).or_default();
        let before = blocked.len();
        blocked.retain(|id| id != target);
        let changed = blocked.len() != before;
        Answer::json(200, &json!({"data": {"blocking": false}})).acting_on(target, changed)
    }

    pub(super) fn list_blocks(&self, call: &Call, user: &str, source: &str) -> Answer {
        let fields = match user_fields(call) {
            Ok(fields) => fields,
            Err(refused) => return refused,
        };
        let size = call.value("max_results").map_or(Some(100), |text| text.parse::<usize>().ok());
        let Some(size) = size.filter(|size| (1..=1000).contains(size)) else {
            return problem::invalid("max_results", "Not between 1 and 1000.");
        };
        if source != user {
            return problem::not_yours("id", source, "You can list your own blocks only.");
        }
        let newest_first: Vec<&String> = self.blocks.get(source).into_iter().flatten().rev().collect();
        let start = match call.value("pagination_token") {
            None => Some(0),
            Some(token) => token.strip_prefix(PAGE).and_then(|offset| offset.parse().ok()),
        };
        let Some(start) = start.filter(|&start: &usize| start <= newest_first.len()) else {
            return problem::invalid("pagination_token", "Not a token of this list.");
        };
        let page = newest_first.iter().skip(start).take(size);
        let users: Vec<Value> =
            page.filter_map(|id| self.users.get(*id)).map(|user| only(&wire::user(user), &fields)).collect();
        let mut meta = json!({"result_count": users.len()});
        if start + size < newest_first.len() {
            meta["next_token"] = format!("{PAGE}{:04}", start + size).into();
        }
        let body = if users.is_empty() { json!({"meta": meta}) } else { json!({"data": users, "meta": meta}) };
        Answer::json(200, &body)
    }
}

/// The id that a block call names, if its body is exactly as it should be.
pub(super) fn target(call: &Call) -> Option<String> {
    let body = call.json()?;
    let object = body.as_object().filter(|object| object.len() == 1)?;
    object.get("target_user_id")?.as_str().filter(|id| is_id(id)).map(str::to_owned)
}

/// The user fields asked for beside those that always come.
pub(super) fn user_fields(call: &Call) -> Result<Vec<&str>, Answer> {
    let mut fields = call.list("user.fields");
    if let Some(field) = fields.iter().find(|field| !USER_FIELDS.contains(field)) {
        return Err(problem::invalid("user.fields", &format!("[{field}] is no field of a user.")));
    }
    fields.extend(["id", "name", "username"]);
    Ok(fields)
}
