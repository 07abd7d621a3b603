//! Characters of symbol fonts (Wingdings, Symbol) that have a character of their own in Unicode.

use std::borrow::Cow;

/// Wingdings, by the byte of the font.
const WINGDINGS: &[(u8, char)] = &[
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x6C, '●'),
    (0x6D, '❍'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x70, '❐'),
    (0x71, '❑'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '⬥'),
    (0x9E, '·'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xAB, '★'),
    (0xD8, '➢'),
    (0xE0, '→'),
    (0xDF, '←'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];
/// Wingdings 2.
const WINGDINGS_2: &[(u8, char)] =
    &[(0x4F, '✗'), (0x50, '✓'), (0x51, '☒'), (0x52, '☑'), (0x53, '☒'), (0x54, '☒'), (0xA3, '□')];
/// Symbol: Greek letters and signs.
const SYMBOL: &[(u8, char)] = &[
    (0x61, 'α'),
    (0x62, 'β'),
    (0x63, 'χ'),
    (0x64, 'δ'),
    (0x65, 'ε'),
    (0x66, 'φ'),
    (0x67, 'γ'),
    (0x68, 'η'),
    (0x6C, 'λ'),
    (0x6D, 'μ'),
    (0x70, 'π'),
    (0x71, 'θ'),
    (0x72, 'ρ'),
    (0x73, 'σ'),
    (0x74, 'τ'),
    (0x77, 'ω'),
    (0x44, 'Δ'),
    (0x53, 'Σ'),
    (0x57, 'Ω'),
    (0xA3, '≤'),
    (0xB3, '≥'),
    (0xB1, '±'),
    (0xB4, '×'),
    (0xB8, '÷'),
    (0xB9, '≠'),
    (0xBB, '≈'),
    (0xA5, '∞'),
    (0xB0, '°'),
    (0xB7, '•'),
    (0xAE, '→'),
    (0xAC, '←'),
    (0xB2, '″'),
    (0xA2, '′'),
    (0xD6, '√'),
    (0xE5, '∑'),
    (0xF2, '∫'),
];

/// What a character of a symbol font shows. Fonts of words show what they say.
pub fn symbol(font: &str, code: u32) -> Option<char> {
    let byte = match code {
        0xF000..=0xF0FF => (code - 0xF000) as u8,
        0x20..=0xFF => code as u8,
        _ => return char::from_u32(code).filter(|ch| !ch.is_control()),
    };
    let table = match font.to_ascii_lowercase().as_str() {
        "wingdings" => WINGDINGS,
        "wingdings 2" => WINGDINGS_2,
        "symbol" => SYMBOL,
        _ if code < 0xF000 => return char::from_u32(code).filter(|ch| !ch.is_control()),
        _ => return None,
    };
    table.iter().find(|(known, _)| *known == byte).map(|(_, ch)| *ch)
}

/// Text that is set in a symbol font, letter by letter, where its letters are known; else as it is.
pub fn text<'a>(text: &'a str, font: &str) -> Cow<'a, str> {
    if !matches!(font.to_ascii_lowercase().as_str(), "wingdings" | "wingdings 2" | "symbol") {
        return Cow::Borrowed(text);
    }
    text.chars()
        .map(|ch| match ch as u32 {
            0xF000..=0xF0FF => symbol(font, ch as u32).unwrap_or(ch),
            _ => ch,
        })
        .collect::<String>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_ticks() {
        assert_eq!(symbol("Wingdings", 0xF0FE), Some('☑'));
        assert_eq!(symbol("Wingdings 2", 0x52), Some('☑'));
        assert_eq!(symbol("宋体", 0x2460), Some('①'));
        assert_eq!(symbol("Webdings", 0xF061), None);
        assert_eq!(text("\u{f0a8}是", "Wingdings"), "□是");
    }
}
