//! `POST /requests/{ticket}/verify`: control of an account is shown by a code in a public place.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::Checked;
use privacy::desk::DeskError;
use privacy::file::{Account, Requests};
use privacy::letters::Place;
use privacy::mail::thread::TicketId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{ProblemBody, Refused};
use super::types::{AccountName, Moment, PlatformName, Word};
use super::{Caller, parse};
use crate::app::App;

/// A step of showing control.
// Of `Deserialize` only the attributes are needed, which the description follows; `Step::read` reads.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum Step {
    /// A code is issued, to be written into the bio on X or the description of the YouTube channel.
    Begin(Begin),
    /// The public place is read. Five readings at most.
    Check {},
}

/// Which account it is about.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Begin {
    /// Where the account is.
    #[schema(value_type = PlatformName)]
    platform: Word<PlatformName>,
    /// Which account.
    account: AccountName,
    /// That the request and this account are linked for this procedure; without it nothing is linked.
    #[schema(schema_with = always_true)]
    consent: bool,
}

/// The name of a step.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StepName {
    Begin,
    Check,
}

#[derive(Deserialize)]
struct Named {
    step: Word<StepName>,
}

impl Step {
    /// Reads the name of the step first and its fields then: read at once, serde would have forgotten which field it was
    /// that did not fit.
    fn read(headers: &HeaderMap, body: &Bytes) -> Result<Self, Refused> {
        let named: Named = parse::json(headers, body)?;
        match named.step.0 {
            StepName::Begin => parse::json(headers, body).map(Step::Begin),
            StepName::Check => Ok(Step::Check {}),
        }
    }
}

fn always_true() -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).build()
}

/// What a step came to.
#[derive(Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Stepped {
    /// A code was issued.
    CodeIssued {
        /// The code.
        code: String,
        /// Where it goes.
        place: PlaceName,
        /// Until when it may be found there.
        expires: Moment,
    },
    /// Control was shown.
    Verified {},
}

/// A public place.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlaceName {
    /// The bio on X.
    XBio,
    /// The description of the YouTube channel.
    YoutubeDescription,
}

/// Shows control of an account, step by step. The code alone shows nothing: it has to stand in the public place.
#[utoipa::path(
    post, path = "/requests/{ticket}/verify", params(("ticket" = String, Path, description = "The number.")),
    request_body = Step, security(("secret" = [])),
    responses(
        (status = 200, body = Stepped, description = "Done."),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "No JSON."),
        (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "No secret."),
        (status = 404, body = ProblemBody, content_type = "application/problem+json",
         description = "No such request, or not its secret."),
        (status = 409, body = ProblemBody, content_type = "application/problem+json",
         description = "The account or the code is not there, or nothing waits for it."),
        (status = 415, body = ProblemBody, content_type = "application/problem+json", description = "Another type."),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "Another form."),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "Too many."),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "Try later."),
    )
)]
pub(crate) async fn verify<O: Shelf + 'static, M: Mailer + 'static>(
    State(app): State<Arc<App<O, M>>>,
    Extension(caller): Extension<Caller>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Stepped>, Refused> {
    let ticket = app.opened(&ticket, &caller, &headers).await?;
    match Step::read(&headers, &body)? {
        Step::Begin(Begin { consent: false, .. }) => {
            let detail = "Expected true: without consent the request and the account cannot be linked.";
            Err(Refused::unfit("#/consent", detail))
        }
        Step::Begin(Begin { platform, account, consent: true }) => {
            begin(&app, &ticket, platform.0, &account.0).await.map(Json)
        }
        Step::Check {} => match app.look(&ticket).await? {
            Checked::Verified(_) => Ok(Json(Stepped::Verified {})),
            Checked::Not(_) | Checked::Nothing => Err(not_shown()),
        },
    }
}

/// The same for every reason, so that nothing is learnt from guessing.
pub(super) fn not_shown() -> Refused {
    Refused::because(StatusCode::CONFLICT, "The code was not found, or it can no longer be used. Begin anew.")
}

async fn begin<O: Shelf + 'static, M: Mailer + 'static>(
    app: &App<O, M>,
    ticket: &TicketId,
    platform: PlatformName,
    name: &str,
) -> Result<Stepped, Refused> {
    let id = match platform {
        PlatformName::X if name.bytes().all(|b| b.is_ascii_digit()) => Some(Account::X(name.to_owned())),
        PlatformName::Youtube if name.starts_with("UC") && name.len() == 24 => Some(Account::Youtube(name.to_owned())),
        PlatformName::X | PlatformName::Youtube => None,
    };
    let account = match id {
        Some(account) => Some(account),
        None => app.by_handle(platform.into(), name).await.map_err(anyhow::Error::from)?,
    };
    let Some(account) = account else {
        return Err(Refused::because(StatusCode::CONFLICT, "There is no such account to be seen."));
    };
    match app.desk().begin(ticket, &account, &app.requests.pepper(), false, app.now()).await {
        Ok(begun) => Ok(Stepped::CodeIssued {
            code: begun.code.reveal().to_owned(),
            place: match begun.place {
                Place::XBio => PlaceName::XBio,
                Place::YoutubeDescription => PlaceName::YoutubeDescription,
            },
            expires: Moment(begun.expires),
        }),
        Err(DeskError::DoesNotFit(_) | DeskError::Purged(_)) => {
            let detail = "Nothing waits for a code, or too many were issued within the hour.";
            Err(Refused::because(StatusCode::CONFLICT, detail))
        }
        Err(error) => Err(Refused::failed(&error.into())),
    }
}
