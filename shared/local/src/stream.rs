//! The table's stream, read as Lambda's event source mapping reads it: only inserted actions, failed records again.

use anyhow::{Context, Result};
use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use serde_json::{Value, json};

use crate::stack::LocalEnforcer;

/// Most records of one invocation, as the mapping is configured.
const BATCH: i32 = 100;

/// A position in the table's stream.
#[derive(Debug)]
pub struct Stream {
    client: Client,
    arn: String,
    shard: String,
    /// The last record that was handled.
    after: Option<String>,
}

impl Stream {
    /// Opens the stream at its beginning, or at its end to leave alone what an earlier run recorded: what is still
    /// due of that, the schedule finds.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn open(client: Client, table: &str) -> Result<Self> {
        let streams = client.list_streams().table_name(table).send().await.context("list streams")?;
        let arn =
            streams.streams().first().and_then(|stream| stream.stream_arn()).context("the table has no stream")?;
        let described = client.describe_stream().stream_arn(arn).send().await.context("describe stream")?;
        let shards = described.stream_description().map(|stream| stream.shards()).unwrap_or_default();
        let shard = shards.first().and_then(|shard| shard.shard_id()).context("the stream has no shard")?.to_owned();
        Ok(Stream { arn: arn.to_owned(), client, shard, after: None })
    }

    /// Hands every new record to `enforce`; gives how many actions were among them. A record that failed is handed
    /// on again by the next call.
    ///
    /// # Errors
    /// When the engine does not answer or the function fails as a whole.
    pub async fn pump(&mut self, enforcer: &LocalEnforcer) -> Result<usize> {
        let mut handed = 0;
        loop {
            let records = self.next().await?;
            let Some(last) = records.last().and_then(sequence) else { return Ok(handed) };
            let wanted: Vec<Value> = records.iter().filter(|record| is_new_action(record)).map(event_record).collect();
            if wanted.is_empty() {
                self.after = Some(last);
                continue;
            }
            handed += wanted.len();
            let answer = enforcer.handle(json!({ "Records": wanted })).await?;
            let failed = answer["batchItemFailures"].as_array().and_then(|failures| {
                failures.iter().filter_map(|failure| failure["itemIdentifier"].as_str().map(str::to_owned)).min()
            });
            match failed {
                // As Lambda does it: everything from the first failure on comes again.
                Some(failed) => {
                    self.after = before(&records, &failed).or(self.after.take());
                    return Ok(handed);
                }
                None => self.after = Some(last),
            }
        }
    }

    async fn next(&self) -> Result<Vec<Record>> {
        let iterator = self.client.get_shard_iterator().stream_arn(&self.arn).shard_id(&self.shard);
        let iterator = match &self.after {
            Some(after) => iterator.shard_iterator_type(ShardIteratorType::AfterSequenceNumber).sequence_number(after),
            None => iterator.shard_iterator_type(ShardIteratorType::TrimHorizon),
        };
        let iterator = iterator.send().await.context("shard iterator")?.shard_iterator;
        let records = self.client.get_records().set_shard_iterator(iterator).limit(BATCH).send().await;
        Ok(records.context("stream records")?.records.unwrap_or_default())
    }
}

fn sequence(record: &Record) -> Option<String> {
    record.dynamodb()?.sequence_number().map(str::to_owned)
}

/// The record before a failed one.
fn before(records: &[Record], failed: &str) -> Option<String> {
    let position = records.iter().position(|record| sequence(record).as_deref() == Some(failed))?;
    records.get(position.checked_sub(1)?).and_then(sequence)
}

fn keys(record: &Record) -> Option<(&str, &str)> {
    let text = |name: &str| record.dynamodb()?.keys()?.get(name)?.as_s().ok().map(String::as_str);
    Some((text("pk")?, text("sk")?))
}

/// The filter of the event source mapping.
fn is_new_action(record: &Record) -> bool {
    let inserted = record.event_name().is_some_and(|name| name.as_str() == "INSERT");
    inserted && keys(record).is_some_and(|(_, sk)| sk.starts_with(store::keys::ACTION_PREFIX))
}

/// A record in the shape in which Lambda gets it.
fn event_record(record: &Record) -> Value {
    let (pk, sk) = keys(record).unwrap_or_default();
    json!({
        "eventID": record.event_id().unwrap_or_default(),
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "local",
        "dynamodb": {
            "ApproximateCreationDateTime": 0,
            "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
            "SequenceNumber": sequence(record),
            "SizeBytes": 0,
            "StreamViewType": "KEYS_ONLY",
        },
        "eventSourceARN": "arn:aws:dynamodb:local:000000000000:table/decisions/stream/local",
    })
}
