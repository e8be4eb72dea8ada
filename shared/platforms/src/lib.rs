//! Everything that is said to and heard from X and YouTube.
//!
//! One folder for each platform, with the same five files in both:
//!
//! | File | Job |
//! |---|---|
//! | `verify.rs` | whether a delivery comes from the platform, on its raw bytes, before anything is parsed |
//! | `parse.rs` | a delivery into [`casework::event::Event`]s |
//! | `fetch.rs` | asks the platform how things stand, before an action is tried |
//! | `act.rs` | performs an action and tells what came of it |
//! | `list.rs` | reads a list page by page, as the poll and the audit do |
//!
//! Beside both, [`oauth`] asks for the tokens that all calls carry.
//! Beside them, `call.rs` holds the closed list of outgoing calls and the one function that sends them, and
//! `problem.rs` reads the platform's refusals; `public.rs` reads what a person shows in public. [`Platforms`] puts both
//! together as the ports [`casework::platform::Moderation`] and [`casework::platform::Lookup`]. None of the calls publishes, replies, likes or sends a message.
//!
//! A delivery is checked first, then parsed:
//!
//! ```
//! use platforms::{Accounts, x};
//!
//! let secrets = ["signing secret".to_string().into()];
//! let body = br#"{"data":{"event_uuid":"-7","event_type":"like.create","filter":{},"payload":{}}}"#;
//! assert!(x::verify::signature_valid(&secrets, body, "sha256=OJBY7tiO6lEDLmK7/y0eMUkUPxV9M0L0ybRRdIUtiBY="));
//!
//! let accounts = Accounts { x: "100".into(), youtube: "UC100".into() };
//! let events = x::parse::parse(body, &accounts)?;
//! assert_eq!(events, [casework::event::Event::Counted { kind: "like.create".into() }]);
//! # Ok::<(), casework::event::Unreadable>(())
//! ```
//!
//! Errors name the field or the place that was wrong, never what it held.

mod accounts;
mod http;
mod json;
mod list;
mod moderation;
mod public;
mod reading;
mod standing;
mod token;

pub mod oauth;
pub mod x;
pub mod youtube;

pub use accounts::Accounts;
pub use http::install_crypto;
pub use list::ListError;
pub use moderation::{Hosts, Platforms};
pub use standing::YouTubeStanding;
pub use token::TokenSource;
