//! Every kept input of the fuzz targets, among them the crashes that were found.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs, unreachable_pub)]

#[path = "../fuzz/checks.rs"]
mod checks;

use std::path::Path;

#[test]
fn every_kept_input_passes() {
    for (target, check) in checks::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/cases").join(target);
        let mut inputs = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let input = std::fs::read(entry.unwrap().path()).unwrap();
            // As the fuzzer's own reading of bytes as text.
            if let Ok(text) = std::str::from_utf8(&input) {
                check(text);
                inputs += 1;
            }
        }
        assert!(inputs > 0, "{} is empty", folder.display());
    }
}
