//! The parts of a mail in one pass over its lines, with limits checked as they are reached.
//!
//! Mails inside a mail are never opened, so nothing in an attachment can grow.

use mail_parser::{ContentType, HeaderName, HeaderValue, MessageParser, MimeHeaders};

use super::header::{block_end, line_end};
use super::{Limit, MAX_DEPTH, MAX_HEADER_BYTES, MAX_PARTS};

/// What a part says about itself.
#[derive(Clone, Default)]
pub(super) struct PartType {
    /// `text`, `multipart`, ... in lower case; `text` when nothing is said.
    pub(super) main: String,
    /// `plain`, `html`, ... in lower case.
    pub(super) sub: String,
    pub(super) charset: Option<String>,
    /// `report-type` of a `multipart/report`, in lower case.
    pub(super) report: Option<String>,
    pub(super) encoding: Encoding,
    pub(super) is_attachment: bool,
    pub(super) name: Option<String>,
    boundary: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Encoding {
    #[default]
    Plain,
    Base64,
    QuotedPrintable,
}

/// A part that holds no parts.
pub(super) struct Leaf<'a> {
    pub(super) kind: PartType,
    pub(super) body: &'a [u8],
    /// The innermost `multipart/alternative` around it.
    pub(super) alternative: Option<usize>,
}

/// The top header block, the top part's type and all leaves.
pub(super) struct Split<'a> {
    pub(super) block: &'a [u8],
    pub(super) top: PartType,
    pub(super) leaves: Vec<Leaf<'a>>,
    pub(super) limit: Option<Limit>,
}

struct Level {
    boundary: Vec<u8>,
    digest: bool,
    alternative: Option<usize>,
}

/// Splits a mail whose size has been checked. Where a limit is reached the leaves are given up, the headers are kept.
pub(super) fn split(raw: &[u8]) -> Split<'_> {
    let (block_stop, body) = block_end(raw, 0);
    let limit = (block_stop > MAX_HEADER_BYTES).then_some(Limit::Headers);
    let block = &raw[..block_stop.min(MAX_HEADER_BYTES)];
    let top = part_type(block, false);
    let mut walk = Walk { raw, parts: 1, leaves: Vec::new(), levels: Vec::new(), open: None };
    let limit = limit.or_else(|| walk.run(top.clone(), body).err());
    let leaves = if limit.is_some() { Vec::new() } else { walk.leaves };
    Split { block, top, leaves, limit }
}

struct Walk<'a> {
    raw: &'a [u8],
    parts: usize,
    leaves: Vec<Leaf<'a>>,
    levels: Vec<Level>,
    /// The part being read: its type, the start of its body, whether it holds parts.
    open: Option<(PartType, usize, bool)>,
}

impl<'a> Walk<'a> {
    fn run(&mut self, top: PartType, body: usize) -> Result<(), Limit> {
        self.enter(top, body)?;
        let mut at = body;
        while at < self.raw.len() && !self.levels.is_empty() {
            let next = line_end(self.raw, at);
            at = match self.boundary_at(&self.raw[at..next]) {
                None => next,
                Some((level, closing)) => {
                    self.close(at);
                    let digest = self.levels[level].digest;
                    self.levels.truncate(if closing { level } else { level + 1 });
                    if closing { next } else { self.start_part(next, digest)? }
                }
            };
        }
        self.close(self.raw.len());
        Ok(())
    }

    fn start_part(&mut self, start: usize, digest: bool) -> Result<usize, Limit> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(Limit::Parts);
        }
        // A boundary right after a boundary is an empty part, not a header.
        let first = &self.raw[start..line_end(self.raw, start)];
        let (stop, body) = if self.boundary_at(first).is_some() { (start, start) } else { block_end(self.raw, start) };
        if stop - start > MAX_HEADER_BYTES {
            return Err(Limit::Headers);
        }
        self.enter(part_type(&self.raw[start..stop], digest), body)?;
        Ok(body)
    }

    fn enter(&mut self, kind: PartType, body: usize) -> Result<(), Limit> {
        let boundary =
            kind.boundary.as_ref().filter(|boundary| kind.main == "multipart" && !boundary.trim_end().is_empty());
        let holds_parts = boundary.is_some();
        if let Some(boundary) = boundary {
            let outer = self.levels.last().and_then(|level| level.alternative);
            let alternative = if kind.sub == "alternative" { Some(self.parts) } else { outer };
            let level =
                Level { boundary: boundary.trim_end().as_bytes().to_vec(), digest: kind.sub == "digest", alternative };
            self.levels.push(level);
            if self.levels.len() > MAX_DEPTH {
                return Err(Limit::Depth);
            }
        }
        self.open = Some((kind, body, holds_parts));
        Ok(())
    }

    fn boundary_at(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?.trim_ascii_end();
        let inner = rest.strip_suffix(b"--").map(<[u8]>::trim_ascii_end);
        self.levels.iter().enumerate().rev().find_map(|(index, level)| {
            let boundary = level.boundary.as_slice();
            if rest == boundary {
                return Some((index, false));
            }
            (inner == Some(boundary)).then_some((index, true))
        })
    }

    fn close(&mut self, end: usize) {
        let Some((mut kind, start, holds_parts)) = self.open.take() else { return };
        // A multipart's text before its first boundary is no part, unless no boundary ever comes.
        if holds_parts {
            if end < self.raw.len() {
                return;
            }
            kind = PartType { main: "text".to_owned(), sub: "plain".to_owned(), ..PartType::default() };
        }
        let body = self.raw.get(start..end).unwrap_or_default();
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        let alternative = self.levels.last().and_then(|level| level.alternative);
        self.leaves.push(Leaf { kind, body, alternative });
    }
}

fn part_type(block: &[u8], in_digest: bool) -> PartType {
    let default_main = if in_digest { ("message", "rfc822") } else { ("text", "plain") };
    let mut kind = PartType { main: default_main.0.to_owned(), sub: default_main.1.to_owned(), ..PartType::default() };
    let Some(message) = MessageParser::new().with_mime_headers().default_header_ignore().parse_headers(block) else {
        return kind;
    };
    let Some(part) = message.parts.first() else { return kind };
    if let Some(content) = part.content_type() {
        kind.main = content.ctype().to_ascii_lowercase();
        kind.sub = content.subtype().unwrap_or_default().to_ascii_lowercase();
        kind.charset = attribute(content, "charset");
        kind.report = attribute(content, "report-type").map(|report| report.to_ascii_lowercase());
        kind.boundary = attribute(content, "boundary");
    }
    if kind.main == "multipart" && kind.boundary.as_ref().is_none_or(|boundary| boundary.trim_end().is_empty()) {
        // Without a boundary it can hold no parts; what it holds is read as text. A report stays one.
        if kind.sub != "report" {
            (kind.main, kind.sub, kind.boundary) = ("text".to_owned(), "plain".to_owned(), None);
        }
    }
    kind.name = part.attachment_name().map(str::to_owned);
    kind.is_attachment = part.content_disposition().is_some_and(ContentType::is_attachment);
    let transfer = part.headers.iter().rev().find(|header| header.name == HeaderName::ContentTransferEncoding);
    let transfer = transfer.map(|header| &header.value).and_then(HeaderValue::as_text).unwrap_or_default().trim();
    kind.encoding = if transfer.eq_ignore_ascii_case("base64") {
        Encoding::Base64
    } else if transfer.eq_ignore_ascii_case("quoted-printable") {
        Encoding::QuotedPrintable
    } else {
        Encoding::Plain
    };
    kind
}

fn attribute(content: &ContentType<'_>, name: &str) -> Option<String> {
    content.attribute(name).map(str::to_owned)
}
