//! A fault of the machine: a disk, a permission, a folder that is not there.
//!
//! Faults in content are not errors but values, see [`crate::diagnostic`].

use std::path::{Path, PathBuf};
use std::{fmt, io};

/// What every room returns when the machine, not the content, is at fault.
pub type Result<T> = std::result::Result<T, Error>;

/// One failed operation on one path.
#[derive(Debug)]
pub struct Error {
    operation: Operation,
    path: PathBuf,
    cause: io::Error,
}

/// What was being done when the machine failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Opening or reading a file.
    Read,
    /// Listing a folder.
    List,
    /// Writing a file, under its temporary name or its own.
    Write,
    /// Removing a file or an empty folder.
    Remove,
    /// Making a folder.
    CreateFolder,
}

impl Error {
    /// Says which operation on which path failed, and why.
    pub fn new(operation: Operation, path: &Path, cause: io::Error) -> Self {
        Self { operation, path: path.to_owned(), cause }
    }

    /// The path that the operation was about.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file or folder is simply not there.
    pub fn is_not_found(&self) -> bool {
        self.cause.kind() == io::ErrorKind::NotFound
    }

    /// Whether something is there that answers, and does not give the file as it is: a server that refuses it, or stops
    /// in the middle.
    pub fn is_refused(&self) -> bool {
        self.cause.kind() == io::ErrorKind::InvalidData
    }

    /// What was being done, in Chinese and English.
    pub fn operation_names(&self) -> (&'static str, &'static str) {
        match self.operation {
            Operation::Read => ("读取", "read"),
            Operation::List => ("列出文件夹", "list the folder"),
            Operation::Write => ("写入", "write"),
            Operation::Remove => ("删除", "remove"),
            Operation::CreateFolder => ("新建文件夹", "make the folder"),
        }
    }

    /// The operating system's own words.
    pub fn cause(&self) -> &io::Error {
        &self.cause
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, verb) = self.operation_names();
        write!(f, "failed to {verb} `{}`: {}", self.path.display(), self.cause)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
