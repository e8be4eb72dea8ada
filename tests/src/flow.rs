//! The steps of a flow: words on the simulated platforms, their way to the functions, and what wakes `enforce`.

use aws_sdk_dynamodb::types::AttributeValue;
use casework::account::AccountKey;
use casework::decide::{Ruled, Ruling, decide};
use casework::decision::PostKey;
use casework::handle_post::{Handled, handle_post};
use casework::ledger::{CaseFile, Desk, TaskState};
use casework::planned::{Action, ActionKey};
use jiff::{SignedDuration, Timestamp};
use local::simulator::deliver::x_event::{self, PostEvent, uuid};
use local::simulator::x::Link;
use local::simulator::{Effects, Request, x};
use local::stack::{X_USER, YOUTUBE_CHANNEL, table_name, tick_event};
use platforms::youtube::parse::comment;
use rules::{Platform, Post, TaskKind};
use serde_json::{Value, json};
use store::keys;

use crate::world::{COMMENTER, FAN, VIDEO, accounts};
use crate::{World, deliver, table};

/// A threat, on which any rulebook acts.
pub const THREAT: &str = "お前を殺す";
/// Praise, to which no rulebook objects.
pub const PRAISE: &str = "新曲とても良かったです";

/// Our X account.
pub fn x_account() -> AccountKey {
    AccountKey { platform: Platform::X, id: X_USER.to_owned() }
}

/// Our YouTube channel.
pub fn youtube_account() -> AccountKey {
    AccountKey { platform: Platform::YouTube, id: YOUTUBE_CHANNEL.to_owned() }
}

/// The key of a post on X.
pub fn x_key(id: &str) -> PostKey {
    PostKey { platform: Platform::X, id: id.to_owned() }
}

/// The key of a comment on YouTube.
pub fn youtube_key(id: &str) -> PostKey {
    PostKey { platform: Platform::YouTube, id: id.to_owned() }
}

impl World {
    /// Somebody's post on X; gives its id.
    pub fn write(&self, author: &str, text: &str, link: Link<'_>) -> String {
        self.x.simulator.state().write(author, text, link).unwrap()
    }

    /// The fan's reply to a post of ours on X, both written now; gives the reply's id.
    pub fn reply(&self, text: &str) -> String {
        let ours = self.write(X_USER, "本日のお知らせです", Link::None);
        self.write(FAN, text, Link::Reply(&ours))
    }

    /// The body of X's event about a post, under the event id of a number.
    pub fn x_body(&self, event: PostEvent, id: &str, number: u64) -> Vec<u8> {
        x_event::post(&self.x.simulator.state(), event, X_USER, id, &uuid(number)).unwrap()
    }

    /// Delivers X's event about a post.
    pub async fn deliver(&self, event: PostEvent, id: &str) {
        assert_eq!(deliver::x(self, &self.webhook(), &self.x_body(event, id, 1)).await, 200);
    }

    /// Every text of somebody that the table holds, without the links at their ends.
    pub async fn texts_kept(&self) -> Vec<String> {
        let items = table::items(&self.engine.address).await;
        let text =
            |content: &&Value| content["post"]["text"].as_str().unwrap().split(" https").next().unwrap().to_owned();
        table::with_sort_key(&items, keys::CONTENT_PREFIX).iter().map(text).collect()
    }

    /// A fan's reply that was delivered and decided; gives its id.
    pub async fn decided_reply(&self, text: &str) -> String {
        let id = self.reply(text);
        self.deliver(PostEvent::Reply, &id).await;
        id
    }

    /// Notes that a post of ours on X was deleted, there and here.
    pub async fn store_deleted(&self, id: &str) {
        use casework::ledger::Cases;
        self.x.simulator.state().posts.get_mut(id).unwrap().deleted = true;
        self.store.own_post_deleted(&x_key(id), self.clock.now()).await.unwrap();
    }

    /// A comment below our video; gives its id.
    pub fn comment(&self, text: &str) -> String {
        self.youtube.simulator.state().write(VIDEO, COMMENTER, text).unwrap()
    }

    /// A comment that all can see, as YouTube lists it to us.
    pub async fn listed(&self, id: &str) -> Post {
        let address = format!("{}/youtube/v3/commentThreads", self.youtube.origin());
        let query = [("part", "snippet"), ("videoId", VIDEO), ("textFormat", "plainText"), ("maxResults", "100")];
        let request = reqwest::Client::new().get(address).query(&query).bearer_auth(&self.secrets.youtube_token);
        let list: Value = request.send().await.unwrap().json().await.unwrap();
        let threads = list["items"].as_array().unwrap();
        let thread = threads.iter().find(|thread| thread["id"] == id).expect("the comment is listed");
        comment(thread, &accounts().youtube).unwrap()
    }

    /// Decides about a comment as the poll does.
    pub async fn decide_comment(&self, id: &str) -> Handled {
        let post = self.listed(id).await;
        handle_post(&self.store, &self.rulebook().into(), &post, || self.clock.now()).await.unwrap()
    }

    /// A comment that was decided; gives its id.
    pub async fn decided_comment(&self, text: &str) -> String {
        let id = self.comment(text);
        self.decide_comment(&id).await;
        id
    }

    /// Moves the clock on.
    pub fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// One tick of the schedule.
    pub async fn tick(&self) {
        self.enforce().handle(tick_event()).await.unwrap();
    }

    /// A person rules on a case.
    pub async fn rule(&self, key: &PostKey, ruling: Ruling) -> Ruled {
        let now = self.clock.now();
        decide(&self.store, self.rulebook(), key, ruling, "looked at it", "reviewer", now).await.unwrap()
    }

    /// A post's case.
    pub async fn case(&self, key: &PostKey) -> CaseFile {
        self.store.case_file(key, self.clock.now()).await.unwrap().expect("a case")
    }

    /// What a person is still asked to do about a post.
    pub async fn open_tasks(&self, key: &PostKey) -> Vec<TaskKind> {
        let tasks = self.case(key).await.tasks.into_iter();
        tasks.filter(|task| task.state == TaskState::Open).map(|task| task.kind).collect()
    }

    /// The only action about a post.
    pub async fn only_action(&self, key: &PostKey) -> Action {
        let mut actions = self.case(key).await.actions;
        assert_eq!(actions.len(), 1, "one action about {key}");
        actions.remove(0)
    }

    /// What calls did to a post on X.
    pub fn x_effects(&self, id: &str) -> Effects {
        self.x.simulator.effects(id)
    }

    /// Whether everybody sees a post on X.
    pub fn x_visible(&self, id: &str) -> bool {
        let state: &x::State = &self.x.simulator.state();
        state.visible(id)
    }

    /// Whether everybody sees a comment on YouTube.
    pub fn youtube_visible(&self, id: &str) -> bool {
        self.youtube.simulator.state().visible(id)
    }

    /// All calls to X so far.
    pub fn x_requests(&self) -> Vec<Request> {
        self.x.simulator.requests()
    }

    /// All moderating calls to YouTube so far.
    pub fn moderations(&self) -> Vec<Request> {
        let mut requests = self.youtube.simulator.requests();
        requests.retain(|request| request.path.ends_with("/setModerationStatus"));
        requests
    }

    /// Items of the table whose partition and sort keys begin so, ordered by both.
    pub async fn items(&self, partition: &str, sort_key: &str) -> Vec<Value> {
        let mut items = table::items(&self.engine.address).await;
        let begins =
            |item: &Value, name: &str, start: &str| item[name].as_str().is_some_and(|key| key.starts_with(start));
        items.retain(|item| begins(item, "pk", partition) && begins(item, "sk", sort_key));
        items.sort_by_key(|item| (item["pk"].to_string(), item["sk"].to_string()));
        items
    }

    /// Items of the partition of a post, whose sort key begins so.
    pub async fn items_of(&self, key: &PostKey, sort_key: &str) -> Vec<Value> {
        let mut items = self.items("POST#", sort_key).await;
        items.retain(|item| item["pk"] == *keys::post(key));
        items
    }

    /// Puts another kind of action in the place of a planned one.
    pub async fn plan_instead(&self, key: &PostKey, planned: rules::ActionKind, instead: rules::ActionKind) {
        let client = table::client(&self.engine.address);
        let attribute = |text: String| AttributeValue::S(text);
        let (pk, sk) = (attribute(keys::post(key)), attribute(keys::action(1, planned)));
        let taken = client.delete_item().table_name(table_name().unwrap()).key("pk", pk).key("sk", sk);
        let mut item = taken.return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld).send().await.unwrap();
        let mut item = item.attributes.take().expect("the planned action");
        item.insert("sk".to_owned(), attribute(keys::action(1, instead)));
        client.put_item().table_name(table_name().unwrap()).set_item(Some(item)).send().await.unwrap();
    }

    /// The stream's event about all actions in the table, as it woke `enforce` when they were inserted.
    pub async fn stream_event(&self) -> Value {
        let actions = self.items("POST#", keys::ACTION_PREFIX).await;
        stream_event(actions.iter().map(|item| (item["pk"].as_str().unwrap(), item["sk"].as_str().unwrap())))
    }
}

/// The stream's event about these actions; sequence numbers count from 100.
pub fn stream_event_of(actions: &[ActionKey]) -> Value {
    let keys: Vec<_> =
        actions.iter().map(|key| (keys::post(&key.post), keys::action(key.decision, key.kind))).collect();
    stream_event(keys.iter().map(|(pk, sk)| (pk.as_str(), sk.as_str())))
}

fn stream_event<'a>(keys: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let record = |(place, (pk, sk)): (usize, (&str, &str))| {
        json!({
            "eventID": format!("event-{place}"), "eventName": "INSERT", "eventVersion": "1.1",
            "eventSource": "aws:dynamodb", "awsRegion": "local",
            "dynamodb": {
                "ApproximateCreationDateTime": 0, "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
                "SequenceNumber": format!("{}", 100 + place), "SizeBytes": 0, "StreamViewType": "KEYS_ONLY",
            },
            "eventSourceARN": "arn:aws:dynamodb:local:000000000000:table/decisions/stream/local",
        })
    };
    json!({ "Records": keys.enumerate().map(record).collect::<Vec<_>>() })
}

/// Sets the expiry of an item, as if it had been written long ago.
pub async fn expire(world: &World, item: &Value, at: Timestamp) {
    let key = |name: &str| AttributeValue::S(item[name].as_str().unwrap().to_owned());
    table::client(&world.engine.address)
        .update_item()
        .table_name(table_name().unwrap())
        .key("pk", key("pk"))
        .key("sk", key("sk"))
        .update_expression("SET expires = :expires")
        .expression_attribute_values(":expires", AttributeValue::N(at.as_second().to_string()))
        .send()
        .await
        .unwrap();
}
