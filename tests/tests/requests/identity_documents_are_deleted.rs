//! An identity document that nobody asked for: its mail is deleted, what the person wrote is kept. That our own letter
//! speaks of such documents makes none of what comes with an answer.

use privacy::file::Requests;
use tests::desk::{Desk, TARO, answer, mail};

#[tokio::test]
async fn the_raw_mail_is_deleted_and_the_request_stays() {
    let desk = Desk::new().await;
    let raw = "From: taro@example.jp\nMessage-ID: <1@example.jp>\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\
        個人データの開示を請求します。本人確認書類を添付します。\n--b\n\
        Content-Type: image/jpeg; name=menkyo.jpg\nContent-Transfer-Encoding: base64\n\n/9j/4AAQ\n--b--\n";
    let id = desk.mail(raw.as_bytes()).await;
    let file = desk.only_file().await;
    assert_eq!(desk.stored(), Vec::<String>::new());
    let mails = desk.requests.mails(&file.ticket).await.unwrap();
    assert!(mails[0].object.is_none() && mails[0].text.contains("開示を請求"));
    let events = desk.events(&file.ticket).await;
    assert!(events.contains(&"quarantined".to_owned()) && events.contains(&"mail_deleted".to_owned()), "{events:?}");
    assert!(desk.letters()[0].text().contains("身分証明書は必要ありません"));
    // A redelivery brings the body back into the bucket; it goes again.
    let event = local::desk::receipt(&id, "taro@example.jp", local::desk::DESK_ADDRESS, desk.now());
    desk.event(raw.as_bytes(), event).await;
    assert_eq!(desk.stored(), Vec::<String>::new());
}

#[tokio::test]
async fn what_comes_with_an_answer_that_quotes_our_receipt_is_kept() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "消去の請求", "母の代理人として、母の個人データの消去を請求します。")).await;
    let receipt = desk.letters().remove(0);
    assert!(receipt.text().contains("身分証明書"), "the receipt speaks of identity documents");
    let sent = String::from_utf8(answer(&receipt, TARO, "2@example.jp", "ご依頼の書類をお送りします。")).unwrap();
    let (head, text) = sent.split_once("\n\n").unwrap();
    let head = head.split("MIME-Version").next().unwrap();
    let raw = format!(
        "{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n--b\n\
         Content-Type: application/pdf\nContent-Disposition: attachment; filename=scan.pdf\n\nAAAA\n--b--\n"
    );
    let id = desk.mail_to(raw.as_bytes(), &receipt.reply_to()).await;
    let file = desk.only_file().await;
    assert!(desk.stored().contains(&format!("mail/{id}")), "{:?}", desk.stored());
    let mails = desk.requests.mails(&file.ticket).await.unwrap();
    assert!(mails[1].object.is_some() && !mails[1].text.contains("身分証明書"));
}
