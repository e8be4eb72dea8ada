//! With webhooks off for a whole day, the poll alone ends with the decisions that webhooks lead to; in both orders.

use std::collections::BTreeMap;

use local::sample::data::{Day, Expect};
use local::sample::{Means, play_by};
use local::simulator::HandClock;
use local::stack::{Options, Stack};
use rules::Verdict;
use tokio::sync::OnceCell;

/// A decision: version, verdict and rules.
type Made = (String, Verdict, Vec<String>);
/// Of each event that is to be judged: all decisions about its post.
type Decisions = BTreeMap<String, Vec<Made>>;

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

/// What the poll alone decides, found once for both tests.
async fn polled() -> &'static Decisions {
    static POLLED: OnceCell<Decisions> = OnceCell::const_new();
    POLLED.get_or_init(|| decisions(Means::Polls)).await
}

/// Rules about an author's name. Of replies and quotes X's events tell no name, only its lists do: the webhook alone
/// can't know what these rules find, the poll that comes after it does.
const ABOUT_NAMES: [&str; 2] = ["IMP003", "IMP004"];

/// The last decision about each version, without the rules about names where these can't be known.
fn last(made: &[Made], names: bool) -> BTreeMap<&str, (Verdict, Vec<&str>)> {
    let known = |rule: &&str| names || !ABOUT_NAMES.contains(rule);
    let made = made.iter().map(|(version, verdict, rules)| {
        (version.as_str(), (*verdict, rules.iter().map(String::as_str).filter(known).collect()))
    });
    made.collect()
}

/// Where two ways differ in a version, a verdict or a rule.
fn differences(one: &Decisions, other: &Decisions, names: bool) -> Vec<String> {
    let same = |id: &String, made: &[Made]| other.get(id).is_some_and(|other| last(other, names) == last(made, names));
    let differs = one.iter().filter(|(id, made)| !same(id, made));
    differs.map(|(id, made)| format!("{id}: {made:?} and {:?}", other.get(id))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_alone_decide_as_webhooks_do() {
    let (pushed, polled) = (decisions(Means::Webhooks).await, polled().await);
    assert!(pushed.len() > 150, "{} posts", pushed.len());
    let differing = differences(&pushed, polled, false);
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(polled.len() > pushed.len(), "comments, which nothing pushes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_both_ways_ends_the_same_whichever_comes_first() {
    let polled = polled().await;
    for means in [Means::PollsThenWebhooks, Means::WebhooksThenPolls] {
        let both = decisions(means).await;
        let differing = differences(polled, &both, true);
        assert!(differing.is_empty(), "{means:?}: {differing:#?}");
        // Decided once, unless a name became known in between.
        for (id, made) in &both {
            let about_names = made.iter().any(|(_, _, rules)| rules.iter().any(|rule| ABOUT_NAMES.contains(&&**rule)));
            assert!(about_names || made.len() == last(made, true).len(), "{means:?} {id}: {made:?}");
        }
    }
}
