//! Lines of at most 70 columns, for mail programs that wrap nothing.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const COLUMNS: usize = 70;

/// Characters that Japanese typesetting does not put at the start of a line.
const NOT_FIRST: &str = "、。，．・：；？！）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々";

/// Wraps every line; line breaks of the text stay.
pub(super) fn wrap(text: &str) -> String {
    text.lines().map(wrap_line).collect::<Vec<_>>().join("\n") + "\n"
}

fn wrap_line(line: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in words(line) {
        let width = word.trim_end().width();
        let closing = word.chars().next().is_some_and(|first| NOT_FIRST.contains(first));
        if column > 0 && column + width > COLUMNS && !closing {
            out.truncate(out.trim_end().len());
            out.push('\n');
            column = 0;
        }
        for c in word.chars() {
            // A word longer than a line, such as an address, stays whole up to what mail allows.
            out.push(c);
            column += c.width().unwrap_or(0);
        }
    }
    out
}

/// Pieces between which a line may break: words with their blanks, single wide characters.
fn words(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in line.char_indices() {
        let wide = |c: char| c.width().unwrap_or(0) > 1;
        let may_break = previous.is_some_and(|before| {
            (before == ' ' && c != ' ')
                || wide(c) && before != '（' && before != '「' && before != '【'
                || wide(before) && c != ' '
        });
        if may_break {
            pieces.push(&line[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    pieces.push(&line[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_seventy_columns() {
        let english = "word ".repeat(60);
        let japanese = "個人情報の開示、".repeat(30);
        for text in [english, japanese] {
            let wrapped = wrap(&text);
            // A closing mark may hang over by its own width.
            assert!(wrapped.lines().all(|line| line.width() <= COLUMNS + 2), "{wrapped}");
            assert!(wrapped.lines().all(|line| !line.starts_with('、')), "{wrapped}");
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(squeeze(&wrapped), squeeze(&text));
        }
    }
}
