//! What the platform shows as gone is answered in one change, or waits for the next look.

use privacy::file::{ItemState, Requests};

use super::memory::now_or_never;
use super::{Office, TARO, mail, noon};

#[test]
fn wherever_the_store_fails_it_is_answered_or_looked_up_again() {
    let text = "次のツイートを削除してください。 https://x.com/taro_mihon/status/1800000000000000001";
    for changes in 0..3 {
        let office = Office::new();
        office.arrive("1", &mail(TARO, "", text), noon());
        let ticket = office.requests.files().remove(0).ticket;
        office.requests.fails_after(changes);
        let evidence = [("x:1800000000000000001".to_owned(), "gone")];
        let done = now_or_never(office.desk().gone(&ticket, 1, &evidence, noon()));
        let file = office.requests.files().remove(0);
        let waits = file.waits_for_deletion().next().is_some();
        assert_eq!((file.items[0].state == ItemState::Answered, waits), (done.is_ok(), done.is_err()), "{changes}");
        let letters = now_or_never(office.requests.letters(&ticket)).unwrap().len();
        assert_eq!(letters, if done.is_ok() { 2 } else { 1 }, "the receipt, and what became of it");
    }
}
