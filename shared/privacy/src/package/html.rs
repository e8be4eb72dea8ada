//! The page to read: one file without anything from elsewhere, every value escaped.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;

use super::words::Words;
use super::{Opening, Record};
use crate::letters::DataItem;
use crate::registry::resources;

const STYLE: &str = "body{font:16px/1.7 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #bbb;padding:.4rem;text-align:left;\
vertical-align:top}th{width:11rem}section{margin:1.5rem 0}p.text{white-space:pre-wrap;border-left:4px solid #bbb;\
padding-left:.8rem}";

/// The page while it is being written.
pub(super) struct Html<W> {
    out: W,
    words: &'static Words,
}

impl<W: Write> Html<W> {
    pub(super) fn begin(opening: &Opening, mut out: W) -> io::Result<Self> {
        let words = Words::of(opening.language);
        let title = format!("{} {}", words.title, opening.ticket);
        write!(
            out,
            "<!doctype html>\n<html lang=\"{lang}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n<h1>{title}</h1>\n<p>{intro}</p>\n",
            lang = words.lang,
            title = escape(&title),
            intro = words.intro,
        )?;
        let mut page = Html { out, words };
        let account = format!("{} {}", opening.platform, opening.user_id);
        page.table(&[(words.account, account), (words.made_at, stamp(opening.made_at))])?;
        Ok(page)
    }

    pub(super) fn record(&mut self, record: &Record) -> io::Result<()> {
        let words = self.words;
        write!(self.out, "<section>\n<h2>{}</h2>\n", words.kind(record))?;
        match record {
            Record::Item { item, value, source, read_at, purpose } => self.table(&[
                (words.item(*item), value.clone()),
                (words.source, source.clone()),
                (words.read_at, moment(*read_at)),
                (words.purpose, purpose.clone()),
            ])?,
            Record::Seen { first, last, kept_until } => self.table(&[
                (words.first, moment(*first)),
                (words.last, moment(*last)),
                (words.kept_until, moment(*kept_until)),
            ])?,
            Record::Post { platform: _, id, url, made_at, text, matched, kept_until } => {
                writeln!(self.out, "<p class=\"text\">{}</p>", escape(text))?;
                self.table(&[
                    (words.address, url.clone()),
                    (words.id, id.clone()),
                    (words.made_at, stamp(*made_at)),
                    (words.matched, matched.join(", ")),
                    (words.kept_until, moment(*kept_until)),
                ])?;
            }
            Record::Case { platform: _, id, decisions, actions } => {
                self.table(&[(words.id, id.clone())])?;
                for one in decisions {
                    let clauses = format!("{} {}", one.clauses.join(", "), one.rules.join(", "));
                    self.table(&[
                        (words.decided, format!("{} {} ({})", stamp(one.decided_at), one.verdict, one.by)),
                        (words.clauses, clauses.trim().to_owned()),
                        (words.guidelines, one.guidelines.clone()),
                    ])?;
                }
                for one in actions {
                    self.table(&[(words.action, format!("{}: {}", one.action, one.state))])?;
                }
            }
            Record::Strike { platform: _, id, since, until } => self.table(&[
                (words.id, id.clone()),
                (words.first, moment(*since)),
                (words.kept_until, moment(*until)),
            ])?,
            Record::Request { ticket, received_at, asks, state } => self.table(&[
                (words.ticket, ticket.clone()),
                (words.made_at, stamp(*received_at)),
                (words.asks, asks.join(", ")),
                (words.state, state.clone()),
            ])?,
            Record::Mail { ticket, direction, at, bytes } => self.table(&[
                (words.ticket, ticket.clone()),
                (words.direction, direction.clone()),
                (words.made_at, moment(*at)),
                (words.bytes, bytes.to_string()),
            ])?,
            Record::File { name, bytes } => {
                self.table(&[(words.name, name.clone()), (words.bytes, bytes.to_string())])?;
            }
        }
        self.out.write_all(b"</section>\n")
    }

    pub(super) fn finish(&mut self, not_held: &[DataItem], counts: &BTreeMap<&'static str, u64>) -> io::Result<()> {
        let words = self.words;
        write!(self.out, "<section>\n<h2>{}</h2>\n", words.not_held)?;
        let rows: Vec<_> = not_held.iter().map(|item| (words.item(*item), words.not_held.to_owned())).collect();
        self.table(&rows)?;
        let total: u64 = counts.values().sum();
        let days = resources::longest_days();
        writeln!(
            self.out,
            "</section>\n<p>{}: {total}</p>\n<p>{}</p>",
            words.records,
            words.expiring.replace("{days}", &days.to_string())
        )?;
        writeln!(self.out, "<p>{}</p>\n</html>", words.struck)?;
        self.out.flush()
    }

    fn table(&mut self, rows: &[(&str, String)]) -> io::Result<()> {
        self.out.write_all(b"<table>\n")?;
        for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(self.out, "<tr><th scope=\"row\">{name}</th><td>{}</td></tr>", escape(value))?;
        }
        self.out.write_all(b"</table>\n")
    }
}

fn stamp(at: Timestamp) -> String {
    format!("{at:.0}")
}

fn moment(at: Option<Timestamp>) -> String {
    at.map(stamp).unwrap_or_default()
}

/// Text as text: nothing in it can be a tag, an attribute's end or an entity.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Marks that turn the direction of the text around would also turn what follows.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
