//! What a mail says besides what it asks: that a request is taken back, where letters shall go, in which form a
//! disclosure is wanted, or nothing but thanks.

use std::ops::Range;

use super::link::addresses;
use super::pattern::{Meaning, PATTERNS};
use super::sentence::{plain, sentences};
use crate::letters::Form;
use crate::mail::Address;

/// Whether a sentence takes a request back. The words of what is taken back ask nothing.
pub(super) fn takes_back_by(sentence: &str) -> bool {
    let plain = plain(sentence);
    let has = |meaning| PATTERNS.has(meaning, &plain);
    wants_taken_back(&plain) && has(Meaning::Asked) && !has(Meaning::OurMeasure)
}

/// Whether something is to be taken back, whatever it is.
pub(super) fn wants_taken_back(plain: &str) -> bool {
    PATTERNS.has(Meaning::TakesBack, plain) && !PATTERNS.has(Meaning::Doubts, plain)
}

/// The address in a sentence that speaks of changing it, where it is one.
pub(super) fn new_address(text: &str) -> Option<Address> {
    // An address breaks no sentence here: its dots are followed by no space.
    let wishes = |span: &Range<usize>| PATTERNS.has(Meaning::NewAddress, &plain(&text[span.clone()]));
    let spans: Vec<Range<usize>> = sentences(text).into_iter().filter(wishes).collect();
    let mut found: Vec<Address> = spans.into_iter().flat_map(|span| addresses(&text[span])).collect();
    found.dedup();
    match found.as_slice() {
        [only] => Some(only.clone()),
        [] | [_, ..] => None,
    }
}

/// The form of disclosure that a text asks for; `None` when it names none or several.
pub fn form(text: &str) -> Option<Form> {
    let text = plain(text);
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let paper = names(&["書面で", "書面に", "書面を希望", "紙で", "紙の", "郵送", "on paper", "by post", "hard copy"]);
    let electronic = names(&["電子データ", "電磁的記録", "電子ファイル", "electronic", "machine-readable"]);
    match (paper, electronic) {
        (true, false) => Some(Form::Paper),
        (false, true) => Some(Form::Electronic),
        (true, true) | (false, false) => None,
    }
}

/// Short, and every sentence of it thanks or greets and does nothing else.
pub(super) fn says_nothing_else(text: &str) -> bool {
    const GREETINGS: [&str; 17] = [
        "よろしく",
        "お世話",
        "失礼",
        "承知",
        "了解",
        "確認しました",
        "受け取りました",
        // The code stands where it should: the look for it tells the rest.
        "書き込みました",
        "書きました",
        "記載しました",
        "記入しました",
        "regards",
        "hello",
        "got it",
        "i have added the code",
        "the code is there",
        "it is done",
    ];
    sentences(text).into_iter().all(|span| {
        let plain = plain(&text[span]);
        let short = plain.chars().count() <= 60;
        let has = |meaning| PATTERNS.has(meaning, &plain);
        let thanks = has(Meaning::Thanks) || GREETINGS.iter().any(|words| plain.contains(words));
        short && thanks && !has(Meaning::Doubts) && !has(Meaning::Objects)
    })
}
