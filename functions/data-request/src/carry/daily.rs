//! Each day is closed by a root over all chains, put where nobody can change it.

use std::io::Write;

use anyhow::{Context, Result};
use bytes::Bytes;
use jiff::SignedDuration;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::proof::DailyRoot;
use store::RequestStore;

use crate::app::App;

/// Days that a root cannot be removed: as long as a closed file is kept, and a year more.
const KEPT_DAYS: i64 = 4 * 365;
const ROOTS: &str = "roots/";

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Closes yesterday in Tokyo, once.
    pub(crate) async fn close_day(&self) -> Result<()> {
        let now = self.now();
        let day = jiff::tz::offset(9).to_datetime(now).date().yesterday()?;
        let known = |newest: &mut Option<jiff::civil::Date>| newest.is_some_and(|newest| newest >= day);
        if known(&mut self.carrier.closed.lock().unwrap_or_else(|poisoned| poisoned.into_inner())) {
            return Ok(());
        }
        let key = DailyRoot::key(day);
        if self.carrier.proof.get(&key).await?.is_none() {
            let root = DailyRoot::close(day, now, self.newest_root().await?.as_ref(), self.requests.heads().await?);
            let until = (now + SignedDuration::from_hours(24 * KEPT_DAYS)).as_second();
            let body = Bytes::from(serde_json::to_vec(&root)?);
            self.carrier.proof.put_locked(&key, body, until).await?;
            tracing::info!(count = root.heads.len(), "day closed");
            if self.holidays.missing_soon(day).is_some() {
                tracing::warn!("the holidays of a year that has begun or begins soon are missing");
            }
        }
        *self.carrier.closed.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(day);
        Ok(())
    }

    async fn newest_root(&self) -> Result<Option<DailyRoot>> {
        let keys = self.carrier.proof.list(ROOTS).await?;
        let Some(key) = keys.last() else { return Ok(None) };
        let body = self.carrier.proof.get(key).await?.with_context(|| key.clone())?;
        Ok(Some(serde_json::from_slice(&body).with_context(|| key.clone())?))
    }
}

/// Writes every chain and every root as JSON lines: one object with `chain` or `root` each.
///
/// # Errors
/// Those of store, objects and output.
pub async fn export<O: Shelf>(requests: &RequestStore, proof: &O, out: &mut (dyn Write + Send)) -> Result<()> {
    for head in requests.heads().await? {
        let chain = requests.export(&head).await?;
        writeln!(out, "{}", serde_json::json!({ "chain": chain }))?;
    }
    for key in proof.list(ROOTS).await? {
        let body = proof.get(&key).await?.with_context(|| key.clone())?;
        let root: DailyRoot = serde_json::from_slice(&body).with_context(|| key.clone())?;
        writeln!(out, "{}", serde_json::json!({ "root": root }))?;
    }
    Ok(())
}
