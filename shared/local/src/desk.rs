//! The `data-request` function as it runs here: mails from an inbox folder, letters into an outbox folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use casework::platform::Lookup;
use data_request::carry::{Carrier, Limits};
use data_request::{App, DataRequest};
use jiff::Timestamp;
use lambda_kit::mail::FolderMailer;
use lambda_kit::objects::shelf::Links;
use lambda_kit::objects::{FolderObjects, Objects};
use privacy::clocks::Holidays;
use privacy::desk::Addresses;
use privacy::file::Account;
use privacy::law::Law;
use privacy::mail::Address;
use serde_json::{Value, json};
use sha2::Digest;
use store::{RequestStore, Store};

use crate::simulator::Clock;
use crate::stack::{X_USER, YOUTUBE_CHANNEL};

/// The function with folders behind it.
pub type LocalDesk = DataRequest<FolderObjects, FolderMailer>;

/// Where requests arrive in the simulated world.
pub const DESK_ADDRESS: &str = "privacy@sockets.example";
/// Where the interface is said to be in letters.
pub const SITE: &str = "https://privacy.sockets.example";
/// Where alarms go.
pub const OFFICER_ADDRESS: &str = "officer@sockets.example";

/// Folder of mails that wait to be taken in: whoever puts an `.eml` file there has sent a mail.
pub fn inbox(folder: &Path) -> PathBuf {
    folder.join("inbox")
}

/// Folder of letters that were sent.
pub fn outbox(folder: &Path) -> PathBuf {
    folder.join("outbox")
}

/// Folder of raw mails that were taken in.
pub fn mailbox(folder: &Path) -> FolderObjects {
    FolderObjects::new(folder.join("mailbox"))
}

/// Folder of what is made for people.
pub fn reports(folder: &Path) -> FolderObjects {
    FolderObjects::new(folder.join("reports"))
}

/// Folder of daily roots and of the erasure ledger.
pub fn proof(folder: &Path) -> FolderObjects {
    FolderObjects::new(folder.join("proof"))
}

/// What the function stands on, besides folders.
pub struct Parts {
    /// The requests table.
    pub requests: RequestStore,
    /// The decisions table.
    pub decisions: Store,
    /// The platforms.
    pub lookup: Arc<dyn Lookup>,
    /// Addresses of packages.
    pub links: Links,
    /// Rate limits.
    pub limits: Limits,
}

/// The function over its parts, its mails and letters below `folder`.
///
/// # Errors
/// Never: addresses and law are part of the program.
pub fn start(parts: Parts, folder: &Path, clock: Clock) -> Result<LocalDesk> {
    let Parts { requests, decisions, lookup, links, limits } = parts;
    Ok(DataRequest::new(App {
        requests,
        law: Law::shipped()?,
        holidays: Holidays::shipped()?,
        addresses: addresses()?,
        name: Some("ソケッツ お問い合わせ窓口".to_owned()),
        objects: mailbox(folder),
        mailer: FolderMailer::new(outbox(folder)),
        carrier: Carrier {
            decisions,
            own: vec![Account::X(X_USER.to_owned()), Account::Youtube(YOUTUBE_CHANNEL.to_owned())],
            lookup,
            packages: reports(folder).with_links(links),
            proof: proof(folder),
            site: SITE.to_owned(),
            limits,
            closed: Arc::default(),
        },
        clock,
    }))
}

/// Our addresses in the simulated world.
///
/// # Errors
/// Never.
pub fn addresses() -> Result<Addresses> {
    Ok(Addresses { desk: Address::parse(DESK_ADDRESS)?, officer: Address::parse(OFFICER_ADDRESS)?, own: Vec::new() })
}

/// Hands one mail to the function as SES does: the raw mail into the bucket, then the event. `id` is SES's.
///
/// # Errors
/// The function's.
pub async fn deliver(desk: &LocalDesk, id: &str, raw: &[u8], source: &str, to: &str, at: Timestamp) -> Result<Value> {
    desk.app().objects.put(&format!("mail/{id}"), Bytes::copy_from_slice(raw)).await?;
    desk.handle(receipt(id, source, to, at)).await
}

/// SES's event for a mail that passed every check.
pub fn receipt(id: &str, source: &str, to: &str, at: Timestamp) -> Value {
    let pass = json!({"status": "PASS"});
    json!({"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
        "mail": {"timestamp": at.to_string(), "source": source, "messageId": id, "destination": [to]},
        "receipt": {"timestamp": at.to_string(), "recipients": [to], "spamVerdict": pass, "virusVerdict": pass,
            "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass,
            "action": {"type": "Lambda", "invocationType": "Event"}}}}]})
}

/// Takes in every mail of the inbox folder; gives how many. Here nobody checks who sent them.
///
/// # Errors
/// The function's, or when the folder can't be read.
pub async fn take_inbox(desk: &LocalDesk, folder: &Path) -> Result<usize> {
    let inbox = inbox(folder);
    let Ok(entries) = std::fs::read_dir(&inbox) else { return Ok(0) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    let mut taken = 0;
    for path in &paths {
        let raw = std::fs::read(path).with_context(|| path.display().to_string())?;
        // A file that is only being written is whole at one of the next looks.
        if raw.is_empty() || std::fs::metadata(path)?.len() != raw.len() as u64 {
            continue;
        }
        let mail = privacy::mail::read(&raw);
        let source = mail.sender().map(Address::to_header).unwrap_or_default();
        let id = format!("inbox-{}", hex::encode(&sha2::Sha256::digest(&raw)[..12]));
        deliver(desk, &id, &raw, &source, &recipient(&raw), desk.app().now()).await?;
        std::fs::remove_file(path)?;
        taken += 1;
    }
    Ok(taken)
}

/// The address that a mail names in `To`, which carries the token of an answer; else the desk's.
fn recipient(raw: &[u8]) -> String {
    let head = String::from_utf8_lossy(raw);
    let to = head.lines().take_while(|line| !line.trim().is_empty()).find_map(|line| line.strip_prefix("To:"));
    let address = to.and_then(|to| to.rsplit(['<', ' ']).find(|part| part.contains('@')));
    address.map_or_else(|| DESK_ADDRESS.to_owned(), |address| address.trim_end_matches('>').trim().to_owned())
}
