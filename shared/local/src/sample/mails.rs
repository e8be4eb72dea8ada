//! Two people of the day write to the desk, by the inbox; what answers them is read from the outbox.

use std::path::PathBuf;

use anyhow::{Context, Result};
use privacy::desk::Stand;
use privacy::file::{Extra, Requests, Ruling};
use privacy::mail::thread::TicketId;
use privacy::mail::{Address, read};

use super::Played;
use crate::bios;
use crate::desk::{DESK_ADDRESS, inbox, outbox};
use crate::stack::Stack;

/// Asks for disclosure, and shows control of her account when asked to.
const DISCLOSURE: &str = include_str!("../../mails/disclosure.eml");
/// Says that the code was written into the bio; `{to}` and `{subject}` are those of the letter it answers.
const WRITTEN: &str = include_str!("../../mails/written.eml");
/// Asks for the deletion of a post that he has deleted on X; `{post}` is its id.
const DELETION: &str = include_str!("../../mails/deletion.eml");

/// Who asks for disclosure: `hana_music` of the day.
const HANA: &str = "9000000000000001001";
/// The post that its author has deleted meanwhile.
const DELETED: &str = "praise-02";

/// A mail or letter as people see it.
struct Page {
    from: String,
    reply_to: Option<String>,
    subject: String,
    text: String,
}

/// A mail with the letters that it brought.
pub struct Exchange {
    mail: Page,
    letters: Vec<Page>,
}

/// Lets both write, and two officers decide. The desk of an earlier run whose data were kept knows these mails, and
/// answers none of them twice: there is nothing to tell then.
///
/// # Errors
/// The function's or the store's, or when a folder can't be written.
pub async fn write_to_the_desk(stack: &Stack, played: &Played) -> Result<Vec<Exchange>> {
    if is_known(stack, DISCLOSURE).await? {
        return Ok(Vec::new());
    }
    let asked = send(stack, DISCLOSURE).await?;
    let code = asked.letters.iter().find_map(code_of).context("no letter has a code")?;
    let receipt = asked.letters.first().context("no receipt")?;
    let (to, subject) = (receipt.reply_to.clone().unwrap_or_default(), receipt.subject.clone());
    let ticket = TicketId::find_all(&subject).pop().context("a receipt without a number")?;

    if let Some(hana) = stack.x.simulator.state().users.get_mut(HANA) {
        hana.description.push_str(&format!(" {code}"));
    }
    let written = WRITTEN.replace("{to}", &to).replace("{subject}", &format!("Re: {ticket}"));
    let mut shown = send(stack, &written).await?;
    grant(stack, &ticket).await?;
    let before = letters(stack)?.len();
    stack.tick().await?;
    shown.letters.extend(letters(stack)?.split_off(before));

    let told = played.told.iter().find(|told| told.event.id == DELETED);
    let post = told.and_then(|told| told.post.clone()).context("the day has no such post")?;
    if let Some(post) = stack.x.simulator.state().posts.get_mut(&post.id) {
        post.deleted = true;
    }
    let deleted = send(stack, &DELETION.replace("{post}", &post.id)).await?;
    Ok(vec![asked, shown, deleted])
}

/// Whether the desk has taken up this mail before.
async fn is_known(stack: &Stack, raw: &str) -> Result<bool> {
    let mail = read(raw.as_bytes());
    let (sender, id) = mail.sender().zip(mail.message_id.as_deref()).context("a mail without sender or Message-ID")?;
    Ok(stack.desk.app().requests.taken_up(sender, id).await?.is_some())
}

/// Puts a mail into the inbox, and takes what comes out.
async fn send(stack: &Stack, raw: &str) -> Result<Exchange> {
    let before = letters(stack)?.len();
    std::fs::create_dir_all(inbox(stack.folder()))?;
    std::fs::create_dir_all(bios::folder(stack.folder()))?;
    std::fs::write(inbox(stack.folder()).join("sample.eml"), raw)?;
    stack.take_inbox().await?;
    Ok(Exchange { mail: page(raw.as_bytes()), letters: letters(stack)?.split_off(before) })
}

/// Disclosure needs two.
async fn grant(stack: &Stack, ticket: &TicketId) -> Result<()> {
    let app = stack.desk.app();
    for officer in ["officer-1", "officer-2"] {
        let work = app.desk();
        let extra = Extra::default();
        let decided = Box::pin(work.decide(ticket, 1, &Ruling::Grant, &extra, officer, app.now()));
        if decided.await? == Stand::Decided {
            break;
        }
    }
    Ok(())
}

/// Every letter of the desk so far, in the order of sending.
fn letters(stack: &Stack) -> Result<Vec<Page>> {
    let Ok(entries) = std::fs::read_dir(outbox(stack.folder())) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let read = |path: &PathBuf| Ok(page(&std::fs::read(path).with_context(|| path.display().to_string())?));
    let pages: Vec<Page> = paths.iter().map(read).collect::<Result<_>>()?;
    Ok(pages.into_iter().filter(|page| page.from == DESK_ADDRESS).collect())
}

fn page(raw: &[u8]) -> Page {
    let mail = read(raw);
    Page {
        from: mail.sender().map(Address::to_header).unwrap_or_default(),
        reply_to: mail.reply_to.first().map(Address::to_header),
        subject: mail.subject,
        text: mail.text,
    }
}

/// The code that a letter carries on a line of its own.
fn code_of(letter: &Page) -> Option<String> {
    let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-';
    letter.text.lines().map(str::trim).find(is_code).map(str::to_owned)
}

/// The exchanges as they are shown.
pub fn shown(exchanges: &[Exchange]) -> String {
    if exchanges.is_empty() {
        return "  (they did so in an earlier run, and nobody is answered twice)".to_owned();
    }
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
