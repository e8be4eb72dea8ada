//! Bios on the simulated X: whoever puts a text into the folder `bios`, under a handle, has written it there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::simulator::x::State;

/// Where bios are put.
pub fn folder(folder: &Path) -> PathBuf {
    folder.join("bios")
}

/// Writes what lies in the folder into the bios of those whose handles the files bear, and removes it.
///
/// # Errors
/// When a file can't be read or removed.
pub fn take(folder: &Path, x: &mut State) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(self::folder(folder)) else { return Ok(()) };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let handle = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        if text.is_empty() {
            // It is only being written.
            continue;
        }
        std::fs::remove_file(&path)?;
        match x.users.values_mut().find(|user| user.username == handle) {
            Some(user) => user.description = text.trim().to_owned(),
            None => tracing::warn!("a bio for nobody: its file must bear the handle of somebody on the simulated X"),
        }
    }
    Ok(())
}
