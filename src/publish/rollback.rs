//! Going back: an earlier generation's manifest becomes the next generation, its bytes from what the target has kept.

use std::collections::BTreeMap;

use super::local::{Local, Origin};
use super::manifest::Manifest;
use super::remote::{CURRENT, Current, manifest_of};
use super::stop::Stop;
use super::target::Target;

/// What the public should see again, and the number of that generation. `to` is a generation of the history; the
/// newest of them where nobody says which.
pub fn earlier(target: &dyn Target, to: Option<u64>) -> Result<(u64, Local), Stop> {
    let bytes = target.read(CURRENT)?.ok_or(Stop::NothingToRestore(Vec::new()))?;
    let current: Current = serde_json::from_slice(&bytes).map_err(|_| Stop::Damaged(CURRENT.to_owned()))?;
    let wanted = to.or(current.history.first().copied()).filter(|wanted| current.history.contains(wanted));
    let Some(wanted) = wanted else { return Err(Stop::NothingToRestore(current.history)) };

    // From the wanted generation up to the one that stands: whoever replaced a file first has kept its bytes.
    let mut numbers: Vec<u64> = current.history.iter().copied().filter(|number| *number >= wanted).collect();
    numbers.insert(0, current.generation);
    numbers.reverse();
    let mut manifests = Vec::new();
    for number in &numbers {
        let manifest = manifest_of(target, *number)?.ok_or_else(|| Stop::NothingToRestore(current.history.clone()))?;
        manifests.push((*number, manifest));
    }
    let origins = origins(&manifests);
    Ok((wanted, Local { manifest: manifests.swap_remove(0).1, origins }))
}

fn origins(manifests: &[(u64, Manifest)]) -> BTreeMap<String, Origin> {
    let ((_, wanted), later) = manifests.split_first().expect("there is the wanted one");
    let of = |(path, entry): (&String, &super::manifest::Entry)| {
        // A generation that replaces a file keeps what its predecessor had.
        let replaced =
            later.iter().find(|(_, manifest)| manifest.files.get(path).is_none_or(|now| !now.is_same(entry)));
        let keeper = replaced.map_or(0, |(number, _)| *number);
        (path.clone(), Origin::Kept(keeper, entry.hash.clone()))
    };
    wanted.files.iter().map(of).collect()
}
