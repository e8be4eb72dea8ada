//! The access tokens of our accounts, for every function that calls the platforms.
//!
//! A [`Grant`] lies in a vault (Secrets Manager, or files of the local stack), one for each platform. [`Tokens`] gives
//! its access token, and replaces it at half of its life, so that whatever goes wrong leaves the other half to mend
//! it. X takes a refresh token once, and ends the whole grant when one comes a second time; so [`refresh`] holds a
//! lock in the table, and writes down which token it is about to use before it uses it.

mod grant;
mod keeper;
mod refresh;
mod settings;

pub use grant::{Grant, app};
pub use keeper::{Clock, Parts, Tokens};
pub use settings::{OpenError, Settings};
