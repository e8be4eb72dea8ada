//! Readings of a text, each with a map back to the original bytes.

mod chars;
mod fold;
mod join;
mod plain;

pub(crate) use chars::{
    ScriptClass, is_emoji, is_japanese, is_kana, is_kanji, is_latin, is_mask, is_word, kana_to_hiragana, script_class,
};

pub(crate) use fold::latin_base;

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
    pub(crate) text: String,
    pub(crate) cells: Vec<Cell>,
}

impl View {
    fn from_cells(mut cells: Vec<Cell>) -> View {
        let mut text = String::with_capacity(cells.len() * 3);
        for cell in &mut cells {
            cell.at = text.len() as u32;
            text.push(cell.ch);
        }
        View { text, cells }
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
    /// Whether the folded text holds a character that may stand for a hidden one.
    pub(crate) masked: bool,
}

impl Views {
    pub(crate) fn of(text: &str) -> Views {
        let plain = plain::cells(text);
        let base = fold::base(&plain);
        let lines = join::lines(&plain, &base);
        let joined = join::joined(&plain, &base);
        let folded = fold::squeeze(&base, 1);
        let masked = folded.iter().any(|cell| is_mask(cell.ch));
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

/// A literal of a rule as it stands in a view.
pub(crate) fn literal_text(text: &str, kind: ViewKind) -> String {
    let plain = plain::cells(text);
    let cells = match kind {
        ViewKind::Plain => plain,
        ViewKind::Folded | ViewKind::Joined | ViewKind::Lines => fold::squeeze(&fold::base(&plain), 1),
    };
    cells.into_iter().map(|cell| cell.ch).collect()
}

/// The folded reading of a text.
///
/// Kana are read as hiragana, look-alike and digit spellings as letters, repeats and runs of
/// space as one, and what surrounds it is trimmed.
pub fn folded(text: &str) -> String {
    let cells = fold::squeeze(&fold::base(&plain::cells(text)), 1);
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
