//! Readings of a text, each with a map back to the original bytes.

mod chars;
mod fold;
mod glyphs;
mod join;
mod plain;

pub(crate) use chars::{
    ScriptClass, is_emoji, is_japanese, is_kana, is_kanji, is_latin, is_mask, is_word, kana_to_hiragana, script_class,
};

pub(crate) use fold::latin_base;

use std::cell::OnceCell;

use crate::Span;

/// One character of a view and the bytes of the original text that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) ch: char,
    /// Byte offset in the view's own text.
    pub(crate) at: u32,
    /// First byte in the original.
    pub(crate) start: u32,
    /// Byte after the last in the original.
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
    pub(crate) cells: Vec<Cell>,
    text: OnceCell<String>,
}

impl View {
    fn from_cells(mut cells: Vec<Cell>) -> View {
        let mut at = 0;
        for cell in &mut cells {
            cell.at = at;
            at += cell.ch.len_utf8() as u32;
        }
        View { cells, text: OnceCell::new() }
    }

    /// The characters of all cells, put together when first asked for.
    pub(crate) fn text(&self) -> &str {
        self.text.get_or_init(|| self.cells.iter().map(|cell| cell.ch).collect())
    }

    pub(crate) fn chars(&self) -> impl Iterator<Item = char> {
        self.cells.iter().map(|cell| cell.ch)
    }

    /// Index of the cell that begins at, or holds, byte `at` of the view.
    pub(crate) fn cell_at(&self, at: usize) -> usize {
        self.cells.partition_point(|cell| (cell.at as usize) < at)
    }

    /// The bytes of the original that cells `first..end` stand for.
    pub(crate) fn span(&self, first: usize, end: usize) -> Span {
        let cells = self.cells.get(first..end).unwrap_or_default();
        match (cells.first(), cells.last()) {
            (Some(first), Some(last)) => {
                Span { start: first.start as usize, end: (last.end as usize).max(first.end as usize) }
            }
            _ => Span { start: 0, end: 0 },
        }
    }

    /// As `cell_of_original`, of which `guess` is likely the answer: cells of two views mostly stand at the same place.
    pub(crate) fn cell_near(&self, guess: usize, start: usize) -> usize {
        let at = |index: usize| self.cells.get(index).map(|cell| cell.start as usize);
        let before = guess.checked_sub(1).and_then(at);
        if at(guess).is_some_and(|at| at >= start) && before.is_none_or(|before| before < start) {
            return guess;
        }
        self.cell_of_original(start)
    }

    /// Index of the first cell at or after byte `start` of the original.
    pub(crate) fn cell_of_original(&self, start: usize) -> usize {
        self.cells.partition_point(|cell| (cell.start as usize) < start)
    }
}

/// All readings of one text. `joined` and `lines` are absent where they would say nothing new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Views {
    pub(crate) plain: View,
    pub(crate) folded: View,
    pub(crate) joined: Option<View>,
    pub(crate) lines: Option<View>,
    /// Whether a character of the folded text may stand for a hidden one.
    pub(crate) masked: bool,
}

impl Views {
    pub(crate) fn of(text: &str) -> Views {
        let plain = plain::cells(text);
        let base = fold::base(&plain);
        let lines = join::lines(&plain, &base);
        let joined = join::joined(&plain, &base);
        let folded = fold::squeeze(base, 1);
        let masked = has_mask(&folded);
        Views {
            plain: View::from_cells(plain),
            folded: View::from_cells(folded),
            joined: joined.map(View::from_cells),
            lines: lines.map(View::from_cells),
            masked,
        }
    }

    pub(crate) fn get(&self, kind: ViewKind) -> Option<&View> {
        match kind {
            ViewKind::Plain => Some(&self.plain),
            ViewKind::Folded => Some(&self.folded),
            ViewKind::Joined => self.joined.as_ref(),
            ViewKind::Lines => self.lines.as_ref(),
        }
    }

    /// The reading with the fewest characters between two places: what distances are counted on.
    pub(crate) fn compact(&self) -> &View {
        self.joined.as_ref().unwrap_or(&self.folded)
    }
}

/// Whether a character stands for a hidden one of a Japanese word: there is one beside it.
fn has_mask(cells: &[Cell]) -> bool {
    let japanese = |at: Option<usize>| at.and_then(|at| cells.get(at)).is_some_and(|cell| is_japanese(cell.ch));
    let masks = cells.iter().enumerate().filter(|(_, cell)| is_mask(cell.ch));
    masks.into_iter().any(|(at, _)| japanese(at.checked_sub(1)) || japanese(Some(at + 1)))
}

/// A literal of a rule as it stands in a view.
pub(crate) fn literal_text(text: &str, kind: ViewKind) -> String {
    let plain = plain::cells(text);
    let cells = match kind {
        ViewKind::Plain => plain,
        ViewKind::Folded | ViewKind::Joined | ViewKind::Lines => fold::squeeze(fold::base(&plain), 1),
    };
    cells.into_iter().map(|cell| cell.ch).collect()
}

/// The folded reading of a text.
///
/// Kana are read as hiragana, look-alike and digit spellings as letters, repeats and runs of
/// space as one, and what surrounds it is trimmed.
pub fn folded(text: &str) -> String {
    let cells = fold::squeeze(fold::base(&plain::cells(text)), 1);
    let folded: String = cells.into_iter().map(|cell| cell.ch).collect();
    folded.trim().to_owned()
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
