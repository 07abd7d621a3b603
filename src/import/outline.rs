//! Which paragraphs are headings, and of what level.
//!
//! Styles and outline levels say it where somebody used them. Official documents are seldom written so: there a
//! short line that bears a number of the known order (一、 （一） 1. （1）; 第一章, 第一节) is one (GB/T 9704-2012, 7.3.3).
//! A number whose sentence runs on in the same paragraph is a run-in heading and stays where it is.

use std::collections::BTreeMap;

use super::document::{Block, Paragraph, Role};

/// A longer line is text.
const LONGEST_HEADING: usize = 50;
/// A paragraph in a heading's style that is longer than this is text in the wrong style.
const LONGEST_STYLED: usize = 120;

/// The kinds of numbers that headings bear, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// 第一部分, 第一编
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 一、
    Han,
    /// （一）
    HanInBrackets,
    /// 1. 1． 1、
    Digit,
    /// （1）
    DigitInBrackets,
}

/// The number that a line begins with.
pub fn mark(line: &str) -> Option<Mark> {
    let line = line.trim_start();
    let is_han = |ch: char| "一二三四五六七八九十百零〇".contains(ch);
    let is_digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
    if let Some(rest) = line.strip_prefix('第') {
        let after = rest.trim_start_matches(|ch| is_han(ch) || is_digit(ch));
        if after.len() == rest.len() {
            return None;
        }
        return match after.chars().next()? {
            '编' | '篇' => Some(Mark::Part),
            '部' if after.starts_with("部分") => Some(Mark::Part),
            '章' => Some(Mark::Chapter),
            '节' => Some(Mark::Section),
            _ => None,
        };
    }
    if let Some(inside) = line.strip_prefix(['（', '(']) {
        let after_han = inside.trim_start_matches(is_han);
        let after_digits = inside.trim_start_matches(is_digit);
        let closes = |rest: &str| rest.len() < inside.len() && rest.starts_with(['）', ')']);
        return if closes(after_han) {
            Some(Mark::HanInBrackets)
        } else if closes(after_digits) {
            Some(Mark::DigitInBrackets)
        } else {
            None
        };
    }
    let after = line.trim_start_matches(is_han);
    if after.len() < line.len() {
        return after.starts_with(['、', '．', '.']).then_some(Mark::Han);
    }
    let after = line.trim_start_matches(is_digit);
    let dotted = after.len() < line.len() && after.starts_with(['.', '．', '、']);
    let is_decimal = after.len() > 1 && after[after.chars().next().map_or(1, char::len_utf8)..].starts_with(is_digit);
    (dotted && !is_decimal).then_some(Mark::Digit)
}

/// Gives every paragraph its final role: headings by style or by look, their levels from 1 without gaps.
pub fn settle(blocks: &mut [Block]) {
    let mut styled: BTreeMap<Mark, u8> = BTreeMap::new();
    let mut top = u8::MAX;
    for paragraph in top_level(blocks) {
        if let Role::Heading(level) = paragraph.role {
            if is_text_in_disguise(paragraph) {
                paragraph.role = Role::Text;
                continue;
            }
            top = top.min(level);
            if let Some(mark) = mark(&paragraph.text()) {
                styled.entry(mark).and_modify(|known| *known = (*known).min(level)).or_insert(level);
            }
        }
    }
    let shift = if top == u8::MAX { 0 } else { top - 1 };
    let mut found: Vec<Mark> = styled.keys().copied().collect();
    let mut looks = Vec::new();
    for paragraph in top_level(blocks) {
        let mark = if paragraph.role == Role::Text { by_look(paragraph) } else { None };
        found.extend(mark);
        looks.push(mark);
    }
    found.sort_unstable();
    found.dedup();
    for (paragraph, mark) in top_level(blocks).zip(looks) {
        match (paragraph.role, mark) {
            (Role::Heading(level), _) => paragraph.role = Role::Heading((level - shift).clamp(1, 6)),
            (Role::Text, Some(mark)) => paragraph.role = Role::Heading(level(mark, &found, &styled, shift)),
            (Role::Text, None) if begins_annex(paragraph) => paragraph.role = Role::Heading(1),
            _ => {}
        }
    }
    close_gaps(blocks);
}

/// Levels that nobody uses are closed up: a page's headings must not skip any (WCAG 2.2, technique H42).
fn close_gaps(blocks: &mut [Block]) {
    let mut used: Vec<u8> = top_level(blocks)
        .filter_map(|paragraph| match paragraph.role {
            Role::Heading(level) => Some(level),
            _ => None,
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    for paragraph in top_level(blocks) {
        if let Role::Heading(level) = &mut paragraph.role {
            *level = 1 + used.iter().take_while(|other| *other < level).count() as u8;
        }
    }
}

/// The level of a kind of number: what styles have said of it, else one below the kind above it.
fn level(mark: Mark, found: &[Mark], styled: &BTreeMap<Mark, u8>, shift: u8) -> u8 {
    if let Some(level) = styled.get(&mark) {
        return (level - shift).clamp(1, 6);
    }
    let above = found.iter().filter(|other| **other < mark);
    let highest = above.clone().filter_map(|other| Some((styled.get(other)?, other))).next_back();
    let level = match highest {
        Some((level, other)) => {
            level - shift + found.iter().filter(|kind| **kind > *other && **kind <= mark).count() as u8
        }
        None => 1 + above.count() as u8,
    };
    level.clamp(1, 6)
}

fn top_level(blocks: &mut [Block]) -> impl Iterator<Item = &mut Paragraph> {
    blocks.iter_mut().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph),
        Block::Table(_) => None,
    })
}

/// Text in a heading's style: too long, or several sentences.
fn is_text_in_disguise(paragraph: &Paragraph) -> bool {
    if paragraph.inlines.is_empty() {
        return true;
    }
    let text = paragraph.text();
    let length = text.chars().count();
    let sentences = text.trim_end().trim_end_matches('。').matches('。').count();
    length > LONGEST_STYLED || sentences > 1 || (sentences > 0 && length > LONGEST_HEADING) || text.trim().is_empty()
}

/// Whether a line begins the annexes: 附件, 附件1, 附 件. It ends the letter and its signature, so that the site must
/// see it as a heading.
fn begins_annex(paragraph: &Paragraph) -> bool {
    let bare: String = paragraph.text().chars().filter(|ch| !ch.is_whitespace()).collect();
    let rest = bare.strip_prefix("附件").map(|rest| rest.trim_end_matches(['：', ':']));
    rest.is_some_and(|rest| {
        rest.chars().count() <= 2 && rest.chars().all(|ch| ch.is_ascii_digit() || "一二三四五六七八九十".contains(ch))
    })
}

/// The number of a paragraph that looks like a heading.
fn by_look(paragraph: &Paragraph) -> Option<Mark> {
    let text = paragraph.text();
    let line = text.trim();
    let mark = mark(line)?;
    let ends_like_text = line.ends_with(['。', '；', '，', '：', '、', ';', ',', ':', '.', '！', '？']);
    if line.chars().count() > LONGEST_HEADING || line.contains('\n') || ends_like_text || line.contains(['。', '；'])
    {
        return None;
    }
    // Below （一） numbers are more often those of a list: such a line must stand out.
    match mark {
        Mark::Digit | Mark::DigitInBrackets => paragraph.stands_out.then_some(mark),
        _ => Some(mark),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart() {
        for (line, kind) in [
            ("一、总体情况", Some(Mark::Han)),
            ("（一）主动公开", Some(Mark::HanInBrackets)),
            ("(十二)主动公开", Some(Mark::HanInBrackets)),
            ("1．公开", Some(Mark::Digit)),
            ("2.5万元", None),
            ("（1）公开", Some(Mark::DigitInBrackets)),
            ("第一章 总则", Some(Mark::Chapter)),
            ("第三部分 附件", Some(Mark::Part)),
            ("第一条 为规范", None),
            ("一带一路", None),
            ("十四五规划", None),
        ] {
            assert_eq!(mark(line), kind, "{line}");
        }
    }

    fn roles(paragraphs: Vec<Paragraph>) -> Vec<Role> {
        let mut blocks: Vec<Block> = paragraphs.into_iter().map(Block::Paragraph).collect();
        settle(&mut blocks);
        top_level(&mut blocks).map(|paragraph| paragraph.role).collect()
    }

    fn styled(level: u8, text: &str) -> Paragraph {
        Paragraph { role: Role::Heading(level), ..Paragraph::plain(1, text) }
    }

    #[test]
    fn levels_follow_the_order_of_numbers() {
        let plain = |text: &str| Paragraph::plain(1, text);
        assert_eq!(
            roles(vec![
                plain("一、情况"),
                plain("（一）举措"),
                plain("（二）围绕统筹推进，加大力度。坚持把……"),
                plain("1.名单；")
            ]),
            [Role::Heading(1), Role::Heading(2), Role::Text, Role::Text]
        );
        // What styles say goes before, and the rest is fitted in below.
        assert_eq!(
            roles(vec![styled(2, "一、情况"), plain("（一）举措"), styled(3, "概况")]),
            [Role::Heading(1), Role::Heading(2), Role::Heading(2)]
        );
        assert_eq!(
            roles(vec![styled(1, "概况"), styled(3, "小节"), styled(5, "细目"), styled(3, "小节")]),
            [Role::Heading(1), Role::Heading(2), Role::Heading(3), Role::Heading(2)]
        );
        assert_eq!(roles(vec![styled(1, &"很长的正文。".repeat(30))]), [Role::Text]);
    }
}
