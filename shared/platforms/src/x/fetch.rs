//! Asks X whether an action is still needed, as far as X tells.

use std::collections::{BTreeSet, HashSet};

use casework::platform::{Need, PlatformError, Target};
use rules::ActionKind;

use super::call::{Call, MAX_IDS, send};
use super::post::is_id;
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::Line;

/// The most pages that are read, which is the limit of the call in 15 minutes: 15,000 blocked users.
const MAX_PAGES: usize = 15;

/// For each target in order. X shows neither hidden replies nor, reliably, deletions; only blocks can be looked up.
pub(crate) async fn needed<T: TokenSource>(
    line: &Line<'_, T>,
    account: &str,
    kind: ActionKind,
    targets: &[Target],
) -> Result<Vec<Need>, PlatformError> {
    let block = match kind {
        ActionKind::Block => true,
        ActionKind::Unblock => false,
        ActionKind::HideReply | ActionKind::UnhideReply | ActionKind::DeleteOwn => {
            return Ok(vec![Need::CannotTell; targets.len()]);
        }
        ActionKind::Hold | ActionKind::Publish | ActionKind::Reject | ActionKind::RejectAndBan => {
            return Ok(vec![Need::Impossible("not-offered".to_owned()); targets.len()]);
        }
    };
    let sought = targets.iter().filter_map(|target| Some(target.author.as_ref()?.0.as_str())).collect();
    let blocked = blocked(line, account, sought).await?;
    let need = |target: &Target| {
        let Some(author) = &target.author else { return Need::Impossible("no-author".to_owned()) };
        match (blocked.found.contains(&author.0), blocked.complete) {
            (true, _) if block => Need::Met,
            (true, _) => Need::Needed,
            (false, false) => Need::CannotTell,
            (false, true) if block => Need::Needed,
            (false, true) => Need::Met,
        }
    };
    Ok(targets.iter().map(need).collect())
}

/// Those of the posts that can be seen by us.
pub(crate) async fn existing<T: TokenSource>(
    line: &Line<'_, T>,
    ids: &[&str],
) -> Result<BTreeSet<String>, PlatformError> {
    let ids: Vec<&str> = ids.iter().copied().filter(|id| is_id(id)).collect();
    let mut existing = BTreeSet::new();
    for ids in ids.chunks(MAX_IDS) {
        match send(line, Call::LookUp { ids }).await.answer {
            Ok(answer) => {
                let posts = answer["data"].as_array().map(Vec::as_slice).unwrap_or_default();
                existing.extend(posts.iter().filter_map(|post| post["id"].as_str()).map(str::to_owned));
            }
            // An answer of nothing but errors: none of them is there.
            Err(Refusal::Gone) => {}
            Err(Refusal::Error(error)) => return Err(error),
        }
    }
    Ok(existing)
}

/// Which of the sought users we block.
struct Blocked {
    found: HashSet<String>,
    /// Whether the list was read to its end, or to the last sought user.
    complete: bool,
}

async fn blocked<T: TokenSource>(
    line: &Line<'_, T>,
    account: &str,
    mut sought: HashSet<&str>,
) -> Result<Blocked, PlatformError> {
    if !is_id(account) {
        return Err(PlatformError::Permanent { reason: "bad-id".to_owned() });
    }
    let mut found = HashSet::new();
    let mut page: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let call = Call::ListBlocked { user: account, page: page.as_deref() };
        let answer = match send(line, call).await.answer {
            Ok(answer) => answer,
            Err(Refusal::Gone) => return Err(PlatformError::Permanent { reason: "resource-not-found".to_owned() }),
            Err(Refusal::Error(error)) => return Err(error),
        };
        if !answer["data"].is_array() && !answer["meta"].is_object() {
            return Err(PlatformError::Transient { reason: "unreadable-answer".to_owned() });
        }
        for user in answer["data"].as_array().into_iter().flatten() {
            if let Some(id) = user["id"].as_str()
                && sought.remove(id)
            {
                found.insert(id.to_owned());
            }
        }
        // A short or empty page is not the end; only a missing token is.
        match answer["meta"]["next_token"].as_str() {
            Some(next) if !sought.is_empty() => page = Some(next.to_owned()),
            Some(_) | None => return Ok(Blocked { found, complete: true }),
        }
    }
    Ok(Blocked { found, complete: false })
}
