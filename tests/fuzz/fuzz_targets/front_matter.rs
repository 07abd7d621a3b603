//! Any text as a source: its front matter is read, or its faults are told with their places.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let path: Arc<str> = "content/a.md".into();
    let read = gongkai::front_matter::read(&path, text, &|kind| kind == "指南");
    for fault in &read.diagnostics {
        let _ = gongkai::diagnostic::show::one(fault, Default::default(), gongkai::diagnostic::show::Colour::Plain);
    }
    if let Some(head) = read.value {
        assert!(text.is_char_boundary(head.body));
    }
});
