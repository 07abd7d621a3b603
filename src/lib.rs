//! gongkai (公开): a static site generator for government transparency reports.
pub mod diagnostic;
pub mod error;
pub mod markdown;
pub mod model;
pub mod romanize;
pub mod source;
