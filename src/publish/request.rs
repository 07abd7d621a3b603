//! The requests of a plan, as data: what a dry run prints and a real run makes.

use std::fmt;

use super::local::Origin;
use super::manifest::Entry;
use super::order::Stage;
use super::remote::{folder_of, of_generation};
use super::target::Over;

/// One request to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Take a generation.
    Claim(u64),
    /// See that nobody has taken this generation.
    Watch(u64),
    /// Make a folder.
    MakeFolder(String),
    /// Keep the bytes of a file under another name: from, to.
    Keep(String, String),
    /// Put a file.
    Put(PutRequest),
    /// Remove a file.
    Remove(String),
    /// Remove a folder if it is empty.
    RemoveFolder(String),
}

/// A file that will be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutRequest {
    /// Where.
    pub path: String,
    /// From where.
    pub origin: Origin,
    /// What the manifest says of it; a file of our own folder has none.
    pub entry: Option<Entry>,
    /// What may stand there now.
    pub over: Over,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(generation) => write!(f, "claim {}", folder_of(*generation)),
            Self::Watch(generation) => write!(f, "read {}", of_generation(*generation, "holder.json")),
            Self::MakeFolder(path) => write!(f, "folder {path}"),
            Self::Keep(from, to) => write!(f, "keep {from} {to}"),
            Self::Put(put) => write!(f, "put {}", put.path),
            Self::Remove(path) => write!(f, "remove {path}"),
            Self::RemoveFolder(path) => write!(f, "remove-folder {path}"),
        }
    }
}

/// Requests that may be made at the same time. Each unit is made in its order, and broken off at its first fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which stage they belong to.
    pub stage: Stage,
    /// A file and its compressed siblings, or one request alone.
    pub units: Vec<Vec<Request>>,
}
