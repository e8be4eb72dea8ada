//! Whom a reply is addressed to. Both platforms put their handles in front of the text; they are no part of what is said.

/// More handles than these are no addressees, but a call on many.
const MOST: usize = 4;
/// Characters of a handle (X has 15 at most, YouTube 30).
const LONGEST: usize = 30;

/// The byte at which what is said begins. A text of nothing but handles says them.
pub(super) fn said(text: &str) -> usize {
    let mut rest = text.trim_start();
    for _ in 0..=MOST {
        let Some(after) = after_handle(rest) else { return text.len() - rest.len() };
        rest = after.trim_start();
        if rest.is_empty() {
            return 0;
        }
    }
    0
}

/// What follows a handle, which white space ends. Only ASCII: where a Japanese handle ends, its characters don't say.
fn after_handle(text: &str) -> Option<&str> {
    let name = text.strip_prefix(['@', '＠'])?;
    let (handle, rest) = name.split_at(name.find(char::is_whitespace).unwrap_or(name.len()));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let is_handle = (1..=LONGEST).contains(&handle.len()) && handle.bytes().all(fits) && !handle.ends_with(['-', '.']);
    is_handle.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn what_is_said_begins_behind_the_handles() {
        for (text, rest) in [
            ("@SOCKETS_JP 良かった", "良かった"),
            (" ＠a_b　@user-x1 ok", "ok"),
            ("@a\n死ね", "死ね"),
            ("@a. b", "@a. b"),
            ("@tanaka死ね よ", "@tanaka死ね よ"),
            ("@a @b @c @d hi", "hi"),
            ("@a @b @c @d @e hi", "@a @b @c @d @e hi"),
            ("@a @b", "@a @b"),
            ("@a @b ", "@a @b "),
            ("hi @a you", "hi @a you"),
            ("", ""),
        ] {
            assert_eq!(&text[said(text)..], rest, "{text}");
        }
    }
}
