//! A rule file as it is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Titles;
use crate::views::ViewKind;
use crate::{Author, Context, Media, Output, Platform, Post, PostKind, UserId};

/// How far a rule's word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not looked at.
    Off,
    /// Recorded, changes nothing.
    Shadow,
    /// A person looks.
    Review,
    /// Acts, where the confidence suffices.
    Enforce,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    #[serde(default)]
    pub(super) rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InnocentFile {
    pub(super) innocent: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EdgeDefault {
    None,
    Word,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum WithinFile {
    Chars(u32),
    Name(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRegex {
    pub(super) pattern: Spanned<String>,
    pub(super) guard: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) view: Option<ViewKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: Spanned<String>,
    pub(super) title: Titles,
    pub(super) status: Status,
    pub(super) confidence: f32,
    #[serde(default)]
    pub(super) any: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) regex: Vec<RawRegex>,
    #[serde(default)]
    pub(super) all: Vec<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) within: Option<WithinFile>,
    #[serde(default)]
    pub(super) unless: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) unless_near: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) unless_anywhere: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) views: Option<Vec<ViewKind>>,
    #[serde(default)]
    pub(super) edge: Option<EdgeDefault>,
    #[serde(default)]
    pub(super) mask: bool,
    #[serde(default)]
    pub(super) gap: Option<u32>,
    #[serde(default)]
    pub(super) min: Option<u32>,
    #[serde(default)]
    pub(super) score: BTreeMap<Output, f32>,
    #[serde(default)]
    pub(super) act_score: Option<f32>,
    #[serde(default)]
    pub(super) when: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) since: Option<Spanned<String>>,
    pub(super) why: Titles,
    #[serde(default)]
    pub(super) case: CasesFile,
}

/// The cases of a rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasesFile {
    #[serde(default, rename = "match")]
    pub(crate) matching: Vec<Case>,
    #[serde(default)]
    pub(crate) clear: Vec<Case>,
}

/// A text on which a rule must, or must not, fire.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Case {
    /// An answer to us on X by an author of whom nothing is known.
    Text(String),
    /// More of the post.
    Post(Box<CasePost>),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasePost {
    text: String,
    platform: Option<Platform>,
    kind: Option<PostKind>,
    lang: Option<String>,
    name: Option<String>,
    handle: Option<String>,
    description: Option<String>,
    age_days: Option<i64>,
    strikes: Option<u32>,
    posts_last_hour: Option<u32>,
    same_text_last_day: Option<u32>,
    same_text_by_others: Option<u32>,
    reply_to_us: Option<bool>,
    in_our_conversation: Option<bool>,
    media: Option<Media>,
    #[serde(default)]
    links: Vec<String>,
}

impl Case {
    pub(crate) fn text(&self) -> &str {
        match self {
            Case::Text(text) => text,
            Case::Post(post) => &post.text,
        }
    }

    /// The post and context that the case stands for.
    pub(crate) fn build(&self, now: jiff::Timestamp) -> (Post, Context) {
        let case = match self {
            Case::Text(text) => &CasePost { text: text.clone(), ..CasePost::default() },
            Case::Post(post) => post,
        };
        let platform = case.platform.unwrap_or(Platform::X);
        let kind = case.kind.unwrap_or(match platform {
            Platform::X => PostKind::Reply,
            Platform::YouTube => PostKind::Comment,
        });
        let mut author = Author::unknown("case-author");
        author.name.clone_from(&case.name);
        author.handle.clone_from(&case.handle);
        author.description.clone_from(&case.description);
        author.created_at =
            case.age_days.and_then(|days| now.checked_sub(jiff::SignedDuration::from_hours(24 * days)).ok());
        let post = Post {
            platform,
            id: "case".into(),
            target: "case".into(),
            version: "case".into(),
            account: "case-account".into(),
            kind,
            author,
            text: case.text.clone(),
            lang: case.lang.clone(),
            created_at: now,
            edited_at: None,
            conversation: None,
            answers: None,
            answers_user: case.reply_to_us.unwrap_or(true).then(|| UserId("case-account".into())),
            links: case.links.clone(),
            media: case.media.unwrap_or(Media::None),
            held: false,
        };
        let mut context = Context { same_text_by_others: case.same_text_by_others, ..Context::default() };
        context.in_our_conversation = case.in_our_conversation;
        context.author.strikes = case.strikes;
        context.author.posts_last_hour = case.posts_last_hour;
        context.author.same_text_last_day = case.same_text_last_day;
        (post, context)
    }
}
