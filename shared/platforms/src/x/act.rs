//! Performs actions on X, one target a call.

use casework::platform::{Effect, Performed, PlatformError, Target};
use rules::ActionKind;

use super::call::{Call, send};
use super::post::is_id;
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::{Line, stops_account};

/// Performs the action on each target in order. After an error that concerns the whole account, the rest gets the
/// same error without a call.
pub(crate) async fn perform<T: TokenSource>(
    line: &Line<'_, T>,
    account: &str,
    kind: ActionKind,
    targets: &[Target],
) -> Performed {
    let mut performed = Performed { results: Vec::with_capacity(targets.len()), limit: None };
    let mut stopped: Option<PlatformError> = None;
    for target in targets {
        let result = match (&stopped, planned(account, kind, target)) {
            (Some(error), _) => Err(error.clone()),
            (None, Err(error)) => Err(error),
            (None, Ok(planned)) => {
                let outcome = send(line, planned.call).await;
                performed.limit = outcome.limit.or(performed.limit);
                match outcome.answer {
                    Ok(answer) if answer["data"][planned.field].as_bool() == Some(planned.value) => Ok(Effect::Done),
                    Ok(_) => Err(PlatformError::Uncertain { reason: "unconfirmed".to_owned() }),
                    Err(Refusal::Gone) => Ok(Effect::GoalMet),
                    Err(Refusal::Error(error)) => Err(error),
                }
            }
        };
        stopped = stopped.or_else(|| result.as_ref().err().filter(|error| stops_account(error)).cloned());
        performed.results.push(result);
    }
    performed
}

/// A call, and the field of `data` whose value confirms it.
struct Planned<'a> {
    call: Call<'a>,
    field: &'static str,
    value: bool,
}

fn planned<'a>(account: &'a str, kind: ActionKind, target: &'a Target) -> Result<Planned<'a>, PlatformError> {
    let (post, author) = (target.post.as_str(), target.author.0.as_str());
    let (planned, ids) = match kind {
        ActionKind::HideReply => {
            (Planned { call: Call::SetHidden { post, hidden: true }, field: "hidden", value: true }, [post, post])
        }
        ActionKind::UnhideReply => {
            (Planned { call: Call::SetHidden { post, hidden: false }, field: "hidden", value: false }, [post, post])
        }
        ActionKind::DeleteOwn => {
            (Planned { call: Call::DeletePost { post }, field: "deleted", value: true }, [post, post])
        }
        ActionKind::Block => (
            Planned { call: Call::Block { source: account, target: author }, field: "blocking", value: true },
            [account, author],
        ),
        ActionKind::Unblock => (
            Planned { call: Call::Unblock { source: account, target: author }, field: "blocking", value: false },
            [account, author],
        ),
        ActionKind::Hold | ActionKind::Publish | ActionKind::Reject | ActionKind::RejectAndBan => {
            return Err(PlatformError::Permanent { reason: "not-offered".to_owned() });
        }
    };
    if ids.into_iter().all(is_id) { Ok(planned) } else { Err(PlatformError::Permanent { reason: "bad-id".to_owned() }) }
}
