//! The `sweep` Lambda: builds its parts once and hands over to the handler.

use lambda_kit::{logging, metrics, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::lambda();
    metrics::lambda("sweep")?;
    let sweeper = sweep::deployed::build().await?;
    runtime::serve(|event| sweeper.handle(event)).await
}
