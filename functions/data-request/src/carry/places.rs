//! Raw mails and packages as places that hold personal data. Implements `Holder`.

use bytes::Bytes;
use jiff::Timestamp;
use lambda_kit::objects::shelf::Shelf;
use lambda_kit::objects::{ObjectError, Objects};
use privacy::file::{FileError, Requests};
use privacy::mail::thread::TicketId;
use privacy::package::Record;
use privacy::registry::{Holder, Place, PlaceError, Subject, Take, Work};
use store::RequestStore;

/// Raw mails, by the keys that the files name.
pub struct MailPlace<'a, O> {
    /// The mail bucket.
    pub objects: &'a O,
    /// The files.
    pub requests: &'a RequestStore,
}

impl<O: Objects> MailPlace<'_, O> {
    async fn keys(&self, ticket: &TicketId) -> Result<Vec<String>, PlaceError> {
        let failed = |error: FileError| PlaceError::Unavailable(Place::Mail, error.to_string());
        let mails = self.requests.mails(ticket).await.map_err(failed)?;
        Ok(mails.into_iter().filter_map(|mail| mail.object).collect())
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, PlaceError> {
        self.objects.get(key).await.map_err(|error| failed(Place::Mail, &error))
    }
}

impl<O: Objects> Holder for MailPlace<'_, O> {
    fn place(&self) -> Place {
        Place::Mail
    }

    fn collect<'a>(&'a self, subject: &'a Subject, take: &'a mut Take<'_>) -> Work<'a, ()> {
        Box::pin(async move {
            for ticket in &subject.tickets {
                for (number, key) in (1..).zip(self.keys(ticket).await?) {
                    if let Some(raw) = self.get(&key).await? {
                        take(Record::File { name: format!("{ticket}-{number}.eml"), bytes: raw.len() as u64 })?;
                    }
                }
            }
            Ok(())
        })
    }

    fn erase<'a>(&'a self, subject: &'a Subject, _: Timestamp) -> Work<'a, u64> {
        Box::pin(async move {
            let mut erased = 0;
            for ticket in &subject.tickets {
                for key in self.keys(ticket).await? {
                    self.objects.delete(&key).await.map_err(|error| failed(Place::Mail, &error))?;
                    erased += 1;
                }
            }
            Ok(erased)
        })
    }

    fn verify<'a>(&'a self, subject: &'a Subject) -> Work<'a, u64> {
        Box::pin(async move {
            let mut left = 0;
            for ticket in &subject.tickets {
                for key in self.keys(ticket).await? {
                    left += u64::from(self.get(&key).await?.is_some());
                }
            }
            Ok(left)
        })
    }
}

/// Packages of disclosure, by the prefix of their file.
pub struct PackagePlace<'a, O> {
    /// The reports bucket.
    pub objects: &'a O,
}

/// Where the packages of a file lie.
pub(crate) fn prefix(ticket: &TicketId) -> String {
    format!("packages/{ticket}/")
}

impl<O: Shelf> PackagePlace<'_, O> {
    async fn keys(&self, subject: &Subject) -> Result<Vec<String>, PlaceError> {
        let mut keys = Vec::new();
        for ticket in &subject.tickets {
            keys.extend(self.objects.list(&prefix(ticket)).await.map_err(|error| failed(Place::Packages, &error))?);
        }
        Ok(keys)
    }
}

impl<O: Shelf> Holder for PackagePlace<'_, O> {
    fn place(&self) -> Place {
        Place::Packages
    }

    fn collect<'a>(&'a self, subject: &'a Subject, take: &'a mut Take<'_>) -> Work<'a, ()> {
        Box::pin(async move {
            for key in self.keys(subject).await? {
                let name = key.rsplit('/').next().unwrap_or_default().to_owned();
                take(Record::File { name, bytes: 0 })?;
            }
            Ok(())
        })
    }

    fn erase<'a>(&'a self, subject: &'a Subject, _: Timestamp) -> Work<'a, u64> {
        Box::pin(async move {
            let keys = self.keys(subject).await?;
            for key in &keys {
                self.objects.delete(key).await.map_err(|error| failed(Place::Packages, &error))?;
            }
            Ok(keys.len() as u64)
        })
    }

    fn verify<'a>(&'a self, subject: &'a Subject) -> Work<'a, u64> {
        Box::pin(async move { Ok(self.keys(subject).await?.len() as u64) })
    }
}

fn failed(place: Place, error: &ObjectError) -> PlaceError {
    PlaceError::Unavailable(place, error.to_string())
}
