//! Own mails: text chosen, charsets repaired, limits reached, attachments listed and left alone.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn undeclared_jis_is_read() {
    let mail = read(b"From: a@example.jp\nSubject: \x1b$B3+<(\x1b(B\n\n\x1b$B3+<($r@A5a$7$^$9\x1b(B\n");
    assert_eq!((mail.subject.as_str(), mail.text.trim()), ("開示", "開示を請求します"));
}

#[test]
fn plain_text_wins_over_its_html_twin_and_html_alone_becomes_text() {
    let twin = "From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nplain\n--x\nContent-Type: text/html\n\n<p>html</p>\n--x--\n";
    assert_eq!(read(twin.as_bytes()).text, "plain");
    let lone = "From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n<style>p{}</style><p>削除&amp;<b>開示</b></p><script>x()</script>";
    let text = read(lone.as_bytes()).text;
    assert!(text.contains("削除&") && text.contains("開示"), "{text}");
    assert!(!text.contains("x()") && !text.contains("p{}") && !text.contains('<'), "{text}");
    let footer = "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>html</p>\n--x\nContent-Type: text/plain\n\nfooter\n--x--\n";
    let text = read(footer.as_bytes()).text;
    assert!(text.contains("html") && text.contains("footer"), "{text}");
}

#[test]
fn attachments_are_listed_with_harmless_names() {
    let raw = "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x\nContent-Type: application/pdf; name=\"../../etc/\u{202E}fdp.exe\"\nContent-Transfer-Encoding: base64\n\nAAAA\n--x\nContent-Type: message/rfc822\n\nFrom: victim@b.c\nSubject: delete all\n\ndelete\n--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=note.txt\n\ndelete me\n--x--\n";
    let mail = read(raw.as_bytes());
    assert_eq!(mail.text, "hello");
    let listed: Vec<_> =
        mail.attachments.iter().map(|a| (a.name.as_deref(), a.media_type.as_str(), a.encoded_bytes)).collect();
    assert_eq!(listed[0], (Some("fdp.exe"), "application/pdf", 4));
    assert_eq!((listed[1].1, listed[2].0), ("message/rfc822", Some("note.txt")));
    assert_eq!(mail.from.len(), 1);
}

#[test]
fn two_senders_are_none() {
    for head in ["From: a@b.c\nFrom: d@e.f", "From: a@b.c, d@e.f", "Subject: x", "From: undisclosed:;", "Fr om: a@b.c"]
    {
        assert_eq!(read(format!("{head}\n\nx").as_bytes()).sender(), None, "{head}");
    }
    let spoof = read("From: \"victim@b.c\" <evil@e.f>\n\nx".as_bytes());
    assert_eq!(spoof.sender().map(Address::domain), Some("e.f"));
    assert!(read(b"From: a..b.@docomo.ne.jp\n\nx").sender().is_some_and(Address::is_carrier));
}

#[test]
fn limits_are_reached_before_harm_and_the_headers_stay() {
    let many = |count: usize| {
        let mut raw = b"From: a@b.c\nMessage-ID: <m@x>\nContent-Type: multipart/mixed; boundary=x\n\n".to_vec();
        raw.extend(b"--x\n\ny\n".repeat(count));
        raw
    };
    assert_eq!(read(&many(MAX_PARTS - 1)).limit, None);
    let mail = read(&many(5_000));
    assert_eq!(mail.limit, Some(Limit::Parts));
    assert_eq!((mail.text.as_str(), mail.message_id.as_deref()), ("", Some("m@x")));
    assert!(mail.sender().is_some());
    let deep = |depth: usize| {
        let mut raw = String::from("From: a@b.c\n");
        for level in 0..depth {
            raw += &format!("Content-Type: multipart/mixed; boundary=b{level}.\n\n--b{level}.\n");
        }
        raw + "\nbottom\n"
    };
    assert_eq!(read(deep(MAX_DEPTH).as_bytes()).text, "bottom");
    assert_eq!(read(deep(500).as_bytes()).limit, Some(Limit::Depth));
    let long = format!("From: a@b.c\nX: {}\n\nbody", "y".repeat(MAX_HEADER_BYTES));
    let mail = read(long.as_bytes());
    assert_eq!((mail.limit, mail.sender().is_some()), (Some(Limit::Headers), true));
    let text = format!("From: a@b.c\n\n{}", "y".repeat(MAX_TEXT_BYTES + 1));
    let mail = read(text.as_bytes());
    assert!(mail.text_is_cut && mail.text.len() == MAX_TEXT_BYTES);
}

#[test]
fn broken_multiparts_keep_their_text() {
    for (name, raw, expected) in [
        ("never a boundary", "Content-Type: multipart/mixed; boundary=x\n\nhello", "hello"),
        ("no boundary given", "Content-Type: multipart/mixed\n\nhello", "hello"),
        ("never closed", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello", "hello"),
        (
            "a similar boundary",
            "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--xy\nmore\n--x--",
            "hello\n--xy\nmore",
        ),
        ("an empty part", "Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n\nhello\n--x--", "hello"),
        ("lone CR", "From: a@b.c\rSubject: s\r\rhello", "hello"),
        ("no empty line", "Subject: s\nhello there\n", "hello there"),
        ("an unknown charset", "Content-Type: text/plain; charset=x-none\n\nhello", "hello"),
        ("base64 with rubbish", "Content-Transfer-Encoding: base64\n\naGVs!!bG8\n", "hello"),
    ] {
        assert_eq!(read(raw.as_bytes()).text.trim(), expected, "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(raw: Vec<u8>) {
        let mail = read(&raw);
        quote::unquoted(&mail.text);
    }

    #[test]
    fn any_text_around_mime_words_is_read(parts in proptest::collection::vec(
        proptest::sample::select(vec!["Content-Type: multipart/mixed; boundary=x\n", "\n", "--x", "--x--", "\r\n", "=?iso-2022-jp?B?", "?=", "\u{1b}$B", "From: ", "a@b.c", "Content-Transfer-Encoding: quoted-printable\n", "=", " ", "Content-Type: text/html\n", "<", "--", ">"]), 0..60)) {
        read(parts.concat().as_bytes());
    }
}
