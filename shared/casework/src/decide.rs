//! A person's ruling on a case: a decision is appended, and the action or its reverse is planned.

use jiff::Timestamp;
use rules::{ActionKind, Clause, Context, Judgement, Rulebook, TaskKind, Verdict, Violation};

use crate::decision::{Decider, Decision, Finding, PostKey};
use crate::handle_post::days;
use crate::ledger::{CaseFile, Desk, LedgerError, RulingRecord, Strike, Task, TaskState};
use crate::planned::{Action, ActionKey, ActionState};

/// What a person rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Nothing to object to; what was done is taken back, and what the platform held is published.
    Allow,
    /// The policy's actions follow, under this clause, or the one that the rules found. On a post of our own: delete it.
    Act(Option<Clause>),
    /// What was done is taken back.
    Undo,
    /// The open tasks were done by hand; the verdict stays, and so does what is still to be done.
    Done,
}

/// Why a ruling could not be carried out; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// No such post.
    #[error("no case is known for {0}")]
    NotFound(PostKey),
    /// The platform offers nothing that takes it back.
    #[error("{0} can't be undone: the platform offers no way back")]
    Irreversible(ActionKind),
    /// There is no open task.
    #[error("no task is open on {0}")]
    NoTask(PostKey),
    /// There is nothing to take back.
    #[error("nothing was done about {0} that could be undone")]
    NothingToUndo(PostKey),
    /// The text has expired or was erased, so that no action can be planned.
    #[error("the post of {0} is no longer kept: its action can't be planned")]
    Expired(PostKey),
    /// The rules found nothing, and no clause was named.
    #[error("name the clause that {0} breaks: the rules found none")]
    NoClause(PostKey),
    /// A reason is required.
    #[error("a ruling needs a reason")]
    NoReason,
    /// The store's.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What a ruling led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruled {
    /// The decision that was appended.
    pub decision: Decision,
    /// Pending actions that were cancelled.
    pub cancelled: Vec<ActionKind>,
    /// Actions planned by it.
    pub planned: Vec<ActionKind>,
    /// What only a person can do.
    pub tasks: Vec<TaskKind>,
}

/// Rules on one post.
///
/// # Errors
/// See [`DecideError`]; nothing is changed then.
pub async fn decide<D: Desk>(
    desk: &D,
    rulebook: &Rulebook,
    key: &PostKey,
    ruling: Ruling,
    reason: &str,
    by: &str,
    now: Timestamp,
) -> Result<Ruled, DecideError> {
    if reason.trim().is_empty() {
        return Err(DecideError::NoReason);
    }
    let file = desk.case_file(key, now).await?.ok_or_else(|| DecideError::NotFound(key.clone()))?;
    let course = match ruling {
        Ruling::Allow => publish_held(&file, take_back(&file)?),
        Ruling::Undo => {
            let course = take_back(&file)?;
            let asks_nobody = block_by_hand(&file).is_none_or(|task| task.kind == TaskKind::UnblockAuthor);
            if course.cancel.is_empty() && course.actions.is_empty() && asks_nobody {
                return Err(DecideError::NothingToUndo(key.clone()));
            }
            course
        }
        Ruling::Done => done_by_hand(&file, key)?,
        Ruling::Act(clause) => act(&file, rulebook, key, clause, now)?,
    };
    let last = file.decisions.last();
    let record = RulingRecord {
        post: key.clone(),
        decision: Decision {
            number: last.map_or(0, |decision| decision.number) + 1,
            by: Decider::Person(by.to_owned()),
            verdict: course.verdict,
            limited: None,
            held: false,
            reason: Some(reason.to_owned()),
            findings: course.findings,
            unknowns: Vec::new(),
            version: last.map_or_else(String::new, |decision| decision.version.clone()),
            rulebook: rulebook.version().to_owned(),
            guidelines: guidelines_of(&file, rulebook, now),
            decided_at: now,
        },
        cancel: course.cancel,
        actions: course.actions,
        tasks: course.tasks,
        tasks_done: ruling == Ruling::Done,
        strike: match ruling {
            Ruling::Act(_) => Strike::Until(now + days(rulebook.policy().strike_window_days)),
            Ruling::Allow | Ruling::Undo => Strike::Lifted,
            Ruling::Done => Strike::Kept,
        },
        due_at: running_until(&file.actions).map_or(now, |until| until.max(now)),
    };
    desk.record_ruling(&file, &record, now).await?;
    Ok(Ruled {
        decision: record.decision,
        cancelled: record.cancel.into_iter().map(|key| key.kind).collect(),
        planned: record.actions,
        tasks: record.tasks,
    })
}

/// The version of the guidelines in force when the post was made, as far as that is still known.
fn guidelines_of(file: &CaseFile, rulebook: &Rulebook, now: Timestamp) -> String {
    let made_at = file.post.as_ref().map(|post| post.created_at).or(file.outbound.as_ref().map(|own| own.as_of));
    match (made_at, file.decisions.last()) {
        (Some(made_at), _) => rulebook.guidelines_at(made_at).id.clone(),
        (None, Some(last)) => last.guidelines.clone(),
        (None, None) => rulebook.guidelines_at(now).id.clone(),
    }
}

/// What follows a ruling.
struct Course {
    verdict: Verdict,
    findings: Vec<Finding>,
    cancel: Vec<ActionKey>,
    actions: Vec<ActionKind>,
    tasks: Vec<TaskKind>,
}

/// Cancels what is pending and reverses what is in effect.
fn take_back(file: &CaseFile) -> Result<Course, DecideError> {
    let mut actions = Vec::new();
    for action in in_effect(&file.actions) {
        match action.key.kind.reverse() {
            Some(reverse) => actions.push(reverse),
            None => return Err(DecideError::Irreversible(action.key.kind)),
        }
    }
    // Asked again, where it was asked and is not done: this ruling ends what was asked before.
    let is_blocked = |task: &Task| task.kind == TaskKind::BlockAuthor || task.state == TaskState::Open;
    let tasks = block_by_hand(file).filter(|task| is_blocked(task)).map(|_| TaskKind::UnblockAuthor);
    Ok(Course {
        verdict: Verdict::Allow,
        findings: Vec::new(),
        cancel: pending(&file.actions),
        actions,
        tasks: tasks.into_iter().collect(),
    })
}

/// The last that a person was asked about blocking the author: done, or open, and then it may be done.
fn block_by_hand(file: &CaseFile) -> Option<&Task> {
    let blocks = |task: &&Task| matches!(task.kind, TaskKind::BlockAuthor | TaskKind::UnblockAuthor);
    file.tasks.iter().filter(blocks).max_by_key(|task| task.decision)
}

/// Publishes what the platform held before anybody ruled; once, since it may be held again for a reason of its own.
fn publish_held(file: &CaseFile, mut course: Course) -> Course {
    let held = file.decisions.iter().rev().find(|decision| decision.held).map(|decision| decision.number);
    let published = |action: &Action| action.key.kind == ActionKind::Publish && Some(action.key.decision) > held;
    let planned = course.actions.contains(&ActionKind::Publish);
    if held.is_some() && !planned && !file.actions.iter().any(|action| published(action) && has_effect(action)) {
        course.actions.push(ActionKind::Publish);
    }
    course
}

/// Plans the policy's actions as if the rules had asked for them with certainty.
fn act(
    file: &CaseFile,
    rulebook: &Rulebook,
    key: &PostKey,
    clause: Option<Clause>,
    now: Timestamp,
) -> Result<Course, DecideError> {
    if file.outbound.is_some() {
        return Ok(Course {
            verdict: Verdict::Act,
            findings: Vec::new(),
            cancel: Vec::new(),
            actions: vec![ActionKind::DeleteOwn],
            tasks: Vec::new(),
        });
    }
    let post = file.post.as_ref().ok_or_else(|| DecideError::Expired(key.clone()))?;
    let clause = clause
        .or_else(|| file.decisions.iter().rev().find_map(Decision::clause))
        .ok_or_else(|| DecideError::NoClause(key.clone()))?;
    let finding =
        Finding { clause, rule: "reviewer".to_owned(), confidence: 1.0, verdict: Verdict::Act, spans: Vec::new() };
    let judgement = Judgement {
        verdict: Verdict::Act,
        violations: vec![Violation {
            clause,
            rule: finding.rule.clone(),
            confidence: finding.confidence,
            verdict: finding.verdict,
            spans: Vec::new(),
            evidence: Vec::new(),
        }],
        unknowns: Vec::new(),
        scores: Default::default(),
        rulebook: rulebook.version().to_owned(),
        guidelines: guidelines_of(file, rulebook, now),
    };
    let context = Context { in_our_conversation: file.in_our_conversation, ..Context::default() };
    let plan = rulebook.policy().plan(post, &context, &judgement, file.strikes);
    let standing: Vec<ActionKind> = in_effect(&file.actions).map(|action| action.key.kind).collect();
    let blocked =
        block_by_hand(file).is_some_and(|task| task.kind == TaskKind::BlockAuthor && task.state == TaskState::Done);
    Ok(Course {
        verdict: Verdict::Act,
        findings: vec![finding],
        cancel: pending(&file.actions),
        actions: plan.actions.into_iter().filter(|kind| !standing.contains(kind)).collect(),
        tasks: plan.tasks.into_iter().filter(|kind| !(blocked && *kind == TaskKind::BlockAuthor)).collect(),
    })
}

/// Closes the open tasks under the verdict that stands.
fn done_by_hand(file: &CaseFile, key: &PostKey) -> Result<Course, DecideError> {
    let standing = file.decisions.last().ok_or_else(|| DecideError::NoTask(key.clone()))?;
    if file.tasks.iter().all(|task| task.state == TaskState::Done) {
        return Err(DecideError::NoTask(key.clone()));
    }
    Ok(Course {
        verdict: standing.verdict,
        findings: standing.findings.clone(),
        cancel: Vec::new(),
        actions: Vec::new(),
        tasks: Vec::new(),
    })
}

/// When the last action that is being performed now has lost its lease.
fn running_until(actions: &[Action]) -> Option<Timestamp> {
    actions.iter().filter(|action| action.state == ActionState::Running).map(|action| action.due_at).max()
}

fn pending(actions: &[Action]) -> Vec<ActionKey> {
    actions.iter().filter(|action| action.state == ActionState::Pending).map(|action| action.key.clone()).collect()
}

/// Actions whose effect stands, or may stand: done (or being done), and not reversed by a later one.
fn in_effect(actions: &[Action]) -> impl Iterator<Item = &Action> {
    actions.iter().filter(move |action| {
        has_effect(action)
            && action.key.kind.restricts()
            && !actions.iter().any(|later| {
                later.key.decision > action.key.decision
                    && has_effect(later)
                    && Some(later.key.kind) == action.key.kind.reverse()
            })
    })
}

/// Done, being done, or put off after a call whose answer got lost.
fn has_effect(action: &Action) -> bool {
    match action.state {
        ActionState::Done | ActionState::Running | ActionState::HandedOver => true,
        ActionState::Pending => action.repeats > 0,
        ActionState::Failed | ActionState::Cancelled => false,
    }
}
