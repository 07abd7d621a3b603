//! What is tested against programs of others: real servers on loopback, started by the tests themselves, validators of
//! archives, and LibreOffice.
//! `cargo test --test peers`; `tests/run` installs what they need.

#![expect(clippy::disallowed_methods, reason = "tests look at the real disk with their own eyes")]

mod archive;
mod office;
mod publish;
