//! Performs actions on YouTube, up to 50 comments a call.

use casework::platform::{Effect, Performed, PlatformError, Target};
use rules::ActionKind;

use super::call::{Call, MAX_IDS, Status, send};
use super::comment::is_id;
use super::fetch;
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::{Line, stops_account};

/// How many targets one call of this kind takes.
pub(crate) fn batch(kind: ActionKind) -> usize {
    match status(kind) {
        Some(_) => MAX_IDS,
        None => 1,
    }
}

/// What a comment is set to; `None` for what is no moderation of comments.
fn status(kind: ActionKind) -> Option<Status> {
    match kind {
        ActionKind::Hold => Some(Status::HeldForReview),
        ActionKind::Publish => Some(Status::Published),
        ActionKind::Reject => Some(Status::Rejected),
        ActionKind::RejectAndBan => Some(Status::RejectedAndBanned),
        ActionKind::HideReply
        | ActionKind::UnhideReply
        | ActionKind::Block
        | ActionKind::Unblock
        | ActionKind::DeleteOwn => None,
    }
}

/// Performs the action on each target.
///
/// A batch fails as a whole when one of its comments is gone or refused. It is then read again, which costs 1 unit
/// instead of 50: what is gone has met its goal, and the rest is tried once more. What is refused again is split
/// in halves down to single comments, so that none takes the others down.
pub(crate) async fn perform<T: TokenSource>(line: &Line<'_, T>, kind: ActionKind, targets: &[Target]) -> Performed {
    let mut results: Vec<Option<Result<Effect, PlatformError>>> = vec![None; targets.len()];
    let (good, bad): (Vec<usize>, Vec<usize>) = (0..targets.len()).partition(|at| is_id(&targets[*at].post));
    let mut note = |places: &[usize], result: Result<Effect, PlatformError>| {
        for at in places {
            results[*at] = Some(result.clone());
        }
    };
    note(&bad, permanent("bad-id"));
    let mut work: Vec<Batch> = good.chunks(batch(kind)).rev().map(|places| Batch::fresh(places.to_vec())).collect();
    while let Some(batch) = work.pop() {
        let ids: Vec<&str> = batch.places.iter().map(|at| targets[*at].post.as_str()).collect();
        let call = match (status(kind), kind, ids.as_slice()) {
            (Some(status), _, ids) => Call::SetModerationStatus { ids, status },
            (None, ActionKind::DeleteOwn, [id]) => Call::DeleteComment { id },
            _ => {
                note(&batch.places, permanent("not-offered"));
                continue;
            }
        };
        let reason = match send(line, call).await {
            Ok(_) => {
                note(&batch.places, Ok(Effect::Done));
                continue;
            }
            Err(Refusal::Gone) if ids.len() == 1 => {
                note(&batch.places, Ok(Effect::GoalMet));
                continue;
            }
            Err(Refusal::Error(error)) => {
                refuse(&mut note, &batch, &mut work, error);
                continue;
            }
            Err(Refusal::Gone) => "commentNotFound".to_owned(),
            Err(Refusal::Comments(reason)) => reason,
        };
        if batch.read_again {
            match batch.halves() {
                Some(halves) => work.extend(halves),
                None => note(&batch.places, permanent(&reason)),
            }
            continue;
        }
        match fetch::existing(line, &ids).await {
            // The calls above were refused, so nothing was done, whatever became of this one.
            Err(error) => refuse(&mut note, &batch, &mut work, error),
            Ok(found) => {
                let mut rest = Vec::new();
                for at in batch.places {
                    if found.contains_key(&targets[at].post) {
                        rest.push(at);
                    } else {
                        note(&[at], Ok(Effect::GoalMet));
                    }
                }
                if !rest.is_empty() {
                    work.push(Batch { places: rest, read_again: true });
                }
            }
        }
    }
    let results = results.into_iter().map(|result| result.unwrap_or_else(|| permanent("not-tried"))).collect();
    Performed { results, limit: None }
}

/// Notes an error for a batch, and for all that is left where it concerns the account as a whole.
fn refuse(
    note: &mut impl FnMut(&[usize], Result<Effect, PlatformError>),
    batch: &Batch,
    work: &mut Vec<Batch>,
    error: PlatformError,
) {
    note(&batch.places, Err(error.clone()));
    if stops_account(&error) {
        work.drain(..).for_each(|rest| note(&rest.places, Err(error.clone())));
    }
}

fn permanent(reason: &str) -> Result<Effect, PlatformError> {
    Err(PlatformError::Permanent { reason: reason.to_owned() })
}

/// Targets of one call, by their places.
struct Batch {
    places: Vec<usize>,
    /// Whether they were refused once and read again since.
    read_again: bool,
}

impl Batch {
    fn fresh(places: Vec<usize>) -> Self {
        Batch { places, read_again: false }
    }

    fn halves(&self) -> Option<[Batch; 2]> {
        let half = |places: &[usize]| Batch { places: places.to_vec(), read_again: true };
        let (first, second) = self.places.split_at(self.places.len() / 2);
        (!first.is_empty()).then(|| [half(second), half(first)])
    }
}
