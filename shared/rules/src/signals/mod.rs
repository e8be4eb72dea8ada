//! What else there is in a post besides words: links, contact and personal data, shape, names.

mod checks;
mod clue;
mod domains;
mod hints;
mod kind;
mod links;
mod names;
mod numbers;
mod places;
mod shape;
mod spelled;
#[cfg(test)]
mod tests;

pub(crate) use clue::{Clue, Clues};
pub(crate) use kind::SignalHit;
pub use kind::SignalKind;
pub(crate) use links::Link;
pub(crate) use names::{letters, likeness};
pub(crate) use shape::{Emoji, asks};

use hints::Hints;

use crate::rulebook::Rulebook;
use crate::views::{Class, View, Views};
use crate::{Media, Post, Span};

/// Everything that was found in one post.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    pub(crate) hits: Vec<SignalHit>,
    pub(crate) links: Vec<Link>,
}

impl Signals {
    pub(crate) fn count(&self, kind: SignalKind) -> usize {
        self.hits.iter().filter(|hit| hit.kind == kind).count()
    }

    fn push(&mut self, kind: SignalKind, span: Span) {
        self.hits.push(SignalHit { kind, span });
    }

    /// Looks for every signal that some rule asks for. `clues` are those of the plain view.
    pub(crate) fn of(post: &Post, views: &Views, clues: Clues, rulebook: &Rulebook) -> Signals {
        let wanted = |kind| rulebook.index.wants(kind);
        let mut signals = Signals::default();
        let hints = Hints::of(&views.plain, clues);
        links::find(post, views, rulebook.organisation(), &hints, &mut signals);
        if hints.has(b"@#") {
            shape::handles(&views.plain, &mut signals);
        }
        if hints.has(b"@") {
            places::emails(&views.plain, &mut signals);
        }
        if hints.digits > 0 {
            numbers::find(&views.plain, &hints, &wanted, &mut signals);
            places::find(&post.text, &views.plain, &hints, &wanted, &mut signals);
        }
        if signals.count(SignalKind::Phone) == 0 && hints.has_class(Class::JAPANESE) {
            spelled::find(&views.plain, &mut signals);
        }
        if hints.has_clue(Clue::Service) && wanted(SignalKind::HandleId) {
            places::handle_ids(&views.plain, &mut signals);
        }
        shape::find(&post.text, &views.plain, &hints, &wanted, &mut signals);
        names::find(post, rulebook, &mut signals);
        if post.media == Media::Attached {
            signals.push(SignalKind::Image, NOWHERE);
        }
        signals.push(SignalKind::Always, NOWHERE);
        signals
    }
}

pub(crate) const NOWHERE: Span = Span { start: 0, end: 0 };

/// The original bytes of a byte range of a view.
fn original(view: &View, start: usize, end: usize) -> Span {
    view.span(view.char_at(start), view.char_at(end))
}
