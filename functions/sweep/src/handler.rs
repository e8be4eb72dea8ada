//! The handler: what woke the function, and how long it may work.

use anyhow::{Context, Result};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use lambda_kit::trigger::{Schedule, Trigger};
use platforms::TokenSource;
use serde_json::Value;

use crate::sweeper::Sweeper;
use crate::work::Work;
use crate::{audit, poll};

/// How long one invocation works before it leaves the rest to the next: its timeout is five minutes, and a page that
/// was begun is ended.
pub const WORKING_TIME: SignedDuration = SignedDuration::from_secs(240);

impl<T: TokenSource, O: Objects, Q: Queue> Sweeper<T, O, Q> {
    /// Handles one invocation.
    ///
    /// # Errors
    /// What kept a schedule's work from being done at all; messages that failed are named one by one.
    pub async fn handle(&self, event: Value) -> Result<Value> {
        let deadline = self.now() + WORKING_TIME;
        match Trigger::from(event) {
            Trigger::Schedule(schedule) => {
                self.tick(schedule, deadline).await?;
                Ok(Value::Null)
            }
            Trigger::Sqs(messages) => Ok(serde_json::to_value(self.go_on(messages, deadline).await)?),
            Trigger::Unsupported(reason) => Err(anyhow::Error::new(reason)),
            Trigger::Http(_) => anyhow::bail!("sweep is not wired to HTTP"),
            Trigger::DynamoDbStream(_) => anyhow::bail!("sweep is not wired to a table's stream"),
        }
    }

    async fn tick(&self, schedule: Schedule, deadline: Timestamp) -> Result<()> {
        let due = schedule.time.as_deref().and_then(|time| time.parse().ok()).unwrap_or_else(|| self.now());
        match schedule.mode.as_deref() {
            // On the heap: each is a story of many steps, too large for a small stack.
            Some("poll") => Box::pin(poll::run(self, deadline)).await,
            Some("audit") => Box::pin(audit::run(self, due, deadline)).await,
            Some(_) | None => {
                anyhow::bail!("the schedule's input is neither of {{\"mode\":\"poll\"}}, {{\"mode\":\"audit\"}}")
            }
        }
    }

    /// Goes on with chained work; what failed is named, so that only it comes again.
    async fn go_on(&self, messages: SqsEvent, deadline: Timestamp) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in messages.records {
            if let Err(error) = self.go_on_with(message.body.as_deref().unwrap_or_default(), deadline).await {
                tracing::error!(error = format!("{error:#}"), "chained work failed");
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message.message_id.unwrap_or_default();
                response.batch_item_failures.push(failure);
            }
        }
        response
    }

    async fn go_on_with(&self, body: &str, deadline: Timestamp) -> Result<()> {
        match serde_json::from_str(body).context("the message is no work of ours")? {
            Work::Poll(work) => Box::pin(poll::go_on(self, work, deadline)).await,
            Work::Audit(work) => Box::pin(audit::go_on(self, work, deadline)).await,
        }
    }
}
