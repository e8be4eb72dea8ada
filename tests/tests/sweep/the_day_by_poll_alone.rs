//! With webhooks off for a whole day, the poll alone ends with the decisions that webhooks lead to; in both orders.

use std::collections::BTreeMap;

use local::sample::data::{Day, Expect};
use local::sample::{Means, play_by};
use local::simulator::HandClock;
use local::stack::{Options, Stack};
use rules::Verdict;

/// Of each event that is to be judged: all decisions about its post, as version, verdict and rules.
type Decisions = BTreeMap<String, Vec<(String, Verdict, Vec<String>)>>;

async fn decisions(means: Means) -> Decisions {
    let folder = tempfile::tempdir().unwrap();
    let date: jiff::civil::Date = "2026-11-20".parse().unwrap();
    let clock = HandClock::at(jiff::tz::offset(9).to_timestamp(date.at(0, 0, 0, 0)).unwrap());
    let options = Options { folder: folder.path().to_owned(), data: None, port: 0, clock: clock.clock() };
    let stack = Stack::start(options).await.unwrap();
    let played = play_by(&stack, &Day::read().unwrap(), date, &clock, means).await.unwrap();
    assert!(stack.x.simulator.unwanted_requests().is_empty(), "{:?}", stack.x.simulator.unwanted_requests());
    assert!(stack.youtube.simulator.unwanted_requests().is_empty());
    let mut decisions = Decisions::new();
    for told in played.told {
        let judged = matches!(told.event.expect, Expect::Allow | Expect::Review | Expect::Act);
        if !judged {
            continue;
        }
        let file = told.file.unwrap_or_else(|| panic!("{}: nobody decided by {means:?}", told.event.id));
        let made = file.decisions.into_iter().map(|decision| {
            let mut rules: Vec<String> = decision.findings.into_iter().map(|finding| finding.rule).collect();
            rules.sort();
            (decision.version, decision.verdict, rules)
        });
        decisions.insert(told.event.id, made.collect());
    }
    decisions
}

/// Rules about an author's name, which a list gives with every post and a webhook with some.
const ABOUT_NAMES: &str = "IMP";

/// Where two ways differ: in a version, a verdict, or a rule that is not about a name.
fn differences(one: &Decisions, other: &Decisions) -> Vec<String> {
    let about_words = |made: &Vec<(String, Verdict, Vec<String>)>| -> Vec<(String, Verdict, Vec<String>)> {
        let mut made = made.clone();
        made.iter_mut().for_each(|(_, _, rules)| rules.retain(|rule| !rule.starts_with(ABOUT_NAMES)));
        made
    };
    let differs = one.iter().filter(|(id, made)| other.get(*id).map(&about_words) != Some(about_words(made)));
    differs.map(|(id, made)| format!("{id}: {made:?} and {:?}", other.get(id))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_alone_decide_as_webhooks_do() {
    let pushed = decisions(Means::Webhooks).await;
    let polled = decisions(Means::Polls).await;
    assert!(pushed.len() > 150, "{} posts", pushed.len());
    let differences = differences(&pushed, &polled);
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(polled.len() > pushed.len(), "comments, which nothing pushes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_both_ways_is_decided_once_whichever_comes_first() {
    let polled = decisions(Means::Polls).await;
    for means in [Means::PollsThenWebhooks, Means::WebhooksThenPolls] {
        let both = decisions(means).await;
        let differences = differences(&polled, &both);
        assert!(differences.is_empty(), "{means:?}: {differences:#?}");
    }
}
