//! Two people write to the desk; their mails go in by the inbox, and what answers them is read from the outbox.

use std::path::PathBuf;

use anyhow::{Context, Result};
use privacy::mail::read;

use crate::desk::{inbox, outbox};
use crate::stack::Stack;

/// The mails, each with a word for it.
const MAILS: [(&str, &[u8]); 2] = [
    ("disclosure", include_bytes!("../../mails/disclosure.eml")),
    ("deletion", include_bytes!("../../mails/deletion.eml")),
];

/// A mail or letter as people see it.
pub struct Page {
    /// Whose it is.
    pub from: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// A mail with the letters that it brought.
pub struct Exchange {
    /// What came.
    pub mail: Page,
    /// What went out.
    pub letters: Vec<Page>,
}

/// Lets both write.
///
/// # Errors
/// The function's, or when a folder can't be written.
pub async fn write_to_the_desk(stack: &Stack) -> Result<Vec<Exchange>> {
    let folder = stack.folder();
    std::fs::create_dir_all(inbox(folder))?;
    let mut exchanges = Vec::new();
    for (name, raw) in MAILS {
        let before = letters(stack)?.len();
        std::fs::write(inbox(folder).join(format!("{name}.eml")), raw)?;
        stack.take_inbox().await?;
        let letters = letters(stack)?.split_off(before);
        exchanges.push(Exchange { mail: page(raw), letters });
    }
    Ok(exchanges)
}

/// Every letter so far, in the order of sending.
fn letters(stack: &Stack) -> Result<Vec<Page>> {
    let Ok(entries) = std::fs::read_dir(outbox(stack.folder())) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let read = |path: &PathBuf| Ok(page(&std::fs::read(path).with_context(|| path.display().to_string())?));
    paths.iter().map(read).collect()
}

fn page(raw: &[u8]) -> Page {
    let mail = read(raw);
    let from = mail.sender().map(privacy::mail::Address::to_header).unwrap_or_default();
    Page { from, subject: mail.subject, text: mail.text }
}

/// The exchanges as they are shown.
pub fn shown(exchanges: &[Exchange]) -> String {
    let mut lines = Vec::new();
    for exchange in exchanges {
        lines.push(String::new());
        lines.extend(one("▶", &exchange.mail));
        for letter in &exchange.letters {
            lines.extend(one("◀", letter));
        }
    }
    lines.join("\n")
}

fn one(mark: &str, page: &Page) -> Vec<String> {
    let mut lines = vec![format!("{mark} {}  {}", page.from, page.subject)];
    lines.extend(page.text.trim().lines().map(|line| format!("    {line}")));
    lines
}
