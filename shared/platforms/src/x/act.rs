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
    let post = || checked(&target.post);
    let author = || match &target.author {
        Some(author) => checked(&author.0),
        None => Err(permanent("no-author")),
    };
    Ok(match kind {
        ActionKind::HideReply => {
            Planned { call: Call::SetHidden { post: post()?, hidden: true }, field: "hidden", value: true }
        }
        ActionKind::UnhideReply => {
            Planned { call: Call::SetHidden { post: post()?, hidden: false }, field: "hidden", value: false }
        }
        ActionKind::DeleteOwn => Planned { call: Call::DeletePost { post: post()? }, field: "deleted", value: true },
        ActionKind::Block => {
            let call = Call::Block { source: checked(account)?, target: author()? };
            Planned { call, field: "blocking", value: true }
        }
        ActionKind::Unblock => {
            let call = Call::Unblock { source: checked(account)?, target: author()? };
            Planned { call, field: "blocking", value: false }
        }
        ActionKind::Hold | ActionKind::Publish | ActionKind::Reject | ActionKind::RejectAndBan => {
            return Err(permanent("not-offered"));
        }
    })
}

fn checked(id: &str) -> Result<&str, PlatformError> {
    if is_id(id) { Ok(id) } else { Err(permanent("bad-id")) }
}

fn permanent(reason: &str) -> PlatformError {
    PlatformError::Permanent { reason: reason.to_owned() }
}
