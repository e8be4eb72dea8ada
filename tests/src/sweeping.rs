//! The steps of a sweep: polls, the work that they chain, and what is there to be found.

use casework::account::AccountKey;
use casework::decision::PostKey;
use casework::quota::QuotaDay;
use local::simulator::youtube::Moderation;
use local::stack::YOUTUBE_CHANNEL;
use rules::{Platform, Verdict};
use serde_json::{Value, json};

use crate::World;
use crate::world::{COMMENTER, SweepSandbox, VIDEO, sqs_record};

impl World {
    /// One poll, and all the work that it chains.
    pub async fn poll(&self) {
        self.poll_with(&self.sweep()).await;
    }

    /// One poll of a sandbox, and all the work that it chains.
    pub async fn poll_with(&self, sweep: &SweepSandbox) {
        sweep.handle(json!({"mode": "poll"})).await.unwrap();
        self.work_off(sweep).await;
    }

    /// Hands chained work to a sandbox until none is left; fails after many rounds.
    pub async fn work_off(&self, sweep: &SweepSandbox) {
        for _ in 0..200 {
            let work = self.work.take();
            if work.is_empty() {
                return;
            }
            for (body, _) in work {
                let answer = sweep.handle(json!({"Records": [sqs_record("1", &body)]})).await.unwrap();
                assert_eq!(answer["batchItemFailures"], json!([]), "work failed");
            }
        }
        panic!("chained work keeps coming back");
    }

    /// From now on no list shows more than ten items on a page, so that few posts make many pages.
    pub fn short_pages(&self) {
        self.youtube.simulator.state().longest_page = 10;
        self.x.simulator.state().longest_page = 10;
    }

    /// The verdicts about a post so far, oldest first; empty when nobody decided.
    pub async fn verdicts(&self, key: &PostKey) -> Vec<Verdict> {
        use casework::ledger::Desk;
        let file = self.store.case_file(key, self.clock.now()).await.unwrap();
        file.map(|file| file.decisions.iter().map(|decision| decision.verdict).collect()).unwrap_or_default()
    }

    /// Many comments below our video, a second apart, ending now; gives their ids, oldest first.
    pub fn comments(&self, count: i64) -> Vec<String> {
        let now = self.clock.now();
        let mut state = self.youtube.simulator.state();
        (0..count)
            .map(|place| {
                let at = now - jiff::SignedDuration::from_secs(count - place);
                let text = format!("{place}回目に聴きました");
                let draft = local::simulator::youtube::Draft {
                    id: None,
                    at: Some(at),
                    video: VIDEO,
                    answers: None,
                    author: COMMENTER,
                    text: &text,
                    image: None,
                };
                state.publish(draft).unwrap()
            })
            .collect()
    }

    /// A reply to a comment, written now; gives its id.
    pub fn comment_reply(&self, comment: &str, text: &str) -> String {
        self.youtube.simulator.state().reply(comment, COMMENTER, text).unwrap()
    }

    /// Sets where a comment stands with its owner.
    pub fn set_moderation(&self, comment: &str, moderation: Moderation) {
        self.youtube.simulator.state().comments.get_mut(comment).unwrap().moderation = moderation;
    }

    /// How many comments of these were decided, and how often in all.
    pub async fn decided(&self, comments: &[String]) -> (usize, usize) {
        let items = self.items("POST#youtube#", "DECISION#").await;
        let of = |id: &String| items.iter().filter(|item| item["pk"] == format!("POST#youtube#{id}")).count();
        let counts: Vec<usize> = comments.iter().map(of).collect();
        (counts.iter().filter(|count| **count > 0).count(), counts.iter().sum())
    }

    /// Units of today by purpose, and what was put off by purpose, as the table has them.
    pub async fn day_spent(&self) -> store::DaySpent {
        let day = QuotaDay::of(self.clock.now()).name;
        self.store.day_spent(&channel(), &day).await.unwrap()
    }

    /// The calls to YouTube's lists so far.
    pub fn list_calls(&self) -> usize {
        let requests = self.youtube.simulator.requests();
        requests.iter().filter(|request| request.path.starts_with("/youtube/v3/comment")).count()
    }

    /// What waits in the table for a later invocation.
    pub async fn backlogs(&self) -> Vec<Value> {
        self.items("ACCOUNT#", "BACKLOG#").await
    }
}

/// Our channel.
pub fn channel() -> AccountKey {
    AccountKey { platform: Platform::YouTube, id: YOUTUBE_CHANNEL.to_owned() }
}
