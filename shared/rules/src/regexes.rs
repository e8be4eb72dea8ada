//! Regexes that are compiled when first needed.

use std::sync::OnceLock;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::work;

/// Matches of one pattern that are looked at in one post.
const MOST_MATCHES: usize = 16;
/// Bytes that one compiled pattern may take.
const SIZE_LIMIT: usize = 4 << 20;

/// A pattern, and its automaton once it was needed.
#[derive(Debug)]
pub(crate) struct LazyRegex {
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    pub(crate) fn new(pattern: String) -> Self {
        LazyRegex { pattern, compiled: OnceLock::new() }
    }

    /// Tells what is wrong with the pattern.
    pub(crate) fn check(pattern: &str) -> Result<(), String> {
        build(pattern).map(|_| ())
    }

    fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| build(&self.pattern).ok()).as_ref()
    }

    /// Whether there is a match; `None` when the pattern can't be compiled.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        work::add(text.len());
        self.compiled().map(|regex| regex.is_match(text))
    }

    /// Byte ranges of matches, at most sixteen; `None` when the pattern can't be compiled.
    pub(crate) fn find(&self, text: &str) -> Option<Vec<(usize, usize)>> {
        let regex = self.compiled()?;
        work::add(text.len());
        Some(
            regex
                .find_iter(text)
                .filter(|found| !found.is_empty())
                .take(MOST_MATCHES)
                .map(|found| (text.floor_char_boundary(found.start()), text.ceil_char_boundary(found.end())))
                .collect(),
        )
    }
}

/// `\b` is the edge of a run of ASCII letters and digits: Japanese writes no spaces around them, and the fast engine
/// knows no other edge. A pattern of ASCII alone means ASCII by its classes, too: that makes it many times smaller.
fn build(pattern: &str) -> Result<Regex, String> {
    let pattern = ascii_edges(pattern);
    let ascii = pattern.is_ascii() && !pattern.contains(r"\p");
    let syntax = syntax::Config::new().unicode(!ascii).utf8(!ascii);
    let config = Regex::config().nfa_size_limit(Some(SIZE_LIMIT)).onepass(false).utf8_empty(!ascii);
    Regex::builder().syntax(syntax).configure(config).build(&pattern).map_err(|error| match error.syntax_error() {
        Some(syntax) => syntax.to_string(),
        None => error.to_string(),
    })
}

fn ascii_edges(pattern: &str) -> String {
    let mut edges = String::with_capacity(pattern.len() + 64);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        edges.push(c);
        if c == '\\' {
            match chars.next() {
                Some('b') => {
                    edges.pop();
                    edges.push_str(r"(?-u:\b)");
                }
                other => edges.extend(other),
            }
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn finds_and_reports() {
        let regex = LazyRegex::new("月[0-9]+万".into());
        assert_eq!(regex.find("月30万と月5万").unwrap(), [(0, 8), (11, 18)]);
        assert_eq!(LazyRegex::new(r"\\?\bab\b".into()).find("はabは, cab \\ab").unwrap(), [(3, 5), (14, 17)]);
        assert!(LazyRegex::check("(").is_err());
        assert_eq!(LazyRegex::new("(".into()).find("("), None);
        assert_eq!([regex.is_match("月3万"), regex.is_match("月3")], [Some(true), Some(false)]);
        assert_eq!(LazyRegex::new("(".into()).is_match("("), None);
    }
}
