//! `/requests/{ticket}/page`: the same for people. Opening it does nothing; entering the key does.
//!
//! The key is the secret of the request, or the code of a letter. Mail scanners open every address of a mail, so an
//! address alone neither shows nor uses up anything.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::Checked;
use serde::Deserialize;
use utoipa::ToSchema;

use super::package::{Which, lead};
use super::problem::{ProblemBody, Refused};
use super::{Caller, parse, verify};
use crate::app::App;

/// What a person enters.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form")]
pub(crate) struct Entry {
    /// The secret of the request, or the code of a letter.
    #[schema(min_length = 1, max_length = 200)]
    key: String,
}

const FORM: &str = "<!doctype html>\n<html lang=\"ja\">\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
<title>ご請求の受付 / Your request</title>\n\
<style>body{font:16px/1.7 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}\
input,button{font:inherit;padding:.4rem .6rem}input{width:100%;box-sizing:border-box}</style>\n\
<h1>ご請求の受付</h1>\n<p lang=\"ja\">メールの鍵または確認コードを入力してください。</p>\n\
<p lang=\"en\">Please enter the key or the code from our letter.</p>\n\
<form method=\"post\"><p><label>鍵・確認コード / Key or code<br>\
<input name=\"key\" required maxlength=\"200\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\"></label></p>\
<p><button>送信 / Send</button></p></form>\n</html>\n";

const VERIFIED: &str = "<!doctype html>\n<html lang=\"ja\">\n<meta charset=\"utf-8\">\n<title>確認できました / Confirmed</title>\n\
<p lang=\"ja\">アカウントの確認ができました。コードは消していただいてかまいません。</p>\n\
<p lang=\"en\">We have confirmed that the account is yours. You may remove the code.</p>\n</html>\n";

/// Shows where to enter the key, the same for every number.
#[utoipa::path(
    get, path = "/requests/{ticket}/page", params(("ticket" = String, Path, description = "The number.")),
    responses((status = 200, content_type = "text/html", body = String, description = "The page."))
)]
pub(crate) async fn show() -> Response {
    page(FORM)
}

/// Takes the key: with the secret to the package, with a code to the look for it in the public place.
#[utoipa::path(
    post, path = "/requests/{ticket}/page", params(("ticket" = String, Path, description = "The number.")),
    request_body(content = Entry, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "Control was shown."),
        (status = 303, description = "The package lies there for five minutes.",
         headers(("Location" = String, description = "The address."))),
        (status = 404, body = ProblemBody, content_type = "application/problem+json",
         description = "No such request, or not its key."),
        (status = 409, body = ProblemBody, content_type = "application/problem+json",
         description = "No package, or no code to be found."),
        (status = 415, body = ProblemBody, content_type = "application/problem+json", description = "Another type."),
        (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "No key."),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "Too many."),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "Try later."),
    )
)]
pub(crate) async fn enter<O: Shelf + 'static, M: Mailer + 'static>(
    State(app): State<Arc<App<O, M>>>,
    Extension(caller): Extension<Caller>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    app.within("call", &caller, app.carrier.limits.calls).await?;
    let key = parse::form_field(&headers, &body, "key")?;
    // Both are asked in any case, so that nothing is learnt from how long it takes.
    let (secret, code) = (app.opens(&ticket, &key).await?, app.knows_code(&ticket, &key).await?);
    if let Some(ticket) = secret {
        return lead(&app, &ticket, Which::Html).await;
    }
    let ticket = code.ok_or_else(Refused::not_found)?;
    match app.look(&ticket).await? {
        Checked::Verified(_) => Ok(page(VERIFIED)),
        Checked::Not(_) | Checked::Nothing => Err(verify::not_shown()),
    }
}

fn page(html: &'static str) -> Response {
    let mut answer = (StatusCode::OK, Html(html)).into_response();
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    answer
}
