//! A queue whose messages a test takes by hand, whatever their delay.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use lambda_kit::queue::{Queue, QueueError};

/// Messages in the order of sending; clones share them.
#[derive(Clone, Debug, Default)]
pub struct HeldQueue(Arc<Mutex<Vec<(String, Duration)>>>);

impl HeldQueue {
    /// Takes all messages.
    pub fn take(&self) -> Vec<(String, Duration)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Queue for HeldQueue {
    async fn send(&self, body: &str, delay: Duration) -> Result<(), QueueError> {
        self.0.lock().unwrap().push((body.to_owned(), delay));
        Ok(())
    }
}
