//! Leaks, in one partition.

use casework::ledger::{LedgerError, Result};
use privacy::incident::Incident;

use super::load::value;
use super::{RequestStore, keys};
use crate::attributes::{Item, key, to_value};
use crate::error::unavailable;

impl RequestStore {
    /// Opens an incident; one with this number stays as it is.
    ///
    /// # Errors
    /// [`LedgerError::Conflict`] when there is one; the store's.
    pub async fn open_incident(&self, incident: &Incident) -> Result<()> {
        let mut item = Item::from([("incident".to_owned(), to_value(incident)?)]);
        item.extend(key(keys::INCIDENT, &incident.id));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Err(LedgerError::Conflict("there is an incident with this number".to_owned()))
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    /// One incident.
    ///
    /// # Errors
    /// The store's.
    pub async fn incident(&self, id: &str) -> Result<Option<Incident>> {
        self.get(keys::INCIDENT, id).await?.map(|item| value(item, "incident")).transpose()
    }

    /// All incidents, by number.
    ///
    /// # Errors
    /// The store's.
    pub async fn incidents(&self) -> Result<Vec<Incident>> {
        self.query(keys::INCIDENT, None).await?.into_iter().map(|item| value(item, "incident")).collect()
    }
}
