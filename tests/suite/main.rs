//! The suite: one binary, so that it links once. Cases are data below `tests/cases`; `UPDATE=1 cargo test`
//! rewrites what they expect.

#![expect(clippy::disallowed_methods, reason = "tests look at the real disk with their own eyes")]

mod archive;
mod cases;
mod checks;
mod cli;
mod due;
mod hostile;
mod import;
mod output;
mod publish;
mod search;
mod seen;
mod serve;
mod sites;
mod tidy;
