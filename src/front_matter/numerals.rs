//! Numbers as people write them: `2023`, `２０２３`, `二〇二三`, `十六`.

/// A run of digits, or a single other character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A run of digits; `value` is `None` if it is no number (`十十`), `spelled` if Han digits are in it.
    Number { value: Option<u32>, width: usize, spelled: bool, written: String },
    /// Any other character, half-width where it has such a form.
    Mark(char),
}

fn half_width(ch: char) -> char {
    match ch {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(ch as u32 - 0xfee0).unwrap_or(ch),
        _ => ch,
    }
}

/// Han digits by their place in the row; ○ and ◯ are common stand-ins for 〇.
fn han_digit(ch: char) -> Option<u32> {
    match ch {
        '〇' | '○' | '◯' | '零' => Some(0),
        _ => "一二三四五六七八九".chars().zip(1..).find(|&(digit, _)| digit == ch).map(|(_, value)| value),
    }
}

/// Cuts a text into numbers and marks; white space only separates.
pub(super) fn tokens(written: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut run = String::new();
    for ch in written.chars().map(half_width).chain([' ']) {
        if ch.is_ascii_digit() || han_digit(ch).is_some() || "十廿卅元".contains(ch) {
            run.push(ch);
            continue;
        }
        if !run.is_empty() {
            tokens.push(numeral(std::mem::take(&mut run)));
        }
        if !ch.is_whitespace() {
            tokens.push(Token::Mark(ch));
        }
    }
    tokens
}

fn numeral(written: String) -> Token {
    let width = written.chars().count();
    let spelled = !written.bytes().all(|byte| byte.is_ascii_digit());
    let tens = |tens: u32, rest: &[char]| match rest {
        [] => Some(tens * 10),
        [one] => han_digit(*one).filter(|&one| one > 0).map(|one| tens * 10 + one),
        _ => None,
    };
    let value = match written.chars().collect::<Vec<_>>().as_slice() {
        ['元'] => Some(1),
        ['十', rest @ ..] => tens(1, rest),
        ['廿', rest @ ..] => tens(2, rest),
        ['卅', rest @ ..] => tens(3, rest),
        [first, '十', rest @ ..] => han_digit(*first).filter(|&first| first > 0).and_then(|first| tens(first, rest)),
        digits if digits.len() <= 8 => digits
            .iter()
            .try_fold(0, |value, &digit| Some(value * 10 + digit.to_digit(10).or_else(|| han_digit(digit))?)),
        _ => None,
    };
    Token::Number { value, width, spelled, written }
}

/// A number of at most four digits as people write it: ASCII, full-width or Han digits, `十六`.
pub(super) fn number(written: &str) -> Option<u32> {
    match tokens(written).as_slice() {
        [Token::Number { value: Some(value), width, .. }] if *width <= 4 => Some(*value),
        _ => None,
    }
}
