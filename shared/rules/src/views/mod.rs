//! Readings of a text, each with a map back to the original bytes.

mod addressees;
mod chars;
mod class;
mod fold;
mod glyphs;
mod join;
mod plain;

pub(crate) use chars::{
    ScriptClass, is_japanese, is_kana, is_kanji, is_latin, is_mask, is_word, kana_to_hiragana, script_class,
};

pub(crate) use class::Class;
pub(crate) use fold::latin_base;

use std::cell::OnceCell;
use std::ops::Range;

use crate::Span;

/// The bytes of the original text that a character of a view stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: u32,
    /// The byte after the last.
    pub(crate) end: u32,
}

/// Which reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ViewKind {
    /// NFKC, lower case, invisible characters removed.
    Plain,
    /// Plain with kana, look-alikes, digits in Latin words and repeats folded.
    Folded,
    /// Folded with separators between single characters removed.
    Joined,
    /// The first characters of the lines, read downwards.
    Lines,
}

impl ViewKind {
    /// Every view.
    pub const ALL: [ViewKind; 4] = [ViewKind::Plain, ViewKind::Folded, ViewKind::Joined, ViewKind::Lines];

    /// The bit of this view in a set of views.
    pub(crate) fn bit(self) -> u8 {
        match self {
            ViewKind::Plain => 1,
            ViewKind::Folded => 2,
            ViewKind::Joined => 4,
            ViewKind::Lines => 8,
        }
    }

    /// The key: `plain`, `folded`, `joined` or `lines`.
    pub fn key(self) -> &'static str {
        match self {
            ViewKind::Plain => "plain",
            ViewKind::Folded => "folded",
            ViewKind::Joined => "joined",
            ViewKind::Lines => "lines",
        }
    }
}

/// A reading of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) chars: Vec<char>,
    /// One for each character.
    pub(crate) places: Vec<Place>,
    /// One for each character.
    pub(crate) classes: Vec<Class>,
    text: OnceCell<Text>,
}

/// The characters of a view as one text, with the byte that each begins at; none of ASCII, where they are those of the
/// characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    text: String,
    bytes: Vec<u32>,
}

impl View {
    fn with_capacity(chars: usize) -> View {
        let (places, classes) = (Vec::with_capacity(chars), Vec::with_capacity(chars));
        View { chars: Vec::with_capacity(chars), places, classes, text: OnceCell::new() }
    }

    pub(crate) fn push(&mut self, c: char, place: Place) {
        self.push_of(c, Class::of(c), place);
    }

    /// As `push`, of a character whose class is known.
    fn push_of(&mut self, c: char, class: Class, place: Place) {
        self.chars.push(c);
        self.places.push(place);
        self.classes.push(class);
    }

    fn new(chars: Vec<char>, classes: Vec<Class>, places: Vec<Place>) -> View {
        View { chars, places, classes, text: OnceCell::new() }
    }

    /// The first characters, with room for as many as all.
    fn beginning(&self, chars: usize) -> View {
        let mut view = View::with_capacity(self.chars.len());
        view.extend(self, 0..chars);
        view
    }

    /// Adds characters of another view.
    fn extend(&mut self, other: &View, range: Range<usize>) {
        self.chars.extend_from_slice(&other.chars[range.clone()]);
        self.places.extend_from_slice(&other.places[range.clone()]);
        self.classes.extend_from_slice(&other.classes[range]);
    }

    fn laid_out(&self) -> &Text {
        self.text.get_or_init(|| {
            if is_ascii(&self.chars) {
                let bytes = self.chars.iter().map(|&c| c as u8).collect();
                return Text { text: String::from_utf8(bytes).unwrap_or_default(), bytes: Vec::new() };
            }
            let mut at = 0;
            let begin = |c: &char| {
                let begin = at;
                at += c.len_utf8() as u32;
                begin
            };
            Text { bytes: self.chars.iter().map(begin).collect(), text: self.chars.iter().collect() }
        })
    }

    /// All characters, put together when first asked for.
    pub(crate) fn text(&self) -> &str {
        &self.laid_out().text
    }

    /// Index of the character that begins at byte `at` of the view's text, or of the next one.
    pub(crate) fn char_at(&self, at: usize) -> usize {
        let Text { text, bytes } = self.laid_out();
        if bytes.is_empty() { at.min(text.len()) } else { bytes.partition_point(|&begin| (begin as usize) < at) }
    }

    /// The bytes of the original that characters `first..end` stand for.
    pub(crate) fn span(&self, first: usize, end: usize) -> Span {
        let places = self.places.get(first..end).unwrap_or_default();
        match (places.first(), places.last()) {
            (Some(first), Some(last)) => {
                Span { start: first.start as usize, end: (last.end as usize).max(first.end as usize) }
            }
            _ => Span { start: 0, end: 0 },
        }
    }

    /// As `char_of_original`, of which `guess` is likely the answer: characters of two views mostly stand at the same
    /// place.
    pub(crate) fn char_near(&self, guess: usize, start: usize) -> usize {
        let at = |index: usize| self.places.get(index).map(|place| place.start as usize);
        let before = guess.checked_sub(1).and_then(at);
        if at(guess).is_some_and(|at| at >= start) && before.is_none_or(|before| before < start) {
            return guess;
        }
        self.char_of_original(start)
    }

    /// Index of the first character at or after byte `start` of the original.
    pub(crate) fn char_of_original(&self, start: usize) -> usize {
        self.places.partition_point(|place| (place.start as usize) < start)
    }
}

/// All readings of one text. Those are absent that would say nothing new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Views {
    /// The byte of the original at which they begin: addressees are left out.
    pub(crate) said: usize,
    pub(crate) plain: View,
    folded: Option<View>,
    pub(crate) joined: Option<View>,
    pub(crate) lines: Option<View>,
    /// Whether a character of the folded text may stand for a hidden one.
    pub(crate) masked: bool,
}

impl Views {
    pub(crate) fn of(text: &str) -> Views {
        let said = addressees::said(text);
        let mut plain = plain::read(&text[said..]);
        if said > 0 {
            for place in &mut plain.places {
                *place = Place { start: place.start + said as u32, end: place.end + said as u32 };
            }
        }
        let base = fold::base(&plain);
        let read = base.as_ref().unwrap_or(&plain);
        let lines = join::lines(&plain, read);
        let joined = join::joined(&plain, read);
        let folded = fold::squeezed(read, 1).or(base);
        let masked = has_mask(&folded.as_ref().unwrap_or(&plain).classes);
        Views { said, plain, folded, joined, lines, masked }
    }

    /// The folded reading; the plain one, where they are the same.
    pub(crate) fn folded(&self) -> &View {
        self.folded.as_ref().unwrap_or(&self.plain)
    }

    /// Whether folding changed anything.
    pub(crate) fn folds(&self) -> bool {
        self.folded.is_some()
    }

    pub(crate) fn get(&self, kind: ViewKind) -> Option<&View> {
        match kind {
            ViewKind::Plain => Some(&self.plain),
            ViewKind::Folded => Some(self.folded()),
            ViewKind::Joined => self.joined.as_ref(),
            ViewKind::Lines => self.lines.as_ref(),
        }
    }

    /// The reading with the fewest characters between two places: what distances are counted on.
    pub(crate) fn compact(&self) -> &View {
        self.joined.as_ref().unwrap_or(self.folded())
    }
}

/// Looks at all of them: faster than to stop early.
fn is_ascii(chars: &[char]) -> bool {
    chars.iter().fold(0, |all, &c| all | c as u32) < 128
}

/// Whether a character stands for a hidden one of a Japanese word: there is one beside it.
fn has_mask(classes: &[Class]) -> bool {
    let pairs = classes.iter().zip(classes.get(1..).unwrap_or_default());
    pairs.fold(false, |any, (a, b)| {
        any | a.is(Class::MASK) & b.is(Class::JAPANESE) | a.is(Class::JAPANESE) & b.is(Class::MASK)
    })
}

/// A literal of a rule as it stands in a view.
pub(crate) fn literal_text(text: &str, kind: ViewKind) -> String {
    match kind {
        ViewKind::Plain => plain::read(text).chars.into_iter().collect(),
        ViewKind::Folded | ViewKind::Joined | ViewKind::Lines => fold(text),
    }
}

fn fold(text: &str) -> String {
    let plain = plain::read(text);
    let base = fold::base(&plain).unwrap_or(plain);
    fold::squeezed(&base, 1).unwrap_or(base).chars.into_iter().collect()
}

/// The folded reading of a text.
///
/// Kana are read as hiragana, look-alike and digit spellings as letters, repeats and runs of
/// space as one, and what surrounds it is trimmed.
pub fn folded(text: &str) -> String {
    fold(text).trim().to_owned()
}

/// What makes two posts "the same text": the letters and digits of the folded reading, without @handles. Other
/// punctuation, spaces, emoji and addressees make no other text. Where no letter is left, the folded reading itself.
pub fn same_text(text: &str) -> String {
    let folded = folded(text);
    let mut kept = String::with_capacity(folded.len());
    let (mut handle, mut before) = (false, ' ');
    for c in folded.chars() {
        handle = c == '@' && !is_word(before) || handle && (c.is_ascii_alphanumeric() || c == '_');
        before = c;
        if !handle && is_word(c) {
            kept.push(c);
        }
    }
    if kept.is_empty() { folded } else { kept }
}

#[cfg(test)]
mod tests;
