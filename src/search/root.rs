//! The root: names of towns and kinds, and for each segment what its reports are and where its shards begin.

use serde_json::json;

use super::pack::Packer;
use super::phrases::Phrases;
use super::segment::Written;
use super::{FORMAT, ascii, fold};

/// The script that the browser loads first.
pub(super) fn write(segments: &[Written], kinds: &[String], towns: &[String], phrases: &Phrases) -> String {
    let text = |bytes: &[u8]| {
        let mut letters = Vec::new();
        ascii::write(bytes, &mut letters);
        String::from_utf8_lossy(&letters).into_owned()
    };
    let segments: Vec<_> = segments
        .iter()
        .map(|segment| {
            json!({
                "name": segment.name,
                "reports": segment.reports,
                "units": segment.units,
                "together": segment.together,
                "bits": text(&segment.bits),
            })
        })
        .collect();
    let packed = text(Packer::default().pack(&phrases.text(), &Phrases::default()));
    let root = json!({ "format": FORMAT, "kinds": kinds, "towns": towns, "phrases": packed, "segments": segments });
    format!("gk(\"root\",{root});\n")
}

/// The table of characters as a script.
pub(super) fn fold_script() -> String {
    let words: Vec<&str> = fold::TABLE.lines().filter(|line| !line.starts_with('#')).collect();
    format!("gk(\"fold\",{});\n", json!(words.join(" ")))
}
