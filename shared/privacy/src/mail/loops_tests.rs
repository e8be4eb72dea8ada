//! Each rule of silence alone, and the order where several apply.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::mail::read;

fn own() -> [Address; 1] {
    [Address::parse("privacy@desk.example").unwrap()]
}

fn passed() -> Envelope {
    Envelope { source: "taro@example.jp".into(), dmarc: Verdict::Pass, ..Envelope::default() }
}

fn decided(head: &str, text: &str, envelope: &Envelope, answers_us: bool) -> Answering {
    let raw = format!("From: Taro <taro@example.jp>\n{head}\n\n{text}");
    decide(&read(raw.as_bytes()), envelope, &own(), answers_us, Sent::default())
}

#[test]
fn an_ordinary_mail_may_be_answered() {
    let expected = Answering::MayAnswer(Address::parse("taro@example.jp").unwrap());
    assert_eq!(decided("Subject: 開示請求", "お願いします", &passed(), false), expected);
    for head in
        ["Auto-Submitted: no", "Auto-Submitted: No (really)", "Precedence: normal", "Subject: 自動返信について質問"]
    {
        assert_eq!(decided(head, "お願いします", &passed(), false), expected, "{head}");
    }
}

#[test]
fn each_mark_silences_with_its_reason() {
    for (head, reason) in [
        ("Return-Path: <>", Silence::NullReturnPath),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Silence::DeliveryReport),
        ("Content-Type: multipart/report; report-type=\"disposition-notification\"", Silence::ReadReceipt),
        ("Content-Type: multipart/report; report-type=feedback-report", Silence::ComplaintReport),
        ("Content-Type: message/delivery-status", Silence::DeliveryReport),
        ("Auto-Submitted: auto-replied", Silence::AutoSubmitted),
        ("AUTO-SUBMITTED: Auto-Generated (failure)", Silence::AutoSubmitted),
        ("auto-submitted: auto-generated; x=y", Silence::AutoSubmitted),
        ("Precedence: BULK", Silence::Precedence),
        ("Precedence: auto_reply", Silence::Precedence),
        ("List-Id: <x.example>", Silence::MailingList),
        ("List-Unsubscribe: <mailto:x@example>", Silence::MailingList),
        ("X-Auto-Response-Suppress: All", Silence::AutoResponder),
        ("X-Autoreply: yes", Silence::AutoResponder),
        ("X-Loop: privacy@desk.example", Silence::LoopMark),
        ("Sender: no-reply@example.jp", Silence::MachineSender),
        ("Reply-To: Privacy+x@DESK.example", Silence::OurOwnAddress),
        ("From: other@example.jp", Silence::NoSingleSender),
        ("X-Failed-Recipients: a@b.c", Silence::BounceText),
        ("Subject: Undelivered Mail Returned to Sender", Silence::BounceText),
        ("Subject: =?utf-8?B?6YWN5L+h5LiN6IO9?=", Silence::BounceText),
    ] {
        assert_eq!(decided(head, "text", &passed(), false), Answering::Silent(reason), "{head}");
    }
}

#[test]
fn auto_reply_subjects_count_only_as_answers_to_us() {
    for subject in ["Automatic reply: receipt", "Out of Office", "Auto: x", "=?utf-8?B?44CQ6Ieq5YuV6L+U5L+h44CR?="] {
        let head = format!("Subject: {subject}");
        assert_eq!(decided(&head, "", &passed(), true), Answering::Silent(Silence::AutoReplySubject), "{subject}");
        assert!(matches!(decided(&head, "", &passed(), false), Answering::MayAnswer(_)), "{subject}");
    }
}

#[test]
fn machines_and_ourselves_are_not_answered() {
    for from in ["MAILER-DAEMON@x.jp", "postmaster@x.jp", "No-Reply@x.jp", "do_not_reply@x.jp", "bounce+abc@x.jp"] {
        let mail = read(format!("From: {from}\n\ntext").as_bytes());
        let answer = decide(&mail, &passed(), &own(), false, Sent::default());
        assert_eq!(answer, Answering::Silent(Silence::MachineSender), "{from}");
    }
    let mail = read(b"From: privacy+k7@desk.example\n\ntext");
    assert_eq!(decide(&mail, &passed(), &own(), false, Sent::default()), Answering::Silent(Silence::OurOwnAddress));
}

#[test]
fn without_proof_of_the_sender_nothing_goes_out() {
    let base = Envelope { source: "x@mail.example.jp".into(), ..Envelope::default() };
    let pass = Verdict::Pass;
    let silent = Answering::Silent(Silence::NotAuthenticated);
    let signed = "DKIM-Signature: v=1; d=example.jp; s=a";
    for (name, head, envelope, may) in [
        ("nothing", "X: y", base.clone(), false),
        ("aligned spf", "X: y", Envelope { spf: pass, ..base.clone() }, true),
        ("spf of another", "X: y", Envelope { spf: pass, source: "x@evil.example".into(), ..base.clone() }, false),
        (
            "spf of a look-alike",
            "X: y",
            Envelope { spf: pass, source: "x@notexample.jp".into(), ..base.clone() },
            false,
        ),
        ("aligned dkim", signed, Envelope { dkim: pass, ..base.clone() }, true),
        ("dkim unsigned", "X: y", Envelope { dkim: pass, ..base.clone() }, false),
        (
            "one of two signatures is another's",
            "DKIM-Signature: v=1; d=example.jp\nDKIM-Signature: v=1; d=evil.example",
            Envelope { dkim: pass, ..base.clone() },
            false,
        ),
        ("dmarc failed", signed, Envelope { spf: pass, dkim: pass, dmarc: Verdict::Fail, ..base.clone() }, false),
    ] {
        let answer = decided(head, "text", &envelope, false);
        assert_eq!(matches!(answer, Answering::MayAnswer(_)), may, "{name}");
        assert_eq!(answer == silent, !may, "{name}");
    }
}

#[test]
fn verdicts_and_caps() {
    let sent = |in_thread, to_sender, to_all| Sent { in_thread, to_sender, to_all };
    let mail = read(b"From: taro@example.jp\n\ntext");
    let with = |envelope: &Envelope, sent| decide(&mail, envelope, &own(), false, sent);
    for (envelope, sent, reason) in [
        (Envelope { virus: Verdict::Fail, ..passed() }, Sent::default(), Silence::Virus),
        (Envelope { spam: Verdict::Fail, ..passed() }, Sent::default(), Silence::Spam),
        (Envelope { source: String::new(), ..passed() }, Sent::default(), Silence::NullReturnPath),
        (Envelope { source: "<>".into(), ..passed() }, Sent::default(), Silence::NullReturnPath),
        (passed(), sent(MAX_IN_THREAD, 0, 0), Silence::SentEnough),
        (passed(), sent(0, MAX_TO_SENDER, 0), Silence::SentEnough),
        (passed(), sent(0, 0, MAX_TO_ALL), Silence::SentEnough),
    ] {
        assert_eq!(with(&envelope, sent), Answering::Silent(reason));
    }
    assert!(matches!(with(&passed(), sent(0, MAX_TO_SENDER - 1, MAX_TO_ALL - 1)), Answering::MayAnswer(_)));
    assert_eq!(Verdict::from_status(Some("pass")), Verdict::Unknown);
    assert_eq!(Verdict::from_status(Some("GRAY")), Verdict::Unknown);
    assert_eq!(Verdict::from_status(None), Verdict::Unknown);
}
