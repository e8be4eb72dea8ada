//! Wherever the function dies on the way of a mail, what is stored is whole: every file with its chain, no entry without
//! its file. The next delivery makes it one file. Wherever it dies at the end of keeping, the next tick ends it.

use futures::stream::{self, StreamExt};
use local::stack::tick_event;
use privacy::file::{LetterState, Requests};
use serde_json::Value;
use tests::desk::{Desk, TARO, mail};
use tests::fault::{Fault, Proxy};

/// Desks that are at work at the same time; each mostly waits for its dead sandbox.
const AT_ONCE: usize = 8;
const TEXT: &str = "私の個人データの開示を請求します。";

async fn stored(desk: &Desk) -> Vec<Value> {
    tests::table::of(&desk.engine.address, &local::stack::requests_table_name().unwrap()).await
}

/// Every entry belongs to a file that counts it; the chains themselves are checked on the way.
async fn whole(desk: &Desk) {
    let counted: u64 = desk.files().await.iter().map(|file| file.log.entries).sum();
    let items = stored(desk).await;
    let entries = items.iter().filter(|item| item["pk"].as_str().unwrap().starts_with("LOG#"));
    assert_eq!(entries.count() as u64, counted);
}

/// Delivers a mail to a sandbox that dies at a call, if at one; gives how many calls there were.
async fn delivered(place: Option<(usize, bool)>) -> usize {
    let desk = Desk::new().await;
    let raw = mail(TARO, "1@example.jp", "開示請求", TEXT);
    let event = local::desk::receipt("same", TARO, local::desk::DESK_ADDRESS, desk.now());
    desk.store(&raw, "same").await;
    let faults = place.map(|(place, after)| (place, Fault::Dead { after }));
    let proxy = Proxy::start(&desk.engine.address, faults.into_iter().collect()).await;
    // Whether it noticed is its own affair: Lambda tries again what failed, and the schedule what was left.
    let _ = Box::pin(desk.sandbox_at(&proxy.address).handle(event.clone())).await;
    let calls = proxy.calls().len();
    whole(&desk).await;
    desk.after(1);
    Box::pin(desk.function.handle(event)).await.unwrap();
    desk.tick().await;
    whole(&desk).await;
    let file = desk.only_file().await;
    let letters = desk.requests.letters(&file.ticket).await.unwrap();
    assert!(letters.len() == 1 && letters[0].state == LetterState::Sent, "{place:?}: {letters:?}");
    // A letter whose sending could not be recorded is sent once more.
    assert!((1..=2).contains(&desk.letters().len()), "{place:?}");
    calls
}

#[tokio::test]
async fn a_mail_is_one_file_wherever_the_function_dies() {
    let calls = delivered(None).await;
    assert!(calls > 5, "{calls}");
    let died = |place| async move {
        delivered(Some(place)).await;
    };
    stream::iter(places(calls)).for_each_concurrent(AT_ONCE, died).await;
}

/// Every call, undone and done.
fn places(calls: usize) -> impl Iterator<Item = (usize, bool)> {
    (0..calls).flat_map(|place| [(place, false), (place, true)])
}

/// The end of keeping in a sandbox that dies at a call, if at one; gives how many calls there were.
async fn forgotten(place: Option<(usize, bool)>) -> usize {
    let desk = Desk::new().await;
    // The second is worked on in the file of the first, and ends with it.
    for id in ["1@example.jp", "2@example.jp"] {
        desk.mail(&mail(TARO, id, "開示請求", TEXT)).await;
    }
    let worked_on = desk.files().await.into_iter().find(|file| file.duplicate_of.is_none()).unwrap().ticket;
    desk.function.app().desk().read(&worked_on, &[], "hanako", desk.now()).await.unwrap();
    desk.after(24 * 30);
    desk.tick().await;
    assert!(!desk.requests.letters(&worked_on).await.unwrap().is_empty());
    let faults = place.map(|(place, after)| (place, Fault::Dead { after }));
    let proxy = Proxy::start(&desk.engine.address, faults.into_iter().collect()).await;
    let _ = Box::pin(desk.sandbox_at(&proxy.address).handle(tick_event())).await;
    let calls = proxy.calls().len();
    whole(&desk).await;
    desk.after(1);
    desk.tick().await;
    whole(&desk).await;
    let files = desk.files().await;
    assert_eq!(files.len(), 2, "{place:?}");
    for file in files {
        assert_eq!(file.person, None, "{place:?}");
        assert_eq!(desk.requests.letters(&file.ticket).await.unwrap(), [], "{place:?}");
        assert_eq!(desk.requests.mails(&file.ticket).await.unwrap(), [], "{place:?}");
    }
    assert_eq!(desk.stored(), Vec::<String>::new(), "{place:?}");
    calls
}

#[tokio::test]
async fn nothing_of_an_ended_file_is_left_wherever_the_function_dies() {
    let calls = forgotten(None).await;
    assert!(calls > 5, "{calls}");
    let died = |place| async move {
        forgotten(Some(place)).await;
    };
    stream::iter(places(calls)).for_each_concurrent(AT_ONCE, died).await;
}
