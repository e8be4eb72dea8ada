//! Of one mail that is delivered twice, the file names one raw body; the other is deleted.

use privacy::desk::{Raw, TakenIn};

use super::{Office, TARO, mail, noon};

fn raw(taken_in: &TakenIn) -> Option<Raw> {
    match taken_in {
        TakenIn::Opened(_, raw) | TakenIn::Appended(_, raw) | TakenIn::Before(_, raw) => Some(*raw),
        TakenIn::Machine(_) => None,
    }
}

#[test]
fn a_second_body_of_the_same_mail_is_deleted_and_the_first_kept() {
    let office = Office::new();
    let text = mail(TARO, "Message-ID: <1@example.jp>\n", "個人データの開示を請求します。");
    assert_eq!(raw(&office.arrive("1", &text, noon())), Some(Raw::Keep));
    assert_eq!(raw(&office.arrive("1", &text, noon())), Some(Raw::Keep), "the same body, told of again");
    assert_eq!(raw(&office.arrive("2", &text, noon())), Some(Raw::Delete));
    assert_eq!(office.requests.files().len(), 1);
}

#[test]
fn a_machines_answer_that_was_noted_is_in_no_file() {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "Message-ID: <1@example.jp>\n", "個人データの開示を請求します。"), noon());
    let away = mail(TARO, "Auto-Submitted: auto-replied\nIn-Reply-To: <1@example.jp>\n", "休暇中です。");
    assert_eq!(raw(&office.arrive("2", &away, noon())), None);
    assert_eq!(raw(&office.arrive("2", &away, noon())), Some(Raw::Delete));
}
