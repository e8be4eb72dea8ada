//! Mails beyond every limit, with a virus, or already gone: put aside unread, and still a ticket with running clocks.

use privacy::file::Quarantine;
use serde_json::json;
use tests::desk::{Desk, TARO, mail};

fn with_parts(parts: usize, bytes: usize) -> Vec<u8> {
    let mut raw = b"From: taro@example.jp\nMessage-ID: <1@example.jp>\nSubject: =?utf-8?B?6ZaL56S66KuL5rGC?=\n\
        MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        .to_vec();
    let filling = "x".repeat(bytes / parts);
    for _ in 0..parts {
        raw.extend(format!("--b\nContent-Type: text/plain\n\n{filling}\n").bytes());
    }
    raw.extend(b"--b--\n");
    raw
}

fn with_depth(depth: usize, innermost: &[u8]) -> Vec<u8> {
    let mut raw = format!("From: taro@example.jp\nMessage-ID: <{}@example.jp>\nMIME-Version: 1.0\n", innermost.len())
        .into_bytes();
    for level in 0..depth {
        raw.extend(format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n").bytes());
    }
    raw.extend(innermost);
    raw
}

#[tokio::test]
async fn ten_megabytes_in_five_thousand_parts_and_five_hundred_levels_are_put_aside() {
    let desk = Desk::new().await;
    let wide = with_parts(5_000, 10 * 1024 * 1024);
    assert!(wide.len() > 10 * 1024 * 1024);
    let deep = with_depth(500, b"Content-Type: text/plain\n\nhello\n");
    // Both at once: the many parts below the many levels.
    let parts = String::from_utf8(with_parts(5_000, 10 * 1024 * 1024)).unwrap();
    let both = with_depth(500, parts.split_once("MIME-Version: 1.0\n").unwrap().1.as_bytes());
    let mut ids = Vec::new();
    for raw in [wide, deep, both] {
        // Nothing of them is kept in the memory of the reader but the head.
        let read = privacy::mail::read(&raw);
        assert!(read.limit.is_some() && read.text.is_empty() && read.attachments.is_empty());
        ids.push(format!("quarantine/{}", desk.mail(&raw).await));
        desk.after(1);
    }
    let files = desk.files().await;
    assert_eq!(files.len(), 3);
    for file in &files {
        assert_eq!(file.quarantine, Some(Quarantine::TooBig));
        assert!(file.items.iter().all(|item| item.clocks.iter().count() > 0), "the clocks run");
        assert_eq!(file.waits_for(), Some(privacy::file::WaitsFor::Staff));
    }
    assert_eq!(desk.stored(), ids);
    assert_eq!(desk.letters().len(), 0);
}

#[tokio::test]
async fn a_mail_with_a_virus_is_not_read_at_all() {
    let desk = Desk::new().await;
    let id = desk.id();
    let mut event = local::desk::receipt(&id, TARO, local::desk::DESK_ADDRESS, desk.now());
    event["Records"][0]["ses"]["receipt"]["virusVerdict"] = json!({"status": "FAIL"});
    desk.event(&mail(TARO, "1@example.jp", "開示請求", "個人データの開示を請求します。"), event).await;
    let file = desk.only_file().await;
    assert_eq!(file.quarantine, Some(Quarantine::Virus));
    assert!(file.items.iter().all(|item| item.right().is_none()), "nothing was read");
    assert_eq!(desk.stored(), [format!("quarantine/{id}")]);
    assert_eq!(desk.letters().len(), 0);
}

#[tokio::test]
async fn a_mail_that_is_gone_is_a_ticket_all_the_same() {
    let desk = Desk::new().await;
    let event = local::desk::receipt("gone", TARO, local::desk::DESK_ADDRESS, desk.now());
    desk.function.handle(event).await.unwrap();
    assert_eq!(desk.only_file().await.quarantine, Some(Quarantine::Lost));
    assert_eq!(desk.letters().len(), 0);
}
