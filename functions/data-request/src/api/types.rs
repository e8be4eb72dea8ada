//! What goes in and out, with exactly the forms that the description tells.

use std::sync::LazyLock;

use privacy::law::Right;
use regex::Regex;
use serde::de::{Error, IntoDeserializer, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// A text type that takes what its pattern takes, and says so in the description.
macro_rules! text {
    ($(#[doc = $doc:literal])* $name:ident, $pattern:literal, $longest:literal) => {
        $(#[doc = $doc])*
        #[derive(Clone)]
        pub(crate) struct $name(pub(crate) String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
                let text = String::deserialize(deserializer)?;
                let fits = text.chars().count() <= $longest && PATTERN.as_ref().is_some_and(|p| p.is_match(&text));
                let expected = concat!("a text of at most ", $longest, " characters that matches ", $pattern);
                if fits { Ok($name(text)) } else { Err(D::Error::invalid_value(Unexpected::Str(&text), &expected)) }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern));
                schema.max_length(Some($longest)).description(Some(concat!($($doc),*).trim())).build().into()
            }
        }

        impl ToSchema for $name {}
    };
}

text!(
    /// A handle with or without the at sign, a numeric user id on X, or a channel id on YouTube.
    AccountName, "^@?[A-Za-z0-9_.-]{1,40}$", 41
);
text!(
    /// The address of a post on X or of a comment on YouTube.
    PostAddress,
    "^https://((x|twitter)\\.com/[A-Za-z0-9_]{1,15}/status/[0-9]{1,19}|www\\.youtube\\.com/watch\\?v=[A-Za-z0-9_-]{11}&lc=[A-Za-z0-9_.-]{10,80})$",
    200
);
text!(
    /// Where letters go. Needed by nothing: state and package can be asked for with the secret.
    Mailbox,
    "^[A-Za-z0-9_+-]{1,32}(\\.[A-Za-z0-9_+-]{1,32}){0,3}@[a-z0-9-]{1,40}(\\.[a-z0-9-]{1,40}){1,3}$",
    254
);

/// A word of a closed list, told as a text. Serde alone would take an object with the word as its key, too.
#[derive(Clone, Copy)]
pub(crate) struct Word<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        T::deserialize(word.into_deserializer()).map(Word)
    }
}

/// One of the rights that the law file knows.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub(crate) struct AskedRight(pub(crate) Right);

impl<'de> Deserialize<'de> for AskedRight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Word::deserialize(deserializer).map(|Word(right)| AskedRight(right))
    }
}

impl PartialSchema for AskedRight {
    fn schema() -> RefOr<Schema> {
        let codes = Right::ALL.iter().map(|right| serde_json::to_value(right).unwrap_or_default());
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
        schema.description(Some("A right, by the code that the law file gives it.")).build().into()
    }
}

impl ToSchema for AskedRight {}

/// A moment, RFC 3339 in UTC.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub(crate) struct Moment(pub(crate) jiff::Timestamp);

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build().into()
    }
}

impl ToSchema for Moment {}

/// A platform.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PlatformName {
    /// X.
    X,
    /// YouTube.
    Youtube,
}

impl From<PlatformName> for rules::Platform {
    fn from(name: PlatformName) -> Self {
        match name {
            PlatformName::X => rules::Platform::X,
            PlatformName::Youtube => rules::Platform::YouTube,
        }
    }
}

/// The language of letters.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LanguageName {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

/// The form of a disclosure.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FormName {
    /// A document and a page, fetched by an address.
    Electronic,
    /// On paper, by post.
    Paper,
    /// Another way, to be agreed upon.
    Other,
}
