//! A folder of this machine or its network as a target: the county's document root, a mounted share.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::target::{Abilities, Answer, Claim, Deed, Fault, Over, Put, Reason, Target, holder_scratch};
use crate::diagnostic::cause;
use crate::error::Error;
use crate::source::{Disk, RealDisk};

/// A folder.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder `root`, which need not be there yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }
}

fn fault(deed: Deed, error: &Error) -> Fault {
    let reason = match error.cause().kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Reason::Denied,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Reason::Full,
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable | io::ErrorKind::StaleNetworkFileHandle => {
            Reason::Lost
        }
        _ => Reason::Other,
    };
    Fault::new(deed, &error.path().display().to_string(), reason, cause::of_system(error.cause()))
}

impl Target for Folder {
    fn abilities(&self) -> Abilities {
        Abilities { has_folders: true, removes_folders: true, claims: true, at_once: 4 }
    }

    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        match RealDisk.read(&self.path(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(fault(Deed::Read, &error)),
        }
    }

    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim> {
        let failed = |error: Error| fault(Deed::MakeFolder, &error);
        if !RealDisk.claim_folder(&self.path(folder)).map_err(failed)? {
            return Ok(Claim::Taken);
        }
        let path = self.path(folder).join("holder.json");
        RealDisk.write_whole(&path, holder, &self.path(&holder_scratch(folder))).map_err(failed)?;
        Ok(Claim::Made)
    }

    fn make_folder(&self, folder: &str) -> Answer<()> {
        RealDisk.create_folder(&self.path(folder)).map_err(|error| fault(Deed::MakeFolder, &error))
    }

    fn put(&self, put: &Put<'_>) -> Answer<()> {
        let failed = |error: Error| fault(Deed::Put, &error);
        let path = self.path(put.path);
        if put.over == Over::Nothing && RealDisk.stat(&path).map_err(failed)?.is_some() {
            return Err(Fault::foreign(put.path));
        }
        RealDisk.write_whole(&path, put.bytes, &self.path(put.scratch)).map_err(failed)?;
        Ok(())
    }

    fn keep(&self, from: &str, to: &str) -> Answer<()> {
        match RealDisk.link_or_copy(&self.path(from), &self.path(to)) {
            Err(error) if !error.is_not_found() => Err(fault(Deed::Keep, &error)),
            _ => Ok(()),
        }
    }

    fn remove(&self, path: &str) -> Answer<()> {
        RealDisk.remove_file(&self.path(path)).map_err(|error| fault(Deed::Remove, &error))
    }

    fn remove_folder(&self, folder: &str) -> Answer<()> {
        RealDisk.remove_empty_folder(&self.path(folder)).map_err(|error| fault(Deed::Remove, &error))
    }

    fn age(&self, path: &str) -> Answer<Option<Duration>> {
        let probe = self.path(".gongkai/tmp/clock");
        RealDisk.age(&self.path(path), &probe).map_err(|error| fault(Deed::Read, &error))
    }
}
