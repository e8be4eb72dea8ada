//! Who may do what: the secret of a file, and how often an address may call.

use axum::http::{HeaderMap, StatusCode, header};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::mail::thread::TicketId;

use super::Caller;
use super::problem::Refused;
use crate::app::App;

/// No secret of ours is longer, and none is looked at that is.
const LONGEST: usize = 200;

impl<O: Shelf, M: Mailer> App<O, M> {
    /// The ticket of a call that carries its secret; counted for its address before anything is compared.
    pub(super) async fn opened(&self, ticket: &str, caller: &Caller, headers: &HeaderMap) -> Result<TicketId, Refused> {
        self.within("call", caller, self.carrier.limits.calls).await?;
        let told = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = told.and_then(|told| told.strip_prefix("Bearer ")).map(str::trim);
        let Some(secret) = secret.filter(|secret| !secret.is_empty() && secret.len() <= LONGEST) else {
            return Err(Refused::because(StatusCode::UNAUTHORIZED, "Send the secret as a bearer token."));
        };
        self.opens(ticket, secret).await?.ok_or_else(Refused::not_found)
    }

    /// The ticket, if this is its secret.
    pub(super) async fn opens(&self, ticket: &str, secret: &str) -> Result<Option<TicketId>, Refused> {
        let (sought, parsed) = sought(ticket);
        let opens = self.requests.opens(&sought, secret).await.map_err(anyhow::Error::from)?;
        Ok(parsed.filter(|_| opens))
    }

    /// The ticket, if this is the code that was issued last for it. Knowing it shows nothing; it only lets the look for
    /// it be asked for.
    pub(super) async fn knows_code(&self, ticket: &str, code: &str) -> Result<Option<TicketId>, Refused> {
        let (sought, parsed) = sought(ticket);
        let knows = self.requests.knows_code(&sought, code).await.map_err(anyhow::Error::from)?;
        Ok(parsed.filter(|_| knows))
    }

    /// Counts a call of an address.
    pub(super) async fn within(&self, what: &str, caller: &Caller, limit: u32) -> Result<(), Refused> {
        match self.requests.within_rate(what, &caller.0, limit, self.now()).await.map_err(anyhow::Error::from)? {
            true => Ok(()),
            false => Err(Refused::too_many()),
        }
    }
}

/// What to look for, and the ticket if it is one: a ticket that is none is looked for all the same.
fn sought(ticket: &str) -> (TicketId, Option<TicketId>) {
    match TicketId::parse(ticket) {
        Ok(ticket) => (ticket.clone(), Some(ticket)),
        Err(_) => (TicketId::from_random([0; 7]), None),
    }
}
