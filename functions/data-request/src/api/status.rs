//! `GET /requests/{ticket}`: how a request stands.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use jiff::Timestamp;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::file::{ItemState, RequestFile, RequestItem, Requests, Ruling};
use serde::Serialize;
use utoipa::ToSchema;

use super::Caller;
use super::problem::{ProblemBody, Refused};
use super::types::{AskedRight, Moment};
use crate::app::App;

/// How a request stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct Status {
    /// Its number.
    ticket: String,
    /// When it arrived; from then on its clocks run.
    received_at: Moment,
    /// Whether control of an account was shown.
    verified: bool,
    /// Whether use of the data has stopped.
    suppressed: bool,
    /// What is asked, each with its own answer.
    items: Vec<ItemStatus>,
    /// Until when a package can be fetched, where there is one.
    package_until: Option<Moment>,
}

/// How one thing that is asked stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct ItemStatus {
    /// Its number.
    number: u32,
    /// The right; none for a question.
    right: Option<AskedRight>,
    /// Where it stands.
    state: Stands,
    /// When it has to be answered at the latest.
    answer_by: Option<Moment>,
    /// What was decided.
    decision: Option<Decision>,
    /// Why, where it was refused in whole or part: codes of the law file, each with its article.
    reasons: Vec<String>,
}

/// Where something stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stands {
    /// Control of the account has to be shown first.
    Unverified,
    /// We work on it.
    Open,
    /// It was granted and is being carried out.
    Fulfilling,
    /// Answered.
    Answered,
    /// Taken back.
    Withdrawn,
    /// Closed because nobody showed control in time.
    Expired,
    /// Worked on in an older request.
    Duplicate,
}

/// A decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    /// Granted.
    Granted,
    /// Granted in part.
    Partly,
    /// Refused.
    Refused,
    /// Nothing of it is held.
    NotHeld,
}

/// Tells how a request stands.
#[utoipa::path(
    get, path = "/requests/{ticket}", params(("ticket" = String, Path, description = "The number.")),
    security(("secret" = [])),
    responses(
        (status = 200, body = Status, description = "How it stands."),
        (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "No secret."),
        (status = 404, body = ProblemBody, content_type = "application/problem+json",
         description = "No such request, or not its secret."),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "Too many."),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "Try later."),
    )
)]
pub(crate) async fn status<O: Shelf + 'static, M: Mailer + 'static>(
    State(app): State<Arc<App<O, M>>>,
    Extension(caller): Extension<Caller>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Status>, Refused> {
    let ticket = app.opened(&ticket, &caller, &headers).await?;
    let file = app.requests.load(&ticket).await.map_err(anyhow::Error::from)?.ok_or_else(Refused::not_found)?;
    Ok(Json(of(&file, app.now())))
}

pub(super) fn of(file: &RequestFile, now: Timestamp) -> Status {
    let package = file.package.as_ref().filter(|package| now < package.until);
    Status {
        ticket: file.ticket.to_string(),
        received_at: Moment(file.arrived),
        verified: file.verified.is_some(),
        suppressed: file.suppressed,
        items: file.items.iter().map(|item| ItemStatus::of(item, now)).collect(),
        package_until: package.map(|package| Moment(package.until)),
    }
}

impl ItemStatus {
    pub(super) fn of(item: &RequestItem, now: Timestamp) -> ItemStatus {
        let decided = item.decided.as_ref().map(|decided| &decided.proposal.ruling);
        let told = decided.filter(|_| item.state == ItemState::Answered);
        let reasons = match told {
            Some(Ruling::Refuse(reason)) => std::slice::from_ref(reason),
            Some(Ruling::Partly(reasons)) => reasons.as_slice(),
            Some(Ruling::Grant | Ruling::NotHeld) | None => &[],
        };
        let reason = |reason: &privacy::file::Reason| {
            let code = serde_json::to_value(reason.reason).unwrap_or_default();
            format!("{} ({})", code.as_str().unwrap_or_default(), reason.article)
        };
        let answers = item.clocks.iter().filter(|clock| clock.kind().is_answer() && !clock.is_met());
        ItemStatus {
            number: item.number,
            right: item.right().map(AskedRight),
            state: match item.state {
                ItemState::Unverified => Stands::Unverified,
                // That a decision waits for a second pair of eyes is our affair.
                ItemState::Open | ItemState::Proposed => Stands::Open,
                ItemState::Fulfilling => Stands::Fulfilling,
                ItemState::Answered => Stands::Answered,
                ItemState::Withdrawn => Stands::Withdrawn,
                ItemState::Expired => Stands::Expired,
                ItemState::Duplicate => Stands::Duplicate,
            },
            answer_by: answers.filter_map(|clock| clock.due(now).ok()).min().map(Moment),
            decision: told.map(|ruling| match ruling {
                Ruling::Grant => Decision::Granted,
                Ruling::Partly(_) => Decision::Partly,
                Ruling::Refuse(_) => Decision::Refused,
                Ruling::NotHeld => Decision::NotHeld,
            }),
            reasons: reasons.iter().map(reason).collect(),
        }
    }
}
