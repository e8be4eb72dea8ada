//! Somebody asks on behalf of somebody else: the power of attorney is asked for, the file says so, its clocks run, and
//! nothing is open before both the mandate and control of the account were seen.

use data_request::carry::suppress_where_asked;
use privacy::desk::DeskError;
use privacy::file::{Extra, ItemState, Requests, Ruling, WaitsFor};
use privacy::identity::Tier;
use privacy::law::DeadlineKind;
use tests::desk::{Desk, answer, mail, mail_with};

const AGENT: &str = "bengoshi@example.jp";
const ASKS: &str = "弁護士の山田です。依頼者の代理人として、依頼者の個人データの消去を請求します。";

async fn asked() -> Desk {
    let desk = Desk::new().await;
    desk.mail(&mail(AGENT, "1@example.jp", "消去の請求", ASKS)).await;
    desk
}

#[tokio::test]
async fn the_mandate_is_asked_for_and_the_clocks_run_meanwhile() {
    let desk = asked().await;
    let file = desk.only_file().await;
    assert!(file.lacks_mandate() && file.items[0].state == ItemState::Unverified);
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    let text = letters[0].text();
    for part in ["委任状の写し", "マイナンバー", "期限は進みます", "ご本人のアカウントに"]
    {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    assert!(desk.events(&file.ticket).await.contains(&"agent_asks".to_owned()));
    let due = file.items[0].clocks.get(DeadlineKind::AppiDecision).unwrap().due(desk.now()).unwrap();
    desk.after(24 * 20);
    desk.tick().await;
    let file = desk.file(&file.ticket).await;
    assert_eq!(file.items[0].clocks.get(DeadlineKind::AppiDecision).unwrap().due(desk.now()).unwrap(), due);
    assert!(!desk.alarms().is_empty());
}

#[tokio::test]
async fn neither_the_mandate_nor_control_alone_opens_it_and_both_do() {
    let desk = asked().await;
    let ticket = desk.only_file().await.ticket;
    let work = desk.function.app().desk();
    let state = async || desk.file(&ticket).await.items[0].state;

    desk.verify(&ticket).await;
    assert_eq!(state().await, ItemState::Unverified);
    let error = work.decide(&ticket, 1, &Ruling::Grant, &Extra::default(), "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Stage(1, ItemState::Unverified)), "{error}");
    let decisions = &desk.function.app().carrier.decisions;
    suppress_where_asked(&work, decisions, &ticket, desk.now()).await.unwrap();
    assert!(!desk.file(&ticket).await.suppressed, "nothing is done to the person on an agent's word");

    // The mandate comes as a file of its own; it is not taken for an identity document and waits for one of us.
    let receipt = desk.letters().remove(0);
    let sent = String::from_utf8(answer(&receipt, AGENT, "2@example.jp", "")).unwrap();
    let head = sent.split("MIME-Version").next().unwrap();
    let raw = format!(
        "{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
         Content-Type: text/plain; charset=utf-8\n\n委任状をお送りします。身分証は不要とのことでした。\n--b\n\
         Content-Type: application/pdf\nContent-Disposition: attachment; filename=ininjo.pdf\n\nAAAA\n--b--\n"
    );
    desk.mail_to(raw.as_bytes(), &receipt.reply_to()).await;
    assert_eq!(desk.file(&ticket).await.waits_for(), Some(WaitsFor::Staff));
    assert_eq!(desk.stored().len(), 2, "the mail with the mandate is kept for one of us");

    work.mandate_seen(&ticket, "hanako", desk.now()).await.unwrap();
    suppress_where_asked(&work, decisions, &ticket, desk.now()).await.unwrap();
    let file = desk.file(&ticket).await;
    assert_eq!((file.items[0].state, file.verified.as_ref().unwrap().tier), (ItemState::Open, Tier::Mandate));
    assert!(file.suppressed && !file.unread);
    assert!(desk.events(&ticket).await.contains(&"mandate_seen".to_owned()));
}

#[tokio::test]
async fn the_mandate_may_be_seen_before_control_is_shown() {
    let desk = asked().await;
    let ticket = desk.only_file().await.ticket;
    desk.function.app().desk().mandate_seen(&ticket, "hanako", desk.now()).await.unwrap();
    assert_eq!(desk.file(&ticket).await.items[0].state, ItemState::Unverified);
    desk.verify(&ticket).await;
    let file = desk.file(&ticket).await;
    assert_eq!((file.items[0].state, file.verified.unwrap().tier), (ItemState::Open, Tier::Mandate));
}

#[tokio::test]
async fn whoever_asks_for_oneself_has_no_mandate_to_show() {
    let desk = Desk::new().await;
    let raw = mail_with(AGENT, "1@example.jp", "消去の請求", "私の個人データの消去を請求します。", "");
    desk.mail(&raw).await;
    let ticket = desk.only_file().await.ticket;
    assert!(desk.requests.load(&ticket).await.unwrap().unwrap().agent.is_none());
    assert!(!desk.letters()[0].text().contains("委任状"));
    let error = desk.function.app().desk().mandate_seen(&ticket, "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::DoesNotFit(_)), "{error}");
}
