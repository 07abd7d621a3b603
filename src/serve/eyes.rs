//! Who tells of changes: the operating system where it can, and nobody where it cannot.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::watch::{Signal, THEMES, Teller, signal};
use crate::discover::CONTENT;
use crate::error::Result;
use crate::source::Disk;

/// The folder in which it is tried out whether events come. It is the site's own, and no content.
const OWN: &str = ".gongkai";
/// How long an event may take until its file system counts as one that sends none, in steps of [`STEP`].
const STEPS: u32 = 30;
const STEP: Duration = Duration::from_millis(10);
/// File systems whose files others change without this machine hearing of it: network drives, and folders that a
/// virtual machine shares with its host. Names as in /proc/self/mountinfo.
const REMOTE: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "vboxsf",
    "virtiofs",
    "prl_fs",
    "afs",
    "ceph",
    "davfs",
    "sshfs",
    "rclone",
    "vmhgfs-fuse",
    "gvfsd-fuse",
    "glusterfs",
];

/// Watches a site until it is dropped.
pub trait Eyes: Send {
    /// Begins to tell of changes in the site in `folder`, an absolute path without links. False where it cannot.
    fn open(&mut self, folder: &Path, teller: &Teller) -> bool;
}

/// The operating system's own events.
#[derive(Default)]
pub struct SystemEyes {
    watcher: Arc<Mutex<Option<RecommendedWatcher>>>,
}

impl Eyes for SystemEyes {
    fn open(&mut self, folder: &Path, teller: &Teller) -> bool {
        let (new_roots, again) = channel();
        let (root, telling) = (folder.to_owned(), teller.clone());
        let hear = move |event: notify::Result<notify::Event>| {
            telling.came();
            match event {
                // Opening and reading are no changes; a preview that minded its own reading would never rest.
                Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
                Ok(event) if !event.need_rescan() => {
                    if event.paths.iter().any(|path| roots(&root).contains(path)) {
                        let _ = new_roots.send(());
                    }
                    signal(&root, &event.paths).into_iter().for_each(|signal| telling.tell(signal));
                }
                _ => telling.tell(Signal::Everything),
            }
        };
        let Ok(mut watcher) = notify::recommended_watcher(hear) else { return false };
        let watched = watcher.watch(folder, RecursiveMode::NonRecursive).is_ok()
            && watcher.watch(&folder.join(OWN), RecursiveMode::NonRecursive).is_ok()
            && watch_roots(&mut watcher, folder);
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
        let (watcher, root, telling) = (Arc::downgrade(&self.watcher), folder.to_owned(), teller.clone());
        std::thread::spawn(move || rewatch(&watcher, &root, &again, &telling));
        watched
    }
}

/// The folders that are watched with everything in them. The site's folder as a whole is not: a build writes there.
fn roots(folder: &Path) -> [PathBuf; 2] {
    [folder.join(CONTENT), folder.join(THEMES)]
}

fn watch_roots(watcher: &mut RecommendedWatcher, folder: &Path) -> bool {
    let there = roots(folder).into_iter().filter(|root| root.is_dir());
    there.map(|root| watcher.watch(&root, RecursiveMode::Recursive)).all(|watched| watched.is_ok())
}

/// A folder that is made anew is another to the operating system, and watched anew.
fn rewatch(watcher: &Weak<Mutex<Option<RecommendedWatcher>>>, folder: &Path, again: &Receiver<()>, teller: &Teller) {
    while again.recv().is_ok() {
        let Some(watcher) = watcher.upgrade() else { return };
        if let Some(watcher) = &mut *watcher.lock().unwrap_or_else(PoisonError::into_inner) {
            watch_roots(watcher, folder);
        }
        // What came in before the watch began was told by nobody.
        teller.tell(Signal::Everything);
    }
}

/// Opens the eyes and tries whether they see; where they do not, or where others can change files unseen, the loop
/// is told to look by itself. `opened` is called before it is known whether they do. Writes one empty file into the
/// site's own folder and removes it again.
pub fn open(eyes: &mut dyn Eyes, disk: &dyn Disk, folder: &Path, teller: &Teller, opened: &dyn Fn()) {
    let own = folder.join(OWN);
    let (probe, scratch) = (own.join("probe"), own.join("probe.tmp"));
    let mut attempt = || -> Result<bool> {
        let made = disk.create_folder(&own);
        let open = eyes.open(folder, teller);
        opened();
        made?;
        if !open {
            disk.remove_empty_folder(&own)?;
            return Ok(false);
        }
        disk.write_whole(&probe, b"", &scratch)?;
        disk.remove_file(&probe)?;
        disk.remove_empty_folder(&own)?;
        for _ in 0..STEPS {
            if teller.is_alive() {
                return Ok(true);
            }
            std::thread::sleep(STEP);
        }
        Ok(false)
    };
    let sees = attempt().unwrap_or(false);
    if !sees || is_remote(disk, folder) {
        teller.tell(Signal::Poll);
    }
}

/// Whether the site lies on a file system that other machines write to. Only Linux says so in a file; elsewhere
/// the operating system tells of such changes itself.
fn is_remote(disk: &dyn Disk, folder: &Path) -> bool {
    let Ok(mounts) = disk.read(Path::new("/proc/self/mountinfo")) else { return false };
    let mounts = String::from_utf8_lossy(&mounts);
    let mounted = mounts.lines().filter_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?.replace("\\040", " ");
        Some((PathBuf::from(point), after.split(' ').next()?.to_owned()))
    });
    let mounted: Vec<(PathBuf, String)> = mounted.collect();
    let of = |path: &Path| {
        mounted
            .iter()
            .rev()
            .filter(|(point, _)| path.starts_with(point))
            .max_by_key(|(point, _)| point.as_os_str().len())
    };
    [folder.to_owned(), folder.join(CONTENT)]
        .iter()
        .filter_map(|path| of(path))
        .any(|(_, kind)| REMOTE.contains(&kind.strip_prefix("fuse.").unwrap_or(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryDisk;

    #[test]
    fn knows_network_drives() {
        let disk = MemoryDisk::new();
        disk.put(
            "/proc/self/mountinfo",
            "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
             31 24 0:40 / /mnt/My\\040Share rw shared:1 - cifs //server/share rw\n\
             32 24 0:41 / /srv/site/content rw - nfs4 server:/x rw\n\
             33 24 0:42 / /usb rw - fuseblk /dev/sdb1 rw\n\
             34 24 0:43 / /far rw - fuse.sshfs host: rw\n",
        );
        for (folder, remote) in [
            ("/home/a", false),
            ("/mnt/My Share/site", true),
            ("/mnt/My", false),
            ("/srv/site", true),
            ("/usb/site", false),
            ("/far/site", true),
        ] {
            assert_eq!(is_remote(&disk, Path::new(folder)), remote, "{folder}");
        }
        assert!(!is_remote(&MemoryDisk::new(), Path::new("/srv/site")));
    }
}
