//! The small language of terms: words, edges, gaps, lexicons and signals.

use crate::signals::SignalKind;
use crate::views::{is_latin, is_word, kana_to_hiragana};

/// What one end of a literal asks of its neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Edge {
    /// Nothing.
    Open,
    /// No Latin letter or digit may touch.
    Word,
    /// Start, end, punctuation or a change of script.
    Script,
}

impl Edge {
    /// As two bits.
    pub(super) fn bits(self) -> u8 {
        match self {
            Edge::Open => 0,
            Edge::Word => 1,
            Edge::Script => 2,
        }
    }

    /// From the two lowest bits.
    pub(super) fn of(bits: u8) -> Edge {
        match bits & 3 {
            1 => Edge::Word,
            2 => Edge::Script,
            _ => Edge::Open,
        }
    }
}

/// A piece of a term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// A text with what its ends ask.
    Literal { text: String, left: Edge, right: Edge },
    /// Every term of a lexicon.
    Lexicon(String),
    /// A signal.
    Signal(SignalKind),
}

/// One part, or several in order with gaps between.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Term {
    pub(crate) parts: Vec<Part>,
}

impl Term {
    /// Reads a term; `edges` asks for a script change at both ends of Japanese literals.
    pub(crate) fn parse(source: &str, edges: bool) -> Result<Term, String> {
        let mut parts = Vec::new();
        let mut piece: Vec<(char, bool)> = Vec::new();
        let mut escaped = false;
        for c in source.chars() {
            if escaped {
                piece.push((c, true));
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == '…' {
                parts.push(part(&piece, source, edges)?);
                piece.clear();
            } else {
                piece.push((c, false));
            }
        }
        if escaped {
            return Err(format!("term {source:?} ends in a backslash"));
        }
        parts.push(part(&piece, source, edges)?);
        Ok(Term { parts })
    }
}

fn part(piece: &[(char, bool)], source: &str, edges: bool) -> Result<Part, String> {
    let special = |at: usize, sign: char| piece.get(at).is_some_and(|&(c, escaped)| c == sign && !escaped);
    let mut piece = trimmed(piece);
    if piece.is_empty() {
        return Err(format!("term {source:?} has an empty part"));
    }
    if special(0, '@') || piece.first() == Some(&('@', false)) {
        return Ok(Part::Lexicon(piece[1..].iter().map(|&(c, _)| c).collect()));
    }
    if piece.len() > 2 && piece.first() == Some(&('<', false)) && piece.last() == Some(&('>', false)) {
        let name: String = piece[1..piece.len() - 1].iter().map(|&(c, _)| c).collect();
        return name.parse().map(Part::Signal);
    }
    let mut left = None;
    let mut right = None;
    match piece.first() {
        Some(('*', false)) => left = Some(Edge::Open),
        Some(('|', false)) => left = Some(Edge::Script),
        _ => {}
    }
    if left.is_some() {
        piece = &piece[1..];
    }
    match piece.last() {
        Some(('*', false)) => right = Some(Edge::Open),
        Some(('|', false)) => right = Some(Edge::Script),
        _ => {}
    }
    if right.is_some() {
        piece = &piece[..piece.len() - 1];
    }
    let text: String = piece.iter().map(|&(c, _)| c).collect();
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return Err(format!("term {source:?} has an empty part"));
    };
    if !text.chars().any(|c| !c.is_whitespace()) {
        return Err(format!("term {source:?} has a part of spaces only"));
    }
    let edge = |end: char| match () {
        () if is_latin(end) || end.is_ascii_digit() => Edge::Word,
        () if edges && is_word(end) => Edge::Script,
        () => Edge::Open,
    };
    Ok(Part::Literal { left: left.unwrap_or(edge(first)), right: right.unwrap_or(edge(last)), text })
}

/// Without the spaces around: `you are … idiot` reads as `you are…idiot`.
fn trimmed(mut piece: &[(char, bool)]) -> &[(char, bool)] {
    while let [(' ', false), rest @ ..] = piece {
        piece = rest;
    }
    while let [rest @ .., (' ', false)] = piece {
        piece = rest;
    }
    piece
}

/// A pattern whose kana read as the folded views spell them; ends of ranges keep their size.
pub(crate) fn fold_pattern(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let in_range = |at: usize| chars.get(at + 1) == Some(&'-') || (at > 0 && chars[at - 1] == '-');
    let fold = |(at, &c): (usize, &char)| match kana_to_hiragana(c) {
        small if in_range(at) => small,
        'ぁ' => 'あ',
        'ぃ' => 'い',
        'ぅ' => 'う',
        'ぇ' => 'え',
        'ぉ' => 'お',
        'ゎ' => 'わ',
        'ゕ' => 'か',
        'ゖ' => 'け',
        other => other,
    };
    chars.iter().enumerate().map(fold).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn literal(text: &str, left: Edge, right: Edge) -> Part {
        Part::Literal { text: text.into(), left, right }
    }

    #[test]
    fn latin_ends_are_word_ends_unless_starred() {
        assert_eq!(Term::parse("kill*", false).unwrap().parts, [literal("kill", Edge::Word, Edge::Open)]);
        assert_eq!(Term::parse("*kill", false).unwrap().parts, [literal("kill", Edge::Open, Edge::Word)]);
        assert_eq!(Term::parse("死ね", false).unwrap().parts, [literal("死ね", Edge::Open, Edge::Open)]);
        assert_eq!(Term::parse("|しね|", false).unwrap().parts, [literal("しね", Edge::Script, Edge::Script)]);
        assert_eq!(Term::parse("しね", true).unwrap().parts, [literal("しね", Edge::Script, Edge::Script)]);
    }

    #[test]
    fn gaps_lexicons_and_signals_are_parts() {
        let term = Term::parse("you are … @insults…<link>", false).unwrap();
        assert_eq!(
            term.parts,
            [
                literal("you are", Edge::Word, Edge::Word),
                Part::Lexicon("insults".into()),
                Part::Signal(SignalKind::Link)
            ]
        );
        assert_eq!(Term::parse(r"\@here", false).unwrap().parts, [literal("@here", Edge::Open, Edge::Word)]);
        assert!(Term::parse("a……b", false).is_err());
        assert!(Term::parse("<nothing>", false).is_err());
    }
}
