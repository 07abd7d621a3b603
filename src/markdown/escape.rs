//! Text into HTML: escaping with a fast path, and the quick look over a body that tells which paths are needed.

/// What one look over a body found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// `*` or `~` stands somewhere, so emphasis may need care.
    pub markers: bool,
    /// Characters stand somewhere that HTML forbids: controls and noncharacters.
    pub controls: bool,
}

/// Looks over every byte, without branches, so that sixteen and more go at a time. Bytes with which a forbidden
/// character may begin are rare, and only where one stands it looks again.
pub fn look(text: &str) -> Look {
    let bytes = text.as_bytes();
    // U+0080–U+009F begin with 0xC2; U+FFFE and U+FFFF with 0xEF 0xBF.
    let is_doubtful = |byte: u8, next: u8| {
        let blank = (byte == b'\n') | (byte == b'\r') | (byte == b'\t');
        ((byte < 0x20) & !blank) | (byte == 0x7F) | (byte == 0xC2) | ((byte == 0xEF) & (next == 0xBF))
    };
    let following = bytes.get(1..).unwrap_or_default();
    let mut doubtful = bytes.last().is_some_and(|&last| is_doubtful(last, 0));
    for (&byte, &next) in bytes.iter().zip(following) {
        doubtful |= is_doubtful(byte, next);
    }
    Look {
        markers: memchr::memchr2(b'*', b'~', bytes).is_some(),
        controls: doubtful && !text.chars().all(|ch| ch == '\r' || is_allowed(ch)),
    }
}

/// Whether HTML lets a character stand in text.
pub fn is_allowed(ch: char) -> bool {
    matches!(ch, '\n' | '\t') || !(ch.is_control() || (ch as u32 & 0xFFFE) == 0xFFFE)
}

/// Appends text that holds no forbidden characters.
pub fn push_text(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr3(b'<', b'>', b'&', &bytes[from..]) {
        let at = from + found;
        out.push_str(&text[from..at]);
        out.push_str(match bytes[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&amp;",
        });
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Appends text that may hold forbidden characters; they are dropped.
pub fn push_careful(out: &mut String, text: &str) {
    for ch in text.chars().filter(|&ch| is_allowed(ch)) {
        match ch {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            _ => out.push(ch),
        }
    }
}

/// Appends the value of an attribute in double quotes; forbidden characters are dropped.
pub fn push_attribute(out: &mut String, value: &str) {
    for ch in value.chars().filter(|&ch| is_allowed(ch)) {
        match ch {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push(' '),
            _ => out.push(ch),
        }
    }
}

/// Appends a whole number.
pub fn push_number(out: &mut String, number: u64) {
    use std::fmt::Write;
    // Writing into a String cannot fail.
    let _ = write!(out, "{number}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_drops() {
        let mut out = String::new();
        push_text(&mut out, "甲<条例>&乙");
        push_careful(&mut out, "\u{1}a\u{85}\u{FFFE}<");
        push_attribute(&mut out, "\"'>\u{0}");
        assert_eq!(out, "甲&lt;条例&gt;&amp;乙a&lt;&quot;&#39;&gt;");
        assert_eq!(look("年度报告"), Look { markers: false, controls: false });
        assert_eq!(look("40*4"), Look { markers: true, controls: false });
        for odd in ["\u{1}", "\u{7f}", "\u{85}", "\u{FFFF}"] {
            assert!(look(odd).controls, "{odd:?}");
        }
    }
}
