//! Tells what woke a function, from the shape of the event.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::{dynamodb, sqs};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What woke a function.
#[derive(Debug)]
pub enum Trigger {
    /// A request to an API Gateway HTTP API (payload format 2.0) or to a Function URL, which has the same shape.
    Http(Box<ApiGatewayV2httpRequest>),
    /// Messages of an SQS queue.
    Sqs(sqs::SqsEvent),
    /// Records of a DynamoDB table's stream.
    DynamoDbStream(dynamodb::Event),
    /// A schedule of EventBridge, a rule's or the scheduler's.
    Schedule(Schedule),
    /// Nothing that our functions are wired to.
    Unsupported(Unsupported),
}

/// A tick of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Schedule {
    /// What is to be done, for a function that has several schedules: the `mode` of the schedule's own input.
    pub mode: Option<String>,
    /// When the tick was due, as RFC 3339.
    pub time: Option<String>,
    /// ARNs of what ticked: the rule or the schedule.
    #[serde(default)]
    pub resources: Vec<String>,
}

/// Why an event is none of ours. Quotes nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// Not a JSON object, or one without a mark of any known source.
    #[error("an event of no known source")]
    Unknown,
    /// Payload format 1.0, of a REST API or of an HTTP API set to it.
    #[error("a REST API event: set the payload format to 2.0")]
    RestApi,
    /// A request through an Application Load Balancer.
    #[error("a load balancer event: only HTTP APIs and Function URLs are supported")]
    LoadBalancer,
    /// A request through VPC Lattice.
    #[error("a VPC Lattice event: only HTTP APIs and Function URLs are supported")]
    VpcLattice,
    /// Records of another service, or of several.
    #[error("records of a service that is not SQS or DynamoDB Streams")]
    OtherRecords,
    /// Of a supported source, but not of its shape.
    #[error("a malformed event of {0}")]
    Malformed(&'static str),
}

impl From<Value> for Trigger {
    /// Never fails and never panics: what is not understood is [`Trigger::Unsupported`].
    fn from(event: Value) -> Self {
        read(event).unwrap_or_else(Self::Unsupported)
    }
}

fn read(event: Value) -> Result<Trigger, Unsupported> {
    let context = &event["requestContext"];
    if context["http"].is_object() {
        return parse(event, "an HTTP API").map(|request| Trigger::Http(Box::new(request)));
    }
    if context["elb"].is_object() {
        return Err(Unsupported::LoadBalancer);
    }
    if context["serviceNetworkArn"].is_string() || event["raw_path"].is_string() {
        return Err(Unsupported::VpcLattice);
    }
    if event["httpMethod"].is_string() {
        return Err(Unsupported::RestApi);
    }
    if let Some(records) = event["Records"].as_array() {
        return match source(records) {
            Some("aws:sqs") => parse(event, "SQS").map(Trigger::Sqs),
            Some("aws:dynamodb") => parse(event, "DynamoDB Streams").map(Trigger::DynamoDbStream),
            Some(_) | None => Err(Unsupported::OtherRecords),
        };
    }
    // A schedule with an input of its own sends that input and nothing else.
    if event["detail-type"] == "Scheduled Event" || event["mode"].is_string() {
        return parse(event, "EventBridge").map(Trigger::Schedule);
    }
    Err(Unsupported::Unknown)
}

/// The one source of all records.
fn source(records: &[Value]) -> Option<&str> {
    let first = records.first()?["eventSource"].as_str()?;
    records.iter().all(|record| record["eventSource"] == first).then_some(first)
}

fn parse<T: DeserializeOwned>(event: Value, family: &'static str) -> Result<T, Unsupported> {
    // The parser's own message may quote the event.
    serde_json::from_value(event).map_err(|_| Unsupported::Malformed(family))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stdout)]
    use serde_json::json;

    use super::*;

    fn unsupported(event: Value) -> Unsupported {
        match Trigger::from(event) {
            Trigger::Unsupported(reason) => reason,
            other @ (Trigger::Http(_) | Trigger::Sqs(_) | Trigger::DynamoDbStream(_) | Trigger::Schedule(_)) => {
                panic!("{other:?}")
            }
        }
    }

    #[test]
    fn http_requests_are_known_by_their_context() {
        let event = json!({"version": "2.0", "rawPath": "/x", "requestContext": {"http": {"method": "POST"}}});
        let Trigger::Http(request) = Trigger::from(event) else { panic!("no request") };
        assert_eq!(request.raw_path.as_deref(), Some("/x"));
    }

    #[test]
    fn records_are_known_by_their_one_source() {
        let event = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": "key"}]});
        let Trigger::Sqs(batch) = Trigger::from(event) else { panic!("no batch") };
        assert_eq!(batch.records[0].body.as_deref(), Some("key"));

        let mixed = json!({"Records": [{"eventSource": "aws:sqs"}, {"eventSource": "aws:dynamodb"}]});
        assert_eq!(unsupported(mixed), Unsupported::OtherRecords);
        assert_eq!(unsupported(json!({"Records": [{"EventSource": "aws:sns"}]})), Unsupported::OtherRecords);
        assert_eq!(unsupported(json!({"Records": []})), Unsupported::OtherRecords);
    }

    #[test]
    fn a_stream_of_keys_only_is_read() {
        let event = json!({"Records": [{
            "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "ap-northeast-1", "eventSourceARN": "arn:aws:dynamodb:ap-northeast-1:1:table/t/stream/s",
            "dynamodb": {"Keys": {"pk": {"S": "POST#x#1"}, "sk": {"S": "ACTION#hide"}},
                "SequenceNumber": "7", "SizeBytes": 9, "StreamViewType": "KEYS_ONLY"}
        }]});
        let Trigger::DynamoDbStream(batch) = Trigger::from(event) else { panic!("no batch") };
        assert_eq!(batch.records[0].change.sequence_number.as_deref(), Some("7"));
        assert_eq!(batch.records[0].change.keys.len(), 2);
    }

    #[test]
    fn schedules_of_rules_and_of_the_scheduler_are_read() {
        for source in ["aws.events", "aws.scheduler"] {
            let event = json!({"version": "0", "source": source, "detail-type": "Scheduled Event",
                "time": "2026-11-24T00:00:00Z", "resources": ["arn:aws:events:::rule/drain"], "detail": {}});
            let Trigger::Schedule(tick) = Trigger::from(event) else { panic!("no tick") };
            assert_eq!(tick.time.as_deref(), Some("2026-11-24T00:00:00Z"));
            assert_eq!(tick.resources, ["arn:aws:events:::rule/drain"]);
        }
    }

    #[test]
    fn a_schedules_own_input_names_its_mode() {
        let Trigger::Schedule(tick) = Trigger::from(json!({"mode": "poll"})) else { panic!("no tick") };
        assert_eq!((tick.mode.as_deref(), tick.time), (Some("poll"), None));
        let timed = json!({"mode": "audit", "time": "2026-11-24T18:00:00Z"});
        let Trigger::Schedule(tick) = Trigger::from(timed) else { panic!("no tick") };
        assert_eq!((tick.mode.as_deref(), tick.time.as_deref()), (Some("audit"), Some("2026-11-24T18:00:00Z")));
        assert_eq!(unsupported(json!({"mode": 1})), Unsupported::Unknown);
    }

    #[test]
    fn malformed_events_of_supported_sources_are_refused() {
        let http = json!({"requestContext": {"http": {"method": "NOT A METHOD"}}});
        assert_eq!(unsupported(http), Unsupported::Malformed("an HTTP API"));
        let sqs = json!({"Records": [{"eventSource": "aws:sqs", "body": 7}]});
        assert_eq!(unsupported(sqs), Unsupported::Malformed("SQS"));
        let stream = json!({"Records": [{"eventSource": "aws:dynamodb"}]});
        assert_eq!(unsupported(stream), Unsupported::Malformed("DynamoDB Streams"));
        let schedule = json!({"detail-type": "Scheduled Event", "resources": "all"});
        assert_eq!(unsupported(schedule), Unsupported::Malformed("EventBridge"));
    }

    #[test]
    fn anything_else_is_unsupported() {
        for event in [json!(null), json!([]), json!("text"), json!(1), json!({}), json!({"requestContext": []})] {
            assert_eq!(unsupported(event), Unsupported::Unknown);
        }
    }

    /// The events that AWS documents, each classified or refused with its reason.
    #[test]
    fn published_aws_events_are_classified_or_refused() {
        let Ok(corpus) = std::env::var("SEKISHO_CORPUS") else {
            println!("SEKISHO_CORPUS is not set: only the cases of this file ran");
            return;
        };
        let mut files = 0;
        for entry in std::fs::read_dir(format!("{corpus}/payloads/aws")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let event: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let seen = match Trigger::from(event) {
                Trigger::Http(request) => {
                    crate::http::request(*request, 1024).unwrap();
                    "http"
                }
                Trigger::Sqs(_) => "sqs",
                Trigger::DynamoDbStream(_) => "dynamodb",
                Trigger::Schedule(_) => "schedule",
                Trigger::Unsupported(Unsupported::LoadBalancer) => "alb",
                Trigger::Unsupported(Unsupported::VpcLattice) => "lattice",
                Trigger::Unsupported(Unsupported::RestApi) => "rest",
                Trigger::Unsupported(Unsupported::Unknown) => "unknown",
                Trigger::Unsupported(reason @ (Unsupported::OtherRecords | Unsupported::Malformed(_))) => {
                    panic!("{name}: {reason}")
                }
            };
            let expected = match () {
                () if name.contains("_alb_") => "alb",
                () if name.contains("lattice") => "lattice",
                () if name.contains("v2") => "http",
                () if name.contains("apigw") => "rest",
                () if name.contains("dynamodb") => "dynamodb",
                () if name.contains("schedule") => "schedule",
                () if name.contains("batch-response") => "unknown",
                () if name.contains("sqs") => "sqs",
                () => panic!("{name}: a file that this test does not know"),
            };
            assert_eq!(seen, expected, "{name}");
            files += 1;
        }
        assert!(files > 0, "no event file in the corpus");
    }
}
