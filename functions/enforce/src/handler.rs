//! The handler: new actions from the stream, due ones from the schedule.

use std::time::Duration;

use anyhow::Result;
use aws_lambda_events::dynamodb::EventRecord;
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use casework::enforce::{Limits, enforce};
use casework::ledger::LedgerError;
use casework::planned::{ActionKey, Outcome};
use casework::platform::Moderation;
use casework::watch::Watch;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::metrics;
use lambda_kit::trigger::Trigger;
use rules::Policy;
use serde_json::Value;
use store::{Rulebooks, Store, keys};

/// Actions taken at once: one full YouTube call.
const BATCH: usize = 50;
/// How long one invocation goes on taking actions; the next tick of the schedule goes on where it stopped.
const TICK: SignedDuration = SignedDuration::from_secs(40);

/// A longer wait than this is told from others: a platform's windows end sooner, its day does not.
const LONG: SignedDuration = SignedDuration::from_hours(1);

/// The function: the store, the platforms, the rulebook in force and our limits.
pub struct Enforcer<M> {
    /// The decisions table.
    pub store: Store,
    /// X and YouTube.
    pub platform: M,
    /// The rulebook in force, whose policy has the caps.
    pub rulebooks: Rulebooks,
    /// Our own limits, by the policy.
    pub limits: Box<dyn Fn(&Policy) -> Limits + Send + Sync>,
    /// What stops a rule that suddenly hits.
    pub watch: Watch,
    /// The time.
    pub clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl<M: Moderation> Enforcer<M> {
    /// Handles one invocation.
    ///
    /// # Errors
    /// For a schedule, the store's; for an event that this function is not wired to. A stream's failures are
    /// named record by record.
    pub async fn handle(&self, event: Value) -> Result<Value> {
        match Trigger::from(event) {
            Trigger::DynamoDbStream(event) => Ok(serde_json::to_value(self.take_new(event.records).await)?),
            Trigger::Schedule(_) => {
                Box::pin(self.watch()).await;
                self.drain().await?;
                Ok(Value::Null)
            }
            Trigger::Unsupported(reason) => Err(anyhow::Error::new(reason)),
            Trigger::Http(_) => anyhow::bail!("enforce is not wired to HTTP"),
            Trigger::Sqs(_) => anyhow::bail!("enforce is not wired to a queue"),
        }
    }

    /// Performs the actions that a batch of the stream inserted.
    async fn take_new(&self, records: Vec<EventRecord>) -> DynamoDbEventResponse {
        let new: Vec<(ActionKey, Option<String>)> = records
            .into_iter()
            .filter(|record| record.event_name == "INSERT")
            .filter_map(|record| Some((action_key(&record)?, record.change.sequence_number)))
            .collect();
        let keys: Vec<ActionKey> = new.iter().map(|(key, _)| key.clone()).collect();
        let until = (self.clock)() + TICK;
        let attempts = match self.limits().await {
            Ok(limits) => enforce(&self.store, &self.platform, &limits, keys, until, || (self.clock)()).await,
            Err(error) => keys.into_iter().map(|key| (key, Err(error.clone()))).collect(),
        };
        let mut response = DynamoDbEventResponse::default();
        for (key, result) in attempts {
            if report(&key, &result, (self.clock)()).is_err()
                && let Some((_, sequence)) = new.iter().find(|(new, _)| *new == key)
            {
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier.clone_from(sequence);
                response.batch_item_failures.push(failure);
            }
        }
        response
    }

    /// Demotes rules whose hit rate jumped. Failing to look keeps nothing else from being done.
    async fn watch(&self) {
        let now = (self.clock)();
        let checked = async {
            let rulebook = self.rulebooks.current(now).await?;
            self.watch.check(&self.store, &rulebook, now).await
        };
        match checked.await {
            Ok(demoted) if demoted.is_empty() => {}
            Ok(demoted) => {
                for demotion in demoted {
                    metrics::rule_demoted();
                    let (rule, rulebook) = (demotion.rule, demotion.rulebook);
                    tracing::error!(rule, rulebook, "hit rate jumped: demoted to review");
                }
                self.rulebooks.reread();
            }
            Err(error) => tracing::error!(%error, "hit rates not looked at"),
        }
    }

    /// Performs what is due, severest first, batch by batch until nothing is left or the tick is over.
    async fn drain(&self) -> Result<()> {
        let until = (self.clock)() + TICK;
        let limits = self.limits().await?;
        loop {
            let now = (self.clock)();
            let (due, longest) = self.store.due_since(now, BATCH).await?;
            metrics::overdue(longest.map_or(Duration::ZERO, |since| waited(since, now)));
            if due.is_empty() {
                return Ok(());
            }
            let attempts = enforce(&self.store, &self.platform, &limits, due, until, || (self.clock)()).await;
            let mut moved = false;
            let mut failure = None;
            for (key, result) in attempts {
                match report(&key, &result, (self.clock)()) {
                    Ok(took_place) => moved |= took_place,
                    Err(error) => failure = Some(error),
                }
            }
            if let Some(error) = failure {
                return Err(error.into());
            }
            if !moved || now > until {
                return Ok(());
            }
        }
    }

    /// Our own limits, by the policy in force.
    async fn limits(&self) -> Result<Limits, LedgerError> {
        let rulebook = self.rulebooks.current((self.clock)()).await?;
        Ok(Limits { demoted: rulebook.demoted().map(str::to_owned).collect(), ..(self.limits)(rulebook.policy()) })
    }
}

fn waited(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since)).unwrap_or_default()
}

fn action_key(record: &EventRecord) -> Option<ActionKey> {
    let text = |name: &str| match record.change.keys.get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    keys::parse_action(text("pk")?, text("sk")?)
}

/// Counts and logs how an attempt ended; `true` when something became of the action.
fn report(
    key: &ActionKey,
    result: &Result<Option<Outcome>, casework::ledger::LedgerError>,
    now: Timestamp,
) -> Result<bool, casework::ledger::LedgerError> {
    let outcome = match result {
        Ok(None) => return Ok(false),
        Ok(Some(outcome)) => name(outcome, now),
        Err(error) => {
            tracing::error!(kind = key.kind.key(), %error, "outcome not recorded");
            metrics::action(key.kind.key(), "not_recorded");
            return Err(error.clone());
        }
    };
    tracing::info!(kind = key.kind.key(), outcome, "action");
    metrics::action(key.kind.key(), outcome);
    Ok(true)
}

fn name(outcome: &Outcome, now: Timestamp) -> &'static str {
    match outcome {
        Outcome::Done { repeated: false } => "done",
        Outcome::Done { repeated: true } => "done_repeated",
        Outcome::GoalMet { .. } => "goal_met",
        Outcome::PutOff { due_at, .. } if due_at.duration_since(now) > LONG => "put_off_long",
        Outcome::PutOff { .. } => "put_off",
        Outcome::Failed { .. } => "failed",
        Outcome::HandedOver { .. } => "handed_over",
        Outcome::Cancelled { .. } => "cancelled",
        Outcome::Capped => "capped",
        Outcome::Demoted => "demoted",
    }
}
