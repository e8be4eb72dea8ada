//! An embedded DynamoDB-compatible engine, over HTTP on loopback, with the tables `decisions` and `requests`.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use dynoxide::Database;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running engine; it stops when dropped.
#[derive(Debug)]
pub struct Engine {
    /// Where it listens, for example `http://127.0.0.1:45671`.
    pub address: String,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), String>>,
}

impl Engine {
    /// Starts it in memory, or over the file `data`, and makes the tables where they are missing.
    ///
    /// # Errors
    /// When the file or the port can't be opened.
    pub async fn start(data: Option<&Path>, port: u16) -> Result<Self> {
        let database = match data {
            Some(path) => Database::new(path.to_str().context("the data file's name is no UTF-8")?),
            None => Database::memory(),
        };
        let database = database.map_err(|error| anyhow!("engine: {error}"))?;
        for definition in [store::TABLE, store::requests::TABLE] {
            make_table(&database, definition)?;
        }
        let listener = TcpListener::bind(("127.0.0.1", port)).await.with_context(|| format!("port {port}"))?;
        let address = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, async {
            // Dropping the sender stops the engine as well as sending does.
            let _ = stopped.await;
        }));
        Ok(Engine { address, stop: Some(stop), task })
    }

    /// Stops it and waits until running requests have ended.
    ///
    /// # Errors
    /// When it ended with an error.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.stop.take());
        let task = std::mem::replace(&mut self.task, tokio::spawn(async { Ok(()) }));
        task.await?.map_err(anyhow::Error::msg)
    }
}

/// Makes a table by the store's own definition.
fn make_table(database: &Database, definition: &str) -> Result<()> {
    let definition: Value = serde_json::from_str(definition)?;
    let existing = database.list_tables(serde_json::from_value(json!({}))?).map_err(|error| anyhow!("{error}"))?;
    if existing.table_names.iter().any(|name| definition["TableName"] == **name) {
        return Ok(());
    }
    database.create_table(serde_json::from_value(definition)?).map_err(|error| anyhow!("table: {error}"))?;
    Ok(())
}
