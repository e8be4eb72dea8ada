//! Which field of a body does not fit, and what is expected there. Serde tells it in words that quote the body; of them
//! only those are passed on that are our own: names of fields, and what follows the last "expected".

use serde_path_to_error::{Error, Segment};

use super::problem::Refused;

/// What the caller is told of a body that does not fit.
pub(super) fn refused(error: &Error<serde_json::Error>) -> Refused {
    let told = error.inner().to_string();
    // Where in the bytes it was; the pointer says it better.
    let told = told.rsplit_once(" at line ").map_or(told.as_str(), |(told, _)| told);
    let mut segments: Vec<String> = error.path().iter().filter_map(named).collect();
    let own = |prefix: &str| told.strip_prefix(prefix).and_then(|rest| rest.split('`').next());
    let expected = told.rsplit_once(", expected ").map(|(_, expected)| expected);
    let detail = if let Some(field) = own("missing field `") {
        segments.push(field.to_owned());
        "This is missing.".to_owned()
    } else if let Some(field) = own("duplicate field `") {
        segments.push(field.to_owned());
        "This is given twice.".to_owned()
    } else if told.starts_with("unknown field ") {
        // Its name is the caller's.
        segments.pop();
        let known = expected.unwrap_or("no field");
        format!("There is a field that is not known. Expected {known}.")
    } else {
        expected.map_or_else(|| "This does not follow the description.".to_owned(), |what| format!("Expected {what}."))
    };
    Refused::unfit(pointer(&segments), detail)
}

fn named(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// No field of ours has a name that would have to be escaped.
fn pointer(segments: &[String]) -> String {
    segments.iter().fold("#".to_owned(), |pointer, segment| format!("{pointer}/{segment}"))
}
