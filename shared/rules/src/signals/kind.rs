//! The closed list of signals, by the names that rules use.

use crate::Span;

/// A signal and its place in the original text; an empty span where it isn't in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignalHit {
    pub(crate) kind: SignalKind,
    pub(crate) span: Span,
}

macro_rules! kinds {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// What a signal found, besides the words of rules.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SignalKind {
            $(#[doc = $doc] $variant,)*
        }

        impl SignalKind {
            /// Every signal.
            pub const ALL: &'static [SignalKind] = &[$(SignalKind::$variant,)*];

            /// The name as rules write it, without the angle brackets.
            pub fn key(self) -> &'static str {
                match self {
                    $(SignalKind::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    Link "link" "Any link.";
    ForeignLink "foreign_link" "A link that is neither ours, a platform's nor a well-known source's.";
    PublicLink "public_link" "A link to a well-known source: news, reference, music services, tickets, maps, authorities.";
    Shortener "shortener" "A link of a URL shortener.";
    Fundraiser "fundraiser" "A link to a page that raises money.";
    Messenger "messenger" "A link that opens a chat or a group.";
    Punycode "punycode" "An internationalised host that looks like Latin or mixes scripts.";
    Lookalike "lookalike" "A domain that looks like ours or a known brand's.";
    IpLink "ip_link" "A link to a bare IP address.";
    Executable "executable" "A link to a program or archive.";
    RiskyDomain "risky_domain" "A domain made like those of phishing.";
    Defanged "defanged" "A link spelled so that it is none.";
    Email "email" "An e-mail address.";
    Phone "phone" "A telephone number.";
    PostalCode "postal_code" "A Japanese postal code.";
    PostalAddress "postal_address" "A postal address.";
    MyNumber "my_number" "A My Number with a correct check digit.";
    Card "card" "A payment card number with a correct check digit.";
    Iban "iban" "An IBAN with correct check digits.";
    BankAccount "bank_account" "A bank account.";
    Ssn "ssn" "A United States social security number.";
    IpAddress "ip_address" "An IP address.";
    IdNumber "id_number" "A passport, licence or plate number.";
    Mention "mention" "An @handle.";
    Hashtag "hashtag" "A #hashtag.";
    ManyMentions "many_mentions" "Five or more handles.";
    ManyHashtags "many_hashtags" "Five or more hashtags.";
    EmojiWall "emoji_wall" "Rows of emoji.";
    Repeat "repeat" "The same unit over and over, or a wall of one sign or two.";
    Gibberish "gibberish" "A long run of characters without a word.";
    Injection "injection" "Script, SQL or template injection.";
    Wallet "wallet" "An address of a crypto wallet.";
    NameLikeOurs "name_like_ours" "The author's name or handle looks like ours.";
    ClaimsOfficial "claims_official" "The author's name or handle claims to be official.";
    Competitor "competitor" "A competitor's name.";
    Product "product" "A product of ours.";
    Stakeholder "stakeholder" "A stakeholder's name.";
    OurName "our_name" "Our own name.";
    Image "image" "A picture or film is attached.";
    Digits "digits" "Four or more digits in a row.";
    Money "money" "An amount of money.";
    Percent "percent" "A percentage.";
    HandleId "handle_id" "An account id given for contact.";
    Question "question" "The post asks.";
    Always "always" "Always there.";
}

impl std::str::FromStr for SignalKind {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        SignalKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.key() == key)
            .ok_or_else(|| format!("no signal is called <{key}>"))
    }
}
