//! The rulebook that the program was built with: prepared by the build script, so that a start only reads tables.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};

use super::prepare::{Cases, Fault, Prepared};
use super::{Rulebook, RulebookError};
use crate::outbound::Section;

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rulebook");
static PREPARED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rulebook.bin"));
static DRAFTS: &str = include_str!(concat!(env!("OUT_DIR"), "/drafts.json"));

impl Rulebook {
    /// The rulebook that the program was built with. Its tables were made at build time; patterns and conditions are
    /// compiled when needed. It carries no cases: read its files for those.
    ///
    /// # Errors
    /// When the program holds other tables than it can read, which its build prevents.
    pub fn embedded() -> Result<&'static Rulebook, RulebookError> {
        static EMBEDDED: OnceLock<Result<Rulebook, RulebookError>> = OnceLock::new();
        EMBEDDED.get_or_init(Rulebook::load_embedded).as_ref().map_err(Clone::clone)
    }

    /// Reads the tables anew, as the first call of `embedded` does; what a start costs.
    ///
    /// # Errors
    /// As `embedded`.
    pub fn load_embedded() -> Result<Rulebook, RulebookError> {
        let fault = |error: postcard::Error| {
            Fault { span: None, message: error.to_string() }.in_file("the built-in rulebook", "")
        };
        let prepared: Prepared = postcard::from_bytes(PREPARED).map_err(fault)?;
        Ok(Rulebook::ready(prepared, Cases::default(), Section::built_in()))
    }

    /// A file of the embedded folder, text or not; empty where there is none.
    pub(crate) fn embedded_bytes(path: &str) -> &'static [u8] {
        FOLDER.get_file(path).map_or(&[], include_dir::File::contents)
    }

    /// Those of the embedded files by which drafts are checked. None, if the build wrote something else than JSON.
    pub(crate) fn embedded_for_drafts() -> BTreeMap<String, String> {
        serde_json::from_str(DRAFTS).unwrap_or_default()
    }

    /// The files of the embedded rulebook: path within the folder, and text.
    pub fn embedded_files() -> impl Iterator<Item = (String, String)> {
        let mut files = Vec::new();
        let mut folders = vec![&FOLDER];
        while let Some(folder) = folders.pop() {
            for file in folder.files() {
                if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                    files.push((path.replace('\\', "/"), text.to_owned()));
                }
            }
            folders.extend(folder.dirs());
        }
        files.into_iter()
    }
}
