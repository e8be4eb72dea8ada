//! Addresses as opaque text: compared, answered, never logged. Old Japanese carrier addresses break the grammar.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Domains of mobile carriers, which issued local parts like `a..b` and `a.` until 2009.
const CARRIERS: [&str; 11] = [
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "vodafone.ne.jp",
    "disney.ne.jp",
    "ymobile.ne.jp",
    "ymobile1.ne.jp",
    "willcom.com",
    "pdx.ne.jp",
];

/// An e-mail address. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    local: String,
    domain: String,
}

/// The text is no address that could be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnAddress;

impl Address {
    /// Reads `local@domain`. The local part is kept as it is, whatever RFC 5321 says of it; the domain is lowered.
    ///
    /// # Errors
    /// [`NotAnAddress`] without exactly one local part and domain, with control or bidirectional characters or
    /// blanks, or longer than 320 bytes.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim().trim_start_matches('<').trim_end_matches('>');
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let local = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(local);
        let bad = |c: char| {
            c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '\\') || is_bidi_control(c)
        };
        let bad_domain = domain.is_empty() || domain.starts_with('.') || domain.ends_with('.') || domain.contains("..");
        if local.is_empty()
            || local.contains('@')
            || bad_domain
            || text.len() > 320
            || text.chars().any(|c| bad(c) && c != '"')
            || local.chars().any(bad)
        {
            return Err(NotAnAddress);
        }
        Ok(Self { local: local.to_owned(), domain: domain.to_lowercase() })
    }

    /// What stands before the `@`, without quotes.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether a Japanese mobile carrier runs the domain: answers often bounce there, as unknown senders are refused.
    pub fn is_carrier(&self) -> bool {
        CARRIERS.iter().any(|carrier| self.domain == *carrier || self.domain.ends_with(&format!(".{carrier}")))
    }

    /// The address as it goes into a `To` field: a local part that is no dot-atom is quoted.
    pub fn to_header(&self) -> String {
        let dots = self.local.starts_with('.') || self.local.ends_with('.') || self.local.contains("..");
        let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if dots || !self.local.chars().all(atom) {
            format!("\"{}\"@{}", self.local, self.domain)
        } else {
            format!("{}@{}", self.local, self.domain)
        }
    }

    /// The mailbox that it leads to, as text: the local part in lower case, without `+tag`.
    pub fn mailbox(&self) -> String {
        let base = self.local.split('+').next().unwrap_or_default().to_lowercase();
        format!("{base}@{}", self.domain)
    }

    /// Whether both lead to one mailbox.
    pub fn same_mailbox(&self, other: &Address) -> bool {
        self.mailbox() == other.mailbox()
    }
}

/// Characters that reorder text on the screen and so can disguise a name.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl TryFrom<String> for Address {
    type Error = NotAnAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        format!("{}@{}", address.local, address.domain)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Address(hidden)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn carrier_addresses_are_kept_and_quoted_in_the_answer() {
        for (text, header) in [
            ("foo.@docomo.ne.jp", "\"foo.\"@docomo.ne.jp"),
            ("a..b@EZWEB.ne.jp", "\"a..b\"@ezweb.ne.jp"),
            ("\"a..b\"@ezweb.ne.jp", "\"a..b\"@ezweb.ne.jp"),
            ("a-b_c/d@t.vodafone.ne.jp", "a-b_c/d@t.vodafone.ne.jp"),
        ] {
            let address = Address::parse(text).unwrap();
            assert!(address.is_carrier(), "{text}");
            assert_eq!(address.to_header(), header);
        }
        assert!(!Address::parse("a@notdocomo.ne.jp").unwrap().is_carrier());
    }

    #[test]
    fn what_could_smuggle_a_header_or_a_second_address_is_refused() {
        for text in ["", "a", "@b", "a@", "a@b@c", "a b@c.d", "a\r\nBcc: x@y", "a@b..c", "a@b,c@d", "\u{202E}a@b.c"] {
            assert_eq!(Address::parse(text), Err(NotAnAddress), "{text:?}");
        }
    }

    #[test]
    fn debug_hides_the_address() {
        assert_eq!(format!("{:?}", Address::parse("taro@example.jp").unwrap()), "Address(hidden)");
    }
}
