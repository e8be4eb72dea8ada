//! `sekisho requests decide`: a decision on a right, checked by the law of the day the request came.

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use privacy::desk::Stand;
use privacy::file::{Extra, Reason, Ruling};
use privacy::law::RefusalReason;
use privacy::letters::{DataItem, Form};

use super::{Item, Office, code};
use crate::command::say;

#[derive(Debug, Args)]
pub(super) struct Decide {
    #[command(flatten)]
    item: Item,
    /// The decision.
    #[arg(value_enum)]
    word: Word,
    /// With `refuse` and `partly`: why, as `<reason>@<article>`, for example `still_needed@35(6)`.
    #[arg(long = "reason", value_name = "REASON@ARTICLE", value_parser = reason)]
    reasons: Vec<(RefusalReason, String)>,
    /// The measure taken instead, for the reason that needs one.
    #[arg(long)]
    substitute: Option<String>,
    /// A fee in yen.
    #[arg(long)]
    fee: Option<u32>,
    /// `electronic`, `paper` or `other`.
    #[arg(long, value_parser = code::<Form>)]
    form: Option<Form>,
    /// An item of data that is not held: `name`, `nickname`, `profile_photo`, `gender`, `network`, `user_id`.
    #[arg(long = "not-held", value_name = "DATA", value_parser = code::<DataItem>)]
    not_held: Vec<DataItem>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Word {
    /// All of it.
    Grant,
    /// All but what the reasons cover.
    Partly,
    /// None of it.
    Refuse,
    /// Nothing of it is held.
    NotHeld,
    /// What somebody else proposed.
    Second,
    /// Back to whoever proposed it.
    SendBack,
}

impl Decide {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let (desk, now) = (office.desk(), Timestamp::now());
        let Item { ticket, item, by } = &self.item;
        let mut reasons: Vec<Reason> = self
            .reasons
            .iter()
            .map(|(reason, article)| Reason {
                reason: *reason,
                article: article.clone(),
                substitute: self.substitute.clone().filter(|_| reason.needs_substitute()),
            })
            .collect();
        let ruling = match self.word {
            Word::Grant => Ruling::Grant,
            Word::NotHeld => Ruling::NotHeld,
            Word::Partly => Ruling::Partly(reasons),
            Word::Refuse => match (reasons.pop(), reasons.is_empty()) {
                (Some(reason), true) => Ruling::Refuse(reason),
                (None, _) | (Some(_), false) => bail!("a refusal has one --reason with its article"),
            },
            Word::Second => {
                desk.second(ticket, *item, by, now).await?;
                return say(format_args!("{ticket} item {item}: decided"));
            }
            Word::SendBack => {
                desk.send_back(ticket, *item, by, now).await?;
                return say(format_args!("{ticket} item {item}: open again"));
            }
        };
        let extra = Extra { fee_yen: self.fee, form: self.form, not_held: self.not_held, corrected: Vec::new() };
        match desk.decide(ticket, *item, &ruling, &extra, by, now).await? {
            Stand::Decided => say(format_args!("{ticket} item {item}: decided")),
            Stand::Proposed => say(format_args!(
                "{ticket} item {item}: proposed; another person seconds with: \
                 sekisho requests decide {ticket} second --item {item}"
            )),
        }
    }
}

fn reason(text: &str) -> Result<(RefusalReason, String)> {
    let Some((reason, article)) = text.split_once('@') else { bail!("no article: write <reason>@<article>") };
    Ok((code(reason)?, article.trim().to_owned()))
}
