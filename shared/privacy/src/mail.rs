//! Raw mail to what the desk needs: who, which thread, subject and text; attachments are listed, never opened.
//!
//! [`read`] takes any bytes and never fails: where a limit is reached the headers are still there and [`Mail::limit`]
//! says so, for a request that arrives in a monstrous mail has still arrived. [`loops`] decides whether an automatic
//! answer may go out, [`thread`] to which file the mail belongs, [`quote`] which part of it the person wrote.

mod address;
mod charset;
mod header;
pub mod loops;
pub mod quote;
mod split;
pub mod thread;

use std::fmt;

use mail_parser::{HeaderName, HeaderValue, MessageParser};

pub use address::{Address, NotAnAddress};
use header::Headers;
use split::{Encoding, Leaf, PartType};

/// The largest mail read; SES accepts no larger one.
pub const MAX_BYTES: usize = 40 * 1024 * 1024;
/// The longest header block of a mail or part.
pub const MAX_HEADER_BYTES: usize = 256 * 1024;
/// The deepest nesting of parts.
pub const MAX_DEPTH: usize = 64;
/// The most parts.
pub const MAX_PARTS: usize = 1_000;
/// The most bytes of text read from one mail, before decoding.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// The most message ids kept from one field.
const MAX_IDS: usize = 100;
/// The longest subject or file name kept, in characters.
const MAX_LINE: usize = 500;

/// A limit that a mail reached. Its text was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// More than [`MAX_BYTES`]; not even the headers were read.
    Size,
    /// A header block of more than [`MAX_HEADER_BYTES`].
    Headers,
    /// Nested deeper than [`MAX_DEPTH`].
    Depth,
    /// More than [`MAX_PARTS`] parts.
    Parts,
}

/// An attachment as the mail announces it.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// File name without folders, control and reordering characters.
    pub name: Option<String>,
    /// Announced media type, for example `image/png`.
    pub media_type: String,
    /// Bytes in the mail, before decoding.
    pub encoded_bytes: usize,
}

/// What was read. Its `Debug` shows sizes only.
#[derive(Default)]
pub struct Mail {
    /// Addresses of all `From` fields. Exactly one is the rule; see [`Mail::sender`].
    pub from: Vec<Address>,
    /// Addresses of all `Reply-To` fields.
    pub reply_to: Vec<Address>,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To` without angle brackets.
    pub in_reply_to: Vec<String>,
    /// `References` without angle brackets, the newest last.
    pub references: Vec<String>,
    /// Decoded subject on one line.
    pub subject: String,
    /// Decoded text with `\n` line ends; HTML is turned to text where nothing else says the same.
    pub text: String,
    /// Whether the text went on beyond [`MAX_TEXT_BYTES`].
    pub text_is_cut: bool,
    /// What else came along, unopened.
    pub attachments: Vec<Attachment>,
    /// The limit reached, if any.
    pub limit: Option<Limit>,
    pub(crate) from_fields: usize,
    pub(crate) marks: loops::Marks,
}

impl Mail {
    /// The one address in the one `From` field; none when there are several or none, for then nobody can tell who
    /// would be answered.
    pub fn sender(&self) -> Option<&Address> {
        match (self.from_fields, self.from.as_slice()) {
            (1, [only]) => Some(only),
            _ => None,
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Mail")
            .field("text_bytes", &self.text.len())
            .field("attachments", &self.attachments.len())
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Reads a raw mail. Time and memory grow with its size only.
pub fn read(raw: &[u8]) -> Mail {
    if raw.len() > MAX_BYTES {
        return Mail { limit: Some(Limit::Size), ..Mail::default() };
    }
    // Some archives end lines with a lone CR.
    if !raw.contains(&b'\n') && raw.contains(&b'\r') {
        let lines: Vec<u8> = raw.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect();
        return read_lines(&lines);
    }
    read_lines(raw)
}

fn read_lines(raw: &[u8]) -> Mail {
    let split = split::split(raw);
    let headers = Headers::read(split.block);
    let mut mail = Mail {
        subject: one_line(&headers.text("subject").unwrap_or_default()),
        from_fields: headers.all("from").count(),
        limit: split.limit,
        ..Mail::default()
    };
    read_fields(&mut mail, split.block);
    let plain_groups: Vec<usize> = split
        .leaves
        .iter()
        .filter(|leaf| is_body(&leaf.kind) && leaf.kind.sub != "html" && !leaf.body.trim_ascii().is_empty())
        .filter_map(|leaf| leaf.alternative)
        .collect();
    let mut budget = MAX_TEXT_BYTES;
    for leaf in &split.leaves {
        if !is_body(&leaf.kind) {
            mail.attachments.push(listed(leaf));
        } else if leaf.kind.sub != "html" || leaf.alternative.is_none_or(|group| !plain_groups.contains(&group)) {
            let taken = &leaf.body[..leaf.body.len().min(budget)];
            mail.text_is_cut |= taken.len() < leaf.body.len();
            budget -= taken.len();
            if !mail.text.is_empty() {
                mail.text.push('\n');
            }
            mail.text.push_str(&text_of(&leaf.kind, taken));
        }
    }
    mail.marks = loops::Marks::read(&headers, &split.top, &split.leaves);
    mail
}

fn read_fields(mail: &mut Mail, block: &[u8]) {
    let parser = MessageParser::new().with_address_headers().with_message_ids().default_header_ignore();
    let Some(message) = parser.parse_headers(block) else { return };
    let Some(part) = message.parts.first() else { return };
    for header in &part.headers {
        let ids = || -> Vec<String> {
            let all: Vec<String> = match &header.value {
                HeaderValue::Text(id) => vec![id.to_string()],
                HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
                HeaderValue::Address(_)
                | HeaderValue::DateTime(_)
                | HeaderValue::ContentType(_)
                | HeaderValue::Received(_)
                | HeaderValue::Empty => Vec::new(),
            };
            let skip = all.len().saturating_sub(MAX_IDS);
            all.into_iter().skip(skip).collect()
        };
        let addresses = || {
            let list = header.value.as_address().into_iter().flat_map(|list| list.iter());
            list.filter_map(|entry| Address::parse(entry.address()?).ok()).take(MAX_IDS)
        };
        if header.name == HeaderName::From {
            mail.from.extend(addresses());
        } else if header.name == HeaderName::ReplyTo {
            mail.reply_to.extend(addresses());
        } else if header.name == HeaderName::MessageId {
            mail.message_id = ids().pop();
        } else if header.name == HeaderName::InReplyTo {
            mail.in_reply_to.extend(ids());
        } else if header.name == HeaderName::References {
            mail.references.extend(ids());
        }
    }
}

/// Text that the person wrote: neither a file nor a machine's report.
fn is_body(kind: &PartType) -> bool {
    kind.main == "text"
        && !kind.is_attachment
        && kind.name.is_none()
        && !matches!(kind.sub.as_str(), "calendar" | "rfc822-headers" | "x-vcard" | "vcard")
}

fn text_of(kind: &PartType, body: &[u8]) -> String {
    let decoded;
    let bytes = match kind.encoding {
        Encoding::Plain => body,
        Encoding::Base64 => {
            decoded = header::decode_base64(body);
            &decoded
        }
        Encoding::QuotedPrintable => {
            decoded = header::decode_quoted_printable(body);
            &decoded
        }
    };
    let text = charset::decode(bytes, kind.charset.as_deref());
    let text = if kind.sub == "html" { mail_parser::decoders::html::html_to_text(&text) } else { text };
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn listed(leaf: &Leaf<'_>) -> Attachment {
    let kind = &leaf.kind;
    let name = kind.name.as_deref().map(|name| {
        let name = if name.contains('\u{1b}') { charset::decode(name.as_bytes(), None) } else { name.to_owned() };
        one_line(name.rsplit(['/', '\\']).next().unwrap_or_default())
    });
    Attachment {
        name: name.filter(|name| !name.is_empty()),
        media_type: one_line(&format!("{}/{}", kind.main, kind.sub)),
        encoded_bytes: leaf.body.len(),
    }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !address::is_bidi_control(*c)).take(MAX_LINE).collect()
}

#[cfg(test)]
#[path = "mail/tests.rs"]
mod tests;
