//! `sekisho outbound`: checks a draft before anybody publishes it.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use rules::outbound::{Draft, Severity};
use rules::{Organisation, Rulebook};

use super::say;
use super::terminal::Paint;

#[derive(Debug, Args)]
pub(super) struct OutboundArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks a draft; fails when something has to be mended.
    Check {
        /// Its text.
        #[arg(required_unless_present = "file")]
        text: Option<String>,
        /// File of the text; `-` for stdin.
        #[arg(long, value_name = "FILE", conflicts_with = "text")]
        file: Option<PathBuf>,
        /// It is for an employee's own account.
        #[arg(long)]
        personal: bool,
        /// Folder of the rulebook; the built-in one unless given.
        #[arg(long, value_name = "FOLDER")]
        rulebook: Option<PathBuf>,
    },
}

impl OutboundArgs {
    pub(super) fn run(self) -> Result<()> {
        let Command::Check { text, file, personal, rulebook } = self.command;
        let text = match (text, file) {
            (Some(text), _) => text,
            (None, Some(file)) if file.as_os_str() == "-" => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text
            }
            (None, Some(file)) => std::fs::read_to_string(&file).with_context(|| file.display().to_string())?,
            (None, None) => bail!("give a text or a file"),
        };
        let book = super::rulebook::open(rulebook.as_deref())?;
        check(book, &Draft { text: text.trim_end(), personal })
    }
}

fn check(book: &Rulebook, draft: &Draft<'_>) -> Result<()> {
    let findings = book.outbound()?.check(draft, book, Timestamp::now());
    let purpose = purpose(book.organisation(), draft.text);
    if findings.is_empty() {
        return say(format_args!("nothing to object to\npurpose: {purpose}"));
    }
    let spans = findings.iter().flat_map(|finding| finding.spans.iter().copied()).collect();
    say(format_args!("{}\n", Paint::stdout().marked(draft.text, spans)))?;
    for finding in &findings {
        let word = match finding.severity {
            Severity::Fix => "FIX ",
            Severity::Look => "look",
        };
        let places = finding.evidence.iter().map(|text| format!("「{text}」")).collect::<String>();
        say(format_args!("{word} {} {}（{}） {places}", finding.rule, finding.title.ja, finding.title.en))?;
        say(format_args!("     {}\n     {}", finding.why.ja, finding.why.en))?;
        if let Some(hint) = &finding.hint {
            say(format_args!("     → {}（{}）", hint.ja, hint.en))?;
        }
    }
    say(format_args!("purpose: {purpose}"))?;
    match findings.iter().filter(|finding| finding.severity == Severity::Fix).count() {
        0 => Ok(()),
        count => bail!("{count} to be mended before it is published"),
    }
}

fn purpose(organisation: &Organisation, text: &str) -> String {
    let key = organisation.purpose_of(text);
    let found = organisation.purposes.iter().find(|purpose| Some(purpose.key.as_str()) == key);
    found.map_or_else(
        || "none: it fits none of the purposes of our accounts".to_owned(),
        |purpose| format!("{}（{}）", purpose.title.ja, purpose.title.en),
    )
}
