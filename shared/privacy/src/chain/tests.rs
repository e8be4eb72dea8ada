//! Every kind of tampering is found at its entry; erased salts leave the chain whole.
#![allow(clippy::unwrap_used)]

use super::*;

fn chain(length: u64) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for number in 0..length {
        let fields = BTreeMap::from([
            ("right".to_owned(), Field::Plain("appi_disclosure".to_owned())),
            ("handle".to_owned(), commit(&Salt([7; 32]), "handle", &format!("taro_{number}"))),
        ]);
        let at = Timestamp::from_second(1_790_000_000 + i64::try_from(number).unwrap()).unwrap();
        entries.push(Entry::after(entries.last(), at, "decided", fields));
    }
    entries
}

#[test]
fn a_whole_chain_verifies_and_survives_storage() {
    let entries = chain(5);
    let head = verify(&entries, None).unwrap();
    let stored: Vec<Entry> = serde_json::from_str(&serde_json::to_string(&entries).unwrap()).unwrap();
    assert_eq!(verify(&stored, Some(head)), Ok(entries[4].hash));
    assert_eq!(verify(&[], None), Ok(Hash::ZERO));
}

#[test]
fn the_hash_is_that_of_another_implementation() {
    // printf '%s' '{"at":"2026-11-24T00:00:00Z","event":"received","fields":{"n":{"plain":"1"}},"seq":0}' and 32 zero
    // bytes, through sha256sum.
    let fields = BTreeMap::from([("n".to_owned(), Field::Plain("1".to_owned()))]);
    let entry = Entry::after(None, "2026-11-24T00:00:00Z".parse().unwrap(), "received", fields);
    assert_eq!(format!("{:?}", entry.hash), "b341b78e93ad1f596e997db615c03fb4ef11fb7543eea5b3152c65f24a5ccab4");
}

#[test]
fn every_change_is_named_by_its_entry() {
    let head = verify(&chain(5), None).unwrap();
    let changed = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut entries = chain(5);
        change(&mut entries);
        verify(&entries, Some(head))
    };
    for (name, result, expected) in [
        ("an event", changed(&|e| e[2].event = "granted".into()), Broken::Content(2)),
        ("a time", changed(&|e| e[3].at = Timestamp::UNIX_EPOCH), Broken::Content(3)),
        (
            "a field",
            changed(&|e| drop(e[1].fields.insert("right".into(), Field::Plain("x".into())))),
            Broken::Content(1),
        ),
        (
            "a commitment",
            changed(&|e| drop(e[1].fields.insert("handle".into(), commit(&Salt([8; 32]), "handle", "x")))),
            Broken::Content(1),
        ),
        ("a field removed", changed(&|e| drop(e[0].fields.remove("right"))), Broken::Content(0)),
        (
            "a hash made new",
            changed(&|e| {
                e[2] = Entry::after(Some(&e[1].clone()), e[2].at, "granted", e[2].fields.clone());
            }),
            Broken::Link(3),
        ),
        ("an entry removed", changed(&|e| drop(e.remove(1))), Broken::Sequence(1)),
        ("the first removed", changed(&|e| drop(e.remove(0))), Broken::Sequence(0)),
        ("two swapped", changed(&|e| e.swap(2, 3)), Broken::Sequence(2)),
        ("an entry doubled", changed(&|e| e.insert(2, e[1].clone())), Broken::Sequence(2)),
        ("the end cut", changed(&|e| e.truncate(3)), Broken::Cut(3)),
        (
            "all written anew",
            changed(&|e| {
                let mut fresh: Vec<Entry> = Vec::new();
                for old in e.iter() {
                    fresh.push(Entry::after(fresh.last(), old.at, "granted", old.fields.clone()));
                }
                *e = fresh;
            }),
            Broken::Cut(5),
        ),
    ] {
        assert_eq!(result, Err(expected), "{name}");
    }
}

#[test]
fn a_commitment_opens_with_its_salt_and_without_it_the_chain_still_holds() {
    let salt = Salt::random().unwrap();
    let fields = BTreeMap::from([("handle".to_owned(), commit(&salt, "handle", "taro"))]);
    let entry = Entry::after(None, Timestamp::UNIX_EPOCH, "received", fields);
    assert!(entry.opens("handle", "taro", &salt));
    assert!(!entry.opens("handle", "jiro", &salt));
    assert!(!entry.opens("name", "taro", &salt));
    assert!(!entry.opens("handle", "taro", &Salt::random().unwrap()));
    let stored = serde_json::to_string(&entry).unwrap();
    assert!(!stored.contains("taro"));
    assert!(verify(&[entry], None).is_ok(), "no salt is needed to verify");
    assert_ne!(commit(&salt, "handle", "taro"), commit(&salt, "name", "taro"));
    assert_ne!(commit(&salt, "ab", "c"), commit(&salt, "a", "bc"), "names and values do not run together");
}

#[test]
fn keys_are_sorted_and_text_is_escaped_once() {
    let value = serde_json::json!({ "b": "\"\n", "a": { "d": 1, "c": "開" } });
    assert_eq!(canonical(&value), r#"{"a":{"c":"開","d":1},"b":"\"\n"}"#);
}
