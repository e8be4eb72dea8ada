#![allow(clippy::unwrap_used)]
use super::*;

#[test]
fn the_embedded_rulebook_is_well_formed_and_passes_its_cases() {
    let rulebook = Rulebook::from_files(Rulebook::embedded_files()).unwrap_or_else(|error| panic!("{error}"));
    let failures = rulebook.check();
    let told: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), told.join("\n"));
    assert_eq!(rulebook.version(), Rulebook::embedded().unwrap().version());
}
