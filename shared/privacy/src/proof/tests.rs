#![allow(clippy::unwrap_used)]

use super::*;
use crate::chain::{Field, Salt, commit};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn ticket(number: u8) -> TicketId {
    TicketId::from_random([number; 7])
}

fn export(number: u8, entries: usize) -> Export {
    let salt = Salt::random().unwrap();
    let mut chain: Vec<Entry> = Vec::new();
    for step in 0..entries {
        let fields = BTreeMap::from([
            ("step".to_owned(), Field::Plain(step.to_string())),
            ("from".to_owned(), commit(&salt, "from", "someone@example.jp")),
        ]);
        chain.push(Entry::after(chain.last(), at(step as i64), "noted", fields));
    }
    let head = chain.last().unwrap().hash;
    Export { ticket: ticket(number), entries: chain, head }
}

fn head(export: &Export) -> Head {
    Head { ticket: export.ticket.clone(), entries: export.entries.len() as u64, hash: export.head }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Three chains; a root over the first two, and one over all after the first grew.
fn history() -> (Vec<Export>, Vec<DailyRoot>) {
    let whole = [export(1, 5), export(2, 3), export(3, 1)];
    let young = Export { entries: whole[0].entries[..2].to_vec(), head: whole[0].entries[1].hash, ..whole[0].clone() };
    let first = DailyRoot::close(day("2026-11-01"), at(10), None, vec![head(&whole[1]), head(&young)]);
    let second = DailyRoot::close(day("2026-11-02"), at(20), Some(&first), whole.iter().map(head).collect());
    (whole.to_vec(), vec![first, second])
}

#[test]
fn chains_that_grew_hold_against_the_roots_of_earlier_days() {
    let (chains, roots) = history();
    assert_eq!(verify(chains, &roots), Verified { chains: 3, entries: 9, roots: 2, faults: Vec::new() });
}

#[test]
fn a_rewritten_chain_holds_in_itself_but_not_against_the_root() {
    let (mut chains, roots) = history();
    chains[1] = export(2, 3);
    let faults = verify(chains, &roots).faults;
    assert_eq!(faults, roots.iter().map(|root| Fault::History(root.day, ticket(2))).collect::<Vec<_>>());
}

#[test]
fn a_chain_cut_short_or_left_out_is_noticed() {
    let (mut chains, roots) = history();
    chains[0].entries.pop();
    let cut = verify(chains.clone(), &roots).faults;
    assert_eq!(cut, [Fault::Chain(ticket(1), Broken::Cut(4)), Fault::History(day("2026-11-02"), ticket(1))]);
    chains[0].head = chains[0].entries[3].hash;
    assert_eq!(verify(chains.clone(), &roots).faults, [Fault::History(day("2026-11-02"), ticket(1))]);
    chains.remove(0);
    assert_eq!(verify(chains, &roots).faults.len(), 2);
}

#[test]
fn a_changed_root_or_a_day_left_out_is_noticed() {
    let (chains, roots) = history();
    let mut changed = roots.clone();
    changed[0].heads.remove(0);
    assert_eq!(verify(chains.clone(), &changed).faults, [Fault::Root(day("2026-11-01"))]);
    let mut moved = roots.clone();
    moved[1].day = day("2026-11-03");
    assert_eq!(verify(chains.clone(), &moved).faults, [Fault::Root(day("2026-11-03"))]);
    let third = DailyRoot::close(day("2026-11-03"), at(30), Some(&roots[1]), chains.iter().map(head).collect());
    let gap = [roots[0].clone(), third];
    assert_eq!(verify(chains, &gap).faults, [Fault::Order(day("2026-11-03"))]);
}

#[test]
fn every_size_of_tree_tells_its_leaves_apart() {
    let leaves: Vec<Hash> = (0..33_u64).map(|n| hash(0, &[&n.to_be_bytes()])).collect();
    let mut seen = Vec::new();
    for size in 0..leaves.len() {
        let whole = tree(&leaves[..size]);
        assert!(!seen.contains(&whole.bytes()), "size {size}");
        seen.push(whole.bytes());
        for place in 0..size {
            let mut other = leaves[..size].to_vec();
            other[place] = Hash::ZERO;
            assert_ne!(tree(&other), whole, "leaf {place} of {size}");
        }
    }
}

#[test]
fn a_root_is_read_back_as_it_was_written() {
    let (_, roots) = history();
    let text = serde_json::to_string(&roots[1]).unwrap();
    assert_eq!(serde_json::from_str::<DailyRoot>(&text).unwrap(), roots[1]);
    assert!(text.contains("\"day\":\"2026-11-02\""), "{text}");
}
