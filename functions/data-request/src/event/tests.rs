//! Events with fields dropped or of other shapes never fail, and an unknown verdict never passes.
#![allow(clippy::unwrap_used)]

use privacy::desk::Fate;
use privacy::mail::loops::Verdict;
use serde_json::json;

use super::*;

fn ses() -> Value {
    json!({"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
        "mail": {"timestamp": "2026-11-24T00:00:00.000Z", "source": "taro@example.jp", "messageId": "o3vrnil0e2ic28tr",
            "destination": ["privacy@desk.example"], "headersTruncated": false, "headers": [],
            "commonHeaders": {"returnPath": "taro@example.jp", "from": ["taro@example.jp"], "subject": "x"}},
        "receipt": {"timestamp": "2026-11-24T00:00:01.000Z", "processingTimeMillis": 574,
            "recipients": ["privacy+k7@desk.example"], "spamVerdict": {"status": "PASS"},
            "virusVerdict": {"status": "PASS"}, "spfVerdict": {"status": "PASS"}, "dkimVerdict": {"status": "GRAY"},
            "dmarcVerdict": {"status": "PASS"},
            "action": {"type": "Lambda", "functionArn": "arn", "invocationType": "Event"}}}}]})
}

fn receipt(event: Value) -> Option<Receipt> {
    match Woken::from(event) {
        Woken::Mail(mut receipts) => receipts.pop(),
        other @ (Woken::Reports(_) | Woken::Other(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_receipt_has_envelope_and_verdicts() {
    let receipt = receipt(ses()).unwrap();
    assert_eq!((receipt.key.as_str(), receipt.envelope.source.as_str()), ("mail/o3vrnil0e2ic28tr", "taro@example.jp"));
    assert_eq!(receipt.recipients[0].local(), "privacy+k7");
    assert_eq!(receipt.arrived.unwrap().to_string(), "2026-11-24T00:00:01Z");
    assert_eq!((receipt.envelope.dmarc, receipt.envelope.dkim), (Verdict::Pass, Verdict::Unknown));
}

#[test]
fn every_field_may_be_missing_or_odd() {
    let pointers = [
        "/Records/0/ses/mail/timestamp",
        "/Records/0/ses/mail/source",
        "/Records/0/ses/mail/destination",
        "/Records/0/ses/mail/commonHeaders",
        "/Records/0/ses/receipt",
        "/Records/0/ses/receipt/timestamp",
        "/Records/0/ses/receipt/recipients",
        "/Records/0/ses/receipt/spamVerdict",
        "/Records/0/ses/receipt/dmarcVerdict",
        "/Records/0/ses/receipt/dmarcVerdict/status",
    ];
    for pointer in pointers {
        for odd in [Value::Null, json!(7), json!([7]), json!({"status": 7}), json!("PASSED")] {
            let mut event = ses();
            *event.pointer_mut(pointer).unwrap() = odd;
            let receipt = receipt(event).unwrap_or_else(|| panic!("{pointer}"));
            assert!(!pointer.contains("dmarc") || receipt.envelope.dmarc == Verdict::Unknown, "{pointer}");
        }
    }
    for id in [json!(""), json!("../../secrets"), Value::Null, json!(7)] {
        let mut event = ses();
        event["Records"][0]["ses"]["mail"]["messageId"] = id;
        assert!(receipt(event).is_none());
    }
}

#[test]
fn a_stored_mail_alone_vouches_for_nobody() {
    let event = json!({"Records": [{"eventSource": "aws:s3", "eventTime": "2026-11-24T00:00:02.000Z",
        "s3": {"bucket": {"name": "mail"}, "object": {"key": "mail/o3vrnil0e2ic28tr", "size": 7}}}]});
    let receipt = receipt(event).unwrap();
    assert_eq!((receipt.id.as_str(), receipt.envelope.dmarc), ("o3vrnil0e2ic28tr", Verdict::Unknown));
}

#[test]
fn reports_come_by_sns_and_by_eventbridge() {
    let bounce = json!({"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}, "mail": {"messageId": "m1"}});
    let expected = Report { id: "m1".to_owned(), fate: Fate::Bounced { permanent: true } };
    let sns = json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": bounce.to_string()}}]});
    let bridge = json!({"source": "aws.ses", "detail-type": "Email Bounced", "detail": bounce});
    for event in [sns, bridge] {
        let Woken::Reports(reports) = Woken::from(event) else { panic!("no reports") };
        assert_eq!(reports, vec![expected.clone()]);
    }
    let sent = json!({"source": "aws.ses", "detail": {"eventType": "Send", "mail": {"messageId": "m1"}}});
    let Woken::Reports(reports) = Woken::from(sent) else { panic!("no reports") };
    assert!(reports.is_empty());
}

#[test]
fn other_events_are_left_to_their_kind() {
    let tick = json!({"detail-type": "Scheduled Event", "source": "aws.scheduler", "resources": []});
    assert!(matches!(Woken::from(tick), Woken::Other(Trigger::Schedule(_))));
    assert!(matches!(Woken::from(json!(7)), Woken::Other(Trigger::Unsupported(_))));
}
