//! What became of a letter, as SES publishes it to SNS or EventBridge.

use privacy::desk::Fate;
use serde_json::Value;

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// SES's id of the letter.
    pub id: String,
    /// What became of it.
    pub fate: Fate,
}

impl Report {
    /// Reads the event's own JSON: `eventType` where a configuration set publishes it, `notificationType` where an
    /// identity does. `None` for events that change nothing, such as `Send`.
    pub(super) fn read(message: &Value) -> Option<Self> {
        let kind = message.get("eventType").or_else(|| message.get("notificationType"))?.as_str()?;
        let fate = match kind {
            "Delivery" => Fate::Delivered,
            "DeliveryDelay" => Fate::Delayed,
            "Bounce" => Fate::Bounced { permanent: message["bounce"]["bounceType"] == "Permanent" },
            "Complaint" => Fate::Complained,
            "Reject" => Fate::Rejected,
            _ => return None,
        };
        Some(Self { id: message["mail"]["messageId"].as_str()?.to_owned(), fate })
    }
}
