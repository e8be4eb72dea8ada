//! The handler: mails, reports of the mail service, HTTP requests, and the schedule.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use lambda_kit::http;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use lambda_kit::problem::Problem;
use lambda_kit::trigger::Trigger;
use serde_json::Value;
use tower::ServiceExt;

use crate::api::{self, Caller};
use crate::app::App;
use crate::event::Woken;

/// The largest HTTP body that is looked at, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// The function: its parts and its routes.
pub struct DataRequest<O, M> {
    app: Arc<App<O, M>>,
    routes: Router,
}

impl<O: Shelf + 'static, M: Mailer + 'static> DataRequest<O, M> {
    /// Routes over the parts.
    pub fn new(app: App<O, M>) -> Self {
        let app = Arc::new(app);
        Self { routes: api::routes(Arc::clone(&app)), app }
    }

    /// The parts, for those who work on files without an event.
    pub fn app(&self) -> &App<O, M> {
        &self.app
    }

    /// Handles one invocation.
    ///
    /// # Errors
    /// When a mail or report could not be recorded, so that it comes again; for a schedule, the store's; for an event
    /// that this function is not wired to.
    pub async fn handle(&self, event: Value) -> Result<Value> {
        match Woken::from(event) {
            Woken::Mail(receipts) => {
                for receipt in receipts {
                    Box::pin(self.app.receive(receipt)).await.context("mail not taken in")?;
                }
                Ok(Value::Null)
            }
            Woken::Reports(reports) => {
                for report in reports {
                    self.app.note(&report).await.context("report not noted")?;
                }
                Ok(Value::Null)
            }
            Woken::Other(Trigger::Http(event)) => {
                let caller = Caller(event.request_context.http.source_ip.clone().unwrap_or_default());
                let answer = match http::request(*event, BODY_LIMIT) {
                    Ok(mut request) => {
                        request.extensions_mut().insert(caller);
                        let Ok(answer) = self.routes.clone().oneshot(request.map(Body::from)).await;
                        http::response(answer).await.context("an answer without an end")?
                    }
                    Err(error) => {
                        let Ok(answer) = http::response(Problem::from(error).response()).await;
                        answer
                    }
                };
                Ok(serde_json::to_value(answer)?)
            }
            Woken::Other(Trigger::Schedule(_)) => {
                Box::pin(self.app.tick()).await?;
                Ok(Value::Null)
            }
            Woken::Other(Trigger::Unsupported(reason)) => Err(anyhow::Error::new(reason)),
            Woken::Other(Trigger::Sqs(_)) => anyhow::bail!("data-request is not wired to a queue"),
            Woken::Other(Trigger::DynamoDbStream(_)) => anyhow::bail!("data-request is not wired to a table's stream"),
        }
    }
}
