//! Kinds of characters that Chinese running text needs told apart, and the numerals of official documents.

/// A numeral that counts headings and points in official documents (GB/T 9704).
pub fn is_han_numeral(ch: char) -> bool {
    matches!(ch, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零' | '〇')
}

/// Characters that fill a whole square, so that a line break beside them means no space: Han, kana, their
/// punctuation, full-width forms. Korean is not among them, because it puts spaces between words.
pub fn is_wide(ch: char) -> bool {
    matches!(ch as u32,
        0x2E80..=0x2FDF | 0x2FF0..=0x30FF | 0x31A0..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFF)
}

/// Marks that Chinese shares with other scripts; beside a wide character they belong to it.
pub fn is_shared_mark(ch: char) -> bool {
    matches!(ch, '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '―')
}

/// Whether a line break between the two characters means nothing.
pub fn closes_up(before: char, after: char) -> bool {
    let fits = |ch| is_wide(ch) || is_shared_mark(ch);
    fits(before) && fits(after) && (is_wide(before) || is_wide(after))
}

/// Chinese, Japanese or Korean, as far as emphasis is concerned.
pub fn is_cjk(ch: char) -> bool {
    is_wide(ch) || matches!(ch as u32, 0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF)
}

/// Punctuation and symbols, close enough to CommonMark's for telling where emphasis may begin.
pub fn is_punctuation(ch: char) -> bool {
    if ch.is_ascii() {
        return ch.is_ascii_punctuation();
    }
    let mark_or_unseen = matches!(ch as u32,
        0x00AD | 0x0300..=0x036F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x302A..=0x302F
        | 0x3099..=0x309A | 0xE000..=0xF8FF | 0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0x10FFFF);
    !(ch.is_alphanumeric() || ch.is_whitespace() || ch.is_control() || mark_or_unseen)
}

/// A sentence of Chinese ends after this character.
pub fn ends_sentence(ch: char) -> bool {
    matches!(ch, '。' | '！' | '？' | '；')
}

/// Cuts Han numerals in brackets, `（十二）` or `(一)`, off the front. Returns the bracketed number and the rest.
pub fn bracketed_number(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix(['（', '('])?;
    let digits: usize = inside.chars().take_while(|&ch| is_han_numeral(ch)).map(char::len_utf8).sum();
    let rest = inside[digits..].strip_prefix(['）', ')'])?;
    (digits > 0 && digits <= 15).then(|| (&text[..text.len() - rest.len()], rest))
}

/// The value of Han numerals up to ninety-nine (`二十一` → 21), or of a run of Han digits (`二〇二三` → 2023).
pub fn han_number(text: &str) -> Option<u32> {
    let digit = |ch| "〇一二三四五六七八九".chars().position(|known| known == ch).map(|at| at as u32);
    if text.is_empty() {
        return None;
    }
    if let Some((tens, units)) = text.split_once('十') {
        let tens = if tens.is_empty() { 1 } else { single(tens).and_then(digit)? };
        let units = if units.is_empty() { 0 } else { single(units).and_then(digit)? };
        return Some(tens * 10 + units);
    }
    let mut value: u32 = 0;
    for ch in text.chars() {
        // Many texts write zero as a circle or with the character of the financial numerals.
        let ch = if matches!(ch, '○' | '零' | '０') { '〇' } else { ch };
        value = value.checked_mul(10)?.checked_add(digit(ch)?)?;
    }
    Some(value)
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_han_numerals() {
        assert_eq!(han_number("二〇二三"), Some(2023));
        assert_eq!(han_number("二○二三"), Some(2023));
        assert_eq!(han_number("十"), Some(10));
        assert_eq!(han_number("二十一"), Some(21));
        assert_eq!(han_number("三十"), Some(30));
        assert_eq!(han_number("甲"), None);
        assert_eq!(bracketed_number("（十二）加强"), Some(("（十二）", "加强")));
        assert_eq!(bracketed_number("(一)加强"), Some(("(一)", "加强")));
        assert_eq!(bracketed_number("（1）加强"), None);
    }
}
