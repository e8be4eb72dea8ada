//! Prepares the program's own rulebook: reads its files once, while the crate is built, and writes the tables that a
//! start reads. The modules are those of the library, as far as reading needs them.

#![allow(dead_code, unused_imports, unreachable_pub, missing_docs, clippy::disallowed_methods)]

#[path = "src/action.rs"]
mod action;
#[path = "src/clause.rs"]
mod clause;
#[path = "src/signals/clue.rs"]
mod clue;
#[path = "src/context.rs"]
mod context;
#[path = "src/judgement.rs"]
mod judgement;
#[path = "src/signals/kind.rs"]
mod kind;
#[path = "src/lang.rs"]
mod lang;
#[path = "src/patterns/mod.rs"]
mod patterns;
#[path = "src/post.rs"]
mod post;
#[path = "src/rulebook/prepare/mod.rs"]
mod prepare;
#[path = "src/model/scores.rs"]
mod scores;
#[path = "src/sentences.rs"]
mod sentences;
#[path = "src/views/mod.rs"]
mod views;
#[path = "src/work.rs"]
mod work;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use action::{ActionKind, TaskKind};
use clause::Clause;
use context::Context;
use judgement::{Judgement, Span, Verdict};
use lang::Lang;
use post::{Author, Media, Platform, Post, PostKind, UserId};
use scores::{Output, Scores};
use views::ViewKind;

mod signals {
    pub(crate) use super::clue::{Clue, Clues};
    pub(crate) use super::kind::{SignalHit, SignalKind};
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rulebook");
    println!("cargo::rerun-if-changed=src");
    let folder = PathBuf::from("rulebook");
    let mut files = Vec::new();
    read_folder(&folder, &folder, &mut files)?;
    // What checking drafts needs: a function carries no other text of the rulebook.
    let skipped = ["rules/", "model/", "README.md", "innocent.toml"];
    let drafts = files.iter().filter(|(path, _)| !skipped.iter().any(|start| path.starts_with(start)));
    let drafts: BTreeMap<&String, &String> = drafts.map(|(path, text)| (path, text)).collect();
    let drafts = serde_json::to_string(&drafts)?;
    let read = prepare::read(files.into_iter()).map_err(|error| format!("rulebook/{error}"))?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("rulebook.bin"), postcard::to_allocvec(&read.prepared)?)?;
    fs::write(out.join("drafts.json"), drafts)?;
    Ok(())
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push((path.strip_prefix(root)?.to_string_lossy().replace('\\', "/"), text));
        }
    }
    Ok(())
}
