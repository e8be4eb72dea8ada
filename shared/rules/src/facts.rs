//! Values of the fields that conditions may ask for, worked out only when asked.

use std::sync::Arc;

use cel::Value;
use jiff::Timestamp;

use crate::patterns::Hit;
use crate::rulebook::Rulebook;
use crate::signals::{Emoji, SignalKind, Signals, asks, likeness};
use crate::views::{Views, is_kana, is_latin, is_word};
use crate::{Context, Media, Output, Post, Scores};

/// What a condition is asked about.
pub(crate) struct Facts<'a> {
    pub(crate) post: &'a Post,
    pub(crate) context: &'a Context,
    pub(crate) views: &'a Views,
    pub(crate) signals: &'a Signals,
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) scores: &'a Scores,
    pub(crate) now: Timestamp,
}

impl Facts<'_> {
    /// The value of a field, or `None` where it isn't known.
    pub(crate) fn value(&self, field: &str, hits: &[Hit]) -> Option<Value> {
        let (root, name) = field.split_once('.')?;
        match root {
            "post" => self.post_value(name),
            "text" => Some(self.text_value(name)),
            "links" | "pii" => Some(self.signal_value(name)),
            "author" => self.author_value(name),
            "context" => match name {
                "same_text_by_others" => self.context.same_text_by_others.map(count),
                "answers_ours" => self.context.answered.as_ref().map(|answered| answered.ours.into()),
                _ => None,
            },
            "match" => Some(self.match_value(name, hits)),
            "model" => {
                let output = Output::ALL.iter().find(|output| output.key() == name)?;
                Some(Value::Float(f64::from(self.scores.get(*output))))
            }
            _ => None,
        }
    }

    fn post_value(&self, name: &str) -> Option<Value> {
        let post = self.post;
        match name {
            "platform" => Some(text(post.platform.key())),
            "kind" => serde_json::to_value(post.kind).ok()?.as_str().map(text),
            "lang" => post.lang.as_deref().map(text),
            "reply_to_us" => Some(post.reply_to_us().into()),
            "in_our_conversation" => self.context.in_our_conversation.map(Value::from),
            "has_media" => match post.media {
                Media::Attached => Some(true.into()),
                Media::None => Some(false.into()),
                Media::Unknown => None,
            },
            "edited" => Some((post.id != post.target).into()),
            _ => None,
        }
    }

    fn text_value(&self, name: &str) -> Value {
        let plain = &self.views.plain;
        let chars = || plain.cells.iter().map(|cell| cell.ch);
        let letters = || chars().filter(|c| is_word(*c) && !c.is_numeric()).count();
        let latin = || chars().filter(|c| is_latin(*c)).count();
        match name {
            "chars" => size(plain.cells.len()),
            "lines" => size(plain.text().lines().count()),
            "words" => size(plain.text().split_whitespace().count()),
            "letters" => size(letters()),
            "digits" => size(chars().filter(char::is_ascii_digit).count()),
            "emoji" => size(Emoji::of(plain).count),
            "emoji_run" => size(Emoji::of(plain).row),
            "mentions" => size(self.signals.count(SignalKind::Mention)),
            "hashtags" => size(self.signals.count(SignalKind::Hashtag)),
            "links" => size(self.signals.links.len()),
            "repeat_run" => size(plain.cells.chunk_by(|a, b| a.ch == b.ch).map(<[_]>::len).max().unwrap_or(0)),
            "japanese" => chars().any(is_kana).into(),
            "latin" => (latin() * 2 > letters()).into(),
            "upper_share" => {
                let upper = self.post.text.chars().filter(|c| c.is_uppercase()).count();
                share(upper, latin())
            }
            "link_share" => {
                let bytes = self.signals.links.iter().map(|link| link.span.end - link.span.start).sum();
                share(bytes, self.post.text.trim().len())
            }
            "question" => asks(plain.text()).into(),
            _ => Value::Null,
        }
    }

    fn signal_value(&self, name: &str) -> Value {
        let count = |kind| size(self.signals.count(kind));
        match name {
            "count" => size(self.signals.links.len()),
            "foreign" => count(SignalKind::ForeignLink),
            "shorteners" => count(SignalKind::Shortener),
            "messengers" => count(SignalKind::Messenger),
            "domains" => Value::List(Arc::new(self.signals.links.iter().map(|link| text(&link.domain)).collect())),
            "phones" => count(SignalKind::Phone),
            "emails" => count(SignalKind::Email),
            "cards" => count(SignalKind::Card),
            "ids" => {
                use SignalKind::{BankAccount, Iban, IdNumber, MyNumber, Ssn};
                size(
                    [BankAccount, Iban, IdNumber, MyNumber, Ssn].into_iter().map(|kind| self.signals.count(kind)).sum(),
                )
            }
            "addresses" => {
                size(self.signals.count(SignalKind::PostalAddress).max(self.signals.count(SignalKind::PostalCode)))
            }
            _ => Value::Null,
        }
    }

    fn author_value(&self, name: &str) -> Option<Value> {
        let (author, history) = (&self.post.author, &self.context.author);
        let days = |since: Timestamp| Value::Int(self.now.duration_since(since).as_hours() / 24);
        match name {
            "strikes" => history.strikes.map(count),
            "posts_last_hour" => history.posts_last_hour.map(count),
            "same_text_last_day" => history.same_text_last_day.map(count),
            "age_days" => author.created_at.map(days),
            "known_days" => history.first_seen.map(days),
            "name" => author.name.as_deref().map(text),
            "handle" => author.handle.as_deref().map(text),
            "likeness" => likeness(self.post, self.rulebook.organisation()).map(Value::Float),
            _ => None,
        }
    }

    fn match_value(&self, name: &str, hits: &[Hit]) -> Value {
        let matched = |hit: &Hit| self.post.text.get(hit.start as usize..hit.end as usize).unwrap_or_default();
        match name {
            "count" => size(hits.len()),
            "distinct" => {
                let mut texts: Vec<&str> = hits.iter().map(matched).collect();
                texts.sort_unstable();
                texts.dedup();
                size(texts.len())
            }
            "disguised" => hits.iter().any(|hit| self.is_disguised(hit, matched(hit))).into(),
            "share" => {
                let cells: usize = hits.iter().map(|hit| (hit.to - hit.from) as usize).sum();
                share(cells.min(self.views.compact().cells.len()), self.views.compact().cells.len())
            }
            _ => Value::Null,
        }
    }

    /// Found only by joining, unmasking or reading digits and look-alikes as letters.
    fn is_disguised(&self, hit: &Hit, written: &str) -> bool {
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
