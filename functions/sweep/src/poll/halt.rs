//! Why the poll of a platform stopped early, and what is noted of it.

use casework::account::{AccountStop, Mode};
use casework::ledger::{Accounts, LedgerError};
use casework::platform::PlatformError;
use casework::quota::QuotaDay;
use lambda_kit::metrics;
use platforms::ListError;
use rules::Platform;

use crate::sweeper::Sweeper;

/// Why no more is read of a platform, or of one list, for now.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The invocation's time is over.
    Deadline,
    /// The rest of the day's units, or posts, is for others.
    Quota,
    /// The platform asked to leave the list alone for a while.
    Rested,
    /// The list or what it lists is gone.
    Gone,
    /// The page token is no longer good.
    PageExpired,
    /// The platform refused.
    Platform(PlatformError),
    /// The store failed: nothing moved, so it is all read again.
    Store(LedgerError),
}

impl Halt {
    /// Whether another try may mend it, and nothing else is kept back by it meanwhile.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Halt::Platform(PlatformError::Transient { .. }))
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Halt::Store(error)
    }
}

impl From<PlatformError> for Halt {
    fn from(error: PlatformError) -> Self {
        Halt::Platform(error)
    }
}

impl From<ListError> for Halt {
    fn from(error: ListError) -> Self {
        match error {
            ListError::PageExpired => Halt::PageExpired,
            ListError::Gone => Halt::Gone,
            ListError::Platform(error) => Halt::Platform(error),
        }
    }
}

/// The name of a list without what it is of, which is no thing to log.
fn name(list: &str) -> &str {
    list.split(':').next().unwrap_or(list)
}

impl<T, O, Q> Sweeper<T, O, Q> {
    /// Notes why a list was not read to its end. Only the store's failures are the invocation's.
    pub(crate) async fn settle(&self, platform: Platform, list: &str, halt: Halt) -> Result<(), LedgerError> {
        let reason = match halt {
            Halt::Deadline => "deadline",
            Halt::Quota => "quota",
            Halt::Rested => "rate",
            Halt::Gone => "gone",
            Halt::PageExpired => "page_expired",
            Halt::Platform(error) => {
                tracing::warn!(%platform, list = name(list), %error, "the platform refused a list");
                self.note_refusal(platform, list, &error).await?
            }
            Halt::Store(error) => return Err(error),
        };
        tracing::info!(%platform, list = name(list), reason, "put off");
        metrics::put_off(platform.key(), reason);
        let (account, now) = (self.account(platform), self.now());
        let day = match platform {
            Platform::X => super::planner::x_day(now),
            Platform::YouTube => QuotaDay::of(now).name,
        };
        self.store.count_put_off(&account, &day, list.split([' ', ':']).next().unwrap_or(list), now).await
    }

    /// Notes what must stop the account, or let one list rest.
    async fn note_refusal(
        &self,
        platform: Platform,
        list: &str,
        error: &PlatformError,
    ) -> Result<&'static str, LedgerError> {
        let (account, now) = (self.account(platform), self.now());
        let stop = match error {
            PlatformError::QuotaSpent { until, .. } => Some(("quota", AccountStop::Until(*until))),
            PlatformError::SpendingStopped { reason } => {
                Some(("spending", AccountStop::SpendingStopped(reason.clone())))
            }
            PlatformError::Disconnected { reason } => Some(("disconnected", AccountStop::Disconnected(reason.clone()))),
            PlatformError::Wait { until, .. } => {
                self.store.note_sweep(&account, list, store::SweepNote::WaitUntil, *until).await?;
                return Ok("rate");
            }
            PlatformError::Permanent { .. } | PlatformError::Transient { .. } | PlatformError::Uncertain { .. } => None,
        };
        let Some((name, stop)) = stop else { return Ok("platform") };
        tracing::error!(%platform, reason = name, "the account stopped");
        metrics::account_stopped(platform.key(), name);
        self.store.stop(&account, &stop, now).await?;
        Ok("stopped")
    }

    /// Why nothing may be asked of a platform now, if so. What stopped the account is an alarm as long as it lasts,
    /// whichever function met it first.
    pub(crate) async fn stopped(&self, platform: Platform) -> Result<Option<&'static str>, LedgerError> {
        let state = self.store.account(&self.account(platform)).await?;
        if state.mode == Mode::Terminated {
            return Ok(Some("terminated"));
        }
        let spent = state.stopped_until.is_some_and(|until| until > self.now());
        let stops = [
            (state.disconnected.is_some(), "disconnected"),
            (state.spending_stopped.is_some(), "spending"),
            (spent, "quota"),
        ];
        let reason = stops.into_iter().find_map(|(stopped, reason)| stopped.then_some(reason));
        if let Some(reason) = reason {
            metrics::account_stopped(platform.key(), reason);
        }
        Ok(reason)
    }
}
