//! Taking up parked bodies from the queue, each on its own.

use anyhow::{Context, Result};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use casework::ledger::Cases;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;

use crate::app::App;
use crate::deliver::Delivered;
use crate::park::platform_of;

impl<O: Objects, Q: Queue> App<O, Q> {
    /// Handles a batch of keys; those that failed are named, so that only they come again.
    pub(crate) async fn take_up(&self, messages: SqsEvent) -> SqsBatchResponse {
        let mut failed = Vec::new();
        for message in messages.records {
            if let Err(error) = self.take_up_one(message.body.as_deref().unwrap_or_default()).await {
                tracing::error!(error = format!("{error:#}"), "parked delivery not handled");
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message.message_id.unwrap_or_default();
                failed.push(failure);
            }
        }
        let mut response = SqsBatchResponse::default();
        response.batch_item_failures = failed;
        response
    }

    async fn take_up_one(&self, key: &str) -> Result<()> {
        let platform = platform_of(key).context("the message is no key of a parked body")?;
        let Some(body) = self.objects.get(key).await? else {
            // Another message for the same body was faster, or its seven days are over.
            tracing::info!("parked body is gone");
            return Ok(());
        };
        match self.deliver(platform, &body).await {
            Delivered::Whole => Ok(self.objects.delete(key).await?),
            Delivered::Held(until) => Ok(self.queue.send(key, self.delay(until)).await?),
            Delivered::Failed(error) => Err(error.into()),
            Delivered::Unreadable(unreadable) => {
                Ok(self.store.record_unreadable(platform, key, &unreadable.reason, self.now()).await?)
            }
        }
    }
}
