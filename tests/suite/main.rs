//! The suite: one binary, so that it links once. Cases are data below `tests/cases`; `UPDATE=1 cargo test`
//! rewrites what they expect.

mod cases;
mod cli;
mod hostile;
mod output;
mod sites;
mod tidy;
