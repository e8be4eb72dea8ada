//! Outgoing mail: a small port with SES and an outbox folder behind it.

mod compose;

use std::fmt;
use std::future::Future;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};

use crate::aws;

/// A mail of plain text to one address. Its `Debug` shows sizes only.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Address that it comes from.
    pub from: String,
    /// Name shown beside it.
    pub from_name: Option<String>,
    /// Address that it goes to.
    pub to: String,
    /// Address that answers go to.
    pub reply_to: Option<String>,
    /// Subject on one line.
    pub subject: String,
    /// Plain text with `\n` line ends.
    pub body: String,
    /// Further fields, each name once. `Message-ID` and `Date` belong to the service.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for OutgoingMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingMail").field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// Takes mail to be delivered.
pub trait Mailer: Send + Sync {
    /// Hands a mail over. Returns its `Message-ID` without angle brackets, as answers will name it.
    ///
    /// # Errors
    /// See [`MailError`].
    fn send(&self, mail: &OutgoingMail) -> impl Future<Output = Result<String, MailError>> + Send;

    /// The `Message-ID` of a mail that the service's reports name by an id of its own.
    fn message_id(&self, id: &str) -> String;
}

/// Why a mail was not taken. Holds no part of it.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Too many mails in too short a time, or the day's quota: later.
    #[error("mail service: throttled")]
    Throttled,
    /// The account or the configuration set may not send at present: later, and somebody has to act.
    #[error("mail service: sending is paused ({0})")]
    Paused(String),
    /// The sender's domain or the configuration set is not set up: later, and somebody has to act.
    #[error("mail service: not set up ({0})")]
    NotSetUp(String),
    /// This mail will never be taken.
    #[error("mail service: rejected ({0})")]
    Rejected(String),
    /// A field of the mail could break out of its line.
    #[error("mail with a malformed field")]
    Malformed,
    /// No answer, or none that could be read: the mail may have been taken.
    #[error("mail service: {0}")]
    Unavailable(String),
    /// The folder could not be written.
    #[error("mail folder: {0}")]
    Folder(#[from] io::Error),
}

impl MailError {
    /// Whether trying again cannot help.
    pub fn is_final(&self) -> bool {
        match self {
            MailError::Rejected(_) | MailError::Malformed => true,
            MailError::Throttled
            | MailError::Paused(_)
            | MailError::NotSetUp(_)
            | MailError::Unavailable(_)
            | MailError::Folder(_) => false,
        }
    }

    fn of(code: String) -> Self {
        match code.as_str() {
            "TooManyRequestsException" | "LimitExceededException" | "ThrottlingException" | "Throttling" => {
                MailError::Throttled
            }
            "AccountSuspendedException" | "SendingPausedException" => MailError::Paused(code),
            "MailFromDomainNotVerifiedException" | "NotFoundException" | "AccessDeniedException" => {
                MailError::NotSetUp(code)
            }
            "MessageRejected" | "BadRequestException" => MailError::Rejected(code),
            _ => MailError::Unavailable(code),
        }
    }
}

/// SES, version 2 of its API.
#[derive(Clone, Debug)]
pub struct SesMailer {
    client: aws_sdk_sesv2::Client,
    configuration_set: Option<String>,
}

impl SesMailer {
    /// Sends through a configuration set, whose events tell what became of each mail.
    pub fn new(client: aws_sdk_sesv2::Client, configuration_set: Option<String>) -> Self {
        Self { client, configuration_set }
    }

    /// The domain that SES puts after its id to make the `Message-ID`: the region's, or in the oldest region a name
    /// of its own.
    fn id_domain(&self) -> String {
        match self.client.config().region().map(AsRef::as_ref) {
            Some("us-east-1") | None => "email.amazonses.com".to_owned(),
            Some(region) => format!("{region}.amazonses.com"),
        }
    }
}

impl Mailer for SesMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<String, MailError> {
        let raw = compose::compose(mail, None)?;
        let raw = RawMessage::builder().data(Blob::new(raw)).build().map_err(|_| MailError::Malformed)?;
        let sent = self
            .client
            .send_email()
            .destination(Destination::builder().to_addresses(&mail.to).build())
            .content(EmailContent::builder().raw(raw).build())
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await
            .map_err(|error| MailError::of(aws::reason(&error)))?;
        let id = sent.message_id.ok_or_else(|| MailError::Unavailable("an answer without an id".to_owned()))?;
        Ok(self.message_id(&id))
    }

    fn message_id(&self, id: &str) -> String {
        format!("{id}@{}", self.id_domain())
    }
}

/// A folder in which every mail becomes a file of its own, readable by its owner only. For the local stack.
#[derive(Clone, Debug)]
pub struct FolderMailer {
    folder: PathBuf,
}

impl FolderMailer {
    /// Mails as `<id>.eml` in `folder`, which is made with the first.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Mailer for FolderMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<String, MailError> {
        static SENT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let number = SENT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // Sorts in the order of sending.
        let name = format!("{:020}-{:06}", now.as_nanos(), number);
        let id = self.message_id(&name);
        let raw = compose::compose(mail, Some(&id))?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let path = self.folder.join(format!("{name}.eml"));
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        io::Write::write_all(&mut file, &raw)?;
        Ok(id)
    }

    fn message_id(&self, id: &str) -> String {
        format!("{id}@outbox.invalid")
    }
}

#[cfg(test)]
mod tests;
