//! `gongkai export`: the records of the built site for a search engine of its own, when a province outgrows the
//! search in the browser. One JSON value a line on the standard output, so that nothing has to fit in memory.

use std::io::Write;

use serde_json::{Value, json};

use super::search::{date, faulty};
use super::{Ending, say_json};
use crate::cli::{Engine, Export};
use crate::diagnostic::Language;
use crate::search::reader::{Fault, Index, Record};
use crate::source::{Disk, RealDisk};

/// Runs the verb.
pub(super) fn run(asked: &Export, language: Language) -> Ending {
    let out = asked.folders.out();
    if asked.settings {
        say_json(&settings(asked.engine));
        return Ending::Done;
    }
    let fetch = |address: &str| RealDisk.read(&out.join(address)).ok();
    match Index::open(&fetch).and_then(|index| write(&index, asked.engine)) {
        Ok(()) => Ending::Done,
        Err(fault) => faulty(&fault, &out, language),
    }
}

fn write(index: &Index<'_>, engine: Engine) -> Result<(), Fault> {
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    index.each_record(|record| {
        let record_id = id(&record.address);
        let body = document(index, record, &record_id);
        let line = match engine {
            // _bulk takes an action and a document in turn.
            Engine::Opensearch => {
                format!("{}\n{body}\n", json!({ "index": { "_index": "gongkai", "_id": record_id } }))
            }
            Engine::Meilisearch => format!("{body}\n"),
        };
        // Whoever reads may stop early; that is no fault.
        stdout.write_all(line.as_bytes()).is_ok()
    })
}

/// Both engines take letters, digits, `-` and `_`; an address holds more, and may be long.
fn id(address: &str) -> String {
    blake3::hash(address.as_bytes()).to_hex()[..24].to_owned()
}

fn document(index: &Index<'_>, record: Record, id: &str) -> Value {
    let town = usize::from(record.town).checked_sub(1).and_then(|town| index.towns.get(town));
    json!({
        "id": id,
        "title": record.title,
        "address": record.address,
        "town": town,
        "kind": index.kinds.get(usize::from(record.kind)),
        "year": (record.year > 0).then_some(record.year),
        "date": date(record.day),
        "text": record.text,
    })
}

/// How the engine should hold the records. Chinese is cut into pairs of characters in OpenSearch (its built-in cjk
/// analysis); Meilisearch knows Chinese by itself.
fn settings(engine: Engine) -> Value {
    match engine {
        Engine::Opensearch => json!({
            "mappings": { "dynamic": "strict", "properties": {
                "id": { "type": "keyword" },
                "title": { "type": "text", "analyzer": "cjk", "fields": { "exact": { "type": "keyword", "ignore_above": 512 } } },
                "address": { "type": "keyword" },
                "town": { "type": "keyword" },
                "kind": { "type": "keyword" },
                "year": { "type": "short" },
                "date": { "type": "date", "format": "strict_date" },
                "text": { "type": "text", "analyzer": "cjk" },
            } },
        }),
        Engine::Meilisearch => json!({
            "searchableAttributes": ["title", "text"],
            "filterableAttributes": ["year", "town", "kind"],
            "sortableAttributes": ["date"],
        }),
    }
}
