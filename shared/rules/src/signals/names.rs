//! Names that look like ours or claim to be official.

use super::{NOWHERE, SignalKind, Signals};
use crate::Post;
use crate::rulebook::{Account, Rulebook};
use crate::views::{folded, is_word};

/// From here on a name counts as looking like ours.
const ALIKE: f64 = 0.85;

/// Words by which a name claims to speak for the company.
const OFFICIAL: &[&str] = &[
    "公式",
    "おふぃしゃる",
    "運営",
    "事務局",
    "さぽーとせんたー",
    "かすたまー",
    "お客様",
    "すたっふ",
    "窓口",
    "official",
    "support",
    "helpdesk",
    "customer",
    "staff",
    "admin",
];

pub(super) fn find(post: &Post, rulebook: &Rulebook, signals: &mut Signals) {
    if theirs(post).next().is_none() {
        return;
    }
    if likeness(post, rulebook).is_some_and(|likeness| likeness >= ALIKE) {
        signals.push(SignalKind::NameLikeOurs, NOWHERE);
    }
    if theirs(post).map(folded).any(|name| OFFICIAL.iter().any(|word| name.contains(word))) {
        signals.push(SignalKind::ClaimsOfficial, NOWHERE);
    }
}

fn theirs(post: &Post) -> impl Iterator<Item = &str> {
    [&post.author.name, &post.author.handle].into_iter().filter_map(|name| name.as_deref())
}

/// How much the author's name or handle looks like one of ours, 0 to 1; `None` without both or where the author is us.
pub(crate) fn likeness(post: &Post, rulebook: &Rulebook) -> Option<f64> {
    let ours = |account: &Account| {
        account.platform == post.platform && account.id.as_deref() == Some(post.author.id.0.as_str())
    };
    if post.author.id.0 == post.account || rulebook.organisation().accounts.iter().any(ours) {
        return None;
    }
    let alike = |name: &str| {
        let their = letters(name);
        rulebook.our_names().iter().map(|our| alike(&their, our)).fold(0.0, f64::max)
    };
    theirs(post).map(alike).reduce(f64::max)
}

/// The letters of a name as a reader takes them.
pub(crate) fn letters(name: &str) -> String {
    folded(name).chars().filter(|&c| is_word(c)).collect()
}

fn alike(their: &str, our: &str) -> f64 {
    let longest = their.chars().count().max(our.chars().count());
    if their == our {
        return 1.0;
    }
    if our.chars().count() >= 5 && their.contains(our) {
        return 0.9;
    }
    match distance(their, our, 3) {
        Some(edits) => 1.0 - edits as f64 / longest as f64,
        None => 0.0,
    }
}

/// Characters of a name that are compared.
const COMPARED: usize = 64;

/// Edits (insert, remove, replace, swap neighbours) between two texts, or `None` above `most`.
pub(super) fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (mut a_chars, mut b_chars) = (['\0'; COMPARED], ['\0'; COMPARED]);
    let (a, b) = (compared(a, &mut a_chars), compared(b, &mut b_chars));
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before = [0; COMPARED + 1];
    let mut row: [u8; COMPARED + 1] = std::array::from_fn(|at| at as u8);
    for i in 1..=a.len() {
        let mut next = [i as u8; COMPARED + 1];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + u8::from(a[i - 1] != b[j - 1]);
            next[j] = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        (before, row) = (row, next);
    }
    Some(usize::from(row[b.len()])).filter(|&edits| edits <= most)
}

/// The first characters of a text.
fn compared<'a>(text: &str, chars: &'a mut [char; COMPARED]) -> &'a [char] {
    let mut length = 0;
    for (place, c) in chars.iter_mut().zip(text.chars()) {
        *place = c;
        length += 1;
    }
    &chars[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits_and_swaps() {
        assert_eq!(distance("sockets", "sockest", 2), Some(1));
        assert_eq!(distance("sockets", "s0ckets", 2), Some(1));
        assert_eq!(distance("sockets", "rockers", 1), None);
    }

    #[test]
    fn disguised_handles_are_alike() {
        assert!(alike(&letters("S0CKETS_JP"), &letters("SOCKETS_JP")) >= ALIKE);
        assert!(alike(&letters("SOCKETS 公式"), &letters("SOCKETS")) >= ALIKE);
        assert!(alike(&letters("ЅОСKETS_JP"), &letters("SOCKETS_JP")) >= ALIKE);
        assert!(alike(&letters("田中太郎"), &letters("SOCKETS_JP")) < ALIKE);
    }
}
