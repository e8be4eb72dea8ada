//! The shared corpus, where the checkout has one.

use std::path::PathBuf;

/// A folder of the corpus, or `None`, said aloud, when only the project's own cases can run.
pub fn folder(name: &str) -> Option<PathBuf> {
    let Some(corpus) = std::env::var_os("SEKISHO_CORPUS") else {
        eprintln!("SEKISHO_CORPUS is not set: only the project's own cases ran");
        return None;
    };
    let folder = PathBuf::from(corpus).join(name);
    assert!(folder.is_dir(), "SEKISHO_CORPUS has no folder {name}");
    Some(folder)
}
