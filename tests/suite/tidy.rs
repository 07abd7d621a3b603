//! The rules of the house, held by a test rather than by memory.

use std::path::{Path, PathBuf};

/// The floors, highest first, as `src/lib.rs` shows them. A room uses rooms on lower floors only; stages do
/// not know each other.
const FLOORS: &[(&str, &[&str])] = &[
    ("verbs", &["command", "cli"]),
    ("doors", &["serve", "import", "publish", "archive"]),
    ("the road", &["build", "review"]),
    ("memory", &["record"]),
    ("half-way", &["prepare"]),
    ("stages", &["discover", "intake", "catalogue", "plan", "render", "search", "output"]),
    ("crafts", &["front_matter", "markdown", "check", "config", "attachment", "seal"]),
    ("nouns", &["model"]),
    ("ground", &["diagnostic", "source", "links", "romanize", "package", "error"]),
];

/// Where rooms of one floor may know each other, each with its reason.
const NEIGHBOURS: &[(&str, &str, &str)] = &[
    ("command", "cli", "a verb gets what was typed"),
    ("build", "review", "a build says what a review finds"),
    ("record", "build", "the record holds a build's summary"),
    ("check", "front_matter", "a rule says where its key stands"),
    ("intake", "discover", "sources are handed over as they were found"),
    ("catalogue", "discover", "files are looked up among what was found"),
    ("render", "plan", "addresses of listings are the plan's"),
    ("diagnostic", "error", "same floor"),
    ("source", "error", "files fail"),
    ("source", "diagnostic", "same floor"),
    ("romanize", "source", "same floor"),
];

/// Crates that live in one room.
const CRATES: &[(&str, &[&str])] = &[
    ("pulldown_cmark", &["markdown"]),
    ("syntect", &["markdown"]),
    ("tera", &["render"]),
    ("walkdir", &["source"]),
    ("encoding_rs", &["source", "search", "archive"]),
    ("libdeflater", &["search", "publish"]),
    ("annotate_snippets", &["diagnostic"]),
    ("serde_yaml", &["front_matter", "config"]),
    ("serde_saphyr", &["front_matter"]),
    ("clap", &["cli", "command"]),
    ("indicatif", &["command"]),
    ("quick_xml", &["render", "attachment", "import", "archive"]),
    ("lopdf", &["attachment"]),
    ("exif", &["attachment"]),
    ("csv", &["render"]),
    ("qrcodegen", &["render", "serve"]),
    ("pinyin", &["romanize"]),
    ("postcard", &["record", "seal"]),
    ("include_dir", &["render"]),
    ("imagesize", &["catalogue"]),
    ("notify", &["serve"]),
    ("hyper", &["serve"]),
    ("tokio", &["serve", "publish"]),
    ("brotli", &["publish"]),
    ("zip", &["publish", "package", "archive"]),
    ("flate2", &["archive"]),
    ("md5", &["archive"]),
    ("sha1", &["archive"]),
    ("ureq", &["publish", "review", "archive"]),
    ("russh", &["publish"]),
    ("russh_sftp", &["publish"]),
    ("suppaftp", &["publish"]),
    ("opendal", &["publish"]),
    ("reqsign_aliyun_oss", &["publish"]),
    ("reqsign_core", &["publish"]),
    ("rpassword", &["command"]),
    ("sha2", &["seal", "archive", "review"]),
    ("sm3", &["seal"]),
    ("pulp", &["seal"]),
    ("similar", &["archive", "render"]),
    ("cms", &["archive"]),
    ("x509_tsp", &["archive"]),
    ("webpki", &["archive"]),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "rs" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    let named = files.iter().map(|path| {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        (name, std::fs::read_to_string(path).unwrap())
    });
    named.collect()
}

/// The room a file belongs to: its first folder, or its own name.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, rooms)| rooms.contains(&room))
}

/// The program's own text: without tests at the end of a file, comments, and texts in quotes.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end].lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Rooms named after `crate::`, also inside braces: `use crate::{links, text};`.
fn used_rooms(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            for part in group[..group.find("};").unwrap_or(0)].split(',') {
                let name = part.trim().split("::").next().unwrap_or_default().trim_start_matches('{');
                if depth == 0 {
                    rooms.push(name.to_owned());
                }
                depth += part.matches('{').count() as i32 - part.matches('}').count() as i32;
            }
        } else {
            rooms.push(rest.chars().take_while(|ch| ch.is_alphanumeric() || *ch == '_').collect());
        }
    }
    rooms
}

#[test]
fn rooms_use_only_lower_floors() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = room(&file);
        let Some(own_floor) = floor(own) else {
            assert!(["lib", "main"].contains(&own), "src/lib.rs does not say on which floor {own} is");
            continue;
        };
        for used in used_rooms(&code(&text)) {
            let Some(used_floor) = floor(&used) else { continue };
            let neighbour = NEIGHBOURS.iter().any(|(from, to, _)| *from == own && *to == used);
            if used != own && used_floor <= own_floor && !neighbour {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_tells_the_truth() {
    let map = &sources().into_iter().find(|(file, _)| file == "lib.rs").unwrap().1;
    for (name, rooms) in FLOORS {
        let line = map.lines().find(|line| line.starts_with(&format!("//! | {name} |")));
        let line = line.unwrap_or_else(|| panic!("src/lib.rs does not show the floor {name}"));
        for room in *rooms {
            assert!(line.contains(&format!("[`{room}`]")), "src/lib.rs does not show {room} on the floor {name}");
            assert!(map.contains(&format!("pub mod {room};")), "{room} is no room");
        }
    }
}

#[test]
fn crates_live_in_their_rooms() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (name, rooms) in CRATES {
            if code.contains(&format!("{name}::")) && !rooms.contains(&room(&file)) {
                wrong.push(format!("{file} uses {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_door_touches_files_and_time() {
    for (file, text) in sources() {
        let code = code(&text);
        for (words, allowed) in [
            ("std::fs", &["source/disk.rs", "source/shared.rs"][..]),
            ("use std::{fs", &[]),
            ("SystemTime::now", &[]),
            ("Timestamp::now", &["source/clock.rs"]),
            ("rand::", &[]),
        ] {
            assert!(
                !code.contains(words) || allowed.contains(&file.as_str()) || file.ends_with("tests.rs"),
                "{file} uses {words}"
            );
        }
    }
}

#[test]
fn only_commands_print() {
    for (file, text) in sources() {
        let prints = ["println!", "eprintln!", " print!", " eprint!", "dbg!"]
            .iter()
            .any(|macro_name| code(&text).contains(macro_name));
        assert!(!prints || file.starts_with("command/"), "{file} prints");
    }
}

#[test]
fn every_file_says_what_it_is_for_and_fits_the_mind() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "{file} does not begin with what it is for");
        let length = text.lines().count();
        assert!(length <= 450, "{file} has {length} lines: find the two rooms in it");
    }
}

#[test]
fn every_code_is_used_and_has_a_case() {
    let text: String = sources().into_iter().map(|(_, text)| text).collect();
    let mut cases = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = vec![root.join("cases"), root.join("suite")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                cases.push_str(&std::fs::read_to_string(path).unwrap_or_default())
            }
        }
    }
    for (code, _) in gongkai::diagnostic::codes::ALL {
        assert!(cases.contains(code.0), "{} has no case", code.0);
    }
    let names = include_str!("../../src/diagnostic/codes.rs")
        .lines()
        .filter_map(|line| line.trim().split_once(" = \"GK-"))
        .map(|(name, _)| name);
    for name in names {
        assert!(text.contains(&format!("codes::{name}")), "{name} is never used");
    }
}
