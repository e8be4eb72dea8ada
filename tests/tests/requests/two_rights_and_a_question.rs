//! Two rights and a question in one mail are three items with their own clocks, and one letter.

use privacy::file::ItemState;
use privacy::law::DeadlineKind;
use tests::desk::{Desk, TARO, mail};

#[tokio::test]
async fn three_items_one_letter() {
    let desk = Desk::new().await;
    let text = "個人情報の開示を請求します。\n私のツイートも削除してください。\n\
                https://x.com/taro_mihon/status/1800000000000000001\nガイドラインについて質問があります。";
    desk.mail(&mail(TARO, "1@example.jp", "お願い", text)).await;
    let file = desk.only_file().await;
    assert_eq!(file.items.len(), 3);
    let states: Vec<ItemState> = file.items.iter().map(|item| item.state).collect();
    assert_eq!(states, [ItemState::Unverified, ItemState::Unverified, ItemState::Open]);
    assert_eq!(file.earliest(desk.now()).unwrap().unwrap().0, DeadlineKind::XContent);
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    let text = letter.text();
    for part in ["個人データの開示: 2026年12月8日", "Xの投稿データの削除: 2026年11月25日", "ガイドライン"]
    {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    assert!(!text.contains("taro") && !text.contains("1800000000000000001"), "nothing of the mail is repeated");
    for line in ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "In-Reply-To: <1@example.jp>"] {
        assert!(letter.head.contains(line), "{line} missing in\n{}", letter.head);
    }
    assert!(letter.reply_to().contains(&file.token));
    let notices = file.items.iter().filter_map(|item| item.clocks.get(DeadlineKind::ReceiptNotice));
    assert!(notices.into_iter().all(privacy::clocks::Clock::is_met), "the receipt was told");
}

#[tokio::test]
async fn an_answer_that_the_guidelines_fix_is_given_at_once_and_alone() {
    let desk = Desk::new().await;
    let text = "ある人が私に嫌がらせのコメントをしています。やめさせてください。";
    desk.mail(&mail(TARO, "1@example.jp", "トラブル", text)).await;
    let file = desk.only_file().await;
    assert!(file.is_closed());
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text().contains("利用者の間で解決"), "{}", letters[0].text());
}
