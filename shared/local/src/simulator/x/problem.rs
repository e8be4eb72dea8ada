//! X's error bodies: `application/problem+json` with the type as a URL whose last part is the kind.

use serde_json::{Value, json};

use crate::simulator::request::Answer;

const PROBLEM: &str = "application/problem+json";

/// 400: the request itself is wrong.
pub(super) fn invalid(parameter: &str, detail: &str) -> Answer {
    let body = json!({
        "errors": [{"parameters": {parameter: []}, "message": detail}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.x.com/2/problems/invalid-request",
    });
    Answer::of_type(400, PROBLEM, &body)
}

/// 401, with the type that says nothing.
pub(super) fn unauthorized() -> Answer {
    let body = json!({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"});
    Answer::of_type(401, PROBLEM, &body)
}

/// 403: an app-only token where a user's is needed. The host of the type is the old one, as still seen.
pub(super) fn app_only() -> Answer {
    let body = json!({
        "title": "Unsupported Authentication",
        "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.",
        "type": "https://api.twitter.com/2/problems/unsupported-authentication",
        "status": 403,
    });
    Answer::of_type(403, PROBLEM, &body)
}

/// 403: a user's token where the app's own is needed.
pub(super) fn user_only() -> Answer {
    let body = json!({
        "title": "Unsupported Authentication",
        "detail": "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.",
        "type": "https://api.twitter.com/2/problems/unsupported-authentication",
        "status": 403,
    });
    Answer::of_type(403, PROBLEM, &body)
}

/// 403: the token lacks a scope.
pub(super) fn scope() -> Answer {
    let body = json!({"title": "Forbidden", "type": "about:blank", "status": 403, "detail": "Forbidden"});
    Answer::of_type(403, PROBLEM, &body)
}

/// 403: the access level does not include the endpoint.
pub(super) fn enrolment() -> Answer {
    let body = json!({
        "client_id": "10000001",
        "title": "Client Forbidden",
        "detail": "The access level of this app does not include this endpoint.",
        "required_enrollment": "Enterprise",
        "reason": "client-not-enrolled",
        "registration_url": "https://developer.x.com/en/portal/petition/essential/basic-info",
        "type": "https://api.x.com/2/problems/client-forbidden",
    });
    Answer::of_type(403, PROBLEM, &body)
}

/// 403: this resource is not the caller's to act on.
pub(super) fn not_yours(parameter: &str, id: &str, detail: &str) -> Answer {
    let body = json!({
        "title": "Authorization Error",
        "detail": detail,
        "section": "data",
        "parameter": parameter,
        "value": id,
        "resource_id": id,
        "resource_type": resource(parameter),
        "status": 403,
        "type": "https://api.x.com/2/problems/not-authorized-for-resource",
    });
    Answer::of_type(403, PROBLEM, &body)
}

/// 404: no such resource.
pub(super) fn not_found(parameter: &str, id: &str) -> Answer {
    Answer::of_type(404, PROBLEM, &missing(parameter, id))
}

/// The problem that a look-up of many lists for the one that is missing.
pub(super) fn missing(parameter: &str, id: &str) -> Value {
    let kind = resource(parameter);
    json!({
        "title": "Not Found Error",
        "detail": format!("Could not find {kind} with {parameter}: [{id}]."),
        "parameter": parameter,
        "value": id,
        "resource_id": id,
        "resource_type": kind,
        "type": "https://api.x.com/2/problems/resource-not-found",
    })
}

/// The problem that a look-up of many lists for one that the caller may not see.
pub(super) fn withheld(parameter: &str, id: &str) -> Value {
    let kind = resource(parameter);
    json!({
        "title": "Authorization Error",
        "detail": format!("Sorry, you are not authorized to see the {kind} with {parameter}: [{id}]."),
        "parameter": parameter,
        "value": id,
        "resource_id": id,
        "resource_type": kind,
        "type": "https://api.x.com/2/problems/not-authorized-for-resource",
    })
}

/// 429: the window is used up; its headers are added where the window is known.
pub(super) fn rate_limited() -> Answer {
    let body = json!({
        "title": "Too Many Requests",
        "detail": "Too Many Requests",
        "type": "https://api.x.com/2/problems/rate-limit-exceeded",
        "status": 429,
    });
    Answer::of_type(429, PROBLEM, &body)
}

/// 429: the spending cap, which no window cures.
pub(super) fn usage_capped() -> Answer {
    let body = json!({
        "title": "UsageCapExceeded",
        "detail": "Usage cap exceeded: Monthly product cap",
        "period": "Monthly",
        "scope": "Product",
        "type": "https://api.x.com/2/problems/usage-capped",
    });
    Answer::of_type(429, PROBLEM, &body)
}

/// 402: no credit left.
pub(super) fn credits_depleted() -> Answer {
    let body = json!({
        "title": "Payment Required",
        "detail": "credits depleted",
        "status": 402,
        "type": "https://api.x.com/2/problems/credits-depleted",
    });
    Answer::of_type(402, PROBLEM, &body)
}

/// 500: a fault was asked for that X cannot have.
pub(super) fn foreign_fault() -> Answer {
    let body = json!({
        "title": "Internal Error",
        "detail": "This fault does not exist on X.",
        "type": "https://api.x.com/2/problems/internal-error",
        "status": 500,
    });
    Answer::of_type(500, PROBLEM, &body)
}

fn resource(parameter: &str) -> &'static str {
    if parameter.contains("user") || parameter == "id" { "user" } else { "tweet" }
}
