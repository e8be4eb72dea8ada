//! Users as they show themselves, by id or by handle.

use serde_json::{Value, json};

use super::answer::is_id;
use super::posts::only;
use super::state::{State, User};
use super::{problem, wire};
use crate::simulator::request::{Answer, Call};

/// Fields of a user without asking.
const DEFAULT_FIELDS: [&str; 3] = ["id", "name", "username"];

impl State {
    pub(super) fn user_by_id(&self, call: &Call, id: &str) -> Answer {
        if !is_id(id) {
            return problem::invalid("id", "The id is not a number of 1 to 19 digits.");
        }
        self.shown_user(call, self.users.get(id), "id", id)
    }

    pub(super) fn user_by_name(&self, call: &Call, name: &str) -> Answer {
        let valid = (1..=15).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !valid {
            return problem::invalid("username", "The username does not match ^[A-Za-z0-9_]{1,15}$.");
        }
        let found = self.users.values().find(|user| user.username.eq_ignore_ascii_case(name));
        self.shown_user(call, found, "username", name)
    }

    /// A user who does not exist is told as an error beside no data, with status 200.
    fn shown_user(&self, call: &Call, user: Option<&User>, parameter: &str, value: &str) -> Answer {
        let mut fields = match super::blocks::user_fields(call) {
            Ok(fields) => fields,
            Err(refused) => return refused,
        };
        fields.extend(DEFAULT_FIELDS);
        let body: Value = match user {
            Some(user) => json!({ "data": only(&wire::user(user), &fields) }),
            None => json!({ "errors": [problem::missing(parameter, value)] }),
        };
        Answer::json(200, &body)
    }
}
