//! A Japanese mail in JIS that names no charset is read, classified and answered in Japanese.

use privacy::classify::{Ask, Language};
use privacy::law::Right;
use tests::desk::Desk;

#[tokio::test]
async fn a_mail_in_undeclared_jis_asks_for_disclosure_and_is_answered_in_japanese() {
    let desk = Desk::new().await;
    let mut raw = b"From: taro@example.jp\nMessage-ID: <1@example.jp>\nSubject: request\n\n".to_vec();
    // 開示を請求します。 in ISO-2022-JP.
    raw.extend(b"\x1b$B3+<($r@A5a$7$^$9!#\x1b(B\n");
    desk.mail(&raw).await;
    let file = desk.only_file().await;
    assert_eq!(file.items[0].ask, Ask::Right(Right::AppiDisclosure));
    assert_eq!(file.language, Language::Ja);
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].mail.subject.contains("受付のお知らせ"), "{}", letters[0].mail.subject);
    assert!(letters[0].text().contains("個人データの開示: 2026年12月8日"), "{}", letters[0].text());
}
