//! The canonical form of `seal.json`: keys in order, no white space, one line (RFC 8785, for texts and whole numbers).
//! A file that says the same in another form is not the one that was sealed.

use serde::Serialize;

use super::FORMAT;
use crate::model::sealed::Seal;

/// Why a `seal.json` cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not one, or not in its canonical form.
    Broken,
    /// A later version of the program made it.
    Newer,
}

/// A value in its canonical form, without a line break.
pub fn text(value: &impl Serialize) -> String {
    // A map of serde_json keeps its keys in order.
    let value = serde_json::to_value(value).expect("texts and numbers are JSON");
    value.to_string()
}

/// The bytes of `seal.json`.
pub fn write(seal: &Seal) -> Vec<u8> {
    (text(seal) + "\n").into_bytes()
}

/// Reads a `seal.json`.
pub fn read(bytes: &[u8]) -> Result<Seal, Fault> {
    let Ok(seal) = serde_json::from_slice::<Seal>(bytes) else {
        let format = serde_json::from_slice::<serde_json::Value>(bytes).ok().and_then(|any| any["format"].as_u64());
        return Err(if format.is_some_and(|format| format > u64::from(FORMAT)) { Fault::Newer } else { Fault::Broken });
    };
    match seal.format {
        FORMAT if write(&seal) == bytes => Ok(seal),
        format if format > FORMAT => Err(Fault::Newer),
        _ => Err(Fault::Broken),
    }
}
