//! The loop of a function: one invocation after the other, each in its span, each with its metrics written.

use std::fmt::Display;
use std::future::Future;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tracing::Instrument;

use crate::{logging, metrics};

/// Serves invocations until Lambda ends the process.
///
/// # Errors
/// When the runtime API can't be reached. An error of the handler is logged, counted by Lambda and ends nothing.
pub async fn serve<H, F, E>(handle: H) -> Result<(), Error>
where
    H: Fn(Value) -> F,
    F: Future<Output = Result<Value, E>>,
    E: Display,
{
    let handle = &handle;
    let invocation = |event: LambdaEvent<Value>| {
        let span = logging::invocation(&event.context.request_id);
        let answer = async move {
            let answer = handle(event.payload).await.map_err(|error| Error::from(format!("{error:#}")));
            if let Err(error) = &answer {
                tracing::error!(%error, "invocation failed");
            }
            metrics::flush();
            answer
        };
        answer.instrument(span)
    };
    lambda_runtime::run(service_fn(invocation)).await
}
