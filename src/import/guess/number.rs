//! The document number (文号): `青府发〔2024〕12号`, on a line of its own in the head.

use super::Guess;
use super::lines::Lines;
use crate::text;

/// Finds the number of the document itself; numbers of others stand inside sentences.
pub(super) fn find(lines: &Lines) -> Option<Guess<String>> {
    let head = lines.all.iter().take(lines.head.max(12).min(lines.all.len()));
    let mut found = head.filter_map(|line| {
        let bare =
            ["文号：", "发文字号：", "文号:", "发文字号:"].iter().find_map(|label| line.text.strip_prefix(label));
        let text = bare.unwrap_or(&line.text).trim_start_matches([' ', '（', '(']).trim_end_matches([')', '）', ' ']);
        Some((number(text)?, line.place))
    });
    let (value, place) = found.next()?;
    Guess::sure(value, place, text!("单独成行的文号", "a document number on a line of its own"))
}

/// A whole line as a document number, its brackets as GB/T 9704-2012, 7.2.5 wants them.
fn number(line: &str) -> Option<String> {
    let rest = line.strip_suffix('号')?;
    let serial_at = rest.len() - rest.chars().rev().take_while(|ch| ch.is_ascii_digit() || *ch == '-').count();
    let (front, serial) = (&rest[..serial_at], &rest[serial_at..]);
    let front = front.strip_suffix('第').unwrap_or(front);
    let front = front.strip_suffix(['〕', ']', '］', '】', '）', ')'])?;
    let year_at = front.len().checked_sub(4)?;
    let year = front.get(year_at..).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    let name = front[..year_at].strip_suffix(['〔', '[', '［', '【', '（', '('])?;
    let is_name =
        (2..=16).contains(&name.chars().count()) && name.chars().all(|ch| ch.is_alphanumeric()) && !serial.is_empty();
    is_name.then(|| format!("{name}〔{year}〕{serial}号"))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn reads_numbers_in_any_brackets() {
        assert_eq!(number("青府发〔2024〕12号").as_deref(), Some("青府发〔2024〕12号"));
        assert_eq!(number("劳社部发[2008]3号").as_deref(), Some("劳社部发〔2008〕3号"));
        assert_eq!(number("国办发【2012】第33号").as_deref(), Some("国办发〔2012〕33号"));
        assert_eq!(number("根据国办发〔2012〕33号"), Some("根据国办发〔2012〕33号".into()));
        assert_eq!(number("见国办发〔2012〕33号文"), None);
        assert_eq!(number("12号"), None);
    }
}
