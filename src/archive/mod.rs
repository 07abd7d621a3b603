//! The archive: seals a year, amends a sealed one, proves that it is unchanged, hands it to others.
//!
//! How a sealed year looks and where it lies is told in [`crate::seal`]; here is what is done with it.
//!
//! * [`make`] seals: checks, renders the year once ([`edition`]), refuses what leans on anything outside ([`leans`]),
//!   writes the seal and at last the line in the log. A run that is killed leaves files that no log names; the next
//!   one clears them away.
//! * [`make`] amends in the same way from the sources as they are now; [`changes`] says what became another.
//! * [`package`] exports: WACZ, BagIt, zip. [`bagit`] proves any bag.
//! * [`prove`] proves a folder or a package and looks for an anchor outside of it; [`web`] proves a published copy.
//! * [`stamp`] asks a time-stamp authority to bear witness, and checks what it signed.

pub mod bagit;
mod changes;
mod edition;
mod leans;
pub mod make;
pub mod package;
pub mod prove;
#[cfg(feature = "net")]
pub mod stamp;
#[cfg(feature = "net")]
pub mod web;
