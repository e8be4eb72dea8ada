//! That a mail arrived: SES's Lambda action, or S3's notification of the stored mail.

use jiff::Timestamp;
use privacy::mail::Address;
use privacy::mail::loops::{Envelope, Verdict};
use serde_json::Value;

/// Folder of the bucket in which SES puts mails, as the rule is set up.
const MAIL_PREFIX: &str = "mail/";

/// One arrived mail. Everything but its id may be missing.
#[derive(Debug, Default)]
pub struct Receipt {
    /// SES's id of the mail, the end of its key.
    pub id: String,
    /// Key of the raw mail.
    pub key: String,
    /// When it arrived at the server.
    pub arrived: Option<Timestamp>,
    /// The envelope with the verdicts.
    pub envelope: Envelope,
    /// Recipients of the envelope.
    pub recipients: Vec<Address>,
}

impl Receipt {
    /// Reads a record of SES.
    pub(super) fn of_ses(record: &Value) -> Option<Self> {
        let (mail, receipt) = (&record["ses"]["mail"], &record["ses"]["receipt"]);
        let id = id(mail["messageId"].as_str()?)?;
        let verdict = |name: &str| Verdict::from_status(receipt[name]["status"].as_str());
        let time = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
        // Recipients that matched the rule; the mail's own destinations only where these are missing.
        let recipients = receipt["recipients"].as_array().or_else(|| mail["destination"].as_array());
        Some(Self {
            key: format!("{MAIL_PREFIX}{id}"),
            arrived: time(&receipt["timestamp"]).or_else(|| time(&mail["timestamp"])),
            envelope: Envelope {
                source: mail["source"].as_str().unwrap_or_default().to_owned(),
                virus: verdict("virusVerdict"),
                spam: verdict("spamVerdict"),
                spf: verdict("spfVerdict"),
                dkim: verdict("dkimVerdict"),
                dmarc: verdict("dmarcVerdict"),
            },
            recipients: recipients.into_iter().flatten().filter_map(address).collect(),
            id,
        })
    }

    /// Reads a record of S3. It knows nothing of the envelope, so that the mail counts as coming from nobody in
    /// particular and gets no automatic answer.
    pub(super) fn of_s3(record: &Value) -> Option<Self> {
        let key = record["s3"]["object"]["key"].as_str()?;
        let id = id(key.strip_prefix(MAIL_PREFIX)?)?;
        let arrived = record["eventTime"].as_str().and_then(|text| text.parse().ok());
        // An empty sender would say that it is a bounce, which is not known either.
        let envelope = Envelope { source: "unknown".to_owned(), ..Envelope::default() };
        Some(Self { key: key.to_owned(), id, arrived, envelope, recipients: Vec::new() })
    }
}

/// An id that may be part of a key.
fn id(text: &str) -> Option<String> {
    let sound = !text.is_empty() && text.len() <= 200 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    sound.then(|| text.to_owned())
}

fn address(value: &Value) -> Option<Address> {
    Address::parse(value.as_str()?).ok()
}
