//! Values of the fields that conditions may ask for, worked out only when asked.

use std::sync::Arc;

use cel::Value;
use jiff::Timestamp;

use crate::Media;
use crate::judge::Read;
use crate::patterns::Hit;
use crate::rulebook::Field;
use crate::signals::{Emoji, SignalKind, asks, likeness};
use crate::views::{Class, is_kana, is_word};

impl Read<'_> {
    /// The value of a field, or `None` where it isn't known. `hits` are what matched.
    pub(crate) fn value(&self, field: Field, hits: &[Hit]) -> Option<Value> {
        let (post, context, signals) = (self.post, self.context, &self.signals);
        let (author, history) = (&post.author, &context.author);
        let plain = &self.views.plain;
        let signal = |kind| size(signals.count(kind));
        let score = |output| Value::Float(f64::from(self.scores.get(output)));
        let days = |since: Timestamp| Value::Int(self.now.duration_since(since).as_hours() / 24);
        let known = match field {
            Field::PostPlatform => text(post.platform.key()),
            Field::PostKind => return serde_json::to_value(post.kind).ok()?.as_str().map(text),
            Field::PostLang => return post.lang.as_deref().map(text),
            Field::PostReplyToUs => post.reply_to_us().into(),
            Field::PostInOurConversation => return context.in_our_conversation.map(Value::from),
            Field::PostHasMedia => match post.media {
                Media::Attached => true.into(),
                Media::None => false.into(),
                Media::Unknown => return None,
            },
            Field::PostEdited => (post.id != post.target).into(),
            Field::TextChars => size(plain.chars.len()),
            Field::TextLines => size(plain.text().lines().count()),
            Field::TextWords => size(words(&plain.classes)),
            Field::TextLetters => size(letters(&plain.classes)),
            Field::TextDigits => size(plain.chars.iter().filter(|c| c.is_ascii_digit()).count()),
            Field::TextEmoji => size(Emoji::of(plain).count),
            Field::TextEmojiRun => size(Emoji::of(plain).row),
            Field::TextMentions => signal(SignalKind::Mention),
            Field::TextHashtags => signal(SignalKind::Hashtag),
            Field::TextLinks | Field::LinksCount => size(signals.links.len()),
            Field::TextRepeatRun => size(plain.chars.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap_or(0)),
            Field::TextJapanese => plain.chars.iter().any(|&c| is_kana(c)).into(),
            Field::TextLatin => (latin(&plain.classes) * 2 > letters(&plain.classes)).into(),
            Field::TextUpperShare => {
                let upper = post.text.chars().filter(|c| c.is_uppercase()).count();
                share(upper, latin(&plain.classes))
            }
            Field::TextLinkShare => {
                let bytes = signals.links.iter().map(|link| link.span.end - link.span.start).sum();
                share(bytes, post.text.get(self.views.said..).unwrap_or_default().trim().len())
            }
            Field::TextQuestion => asks(plain).into(),
            Field::LinksForeign => signal(SignalKind::ForeignLink),
            Field::LinksShorteners => signal(SignalKind::Shortener),
            Field::LinksMessengers => signal(SignalKind::Messenger),
            Field::LinksDomains => Value::List(Arc::new(signals.links.iter().map(|link| text(&link.domain)).collect())),
            Field::PiiPhones => signal(SignalKind::Phone),
            Field::PiiEmails => signal(SignalKind::Email),
            Field::PiiCards => signal(SignalKind::Card),
            Field::PiiIds => {
                use SignalKind::{BankAccount, Iban, IdNumber, MyNumber, Ssn};
                size([BankAccount, Iban, IdNumber, MyNumber, Ssn].into_iter().map(|kind| signals.count(kind)).sum())
            }
            Field::PiiAddresses => {
                size(signals.count(SignalKind::PostalAddress).max(signals.count(SignalKind::PostalCode)))
            }
            Field::AuthorStrikes => return history.strikes.map(count),
            Field::AuthorPostsLastHour => return history.posts_last_hour.map(count),
            Field::AuthorSameTextLastDay => return history.same_text_last_day.map(count),
            Field::AuthorAgeDays => return author.created_at.map(days),
            Field::AuthorKnownDays => return history.first_seen.map(days),
            Field::AuthorName => return author.name.as_deref().map(text),
            Field::AuthorHandle => return author.handle.as_deref().map(text),
            Field::AuthorLikeness => return likeness(post, self.rulebook).map(Value::Float),
            Field::ContextSameTextByOthers => return context.same_text_by_others.map(count),
            Field::ContextAnswersOurs => return context.answered.as_ref().map(|answered| answered.ours.into()),
            Field::MatchCount => size(hits.len()),
            Field::MatchDistinct => {
                let mut texts: Vec<&str> = hits.iter().map(|hit| self.matched(hit)).collect();
                texts.sort_unstable();
                texts.dedup();
                size(texts.len())
            }
            Field::MatchDisguised => hits.iter().any(|hit| self.is_disguised(hit)).into(),
            Field::MatchShare => {
                let chars: usize = hits.iter().map(|hit| (hit.to - hit.from) as usize).sum();
                let all = self.views.compact().chars.len();
                share(chars.min(all), all)
            }
            Field::ModelAnyClause => Value::Float(f64::from(self.scores.highest_of_a_clause())),
            Field::Model(output) => score(output),
        };
        Some(known)
    }

    fn matched(&self, hit: &Hit) -> &str {
        self.post.text.get(hit.start as usize..hit.end as usize).unwrap_or_default()
    }

    /// Found only by joining, unmasking or reading digits and look-alikes as letters.
    pub(crate) fn is_disguised(&self, hit: &Hit) -> bool {
        let written = self.matched(hit);
        if hit.masked || hit.view == crate::ViewKind::Lines.bit() {
            return true;
        }
        let (mut latin, mut other, mut japanese, mut breaks) = (false, false, false, false);
        for c in written.chars() {
            latin |= c.is_ascii_alphabetic();
            japanese |= crate::views::is_japanese(c);
            other |= c.is_ascii_digit()
                || matches!(c, '@' | '$' | '!' | '|')
                || (!c.is_ascii() && !crate::views::is_japanese(c));
            breaks |= !is_word(c) && c != ' ' && c != '\'';
        }
        latin && other
            || japanese && breaks
            || hit.view == crate::ViewKind::Joined.bit() && written.contains([' ', '　'])
    }
}

fn letters(classes: &[Class]) -> usize {
    classes.iter().filter(|class| class.is(Class::WORD) && !class.is(Class::NUMERIC)).count()
}

fn latin(classes: &[Class]) -> usize {
    classes.iter().filter(|class| class.is(Class::LATIN)).count()
}

/// Stretches between white space.
fn words(classes: &[Class]) -> usize {
    classes.split(|class| class.is(Class::SPACE)).filter(|word| !word.is_empty()).count()
}

fn text(value: &str) -> Value {
    Value::String(Arc::new(value.to_owned()))
}

fn count(value: u32) -> Value {
    Value::Int(i64::from(value))
}

fn size(value: usize) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn share(part: usize, whole: usize) -> Value {
    Value::Float(if whole == 0 { 0.0 } else { part as f64 / whole as f64 })
}
