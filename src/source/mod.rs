//! The door to the world: files, their text, and the clock.
//!
//! Everything the generator reads or writes goes through [`Disk`]; everything it must know of time through
//! [`Clock`]. So tests run in memory and on a day of their choosing, and the same input gives the same bytes.

mod clock;
mod decode;
mod disk;
mod memory;
mod shared;
mod text;

pub use clock::Clock;
pub use decode::{Encoding, decode};
pub use disk::{Disk, Entry, EntryKind, RealDisk, Stamp, Stream};
pub use memory::MemoryDisk;
pub use shared::LockedFile;
pub use text::source_text;
