//! Channels as they show themselves, by id or by handle.

use serde_json::{Value, json};

use super::error;
use super::state::State;
use crate::simulator::request::{Answer, Call};

impl State {
    pub(super) fn channels_list(&self, call: &Call) -> Result<Answer, Answer> {
        let parts = call.list("part");
        if parts.is_empty() {
            return Err(error::parameter("missingRequiredParameter", "part", "No part selected."));
        }
        if let Some(part) = parts.iter().find(|part| !["id", "snippet"].contains(part)) {
            return Err(error::parameter("unknownPart", "part", &format!("'{part}'")));
        }
        let found: Vec<(&String, &String)> = match (call.value("id"), call.value("forHandle")) {
            (Some(_), None) => {
                let ids = call.list("id");
                self.channels.iter().filter(|(id, _)| ids.contains(&id.as_str())).collect()
            }
            (None, Some(handle)) => {
                let handle = handle.trim_start_matches('@').to_lowercase();
                self.channels.iter().filter(|(id, _)| self.handles.get(*id) == Some(&handle)).collect()
            }
            (None, None) | (Some(_), Some(_)) => {
                let message = "No filter selected. Expected one of: id, forHandle";
                return Err(error::parameter("missingRequiredParameter", "", message));
            }
        };
        let shown = |(id, title): &(&String, &String)| {
            let mut channel = json!({ "kind": "youtube#channel", "etag": "sim", "id": id });
            if parts.contains(&"snippet") {
                let description = self.descriptions.get(*id).cloned().unwrap_or_default();
                let picture = "https://yt3.ggpht.com/simulated=s88";
                channel["snippet"] = json!({
                    "title": title,
                    "description": description,
                    "thumbnails": {"default": {"url": picture, "width": 88, "height": 88}},
                });
                if let Some(handle) = self.handles.get(*id) {
                    channel["snippet"]["customUrl"] = format!("@{handle}").into();
                }
            }
            channel
        };
        let items: Vec<Value> = found.iter().map(shown).collect();
        let mut body = json!({
            "kind": "youtube#channelListResponse",
            "etag": "sim",
            "pageInfo": {"totalResults": items.len(), "resultsPerPage": 5},
        });
        // YouTube leaves the list out when nothing is found.
        if !items.is_empty() {
            body["items"] = items.into();
        }
        Ok(Answer::json(200, &body))
    }
}
