//! What a host is known for, and what is suspicious about it.

use std::sync::LazyLock;

use super::super::domains::{
    BRANDS, FUNDRAISERS, MESSENGERS, PLATFORMS, PROGRAMS, PUBLIC, RISKY_SUFFIXES, RISKY_WORDS, SHORTENERS,
};
use super::super::names::distance;
use super::{SignalKind, registrable};
use crate::regexes::LazyRegex;
use crate::rulebook::Organisation;
use crate::views::is_japanese;

fn is_one_of(host: &str, domain: &str, list: &[&str]) -> bool {
    list.iter()
        .any(|&entry| entry == host || entry == domain || host.strip_suffix(entry).is_some_and(|h| h.ends_with('.')))
}

/// The kinds of a link: what its host is known for, and what is suspicious about it.
pub(super) fn kinds(
    host: &str,
    domain: &str,
    path: &str,
    defanged: bool,
    organisation: &Organisation,
) -> Vec<SignalKind> {
    let mut kinds = vec![SignalKind::Link];
    let own = organisation.domains.iter().any(|own| own == host || own == domain);
    // An address inside of an address leads on to there.
    let public = is_one_of(host, domain, PUBLIC) && !path.contains("://") && !path.contains("%3a%2f%2f");
    if public {
        kinds.push(SignalKind::PublicLink);
    }
    if own || public || is_one_of(host, domain, PLATFORMS) {
        if defanged {
            kinds.push(SignalKind::Defanged);
        }
        return kinds;
    }
    kinds.push(SignalKind::ForeignLink);
    if defanged {
        kinds.push(SignalKind::Defanged);
    }
    if is_one_of(host, domain, SHORTENERS) {
        kinds.push(SignalKind::Shortener);
    }
    if is_one_of(host, domain, FUNDRAISERS) {
        kinds.push(SignalKind::Fundraiser);
    }
    if is_one_of(host, domain, MESSENGERS) {
        kinds.push(SignalKind::Messenger);
    }
    let bare_path = path.split(['?', '#']).next().unwrap_or_default();
    if PROGRAMS.iter().any(|ending| bare_path.ends_with(ending)) {
        kinds.push(SignalKind::Executable);
    }
    let skeleton = skeleton(host);
    let disguised = skeleton != host;
    if disguised && !host.chars().any(is_japanese) {
        kinds.push(SignalKind::Punycode);
    }
    if looks_like_known(&registrable(&skeleton), domain, disguised, organisation) {
        kinds.push(SignalKind::Lookalike);
    }
    if is_risky(host, domain) {
        kinds.push(SignalKind::RiskyDomain);
    }
    kinds
}

/// The host as a reader sees it, in Latin letters.
fn skeleton(host: &str) -> String {
    if host.is_ascii() {
        return host.to_owned();
    }
    host.chars()
        .flat_map(|c| {
            let mut buffer = [0; 4];
            let seen: Vec<char> =
                unicode_security::confusable_detection::skeleton(c.encode_utf8(&mut buffer)).collect();
            match seen[..] {
                [one] if one.is_ascii_alphanumeric() && !c.is_ascii() => vec![one.to_ascii_lowercase()],
                _ => vec![crate::views::latin_base(c).unwrap_or(c)],
            }
        })
        .collect()
}

fn looks_like_known(seen: &str, domain: &str, disguised: bool, organisation: &Organisation) -> bool {
    let label = seen.split('.').next().unwrap_or_default();
    let read: String = label
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '3' => 'e',
            '5' => 's',
            _ => c,
        })
        .collect();
    if BRANDS.iter().any(|(_, domains)| domains.contains(&domain)) {
        return false;
    }
    let may_be_part = read.contains('-') || read != label || disguised;
    let own = organisation.domains.iter().filter_map(|own| own.split('.').next());
    BRANDS.iter().map(|(name, _)| *name).chain(own).any(|name| {
        let token = may_be_part && read.split('-').any(|part| part == name);
        let near = name.len() >= 6
            && read != name
            && read.len().abs_diff(name.len()) <= 4
            && distance(&read, name, 1).is_some_and(|d| d == 1);
        // Few hosts hold a name: the many words are looked for in those alone.
        let glued = name.len() >= 6
            && read.len() > name.len()
            && read.contains(name)
            && RISKY_WORDS.iter().any(|word| read.contains(word));
        token || near || glued
    })
}

/// One search for all words, by which most hosts are let go.
fn holds_risky_word(text: &str) -> bool {
    static WORDS: LazyLock<LazyRegex> = LazyLock::new(|| LazyRegex::new(RISKY_WORDS.join("|")));
    WORDS.is_match(text).unwrap_or(true)
}

fn is_risky(host: &str, domain: &str) -> bool {
    let suffix = domain.rsplit('.').next().unwrap_or_default();
    let labels = host.strip_suffix(suffix).unwrap_or(host);
    let words =
        if holds_risky_word(labels) { RISKY_WORDS.iter().filter(|word| labels.contains(**word)).count() } else { 0 };
    let cheap = RISKY_SUFFIXES.contains(&suffix);
    let hyphens = labels.matches('-').count();
    words >= 2 || words == 1 && (cheap || hyphens >= 1) || cheap && hyphens >= 2
}
