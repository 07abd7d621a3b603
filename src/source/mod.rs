//! The door to the world: files, their text, and the clock.
//!
//! Everything the generator reads or writes goes through [`Disk`]; everything it must know of time through
//! [`Clock`]. So tests run in memory and on a day of their choosing, and the same input gives the same bytes.

mod clock;
mod decode;
mod disk;
mod memory;

pub use clock::Clock;
pub use decode::{Encoding, decode};
pub use disk::{Disk, Entry, EntryKind, RealDisk, Stamp};
pub use memory::MemoryDisk;

use std::sync::Arc;

/// A source file in memory: its path as shown to users, and its text without a byte order mark.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path relative to the site, with `/`.
    pub path: Arc<str>,
    /// The decoded text.
    pub text: String,
}
