//! Names that look like ours or claim to be official.

use super::{NOWHERE, SignalKind, Signals};
use crate::Post;
use crate::rulebook::Organisation;
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

pub(super) fn find(post: &Post, organisation: &Organisation, signals: &mut Signals) {
    if likeness(post, organisation).is_some_and(|likeness| likeness >= ALIKE) {
        signals.push(SignalKind::NameLikeOurs, NOWHERE);
    }
    let names = [post.author.name.as_deref(), post.author.handle.as_deref()];
    if names.into_iter().flatten().map(folded).any(|name| OFFICIAL.iter().any(|word| name.contains(word))) {
        signals.push(SignalKind::ClaimsOfficial, NOWHERE);
    }
}

/// How much the author's name or handle looks like one of ours, 0 to 1; `None` without both or where the author is us.
pub(crate) fn likeness(post: &Post, organisation: &Organisation) -> Option<f64> {
    let ours = organisation.accounts.iter().filter(|account| account.platform == post.platform);
    let is_us = post.author.id.0 == post.account
        || ours.clone().any(|account| account.id.as_deref() == Some(post.author.id.0.as_str()));
    if is_us {
        return None;
    }
    let theirs: Vec<String> =
        [&post.author.name, &post.author.handle].into_iter().flatten().map(|name| letters(name)).collect();
    if theirs.is_empty() {
        return None;
    }
    let mut best = 0.0_f64;
    for account in &organisation.accounts {
        for our in [Some(&account.handle), Some(&account.name)].into_iter().flatten() {
            let our = letters(our);
            if our.is_empty() {
                continue;
            }
            for their in &theirs {
                best = best.max(alike(their, &our));
            }
        }
    }
    Some(best)
}

/// The letters of a name as a reader takes them.
fn letters(name: &str) -> String {
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

/// Edits (insert, remove, replace, swap neighbours) between two texts, or `None` above `most`.
pub(super) fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.chars().take(64), b.chars().take(64));
    if a.clone().count().abs_diff(b.clone().count()) > most {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.collect(), b.collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|&edits| edits <= most)
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
