//! `sekisho rulebook explain`: for a text every view, every match, every condition, and why the answer came out.

use std::io::Read;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use rules::{
    AskedRule, Author, Context, Explanation, Lang, Media, Platform, Post, PostKind, RuleAnswer, Rulebook, Status,
    UserId, Verdict, ViewKind, explain, statement,
};
use unicode_width::UnicodeWidthStr;

use super::list::word;
use super::open;
use crate::command::say;
use crate::command::terminal::{Paint, on_one_line, padded};

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The text, or `-` to read it from stdin.
    text: String,
    /// `x` or `youtube`.
    #[arg(long, default_value = "x")]
    platform: Platform,
    /// The author's displayed name.
    #[arg(long)]
    name: Option<String>,
    /// The author's handle.
    #[arg(long)]
    handle: Option<String>,
    /// The author's profile description.
    #[arg(long)]
    description: Option<String>,
    /// Age of the author's account.
    #[arg(long, value_name = "DAYS")]
    age_days: Option<u16>,
    /// Earlier posts of the author that were acted on.
    #[arg(long)]
    strikes: Option<u32>,
    /// The language that the platform guessed.
    #[arg(long)]
    lang: Option<String>,
    /// A picture is attached.
    #[arg(long)]
    image: bool,
    /// Only these rules, whether they matched or not.
    #[arg(long = "rule", value_name = "ID")]
    rules: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(self, folder: Option<&Path>) -> Result<()> {
        let rulebook = open(folder)?;
        if let Some(unknown) = self.rules.iter().find(|id| rulebook.rule(id).is_none()) {
            bail!("there is no rule {unknown}");
        }
        let text = match self.text.as_str() {
            "-" => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text.trim_end_matches(['\n', '\r']).to_owned()
            }
            text => text.to_owned(),
        };
        let now = Timestamp::now();
        let (post, context) = self.post(text, now);
        let mut told = explain(&post, &context, rulebook, now);
        if !self.rules.is_empty() {
            told.rules.retain(|asked| self.rules.contains(&asked.rule));
        }
        if self.json {
            return say(serde_json::to_string_pretty(&told)?);
        }
        say(Page { rulebook, post: &post, told: &told, paint: Paint::stdout(), wanted: &self.rules }.written())
    }

    fn post(&self, text: String, now: Timestamp) -> (Post, Context) {
        let mut author = Author::unknown("theirs");
        author.name.clone_from(&self.name);
        author.handle.clone_from(&self.handle);
        author.description.clone_from(&self.description);
        author.created_at = self.age_days.map(|days| now - SignedDuration::from_hours(24 * i64::from(days)));
        let post = Post {
            platform: self.platform,
            id: "1".to_owned(),
            target: "1".to_owned(),
            version: "1".to_owned(),
            account: "ours".to_owned(),
            kind: match self.platform {
                Platform::X => PostKind::Reply,
                Platform::YouTube => PostKind::Comment,
            },
            author,
            text,
            lang: self.lang.clone(),
            created_at: now,
            edited_at: None,
            conversation: None,
            answers: None,
            answers_user: Some(UserId("ours".to_owned())),
            links: Vec::new(),
            media: if self.image { Media::Attached } else { Media::None },
            held: false,
        };
        let mut context = Context::default();
        context.author.strikes = self.strikes;
        (post, context)
    }
}

/// What is written about one text.
struct Page<'a> {
    rulebook: &'a Rulebook,
    post: &'a Post,
    told: &'a Explanation,
    paint: Paint,
    wanted: &'a [String],
}

impl Page<'_> {
    fn written(&self) -> String {
        let mut lines = self.head();
        lines.extend(self.views());
        lines.extend(self.signals());
        lines.extend(self.rules());
        lines.extend(self.why());
        lines.join("\n")
    }

    fn heading(&self, of: &str) -> String {
        format!("\n{}", self.paint.bold(of))
    }

    fn head(&self) -> Vec<String> {
        let judgement = &self.told.judgement;
        let counted = judgement.violations.iter().filter(|violation| violation.verdict > Verdict::Allow);
        let spans = counted.flat_map(|violation| violation.spans.iter().copied()).collect();
        let marked = self.paint.marked(&self.post.text, spans);
        let mut lines: Vec<String> = marked.lines().map(|line| format!("  {line}")).collect();
        lines.push(format!("\n{}", self.paint.verdict(judgement.verdict)));
        lines
    }

    /// Every view; one that says the same as the view before is only named.
    fn views(&self) -> Vec<String> {
        let mut lines = vec![self.heading("views")];
        let mut before = self.post.text.as_str();
        for view in &self.told.views {
            let text = if view.text == before { self.paint.faint("as above") } else { on_one_line(&view.text) };
            lines.push(format!("  {}  {text}", padded(view_name(view.view), 8)));
            before = &view.text;
        }
        lines
    }

    fn signals(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.told.signals.is_empty() || !self.told.domains.is_empty() {
            lines.push(self.heading("signals"));
            let names: Vec<String> = self.told.signals.iter().map(|signal| format!("<{}>", signal.signal)).collect();
            let widest = names.iter().map(|name| name.width()).max().unwrap_or(0).max(7);
            for (name, signal) in names.iter().zip(&self.told.signals) {
                lines.push(format!("  {}  {}", padded(name, widest), on_one_line(&signal.text)).trim_end().to_owned());
            }
            if !self.told.domains.is_empty() {
                lines.push(format!("  {}  {}", padded("domains", widest), self.told.domains.join(", ")));
            }
        }
        lines.push(self.heading("model"));
        for (output, score) in self.told.judgement.scores.iter() {
            lines.push(format!("  {}  {score:.3}", padded(output.key(), 8)));
        }
        lines
    }

    fn rules(&self) -> Vec<String> {
        let mut lines = vec![self.heading("rules")];
        if self.told.rules.is_empty() && self.wanted.is_empty() {
            lines.push("  nothing in the text sets off a rule".to_owned());
        }
        for asked in &self.told.rules {
            lines.extend(self.rule(asked));
        }
        for silent in self.wanted.iter().filter(|id| self.told.rules.iter().all(|asked| asked.rule != **id)) {
            lines.push(format!("  {} {silent}  nothing in the text sets it off", self.paint.faint("·")));
        }
        lines
    }

    fn rule(&self, asked: &AskedRule) -> Vec<String> {
        let rule = self.rulebook.rule(&asked.rule);
        let title = rule.map(|rule| format!("{} / {}", rule.title.ja, rule.title.en)).unwrap_or_default();
        let (mark, answer) = match &asked.answer {
            RuleAnswer::Fired => (self.paint.red("●"), format!("fires: {}", self.leads_to(asked))),
            RuleAnswer::Silent(why) => (self.paint.faint("○"), format!("silent: {}", silent_because(why))),
            RuleAnswer::Unknown(missing) if missing.is_empty() => {
                (self.paint.yellow("?"), "unknown: its condition has no answer".to_owned())
            }
            RuleAnswer::Unknown(missing) => {
                (self.paint.yellow("?"), format!("unknown: it depends on {}", missing.join(", ")))
            }
        };
        let mut lines = vec![format!("  {mark} {}  {title}", self.paint.bold(&asked.rule)), format!("      {answer}")];
        if !asked.matches.is_empty() {
            let spans = asked.matches.iter().map(|matched| matched.span).collect();
            let found: Vec<String> = asked.matches.iter().map(match_name).collect();
            let mut found = found;
            found.dedup();
            lines.push(format!("      matched  {}", on_one_line(&self.paint.marked(&self.post.text, spans))));
            lines.push(format!("               {}", self.paint.faint(&found.join(", "))));
        }
        if let Some(when) = &asked.when {
            let value = match &asked.answer {
                RuleAnswer::Fired => self.paint.green("true"),
                RuleAnswer::Silent("when") => self.paint.red("false"),
                RuleAnswer::Silent(_) => self.paint.faint("not needed"),
                RuleAnswer::Unknown(_) => self.paint.yellow("unknown"),
            };
            lines.push(format!("      when     {when}  →  {value}"));
            for fact in &asked.facts {
                let value = fact.value.clone().unwrap_or_else(|| self.paint.yellow("not known"));
                lines.push(format!("                 {} = {value}", fact.field));
            }
        }
        lines
    }

    /// What a rule that fired may lead to, and why not to more.
    fn leads_to(&self, asked: &AskedRule) -> String {
        let Some(rule) = self.rulebook.rule(&asked.rule) else { return asked.verdict.to_string() };
        let least = self.rulebook.policy().act_confidence;
        let why = match (rule.status, asked.verdict) {
            (Status::Shadow, _) => "in shadow, so that it changes nothing".to_owned(),
            (Status::Enforce, Verdict::Review) if rule.confidence < least => {
                format!("enforced, but its confidence {:.2} is below {least:.2}", rule.confidence)
            }
            (Status::Enforce, Verdict::Review) => match rule.doubt(&self.told.judgement.scores) {
                _ if asked.matches.iter().all(|matched| matched.view == Some(ViewKind::Lines)) => {
                    "enforced, but only lines begin so".to_owned()
                }
                Some(least) => format!("enforced, but the model gives no clause {least:.2}"),
                None => "enforced, but the post is older than the rule's guidelines".to_owned(),
            },
            (Status::Off | Status::Review | Status::Enforce, _) => {
                format!("status {}, confidence {:.2}", word(rule.status), rule.confidence)
            }
        };
        format!("{} ({}, {why})", self.paint.verdict(asked.verdict), rule.clause)
    }

    fn why(&self) -> Vec<String> {
        let judgement = &self.told.judgement;
        let mut lines = vec![self.heading("why")];
        let counted: Vec<_> =
            judgement.violations.iter().filter(|violation| violation.verdict > Verdict::Allow).collect();
        let leading = counted.iter().filter(|violation| violation.verdict == judgement.verdict);
        let leading: Vec<&str> = leading.map(|violation| violation.rule.as_str()).collect();
        let verdict = self.paint.verdict(judgement.verdict);
        lines.push(match (judgement.verdict, leading.is_empty()) {
            (Verdict::Allow, _) => {
                format!("  {verdict}: no rule that counts fires, and nothing that matters is unknown")
            }
            (Verdict::Review | Verdict::Act, false) => format!("  {verdict}: because of {}", leading.join(", ")),
            (Verdict::Review | Verdict::Act, true) => format!("  {verdict}: because something that matters is unknown"),
        });
        for unknown in &judgement.unknowns {
            let rule = unknown.rule.as_deref().map(|rule| format!(", which {rule} needs")).unwrap_or_default();
            lines.push(format!("  unknown: {}{rule}", unknown.what));
        }
        if !counted.is_empty() {
            for lang in [Lang::Ja, Lang::En] {
                let told = statement(counted.iter().copied(), self.rulebook, &judgement.guidelines, lang);
                lines.push(String::new());
                lines.extend(told.lines().map(|line| format!("  {line}")));
            }
        }
        lines.push(format!(
            "\n  {}",
            self.paint.faint(&format!(
                "rulebook {}, guidelines {}; nothing else is known of the author and the conversation",
                judgement.rulebook, judgement.guidelines
            ))
        ));
        lines
    }
}

fn match_name(matched: &rules::Matched) -> String {
    let text = if matched.text.is_empty() {
        "not in the text".to_owned()
    } else {
        format!("「{}」", on_one_line(&matched.text))
    };
    match (matched.view, matched.masked) {
        (Some(view), true) => format!("{text} {}, with hidden characters", view_name(view)),
        (Some(view), false) => format!("{text} {}", view_name(view)),
        (None, _) => format!("{text} a signal"),
    }
}

fn view_name(view: ViewKind) -> &'static str {
    match view {
        ViewKind::Plain => "plain",
        ViewKind::Folded => "folded",
        ViewKind::Joined => "joined",
        ViewKind::Lines => "lines",
    }
}

/// The words for the key that kept a rule silent.
fn silent_because(key: &str) -> &str {
    match key {
        "unless" => "every match lies inside an exception (unless, unless_near)",
        "unless_anywhere" => "an exception stands somewhere in the post (unless_anywhere)",
        "all" => "what else it asks for is not near (all, within)",
        "min" => "too few places match (min)",
        "when" => "its condition is false",
        "nothing matched" => "its guard was found, its pattern was not",
        other => other,
    }
}
