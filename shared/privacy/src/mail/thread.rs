//! To which file a mail belongs: the token in the address it went to, the ids it answers, the ticket in its subject.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Address, Mail};

/// Crockford's base32: no letter that reads as a digit.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TICKET_LENGTH: usize = 10;

/// The number by which a person names a file, `SK-` and ten characters, 50 random bits.
/// It opens nothing by itself: the status needs a secret as well.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketId(String);

/// The text is no ticket number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket number")]
pub struct NotATicket;

impl TicketId {
    /// A new number from seven random bytes.
    pub fn from_random(bytes: [u8; 7]) -> Self {
        let bits = bytes.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let digits = (0..TICKET_LENGTH).map(|index| char::from(ALPHABET[(bits >> (5 * index) & 31) as usize]));
        Self(format!("SK-{}", digits.collect::<String>()))
    }

    /// Reads a number as people write it: any case and width, `O` for `0`, `I` and `L` for `1`.
    ///
    /// # Errors
    /// [`NotATicket`].
    pub fn parse(text: &str) -> Result<Self, NotATicket> {
        use unicode_normalization::UnicodeNormalization;
        let text: String = text.trim().nfkc().collect::<String>().to_uppercase();
        let digits = text.strip_prefix("SK-").ok_or(NotATicket)?;
        let digits: String = digits
            .chars()
            .map(|c| match c {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let valid = digits.len() == TICKET_LENGTH && digits.bytes().all(|byte| ALPHABET.contains(&byte));
        if valid { Ok(Self(format!("SK-{digits}"))) } else { Err(NotATicket) }
    }

    /// All ticket numbers in a text, in their order, each once.
    pub fn find_all(text: &str) -> Vec<Self> {
        use unicode_normalization::UnicodeNormalization;
        let text: String = text.nfkc().collect::<String>().to_uppercase();
        let mut found = Vec::new();
        for (at, prefix) in text.match_indices("SK-") {
            let word: String = text[at + prefix.len()..].chars().take_while(char::is_ascii_alphanumeric).collect();
            if let Ok(ticket) = Self::parse(&format!("SK-{word}"))
                && !found.contains(&ticket)
            {
                found.push(ticket);
            }
        }
        found
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for TicketId {
    type Error = NotATicket;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<TicketId> for String {
    fn from(ticket: TicketId) -> Self {
        ticket.0
    }
}

/// Keys by which a file is looked up, the surest first. A match from an address other than the file's own must not
/// reveal or advance anything; that check is the caller's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadKey {
    /// The part after `+` of the address the mail went to.
    Token(String),
    /// An id that the mail answers, the nearest first.
    MessageId(String),
    /// A number in the subject.
    Ticket(TicketId),
}

/// All keys of a mail in the order in which they are tried. `recipients` are those of the SMTP envelope.
pub fn keys(mail: &Mail, recipients: &[Address]) -> Vec<ThreadKey> {
    let tokens =
        recipients.iter().filter_map(|address| Some(ThreadKey::Token(address.local().split_once('+')?.1.to_owned())));
    let ids = mail.in_reply_to.iter().chain(mail.references.iter().rev());
    let mut keys: Vec<ThreadKey> = tokens.collect();
    for key in ids.map(|id| ThreadKey::MessageId(id.clone())) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.extend(TicketId::find_all(&mail.subject).into_iter().map(ThreadKey::Ticket));
    keys
}

/// The subject without the prefixes of answers and forwards, Japanese ones included.
pub fn bare_subject(subject: &str) -> &str {
    const PREFIXES: [&str; 10] = ["re", "fwd", "fw", "aw", "返信", "転送", "ﾚ", "回复", "答复", "sv"];
    let mut rest = subject.trim();
    'strip: loop {
        let Some(colon) = rest.find([':', '：']) else { return rest };
        let head = rest[..colon].trim().to_lowercase();
        let name =
            head.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '^' | '(' | ')' | '*'));
        for prefix in PREFIXES {
            if name == prefix {
                let after = rest[colon..].chars().next().map_or(0, char::len_utf8);
                rest = rest[colon + after..].trim_start();
                continue 'strip;
            }
        }
        return rest;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_answers_fall_away() {
        for subject in ["Re: 開示", "RE^2: 開示", "Re[2]: 開示", "返信：転送: 開示", "Fwd: Re: 開示", "開示"]
        {
            assert_eq!(bare_subject(subject), "開示", "{subject}");
        }
        assert_eq!(bare_subject("質問: 開示"), "質問: 開示");
    }

    #[test]
    fn a_ticket_is_found_as_people_write_it() {
        let ticket = TicketId::from_random([1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(TicketId::parse(&ticket.to_string()), Ok(ticket.clone()));
        let subject = format!("Re: 【{}】について", ticket.to_string().to_lowercase());
        assert_eq!(TicketId::find_all(&subject), [ticket]);
        assert_eq!(TicketId::find_all("ＳＫ－００００００００００"), [TicketId::parse("SK-0000000000").unwrap()]);
        assert_eq!(TicketId::parse("sk-OOOOOIIIII"), TicketId::parse("SK-0000011111"));
        for text in ["SK-123", "SK-123456789U", "SK-12345678901", "XK-1234567890"] {
            assert_eq!(TicketId::parse(text), Err(NotATicket), "{text}");
        }
        assert!(TicketId::find_all("TASK-12345678901 SK-12345678901").is_empty());
    }

    #[test]
    fn token_comes_before_answered_id_before_ticket() {
        let mail = crate::mail::read(
            b"From: a@example.jp\nIn-Reply-To: <b@x>\nReferences: <a@x> <b@x>\nSubject: Re: SK-0000000000\n\nhello",
        );
        let recipients =
            [Address::parse("privacy+k7@example.jp").unwrap(), Address::parse("privacy@example.jp").unwrap()];
        let expected = [
            ThreadKey::Token("k7".into()),
            ThreadKey::MessageId("b@x".into()),
            ThreadKey::MessageId("a@x".into()),
            ThreadKey::Ticket(TicketId::parse("SK-0000000000").unwrap()),
        ];
        assert_eq!(keys(&mail, &recipients), expected);
    }
}
