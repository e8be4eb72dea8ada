//! Links in any spelling, and what is suspicious about them.

mod hosts;
#[cfg(test)]
mod tests;

use super::domains::{COMMON_SUFFIXES, RESERVED_SUFFIXES};
use super::{Hints, NOWHERE, SignalKind, Signals, original};
use crate::rulebook::Organisation;
use crate::views::{Class, View, Views};
use crate::{Post, Span, work};

/// Links looked at in one post.
const MOST_LINKS: usize = 64;

/// A link and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) span: Span,
    /// Lower-case host, in Unicode.
    pub(crate) host: String,
    /// The registrable domain by the public suffix list, or the host.
    pub(crate) domain: String,
    pub(crate) kinds: Vec<SignalKind>,
}

struct Raw<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    scheme: bool,
    defanged: bool,
}

pub(super) fn find(post: &Post, views: &Views, organisation: &Organisation, hints: &Hints, signals: &mut Signals) {
    let mut found = Vec::new();
    if hints.has_ascii_letters() || hints.has(b".") {
        if may_hold_link(&views.plain) {
            found = in_view(&post.text, &views.plain, organisation, false);
        }
        if found.is_empty() && hints.digits > 0 && hints.has(b":") && views.folded().text().contains("://") {
            found = in_view(&post.text, views.folded(), organisation, true);
        }
        if let Some(joined) = views.joined.as_ref().filter(|joined| found.is_empty() && may_hold_link(joined)) {
            found = in_view(&post.text, joined, organisation, true);
        }
    }
    for address in post.links.iter().take(MOST_LINKS) {
        let raw = Raw { start: 0, end: address.len(), text: address, scheme: address.contains("://"), defanged: false };
        if let Some(mut link) = parse(&raw, organisation) {
            link.span = NOWHERE;
            if found.iter().all(|other| other.host != link.host) {
                found.push(link);
            }
        }
    }
    for link in &found {
        for &kind in &link.kinds {
            signals.push(kind, link.span);
        }
    }
    signals.links = found;
}

/// Whether there is a dot that no sentence ends with, what follows a scheme, or the word for a dot. Looks at all places:
/// faster than to stop early.
fn may_hold_link(view: &View) -> bool {
    let View { chars, classes, .. } = view;
    let pairs = chars.iter().zip(chars.get(1..).unwrap_or_default()).zip(classes.get(1..).unwrap_or_default());
    let sign = |a: char, b: char, class: Class| {
        (a == '.') & class.is(Class::URL) | (a == ' ') & (b == '.') | (a == ':') & (b == '/')
    };
    pairs.fold(false, |any, ((&a, &b), &class)| any | sign(a, b, class))
        || chars.windows(3).fold(false, |any, three| any | (three[0] == 'd') & (three[1] == 'o') & (three[2] == 't'))
}

fn in_view(written: &str, view: &View, organisation: &Organisation, disguised: bool) -> Vec<Link> {
    let mut links = Vec::new();
    for raw in candidates(view.text()) {
        if let Some(mut link) = parse(&raw, organisation) {
            link.span = original(view, raw.start, raw.end);
            // The @ of an address reads as a letter there.
            if disguised && written.get(link.span.start..link.span.end).is_some_and(|text| text.contains(['@', '＠']))
            {
                continue;
            }
            if disguised && !link.kinds.contains(&SignalKind::Defanged) {
                link.kinds.push(SignalKind::Defanged);
            }
            links.push(link);
            if links.len() == MOST_LINKS {
                break;
            }
        }
    }
    links
}

fn is_url_char(c: char) -> bool {
    Class::of(c).is(Class::URL)
}

/// Stretches of the text that may be links.
fn candidates(text: &str) -> Vec<Raw<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let is_url = |byte: &u8| is_url_char(char::from(*byte));
    while let Some(skipped) = text.as_bytes()[at..].iter().position(is_url) {
        let start = at + skipped;
        let stretch = &text.as_bytes()[start..];
        let mut end = start + stretch.iter().take_while(|byte| is_url(byte)).count();
        at = end;
        let piece = &text[start..end];
        work::add(piece.len());
        let (mut colon, mut dot, mut bracket) = (false, false, false);
        for byte in piece.bytes() {
            colon |= byte == b':';
            dot |= byte == b'.';
            bracket |= matches!(byte, b'[' | b'(');
        }
        if let Some(colon) = colon.then(|| piece.find("://")).flatten() {
            let letters = piece[..colon].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
            let scheme = &piece[colon - letters..colon];
            let defanged = matches!(scheme, "hxxp" | "hxxps" | "ttp" | "ttps" | "hxtp" | "meow");
            let address = start + colon + 3;
            if defanged || matches!(scheme, "http" | "https" | "ftp") {
                // Hosts in Japanese letters go on past ASCII, up to the path.
                if address == end || text[address..end].ends_with('.') || end_of_idn(text, end) > end {
                    end = end_of_idn(text, end);
                    at = end;
                }
                let link = trimmed(&text[address..end]);
                found.push(Raw {
                    start: address - 3 - letters,
                    end: address + link.len(),
                    text: link,
                    scheme: true,
                    defanged,
                });
                continue;
            }
        }
        if dot || bracket && (piece.contains("[dot]") || piece.contains("(dot)")) {
            let lead = piece.len() - piece.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).len();
            let link = trimmed(&piece[lead..]);
            // A dot at the end of a sentence makes no link.
            if bracket || link.contains('.') {
                found.push(Raw {
                    start: start + lead,
                    end: start + lead + link.len(),
                    text: link,
                    scheme: false,
                    defanged: false,
                });
            }
        } else if let Some(raw) = spaced(text, start, end) {
            at = raw.1;
            found.push(Raw { start, end: raw.1, text: raw.0, scheme: false, defanged: true });
        }
        if found.len() > 4 * MOST_LINKS {
            break;
        }
    }
    found
}

/// Where a host with Japanese or other letters ends, if one goes on at `end`.
fn end_of_idn(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let host = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '・'))).unwrap_or(rest.len());
    work::add(host);
    if rest[..host].contains('.') {
        let path = rest[host..].find(|c| !is_url_char(c)).unwrap_or(rest.len() - host);
        return end + host + path;
    }
    end
}

/// `example . com`, `example dot com`: a word, a dot apart, a common suffix.
fn spaced(text: &str, start: usize, end: usize) -> Option<(&str, usize)> {
    let word = &text[start..end];
    let rest = &text[end..];
    let inner = rest.trim_start_matches(' ');
    if word.len() < 3
        || !inner.starts_with(['.', '(', '[', 'd'])
        || !word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        return None;
    }
    let after = ["dot ", "(dot) ", "[dot] ", ". "]
        .iter()
        .find_map(|dot| inner.strip_prefix(dot))
        .or_else(|| inner.strip_prefix('.').filter(|_| inner.len() < rest.len()))?;
    let suffix = after.trim_start_matches(' ');
    let length = suffix.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(suffix.len());
    let known = matches!(&suffix[..length], "com" | "net" | "org" | "jp" | "info" | "xyz" | "shop" | "biz");
    let whole = end + (rest.len() - suffix.len()) + length;
    known.then(|| (&text[start..whole], whole))
}

/// Without the punctuation that follows a link in a sentence.
fn trimmed(text: &str) -> &str {
    let opened = text.find('(').unwrap_or(text.len());
    let mut text = text;
    loop {
        work::add(1);
        let shorter = text.trim_end_matches(['.', ',', '!', '?', ':', ';', '\'', '*', '~', '&', '%']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if opened >= inner.len() => inner,
            _ => shorter,
        };
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

fn parse(raw: &Raw<'_>, organisation: &Organisation) -> Option<Link> {
    let address = raw.text.split_once("://").map_or(raw.text, |(_, rest)| rest).to_lowercase();
    let mut address = address;
    if address.contains(['[', '(']) {
        address = address.replace("[.]", ".").replace("(.)", ".").replace("[dot]", ".").replace("(dot)", ".");
    }
    let defanged = raw.defanged || address.len() + 1 < raw.text.len() && raw.text.contains(['[', '(']);
    if raw.defanged && !raw.scheme {
        address = address.replace(" dot ", ".").replace(' ', "");
    }
    let host_end = address.find(['/', '\\', '?', '#']).unwrap_or(address.len());
    let (authority, path) = address.split_at(host_end);
    if !raw.scheme && authority.contains('@') {
        return None;
    }
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = host.split_once(':').map_or((host, ""), |(host, port)| (host, port));
    let host = host.trim_matches('.');
    if host.is_empty() || host.len() > 253 || !port.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        let kinds = vec![SignalKind::Link, SignalKind::ForeignLink, SignalKind::IpLink];
        return (raw.scheme || !path.is_empty()).then(|| Link {
            span: NOWHERE,
            domain: host.into(),
            host: host.into(),
            kinds,
        });
    }
    if !host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_')) || !host.contains('.') {
        return None;
    }
    let suffix = host.rsplit('.').next().unwrap_or_default();
    let known = RESERVED_SUFFIXES.contains(&suffix)
        || psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
        || raw.scheme && suffix.chars().any(char::is_alphabetic);
    let labels = host.split('.').all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-'));
    let first = host.split('.').next().unwrap_or_default();
    let clear = raw.scheme
        || host.starts_with("www.") && host.matches('.').count() >= 2
        || path.starts_with('/') && (path.len() > 1 || COMMON_SUFFIXES.contains(&suffix)) && suffix.len() >= 2
        || COMMON_SUFFIXES.contains(&suffix) && first.len() >= 2 && host.len() >= 6;
    if !known || !labels || !clear || suffix.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let host = if host.is_ascii() && !host.contains("xn--") { host.to_owned() } else { decoded(host) };
    let domain = registrable(&host);
    let kinds = hosts::kinds(&host, &domain, path, defanged, organisation);
    Some(Link { span: NOWHERE, host, domain, kinds })
}

/// A host in Unicode, where it can be read so.
fn decoded(host: &str) -> String {
    let (unicode, read) = idna::domain_to_unicode(host);
    if read.is_ok() { unicode } else { host.to_owned() }
}

fn registrable(host: &str) -> String {
    psl::domain_str(host).unwrap_or(host).to_owned()
}
