//! `POST /requests`: a request is sent in.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::Submitted;
use privacy::classify::{Language, links};
use privacy::file::Claim;
use privacy::letters::Form;
use privacy::mail::Address;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{ProblemBody, Refused};
use super::status::ItemStatus;
use super::types::{AskedRight, FormName, LanguageName, Mailbox, PostAddress, Word};
use super::{Caller, parse};
use crate::app::App;
use crate::carry::random;

/// What is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submission {
    /// The rights that are used; each is answered by itself, within its own time.
    #[schema(min_items = 1, max_items = 8)]
    rights: Vec<AskedRight>,
    /// Posts that it is about. Where the platform shows them as gone, their text is deleted without further proof.
    #[schema(max_items = 20)]
    #[serde(default)]
    posts: Vec<PostAddress>,
    /// Where letters go, if they are wanted.
    email: Option<Mailbox>,
    /// The language of letters.
    #[schema(value_type = Option<LanguageName>)]
    language: Option<Word<LanguageName>>,
    /// The form in which a disclosure is wanted.
    #[schema(value_type = Option<FormName>)]
    form: Option<Word<FormName>>,
}

/// The receipt. Ticket and secret together open the request from now on; neither is sent again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// The number of the request.
    ticket: String,
    /// What opens it. Kept by us as a keyed hash only.
    secret: String,
    /// What is asked: whether control of an account has to be shown for it first, by the steps of `verify`, and when it
    /// has to be answered.
    items: Vec<ItemStatus>,
}

/// Sends in a request. The answer is the same whether or not anything is held.
#[utoipa::path(
    post, path = "/requests", request_body = Submission,
    responses(
        (status = 201, body = Receipt, description = "Received; its clocks run."),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "No JSON."),
        (status = 415, body = ProblemBody, content_type = "application/problem+json", description = "Another type."),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "Another form."),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "Too many.",
         headers(("Retry-After" = u32, description = "Seconds to wait."))),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "Try later."),
    )
)]
pub(crate) async fn submit<O: Shelf + 'static, M: Mailer + 'static>(
    State(app): State<Arc<App<O, M>>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    app.within("submit", &caller, app.carrier.limits.submissions).await?;
    let submission: Submission = parse::json(&headers, &body)?;
    if !(1..=8).contains(&submission.rights.len()) {
        return Err(Refused::unfit("#/rights", "Expected 1 to 8 rights."));
    }
    if submission.posts.len() > 20 {
        return Err(Refused::unfit("#/posts", "Expected 20 posts at most."));
    }
    let unusable = |_| Refused::unfit("#/email", "Expected an address that can be written to.");
    let address = submission.email.map(|mailbox| Address::parse(&mailbox.0)).transpose().map_err(unusable)?;
    if let Some(address) = &address {
        app.within("mailbox", &Caller(address.mailbox()), app.carrier.limits.mailbox).await?;
    }
    let now = app.now();
    let mut rights: Vec<_> = submission.rights.iter().map(|right| right.0).collect();
    rights.sort();
    rights.dedup();
    let posts = submission.posts.iter().flat_map(|post| links(&post.0));
    let submitted = Submitted {
        arrived: now,
        language: match submission.language.map(|word| word.0).unwrap_or_default() {
            LanguageName::Ja => Language::Ja,
            LanguageName::En => Language::En,
        },
        rights,
        address,
        claims: posts.map(Claim::Link).collect(),
        form: submission.form.map(|word| match word.0 {
            FormName::Electronic => Form::Electronic,
            FormName::Paper => Form::Paper,
            FormName::Other => Form::Other,
        }),
    };
    let secret = random::<18>()?;
    let hash = |ticket: &_| app.requests.secret_hash(ticket, &secret);
    let file = app.desk().submit(&submitted, hash, now).await.map_err(anyhow::Error::from)?;
    // Asking the platform takes its time and may fail: the schedule does it.
    let place = [(header::LOCATION, format!("/requests/{}", file.ticket))];
    let items = file.items.iter().map(|item| ItemStatus::of(item, now)).collect();
    let receipt = Receipt { ticket: file.ticket.to_string(), secret, items };
    Ok((StatusCode::CREATED, place, Json(receipt)).into_response())
}
