//! Google's error bodies: a code, a message with markup in it, and a reason to switch on.

use serde_json::json;

use crate::simulator::request::Answer;

/// An error of the comment methods.
pub(super) fn refused(code: u16, domain: &str, reason: &str, message: &str) -> Answer {
    let body = json!({"error": {
        "code": code,
        "message": message,
        "errors": [{"domain": domain, "reason": reason, "message": message}],
    }});
    Answer::json(code, &body)
}

/// An error about one query parameter.
pub(super) fn parameter(reason: &str, name: &str, message: &str) -> Answer {
    let body = json!({"error": {
        "code": 400,
        "message": message,
        "errors": [{
            "domain": "youtube.parameter",
            "reason": reason,
            "message": message,
            "location": format!("parameters.{name}"),
            "locationType": "parameter",
        }],
        "status": "INVALID_ARGUMENT",
    }});
    Answer::json(400, &body)
}

/// 401.
pub(super) fn unauthorized() -> Answer {
    let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
                   other valid authentication credential.";
    let body = json!({"error": {
        "code": 401,
        "message": message,
        "errors": [{
            "domain": "global",
            "reason": "authError",
            "message": "Invalid Credentials",
            "location": "Authorization",
            "locationType": "header",
        }],
        "status": "UNAUTHENTICATED",
    }});
    Answer::json(401, &body)
}

/// 403: the token lacks the scope.
pub(super) fn scope() -> Answer {
    let body = json!({"error": {
        "code": 403,
        "message": "Request had insufficient authentication scopes.",
        "errors": [{"domain": "global", "reason": "insufficientPermissions", "message": "Insufficient Permission"}],
        "status": "PERMISSION_DENIED",
    }});
    Answer::json(403, &body)
}

/// 403: no units left today.
pub(super) fn quota() -> Answer {
    let message = "The request cannot be completed because you have exceeded your \
                   <a href=\"/youtube/v3/getting-started#quota\">quota</a>.";
    refused(403, "youtube.quota", "quotaExceeded", message)
}

/// 429: too fast.
pub(super) fn rate_limited(seconds: i64) -> Answer {
    let message = "The request cannot be completed because too many requests came in a short time.";
    let mut answer = refused(429, "youtube.quota", "rateLimitExceeded", message);
    answer.headers.push(("retry-after", seconds.max(0).to_string()));
    answer
}

/// 400: the comments could not be processed.
pub(super) fn processing_failure() -> Answer {
    let message = "The API server failed to successfully process the request. While this can be a transient error, \
                   it usually indicates that the request's input is invalid.";
    refused(400, "youtube.comment", "processingFailure", message)
}

/// 404 as Google answers a path that does not exist: a page, not an API error.
pub(super) fn no_such_page() -> Answer {
    let page = b"<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)!!1</title>\n".to_vec();
    Answer { status: 404, body: Some(("text/html; charset=UTF-8", page)), ..Answer::default() }
}

/// 500: a fault was asked for that YouTube cannot have.
pub(super) fn foreign_fault() -> Answer {
    refused(500, "global", "backendError", "This fault does not exist on YouTube.")
}
