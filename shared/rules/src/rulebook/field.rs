//! The closed list of fields that a condition may name. Where they are documented: rulebook/README.md.

use crate::Output;

macro_rules! fields {
    ($($field:ident $name:literal;)*) => {
        /// Something that a condition may ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Field {
            $($field,)*
            /// A score of the model.
            Model(Output),
        }

        impl Field {
            const BUT_SCORES: &'static [Field] = &[$(Field::$field,)*];

            /// As conditions write it.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Field::$field => $name,)*
                    Field::Model(output) => output.field(),
                }
            }
        }
    };
}

fields! {
    PostPlatform "post.platform";
    PostKind "post.kind";
    PostLang "post.lang";
    PostReplyToUs "post.reply_to_us";
    PostInOurConversation "post.in_our_conversation";
    PostHasMedia "post.has_media";
    PostEdited "post.edited";
    TextChars "text.chars";
    TextLines "text.lines";
    TextWords "text.words";
    TextLetters "text.letters";
    TextDigits "text.digits";
    TextEmoji "text.emoji";
    TextMentions "text.mentions";
    TextHashtags "text.hashtags";
    TextLinks "text.links";
    TextEmojiRun "text.emoji_run";
    TextRepeatRun "text.repeat_run";
    TextJapanese "text.japanese";
    TextLatin "text.latin";
    TextUpperShare "text.upper_share";
    TextLinkShare "text.link_share";
    TextQuestion "text.question";
    LinksCount "links.count";
    LinksForeign "links.foreign";
    LinksShorteners "links.shorteners";
    LinksMessengers "links.messengers";
    LinksDomains "links.domains";
    PiiPhones "pii.phones";
    PiiEmails "pii.emails";
    PiiCards "pii.cards";
    PiiIds "pii.ids";
    PiiAddresses "pii.addresses";
    AuthorStrikes "author.strikes";
    AuthorPostsLastHour "author.posts_last_hour";
    AuthorSameTextLastDay "author.same_text_last_day";
    AuthorAgeDays "author.age_days";
    AuthorKnownDays "author.known_days";
    AuthorName "author.name";
    AuthorHandle "author.handle";
    AuthorLikeness "author.likeness";
    ContextSameTextByOthers "context.same_text_by_others";
    ContextAnswersOurs "context.answers_ours";
    MatchCount "match.count";
    MatchDistinct "match.distinct";
    MatchDisguised "match.disguised";
    MatchShare "match.share";
    ModelAnyClause "model.any_clause";
}

impl Field {
    /// Every field.
    pub(crate) fn all() -> impl Iterator<Item = Field> {
        Field::BUT_SCORES.iter().copied().chain(Output::ALL.iter().copied().map(Field::Model))
    }

    pub(crate) fn of(name: &str) -> Option<Field> {
        Field::all().find(|field| field.name() == name)
    }

    /// Whether it is about what matched.
    pub(crate) fn is_about_matches(self) -> bool {
        matches!(self, Field::MatchCount | Field::MatchDistinct | Field::MatchDisguised | Field::MatchShare)
    }
}
