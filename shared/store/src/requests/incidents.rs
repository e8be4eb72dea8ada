//! Leaks, in one partition.

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use casework::ledger::{LedgerError, Result};
use privacy::incident::Incident;

use super::load::value;
use super::{RequestStore, keys};
use crate::attributes::{Item, key, n, to_value};
use crate::error::applied;

impl RequestStore {
    /// Opens an incident; one with this number stays as it is.
    ///
    /// # Errors
    /// [`LedgerError::Conflict`] when there is one; the store's.
    pub async fn open_incident(&self, incident: &Incident) -> Result<()> {
        let put = self.put_incident(incident)?.condition_expression("attribute_not_exists(pk)");
        match applied(put.send().await)? {
            true => Ok(()),
            false => Err(LedgerError::Conflict("there is an incident with this number".to_owned())),
        }
    }

    /// Saves a changed incident. `false`, and nothing saved, when somebody else changed it since it was read.
    ///
    /// # Errors
    /// The store's.
    pub async fn change_incident(&self, incident: &Incident) -> Result<bool> {
        let next = Incident { version: incident.version + 1, ..incident.clone() };
        let put = self.put_incident(&next)?.condition_expression("version = :before");
        applied(put.expression_attribute_values(":before", n(incident.version)).send().await)
    }

    fn put_incident(&self, incident: &Incident) -> Result<PutItemFluentBuilder> {
        let mut item = Item::from([("incident".to_owned(), to_value(incident)?)]);
        item.extend(key(keys::INCIDENT, &incident.id));
        item.insert("version".to_owned(), n(incident.version));
        Ok(self.client.put_item().table_name(&self.table).set_item(Some(item)))
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
