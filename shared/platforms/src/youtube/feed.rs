//! The Atom feed of a WebSub notice: entries, and tombstones of deleted videos (RFC 6721).

use casework::event::Unreadable;
use jiff::Timestamp;
use quick_xml::events::{BytesStart, Event as Xml};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

const ATOM: Namespace<'static> = Namespace("http://www.w3.org/2005/Atom");
const YOUTUBE: Namespace<'static> = Namespace("http://www.youtube.com/xml/schemas/2015");
const TOMBSTONE: Namespace<'static> = Namespace("http://purl.org/atompub/tombstones/1.0");

/// One video of a feed.
pub(super) struct Entry {
    pub(super) channel: String,
    pub(super) video: String,
    pub(super) at: Option<Timestamp>,
    pub(super) deleted: bool,
}

/// The elements that matter; everything else is passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Feed,
    Entry,
    Video,
    Channel,
    Updated,
    Deleted,
    By,
    Uri,
    Other,
}

/// What has been collected of the entry that is open.
#[derive(Default)]
struct Open {
    channel: String,
    video: String,
    at: String,
}

/// Reads all entries in order. Errors name the place, never what stood there.
pub(super) fn read(raw: &[u8]) -> Result<Vec<Entry>, Unreadable> {
    let text = std::str::from_utf8(raw).map_err(|error| fault("is not UTF-8", error.valid_up_to() as u64))?;
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut entries = Vec::new();
    let mut path: Vec<Element> = Vec::new();
    let mut open = Open::default();
    let mut rooted = false;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|_| fault("is not well-formed XML", at))?;
        match event {
            Xml::Start(tag) => {
                let (namespace, name) = reader.resolver().resolve_element(tag.name());
                let element = element(&namespace, name.as_ref());
                if path.is_empty() && (rooted || element != Element::Feed) {
                    return Err(fault("is not one Atom feed", at));
                }
                rooted = true;
                path.push(element);
                match path.as_slice() {
                    [Element::Feed, Element::Entry] => open = Open::default(),
                    [Element::Feed, Element::Deleted] => open = tombstone(&tag, at)?,
                    _ => {}
                }
            }
            Xml::End(_) => {
                match path.as_slice() {
                    [Element::Feed, Element::Entry] => entries.push(closed(&mut open, false, at)?),
                    [Element::Feed, Element::Deleted] => entries.push(closed(&mut open, true, at)?),
                    _ => {}
                }
                path.pop();
            }
            Xml::Text(text) => collect(&path, &mut open, &text),
            Xml::CData(text) => collect(&path, &mut open, &text),
            // No id or time holds a reference; the character kept in its place makes such a field invalid.
            Xml::GeneralRef(_) => collect(&path, &mut open, "&"),
            Xml::DocType(_) => return Err(fault("holds a document type definition", at)),
            Xml::Empty(_) | Xml::Comment(_) | Xml::Decl(_) | Xml::PI(_) => {}
            Xml::Eof if !path.is_empty() => return Err(fault("ends too early", at)),
            Xml::Eof if !rooted => return Err(fault("holds no Atom feed", at)),
            Xml::Eof => return Ok(entries),
        }
    }
}

fn element(namespace: &ResolveResult<'_>, name: &str) -> Element {
    let ResolveResult::Bound(namespace) = namespace else { return Element::Other };
    match (*namespace, name) {
        (ATOM, "feed") => Element::Feed,
        (ATOM, "entry") => Element::Entry,
        (ATOM, "updated") => Element::Updated,
        (ATOM, "uri") | (TOMBSTONE, "uri") => Element::Uri,
        (YOUTUBE, "videoId") => Element::Video,
        (YOUTUBE, "channelId") => Element::Channel,
        (TOMBSTONE, "deleted-entry") => Element::Deleted,
        (TOMBSTONE, "by") => Element::By,
        _ => Element::Other,
    }
}

/// Keeps text that stands directly in one of the elements of an entry.
fn collect(path: &[Element], open: &mut Open, text: &str) {
    let field = match path {
        [Element::Feed, Element::Entry, Element::Video] => &mut open.video,
        [Element::Feed, Element::Entry, Element::Channel] => &mut open.channel,
        [Element::Feed, Element::Entry, Element::Updated] => &mut open.at,
        [Element::Feed, Element::Deleted, Element::By, Element::Uri] => &mut open.channel,
        _ => return,
    };
    field.push_str(text);
}

/// A tombstone names its video and time in attributes, and its channel by the address in `by`.
fn tombstone(tag: &BytesStart<'_>, at: u64) -> Result<Open, Unreadable> {
    let attribute = |name| match tag.try_get_attribute(name) {
        Ok(Some(found)) => found.normalized_value(XmlVersion::Explicit1_0).map(|value| value.into_owned()).ok(),
        Ok(None) | Err(_) => None,
    };
    let reference = attribute("ref").ok_or_else(|| fault("holds a tombstone without ref", at))?;
    let video = reference.strip_prefix("yt:video:").ok_or_else(|| fault("holds a tombstone of no video", at))?;
    Ok(Open { channel: String::new(), video: video.to_owned(), at: attribute("when").unwrap_or_default() })
}

fn closed(open: &mut Open, deleted: bool, at: u64) -> Result<Entry, Unreadable> {
    let Open { channel, video, at: time } = std::mem::take(open);
    let channel = channel.trim();
    let channel = if deleted { channel.rsplit('/').next().unwrap_or_default() } else { channel };
    let video = video.trim();
    if !is_id(channel) {
        return Err(fault("holds an entry without a valid channel id", at));
    }
    if !is_id(video) {
        return Err(fault("holds an entry without a valid video id", at));
    }
    // The notice matters more than its time, so a time that cannot be read is only missing.
    Ok(Entry { channel: channel.to_owned(), video: video.to_owned(), at: time.trim().parse().ok(), deleted })
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn fault(what: &str, at: u64) -> Unreadable {
    Unreadable { reason: format!("the feed {what}, byte {at}") }
}
