//! Messages for later: a small port with SQS and an in-process queue behind it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::aws;

/// The longest delay that SQS knows; a longer one is cut to it, and the receiver looks again.
pub const LONGEST_DELAY: Duration = Duration::from_secs(900);

/// A queue that delivers at least once. Messages hold keys, never personal data.
pub trait Queue: Send + Sync {
    /// Delivers `body` after `delay`, rounded up to whole seconds and cut to [`LONGEST_DELAY`].
    ///
    /// # Errors
    /// The queue did not take the message.
    fn send(&self, body: &str, delay: Duration) -> impl Future<Output = Result<(), QueueError>> + Send;
}

/// The queue did not take a message. Holds no part of it.
#[derive(Debug, thiserror::Error)]
#[error("queue: {reason}")]
pub struct QueueError {
    /// The service's code, or what went wrong on the way.
    pub reason: String,
}

/// An SQS queue.
#[derive(Clone, Debug)]
pub struct SqsQueue {
    client: aws_sdk_sqs::Client,
    url: String,
}

impl SqsQueue {
    /// The queue at `url`.
    pub fn new(client: aws_sdk_sqs::Client, url: impl Into<String>) -> Self {
        Self { client, url: url.into() }
    }
}

impl Queue for SqsQueue {
    async fn send(&self, body: &str, delay: Duration) -> Result<(), QueueError> {
        let seconds = i32::try_from(whole_seconds(delay).as_secs()).unwrap_or(i32::MAX);
        let request = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(seconds);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(QueueError { reason: aws::reason(&error) }),
        }
    }
}

/// A delay as SQS takes it.
fn whole_seconds(delay: Duration) -> Duration {
    let up = u64::from(delay.subsec_nanos() > 0);
    Duration::from_secs(delay.as_secs().saturating_add(up)).min(LONGEST_DELAY)
}

/// A queue inside this process, for the local stack. Clones share their messages.
#[derive(Clone, Debug, Default)]
pub struct MemoryQueue {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    sent: Notify,
}

/// Messages by the time at which they are due, then by the order in which they were sent.
#[derive(Default)]
struct Waiting {
    messages: BTreeMap<(Instant, u64), String>,
    next: u64,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("messages", &self.messages.len()).finish_non_exhaustive()
    }
}

impl MemoryQueue {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next message, waiting until one is due. Unlike SQS, a message taken is gone: who
    /// fails to handle it sends it again.
    pub async fn receive(&self) -> String {
        loop {
            // Made before looking, so that a message sent in between is not missed.
            let sent = self.shared.sent.notified();
            let due = {
                let mut waiting = self.waiting();
                match waiting.messages.first_key_value().map(|((due, _), _)| *due) {
                    Some(due) if due <= Instant::now() => {
                        if let Some((_, body)) = waiting.messages.pop_first() {
                            return body;
                        }
                        None
                    }
                    later => later,
                }
            };
            match due {
                Some(due) => tokio::select! {
                    () = tokio::time::sleep_until(due) => {}
                    () = sent => {}
                },
                None => sent.await,
            }
        }
    }

    /// How many messages wait, due or not.
    pub fn waiting_count(&self) -> usize {
        self.waiting().messages.len()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue for MemoryQueue {
    async fn send(&self, body: &str, delay: Duration) -> Result<(), QueueError> {
        let due = Instant::now() + whole_seconds(delay);
        {
            let mut waiting = self.waiting();
            let order = waiting.next;
            waiting.next += 1;
            waiting.messages.insert((due, order), body.to_owned());
        }
        self.shared.sent.notify_waiters();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::loopback;

    #[tokio::test(start_paused = true)]
    async fn messages_come_when_due_and_in_order() {
        let queue = MemoryQueue::new();
        queue.send("late", Duration::from_millis(1500)).await.unwrap();
        queue.send("first", Duration::ZERO).await.unwrap();
        queue.send("second", Duration::ZERO).await.unwrap();
        assert_eq!(queue.waiting_count(), 3);
        let start = Instant::now();
        assert_eq!(queue.receive().await, "first");
        assert_eq!(queue.receive().await, "second");
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(queue.receive().await, "late");
        assert!(start.elapsed() >= Duration::from_secs(2), "1.5 s is rounded up as SQS needs it");
        assert_eq!(queue.waiting_count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiting_receiver_is_woken_by_an_earlier_message() {
        let queue = MemoryQueue::new();
        queue.send("late", Duration::from_secs(600)).await.unwrap();
        let receiver = tokio::spawn({
            let queue = queue.clone();
            async move { queue.receive().await }
        });
        tokio::task::yield_now().await;
        queue.send("now", Duration::ZERO).await.unwrap();
        assert_eq!(receiver.await.unwrap(), "now");
    }

    #[tokio::test(start_paused = true)]
    async fn every_receiver_gets_its_message() {
        let queue = MemoryQueue::new();
        let receivers: Vec<_> = (0..4)
            .map(|_| {
                let queue = queue.clone();
                tokio::spawn(async move { queue.receive().await })
            })
            .collect();
        tokio::task::yield_now().await;
        for n in 0..4 {
            queue.send(&n.to_string(), Duration::from_secs(n % 2)).await.unwrap();
        }
        let mut got = Vec::new();
        for receiver in receivers {
            got.push(receiver.await.unwrap());
        }
        got.sort();
        assert_eq!(got, ["0", "1", "2", "3"]);
    }

    #[tokio::test]
    async fn sqs_gets_url_body_and_delay() {
        let (endpoint, served) = loopback::serve_once("200 OK", r#"{"MessageId":"1"}"#);
        let url = format!("{endpoint}/1/intake");
        let queue = SqsQueue::new(aws::sqs(&loopback::env(&endpoint)), &url);
        queue.send("intake/key", Duration::from_millis(30_500)).await.unwrap();
        let asked = served.join().unwrap();
        let body: serde_json::Value = serde_json::from_str(asked.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(body, serde_json::json!({"QueueUrl": url, "MessageBody": "intake/key", "DelaySeconds": 31}));
    }

    #[tokio::test]
    async fn a_refusal_of_sqs_is_its_code() {
        let (endpoint, served) =
            loopback::serve_once("400 Bad Request", r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}"#);
        let queue = SqsQueue::new(aws::sqs(&loopback::env(&endpoint)), "http://queue/1/intake");
        let error = queue.send("intake/key", Duration::ZERO).await.unwrap_err();
        assert_eq!(error.to_string(), "queue: QueueDoesNotExist");
        served.join().unwrap();
    }

    #[test]
    fn delays_are_whole_seconds_up_to_what_sqs_takes() {
        assert_eq!(whole_seconds(Duration::ZERO), Duration::ZERO);
        assert_eq!(whole_seconds(Duration::from_millis(1)), Duration::from_secs(1));
        assert_eq!(whole_seconds(Duration::from_secs(30)), Duration::from_secs(30));
        assert_eq!(whole_seconds(Duration::MAX), LONGEST_DELAY);
    }

    #[test]
    fn debug_output_holds_no_message() {
        let queue = MemoryQueue::new();
        queue.waiting().messages.insert((Instant::now(), 0), "intake/key".into());
        assert!(!format!("{queue:?}").contains("intake"));
    }
}
