//! Text for a terminal: what matched is marked, columns hold Japanese.

use rules::Span;
use unicode_width::UnicodeWidthStr;

/// How text is set off: by escapes on a terminal, by characters elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    /// For what is written to stdout.
    pub(super) fn stdout() -> Self {
        Paint(std::io::IsTerminal::is_terminal(&std::io::stdout()))
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.escaped("1", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.escaped("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.escaped("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.escaped("32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.escaped("33", text)
    }

    /// The colour of a verdict.
    pub(super) fn verdict(self, verdict: rules::Verdict) -> String {
        match verdict {
            rules::Verdict::Allow => self.green(verdict.key()),
            rules::Verdict::Review => self.yellow(verdict.key()),
            rules::Verdict::Act => self.red(verdict.key()),
        }
    }

    fn escaped(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// The text with what matched between marks: reverse video on a terminal, brackets elsewhere.
    pub(super) fn marked(self, text: &str, mut spans: Vec<Span>) -> String {
        let (open, close) = if self.0 { ("\u{1b}[7m", "\u{1b}[0m") } else { ("【", "】") };
        spans.sort();
        let mut out = String::new();
        let mut done = 0;
        for span in spans {
            let start = span.start.max(done);
            if start >= span.end {
                continue;
            }
            // Spans of an older version of the text may not fit the newest.
            let (Some(before), Some(matched)) = (text.get(done..start), text.get(start..span.end)) else { continue };
            out.push_str(before);
            out.push_str(open);
            out.push_str(matched);
            out.push_str(close);
            done = span.end;
        }
        out.push_str(&text[done..]);
        out
    }
}

/// The text, filled up with spaces to so many columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// The text on one line.
pub(super) fn on_one_line(text: &str) -> String {
    text.replace("\r\n", "⏎").replace(['\n', '\r'], "⏎")
}

/// A source line with a mark below its column (in characters, from 1).
pub(super) fn pointed_at(text: &str, line: usize, column: usize) -> Option<String> {
    /// Columns of a line that are shown at most, since the word lists of rules are long.
    const WIDEST: usize = 100;
    let source = text.lines().nth(line.checked_sub(1)?)?;
    let at = column.saturating_sub(1);
    let from = at.saturating_sub(WIDEST / 2);
    let start: String = source.chars().skip(from).take(at - from).collect();
    let rest: String = source.chars().skip(at).take(WIDEST / 2).collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if rest.chars().count() == WIDEST / 2 { "…" } else { "" });
    let number = line.to_string();
    let gap = " ".repeat(number.width());
    let blank = " ".repeat(before.width() + start.width());
    Some(format!("{number} | {before}{start}{rest}{after}\n{gap} | {blank}^"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_what_matched_and_survives_spans_that_do_not_fit() {
        let span = |start, end| Span { start, end };
        let plain = Paint(false);
        assert_eq!(plain.marked("お前死ねよ", vec![span(6, 12)]), "お前【死ね】よ");
        assert_eq!(plain.marked("abcd", vec![span(2, 3), span(0, 3)]), "【abc】d");
        assert_eq!(plain.marked("死", vec![span(1, 2), span(7, 9)]), "死");
        assert_eq!(Paint(true).marked("ab", vec![span(0, 1)]), "\u{1b}[7ma\u{1b}[0mb");
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!(padded("死ね", 6), "死ね  ");
        assert_eq!(padded("長い名前", 4), "長い名前");
        assert_eq!(pointed_at("a\n日本 = x\n", 2, 4).as_deref(), Some("2 | 日本 = x\n  |      ^"));
        assert_eq!(pointed_at("a", 2, 1), None);
    }
}
