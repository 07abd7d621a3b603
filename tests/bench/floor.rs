//! The floor: what it costs only to write the files and bytes of a built site, with nothing worked out.
//!
//! A built site is packed into one file beforehand; the measured program reads that file and writes its parts,
//! on all cores, as the fastest possible generator would.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::thread;

/// How many files a folder holds, and their bytes.
pub fn count(folder: &Path) -> io::Result<(usize, u64)> {
    let mut total = (0, 0);
    visit(folder, &mut |path| {
        total.0 += 1;
        total.1 += fs::metadata(path)?.len();
        Ok(())
    })?;
    Ok(total)
}

/// Packs the files of a folder into one: for each file the lengths of its path and contents, then both.
pub fn pack(folder: &Path, into: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(fs::File::create(into)?);
    visit(folder, &mut |path| {
        let name = path.strip_prefix(folder).expect("found below it").to_str().expect("sites have plain names");
        let bytes = fs::read(path)?;
        out.write_all(&(name.len() as u64).to_le_bytes())?;
        out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        out.write_all(name.as_bytes())?;
        out.write_all(&bytes)
    })?;
    out.flush()
}

/// Writes the files of a pack below a folder.
pub fn write(pack: &Path, into: &Path) -> io::Result<()> {
    let packed = fs::read(pack)?;
    let files = parts(&packed);
    let share = files.len().div_ceil(thread::available_parallelism()?.get()).max(1);
    thread::scope(|scope| {
        let writers: Vec<_> = files.chunks(share).map(|files| scope.spawn(|| write_some(files, into))).collect();
        writers.into_iter().try_for_each(|writer| writer.join().expect("a writer does not panic"))
    })
}

fn write_some(files: &[(&str, &[u8])], into: &Path) -> io::Result<()> {
    let mut made = BTreeSet::new();
    for (name, bytes) in files {
        let path = into.join(name);
        let folder = path.parent().expect("a file lies in a folder");
        if !made.contains(folder) {
            fs::create_dir_all(folder)?;
            made.insert(folder.to_owned());
        }
        fs::File::create(&path)?.write_all(bytes)?;
    }
    Ok(())
}

/// The names and contents in a pack.
fn parts(mut packed: &[u8]) -> Vec<(&str, &[u8])> {
    let mut files = Vec::new();
    while let Some((lengths, rest)) = packed.split_at_checked(16) {
        let number = |at: usize| u64::from_le_bytes(lengths[at..at + 8].try_into().expect("eight bytes")) as usize;
        let (name, rest) = rest.split_at(number(0));
        let (bytes, rest) = rest.split_at(number(8));
        files.push((str::from_utf8(name).expect("packed from a string"), bytes));
        packed = rest;
    }
    files
}

/// Calls `each` for every file below a folder.
fn visit(folder: &Path, each: &mut impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            visit(&entry.path(), each)?;
        } else {
            each(&entry.path())?;
        }
    }
    Ok(())
}
