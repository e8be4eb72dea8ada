//! What else there is in a post besides words: links, contact and personal data, shape, names.

mod checks;
mod domains;
mod kind;
mod links;
mod names;
mod numbers;
mod places;
mod shape;

pub(crate) use kind::SignalHit;
pub use kind::SignalKind;
pub(crate) use links::Link;
pub(crate) use names::likeness;
pub(crate) use shape::{Emoji, asks};

use crate::rulebook::Organisation;
use crate::views::{View, Views};
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

    /// Looks for every signal that `wanted` names.
    pub(crate) fn of(
        post: &Post,
        views: &Views,
        organisation: &Organisation,
        wanted: impl Fn(SignalKind) -> bool,
    ) -> Signals {
        let mut signals = Signals::default();
        let hints = Hints::of(&views.plain.text);
        links::find(post, views, organisation, hints, &mut signals);
        if hints.at || views.plain.text.contains('#') {
            shape::handles(&views.plain, &mut signals);
        }
        if hints.at {
            places::emails(&views.plain, &mut signals);
        }
        if hints.digits > 0 {
            numbers::find(&views.plain, hints, &wanted, &mut signals);
            places::find(&post.text, &views.plain, hints, &wanted, &mut signals);
        }
        if wanted(SignalKind::HandleId) {
            places::handle_ids(&views.plain, &mut signals);
        }
        shape::find(&post.text, views, hints, &wanted, &mut signals);
        names::find(post, organisation, &mut signals);
        if post.media == Media::Attached {
            signals.push(SignalKind::Image, NOWHERE);
        }
        signals.push(SignalKind::Always, NOWHERE);
        signals
    }
}

pub(crate) const NOWHERE: Span = Span { start: 0, end: 0 };

/// Cheap facts by which finders are skipped.
#[derive(Clone, Copy, Debug, Default)]
struct Hints {
    digits: usize,
    longest_digits: usize,
    at: bool,
    dot: bool,
    ascii_letters: bool,
}

impl Hints {
    fn of(plain: &str) -> Hints {
        let mut hints = Hints::default();
        let mut run = 0;
        for byte in plain.bytes() {
            if byte.is_ascii_digit() {
                hints.digits += 1;
                run += 1;
                hints.longest_digits = hints.longest_digits.max(run);
                continue;
            }
            run = 0;
            hints.at |= byte == b'@';
            hints.dot |= byte == b'.';
            hints.ascii_letters |= byte.is_ascii_alphabetic();
        }
        hints
    }
}

/// The original bytes of a byte range of a view.
fn original(view: &View, start: usize, end: usize) -> Span {
    view.span(view.cell_at(start), view.cell_at(end))
}
