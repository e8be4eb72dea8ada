//! The handler: HTTP requests go to the routes, SQS messages to what was parked.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::body::Body;
use axum::routing::get;
use axum::Router;
use lambda_kit::http::{self, RequestError};
use lambda_kit::metrics::{self, Outcome};
use lambda_kit::objects::Objects;
use lambda_kit::problem::Problem;
use lambda_kit::queue::Queue;
use lambda_kit::trigger::Trigger;
use rules::Platform;
use serde_json::Value;
use tower::ServiceExt;

use crate::app::App;
use crate::{x, youtube};

/// The largest body that is looked at, in bytes; X's own are a few kilobytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The function: its parts and its routes.
pub struct Webhook<O, Q> {
    app: Arc<App<O, Q>>,
    routes: Router,
}

impl<O: Objects + 'static, Q: Queue + 'static> Webhook<O, Q> {
    /// Routes over the parts.
    pub fn new(app: App<O, Q>) -> Self {
        let app = Arc::new(app);
        let routes = Router::new()
            .route("/x", get(x::challenge).post(x::delivery))
            .route("/youtube/{path}", get(youtube::verification).post(youtube::notice))
            .with_state(Arc::clone(&app));
        Webhook { app, routes }
    }

    /// Handles one invocation.
    ///
    /// # Errors
    /// Only for an event that this function is not wired to; whatever a sender does wrong is an HTTP answer.
    pub async fn handle(&self, event: Value) -> Result<Value> {
        match Trigger::from(event) {
            Trigger::Http(event) => {
                let platform = platform_of(event.raw_path.as_deref().unwrap_or_default());
                let answer = match http::request(*event, BODY_LIMIT) {
                    Ok(request) => {
                        let Ok(answer) = self.routes.clone().oneshot(request.map(Body::from)).await;
                        http::response(answer).await.context("an answer without an end")?
                    }
                    Err(error) => {
                        if let (RequestError::TooLarge { .. }, Some(platform)) = (error, platform) {
                            metrics::delivery(platform.key(), Outcome::TooLarge);
                        }
                        let Ok(answer) = http::response(Problem::from(error).response()).await;
                        answer
                    }
                };
                Ok(serde_json::to_value(answer)?)
            }
            Trigger::Sqs(messages) => Ok(serde_json::to_value(self.app.take_up(messages).await)?),
            Trigger::Unsupported(reason) => Err(anyhow::Error::new(reason)),
            Trigger::DynamoDbStream(_) => anyhow::bail!("webhook is not wired to a table's stream"),
            Trigger::Schedule(_) => anyhow::bail!("webhook is not wired to a schedule"),
        }
    }
}

/// Whose delivery a path is for, whatever stage it begins with.
fn platform_of(path: &str) -> Option<Platform> {
    path.split('/').find_map(|segment| segment.parse().ok())
}
