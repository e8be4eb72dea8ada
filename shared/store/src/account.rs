//! The state of our accounts. Implements `Accounts`.

use casework::account::{AccountKey, AccountState, AccountStop, Mode};
use casework::ledger::{Accounts, Result};
use jiff::Timestamp;

use crate::attributes::{at, from_item, s};
use crate::error::unavailable;
use crate::{Store, keys};

impl Store {
    pub(crate) async fn account_state(&self, account: &AccountKey) -> Result<AccountState> {
        match self.get(&keys::account(account), keys::STATE).await? {
            Some(item) => from_item(item),
            None => Ok(AccountState::default()),
        }
    }
}

impl Accounts for Store {
    async fn account(&self, account: &AccountKey) -> Result<AccountState> {
        self.account_state(account).await
    }

    async fn set_mode(&self, account: &AccountKey, mode: Mode, now: Timestamp) -> Result<()> {
        let set = "SET #mode = :mode, changed_at = :now";
        let expression = match mode {
            Mode::Active => format!("{set} REMOVE disconnected, spending_stopped, stopped_until"),
            Mode::Paused | Mode::Terminated => set.to_owned(),
        };
        self.update(&keys::account(account), keys::STATE)
            .update_expression(expression)
            .expression_attribute_names("#mode", "mode")
            .expression_attribute_values(":mode", s(mode.key()))
            .expression_attribute_values(":now", at(now))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    async fn stop(&self, account: &AccountKey, stop: &AccountStop, now: Timestamp) -> Result<()> {
        let (set, value) = match stop {
            AccountStop::Disconnected(reason) => ("disconnected = :value", s(reason)),
            AccountStop::SpendingStopped(reason) => ("spending_stopped = :value", s(reason)),
            AccountStop::Until(until) => ("stopped_until = :value", at(*until)),
        };
        self.update(&keys::account(account), keys::STATE)
            .update_expression(format!("SET {set}, changed_at = :now"))
            .expression_attribute_values(":value", value)
            .expression_attribute_values(":now", at(now))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }
}
