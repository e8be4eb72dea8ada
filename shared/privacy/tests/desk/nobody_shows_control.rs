//! Whoever does not show control is told what to do, in time, and what follows.

use jiff::SignedDuration;
use privacy::classify::Link;
use privacy::file::{Claim, ItemState, LetterKind, QueuedLetter, RequestFile, Requests};

use super::memory::now_or_never;
use super::{Office, TARO, mail, noon};

fn letters(office: &Office, kind: LetterKind) -> Vec<QueuedLetter> {
    let file = office.requests.files().remove(0);
    let letters = now_or_never(office.requests.letters(&file.ticket)).unwrap();
    letters.into_iter().filter(|letter| letter.kind == kind).collect()
}

fn only_file(office: &Office) -> RequestFile {
    office.requests.files().remove(0)
}

#[test]
fn whoever_names_no_account_is_asked_for_it_at_once() {
    for (text, asked) in [("個人データの開示を請求します。", true), ("@taro の個人データの開示を請求します。", false)]
    {
        let office = Office::new();
        office.arrive("1", &mail(TARO, "", text), noon());
        let receipt = letters(&office, LetterKind::Acknowledgement).remove(0);
        assert_eq!(receipt.body.replace('\n', "").contains("どのアカウントのことかが分かりません"), asked, "{text}");
    }
}

#[test]
fn what_is_named_last_is_looked_for_first() {
    let office = Office::new();
    let head = "Message-ID: <1@example.jp>\n";
    office.arrive("1", &mail(TARO, head, "@hanako への @taro の返信を削除してください。"), noon());
    let head = "Subject: Re: x\nIn-Reply-To: <1@example.jp>\n";
    office.arrive("2", &mail(TARO, head, "https://x.com/taro_mihon と @taro です。"), noon());
    let handle = |name: &str| Claim::Handle(name.to_owned());
    let link = Claim::Link(Link::XProfile { handle: "taro_mihon".to_owned() });
    let claims = only_file(&office).person.unwrap().claims;
    assert!(claims == [handle("taro"), link, handle("hanako")]);
}

#[test]
fn the_person_is_told_once_a_week_before_the_request_is_closed() {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "", "@taro の個人データの開示を請求します。"), noon());
    let ticket = only_file(&office).ticket;
    let wake = |hours| now_or_never(office.desk().wake(&ticket, noon() + SignedDuration::from_hours(hours))).unwrap();
    wake(24 * 23 - 1);
    assert_eq!(letters(&office, LetterKind::Reminder), []);
    let next = only_file(&office).wakes_at().unwrap();
    assert_eq!(next, Some(noon() + SignedDuration::from_hours(24 * 23)));
    wake(24 * 23);
    wake(24 * 23 + 1);
    let told = letters(&office, LetterKind::Reminder);
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("2026年12月24日まで"), "{}", told[0].body);
    assert_eq!(only_file(&office).items[0].state, ItemState::Unverified);
    assert_eq!(wake(24 * 30).expired, [1]);
}

#[test]
fn a_platform_that_did_not_answer_is_asked_again() {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "", "@taro の個人データの開示を請求します。"), noon());
    let ticket = only_file(&office).ticket;
    let again = noon() + SignedDuration::from_mins(15);
    now_or_never(office.desk().sought(&ticket, Some(again), noon())).unwrap();
    assert_eq!(only_file(&office).wakes_at().unwrap(), Some(again));
    now_or_never(office.desk().sought(&ticket, None, again)).unwrap();
    assert!(only_file(&office).wakes_at().unwrap() > Some(again));
}
