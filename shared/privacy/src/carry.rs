//! Carrying out: identity shown, rights granted fulfilled, and what each leaves in the file and its chain.
//!
//! The function fetches and stores; what it found or did is told here, so that state and chain change together.

mod done;
mod shown;
mod submit;
mod what;

pub use done::{MadePackage, PACKAGE_DAYS, PackageLetter, is_content_deletion};
pub use shown::{Begun, Checked, Issued, Look};
pub use submit::Submitted;
pub use what::{Carry, carry, erases};
