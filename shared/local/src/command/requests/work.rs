//! `sekisho requests reply|extend|hold|pause|correct|read|mandate|address|done`: the other steps, one struct each.

use anyhow::Result;
use clap::Args;
use data_request::carry::suppress_where_asked;
use jiff::Timestamp;
use privacy::classify::Ask;
use privacy::clocks::PauseReason;
use privacy::law::RefusalReason;
use privacy::letters::ExtensionReason;
use privacy::mail::Address;

use super::{Item, Office, ask, ask_word, code, word};
use crate::command::say;
use crate::connect;

#[derive(Debug, Args)]
pub(super) struct Reply {
    #[command(flatten)]
    item: Item,
    /// The answer in your words. Name nobody in it.
    #[arg(long)]
    text: Option<String>,
}

impl Reply {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, item, by } = &self.item;
        office.desk().reply(ticket, *item, self.text.as_deref(), by, Timestamp::now()).await?;
        say(format_args!("{ticket} item {item}: the letter is on its way"))
    }
}

#[derive(Debug, Args)]
pub(super) struct Extend {
    #[command(flatten)]
    item: Item,
    /// `complexity` or `number_of_requests`.
    #[arg(long, value_parser = code::<ExtensionReason>)]
    reason: ExtensionReason,
}

impl Extend {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, item, by } = &self.item;
        let until = office.desk().extend(ticket, *item, self.reason, by, Timestamp::now()).await?;
        say(format_args!("{ticket} item {item}: until {until}; the letter is on its way"))
    }
}

#[derive(Debug, Args)]
pub(super) struct Hold {
    #[command(flatten)]
    item: Item,
    /// Why, as a reason of refusal that the person can be told, for example `legal_claims`.
    #[arg(long, value_parser = code::<RefusalReason>, required_unless_present = "release")]
    reason: Option<RefusalReason>,
    /// Ends the stop.
    #[arg(long, conflicts_with = "reason")]
    release: bool,
}

impl Hold {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, by, .. } = &self.item;
        match self.reason {
            Some(reason) => {
                office.desk().hold(ticket, reason, by, Timestamp::now()).await?;
                say(format_args!("{ticket}: nothing is erased until the hold is released"))
            }
            None => {
                office.desk().release(ticket, by, Timestamp::now()).await?;
                say(format_args!("{ticket}: the hold is over"))
            }
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Pause {
    #[command(flatten)]
    item: Item,
    /// What the person has to do first: `identity`, `clarification` or `fee`.
    #[arg(long, value_parser = code::<PauseReason>, required_unless_present = "resume")]
    reason: Option<PauseReason>,
    /// Lets the clocks run on.
    #[arg(long, conflicts_with = "reason")]
    resume: bool,
}

impl Pause {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, item, by } = &self.item;
        let (kinds, what) = match self.reason {
            Some(reason) => (office.desk().pause(ticket, *item, reason, by, Timestamp::now()).await?, "stand still"),
            None => (office.desk().resume(ticket, *item, by, Timestamp::now()).await?, "run on"),
        };
        let kinds: Vec<String> = kinds.into_iter().map(word).collect();
        if kinds.is_empty() {
            return say(format_args!("{ticket} item {item}: none of its clocks may stand still"));
        }
        say(format_args!("{ticket} item {item}: {what}: {}", kinds.join(", ")))
    }
}

#[derive(Debug, Args)]
pub(super) struct Correct {
    #[command(flatten)]
    item: Item,
    /// What is really asked, for example `appi_disclosure` or `guidelines`.
    #[arg(long, value_parser = ask)]
    ask: Ask,
}

impl Correct {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let (Item { ticket, item, by }, now) = (&self.item, Timestamp::now());
        office.desk().correct(ticket, *item, self.ask, by, now).await?;
        suppress_where_asked(&office.desk(), &connect::store().await?, ticket, now).await?;
        say(format_args!("{ticket} item {item}: {}", ask_word(self.ask)))
    }
}

#[derive(Debug, Args)]
pub(super) struct Read {
    #[command(flatten)]
    item: Item,
    /// Also closes the item, a question that needs no answer.
    #[arg(long)]
    close: bool,
}

impl Read {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, item, by } = &self.item;
        let close = if self.close { vec![*item] } else { Vec::new() };
        office.desk().read(ticket, &close, by, Timestamp::now()).await?;
        say(format_args!("{ticket}: read"))
    }
}

#[derive(Debug, Args)]
pub(super) struct Done {
    #[command(flatten)]
    item: Item,
}

impl Done {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, item, by } = &self.item;
        office.desk().task_done(ticket, *item, by, Timestamp::now()).await?;
        say(format_args!("{ticket} item {item}: done; the letter is on its way"))
    }
}

#[derive(Debug, Args)]
pub(super) struct Mandate {
    #[command(flatten)]
    item: Item,
}

impl Mandate {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let (Item { ticket, by, .. }, now) = (&self.item, Timestamp::now());
        office.desk().mandate_seen(ticket, by, now).await?;
        suppress_where_asked(&office.desk(), &connect::store().await?, ticket, now).await?;
        say(format_args!("{ticket}: the mandate was seen"))
    }
}

#[derive(Debug, Args)]
pub(super) struct Readdress {
    #[command(flatten)]
    item: Item,
    /// The new address.
    #[arg(value_parser = Address::parse)]
    address: Address,
}

impl Readdress {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let Item { ticket, .. } = &self.item;
        office.desk().ask_to_readdress(ticket, &self.address, Timestamp::now()).await?;
        say(format_args!("{ticket}: both mailboxes are asked; letters go on to the old one until both confirm"))
    }
}
