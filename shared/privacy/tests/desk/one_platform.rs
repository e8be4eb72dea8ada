//! Control of an account on one platform opens nothing that is about the other.

use privacy::desk::DeskError;
use privacy::file::{Account, ItemState, WaitsFor};
use privacy::law::Right;

use super::memory::now_or_never;
use super::{Office, TARO, mail, noon};

#[test]
fn an_account_on_x_opens_no_deletion_of_youtube_data() {
    let office = Office::new();
    let text =
        "@taro のポストを削除してください。\nYouTubeのコメントも削除してください。\n個人データの開示も請求します。";
    office.arrive("1", &mail(TARO, "", text), noon());
    let ticket = office.requests.files().remove(0).ticket;
    now_or_never(office.desk().amend(&ticket, noon(), |edit| {
        edit.show_control(&Account::X("7".to_owned()), noon());
        Ok(())
    }))
    .unwrap();
    let file = office.requests.files().remove(0);
    let state = |right| file.items.iter().find(|item| item.right() == Some(right)).unwrap().state;
    assert_eq!(state(Right::XContentDeletion), ItemState::Open);
    assert_eq!(state(Right::AppiDisclosure), ItemState::Open);
    assert_eq!(state(Right::YoutubeDeletion), ItemState::Unverified);
    assert_eq!((file.waits_for(), file.unread), (Some(WaitsFor::Staff), true), "one of us tells the person");
}

#[test]
fn no_code_is_issued_for_an_account_that_opens_nothing() {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "", "YouTubeのコメントを削除してください。"), noon());
    let ticket = office.requests.files().remove(0).ticket;
    let begin = |account| now_or_never(office.desk().begin(&ticket, &account, b"pepper", true, noon()));
    assert!(matches!(begin(Account::X("7".to_owned())), Err(DeskError::DoesNotFit(_))));
    assert!(begin(Account::Youtube("UC7".to_owned())).is_ok());
}
