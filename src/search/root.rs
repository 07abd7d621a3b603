//! The root: names of towns and kinds, and for each segment what its reports are and where its shards begin.

use serde_json::json;

use super::pack::Packer;
use super::phrases::Phrases;
use super::segment::Written;
use super::{FORMAT, ascii, fold};

/// The script that the browser loads first. `to_site` leads from the folder that holds the index to the site's root,
/// where that is another.
pub(super) fn write(
    segments: &[Written],
    (kinds, towns): (&[String], &[String]),
    phrases: &Phrases,
    to_site: &str,
) -> String {
    let text = |bytes: &[u8]| {
        let mut letters = Vec::new();
        ascii::write(bytes, &mut letters);
        String::from_utf8_lossy(&letters).into_owned()
    };
    let segments: Vec<_> = segments
        .iter()
        .map(|segment| {
            let mut root = json!({
                "name": segment.name,
                "reports": segment.reports,
                "units": segment.units,
                "together": segment.together,
                "bits": text(&segment.bits),
            });
            if let Some(folder) = &segment.folder {
                root["folder"] = json!(folder);
            }
            root
        })
        .collect();
    let packed = text(Packer::default().pack(&phrases.text(), &Phrases::default()));
    let mut root = json!({ "format": FORMAT, "kinds": kinds, "towns": towns, "phrases": packed, "segments": segments });
    if !to_site.is_empty() {
        root["site"] = json!(to_site);
    }
    format!("gk(\"root\",{root});\n")
}

/// The table of characters as a script.
pub(super) fn fold_script() -> String {
    let words: Vec<&str> = fold::TABLE.lines().filter(|line| !line.starts_with('#')).collect();
    format!("gk(\"fold\",{});\n", json!(words.join(" ")))
}
