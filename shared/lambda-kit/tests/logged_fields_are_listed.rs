//! A field that is not in the closed list is left out of every line: whoever logs one would look for it in vain.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use lambda_kit::logging::FIELDS;

/// Every source file below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of the fields that the log calls of a file give, up to each call's message.
fn fields(source: &str) -> Vec<String> {
    let levels = ["error", "warn", "info", "debug", "trace"];
    let calls = source.split("tracing::").skip(1);
    let arguments = calls.filter_map(|call| {
        let (level, arguments) = call.split_once("!(")?;
        levels.contains(&level).then(|| arguments.split('"').next()).flatten()
    });
    let names = arguments.flat_map(|arguments| arguments.split(',')).map(|argument| {
        argument.split('=').next().unwrap_or_default().trim().trim_start_matches(['%', '?']).to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_field_that_is_logged_is_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    ["functions", "shared"].iter().for_each(|folder| sources(&root.join(folder), &mut files));
    let mut seen = 0;
    for file in files.iter().filter(|file| file.components().any(|part| part.as_os_str() == "src")) {
        for field in fields(&std::fs::read_to_string(file).unwrap()) {
            assert!(FIELDS.contains(&field.as_str()), "{}: {field}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen} fields were found");
}

#[test]
fn fields_are_read_from_calls() {
    let source = r#"tracing::warn!(%platform, list = name(list), ?error, "said, and so on"); tracing::info!("x");"#;
    assert_eq!(fields(source), ["platform", "list", "error"]);
}
