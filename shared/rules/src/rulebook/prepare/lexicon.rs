//! Word lists that rules share.

use super::Fault;
use crate::patterns::Term;

/// The terms of a lexicon file, one a line.
pub(super) fn parse(text: &str) -> Result<Vec<Term>, Fault> {
    for note in ["# source:", "# licence:"] {
        if !text.lines().any(|line| line.starts_with(note) && line.len() > note.len() + 1) {
            return Err(Fault::whole(format!("the lexicon does not say {note:?}")));
        }
    }
    let mut terms = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let term = line.trim();
        if !term.is_empty() && !line.starts_with('#') {
            let fault = |message| Fault { span: Some(at..at + line.len()), message };
            terms.push(Term::parse(term, false).map_err(fault)?);
        }
        at += line.len();
    }
    Ok(terms)
}
