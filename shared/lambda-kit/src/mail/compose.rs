//! A mail as the bytes that are sent: RFC 5322 fields, RFC 2047 words, base64 text.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{MailError, OutgoingMail};

/// Bytes of text in one encoded word: with its frame it stays below the 75 characters of RFC 2047.
const WORD: usize = 36;
/// Where a long field is folded.
const FOLD: usize = 76;
/// Characters of one base64 line.
const LINE: usize = 76;

/// Composes the mail; `id` becomes its `Message-ID` where no service sets one.
pub(super) fn compose(mail: &OutgoingMail, id: Option<&str>) -> Result<Vec<u8>, MailError> {
    let from = match &mail.from_name {
        Some(name) => format!("{} <{}>", words(name)?, address(&mail.from)?),
        None => address(&mail.from)?.to_owned(),
    };
    let mut out = String::new();
    field(&mut out, "From", &from);
    field(&mut out, "To", address(&mail.to)?);
    if let Some(reply_to) = &mail.reply_to {
        field(&mut out, "Reply-To", address(reply_to)?);
    }
    field(&mut out, "Subject", &words(&mail.subject)?);
    if let Some(id) = id {
        field(&mut out, "Message-ID", &format!("<{id}>"));
    }
    for (name, value) in &mail.headers {
        let plain = value.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        if !plain || name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(MailError::Malformed);
        }
        field(&mut out, name, value);
    }
    field(&mut out, "MIME-Version", "1.0");
    field(&mut out, "Content-Type", "text/plain; charset=UTF-8");
    field(&mut out, "Content-Transfer-Encoding", "base64");
    out.push_str("\r\n");
    let body = mail.body.replace("\r\n", "\n").replace('\n', "\r\n");
    let encoded = BASE64_STANDARD.encode(body);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push_str("\r\n");
        rest = next;
    }
    Ok(out.into_bytes())
}

/// Writes a field, folded at blanks.
fn field(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push(':');
    let mut column = name.len() + 1;
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        if column + 1 + word.len() > FOLD && column > name.len() + 1 {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
}

/// An address as it may stand in a field.
fn address(text: &str) -> Result<&str, MailError> {
    let sound = text.contains('@') && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;".contains(c));
    if sound { Ok(text) } else { Err(MailError::Malformed) }
}

/// Text of a field: as it is, or as encoded words of whole characters.
fn words(text: &str) -> Result<String, MailError> {
    if text.chars().any(char::is_control) {
        return Err(MailError::Malformed);
    }
    let plain = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if plain && !text.contains("=?") && !text.contains(['"', '(', ')', '<', '>', ',', ';', '\\']) && text.len() < 60 {
        return Ok(text.to_owned());
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encoded = words.iter().map(|word| format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(word)));
    Ok(encoded.collect::<Vec<_>>().join(" "))
}
