//! The title, and the kind that it names.

use super::lines::{Line, Lines, folded};
use super::{Guess, Guesses};
use crate::config::Config;
use crate::import::document::Role;
use crate::text;

/// Shortest and longest title, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=90;
/// What titles of official documents end with (GB/T 9704-2012, 7.3.1, and the Measures for official documents,
/// article 8), and those of what is published beside them.
const ENDINGS: &[&str] = &[
    "报告", "通知", "公告", "通告", "公报", "决议", "决定", "命令", "意见", "通报", "请示", "批复", "议案", "函",
    "纪要", "办法", "条例", "规定", "细则", "方案", "规划", "计划", "总结", "指南", "制度", "规则", "章程", "预算",
    "决算", "说明", "公示", "法", "案", "名单", "目录", "清单", "要点", "情况", "表", "年报", "简报", "预案", "标准",
    "规范", "解读", "汇报", "讲话", "职责", "职能", "简介", "概况", "工作", "结果",
];

/// The title with the paragraphs that it takes.
pub(super) fn find(lines: &Lines, name: &str) -> Option<(Guess<String>, Vec<usize>)> {
    let head = if lines.head == 0 { &lines.all[..lines.all.len().min(1)] } else { lines.head() };
    if let Some(found) = labelled(head) {
        return Some(found);
    }
    // A style says it outright.
    if let Some(at) = head.iter().position(|line| line.role == Role::Title) {
        let end = at + head[at..].iter().take_while(|line| line.role == Role::Title).count();
        let reason = text!("“标题”样式", "in the style of titles");
        return joined(&head[at..end]).map(|(title, places)| (Guess { reason, ..title }, places));
    }
    // A form behind the first table has a cover with larger words: they are not looked at where a title stands above.
    [lines.above_table(), head].into_iter().find_map(|head| {
        let scored = (0..head.len()).filter_map(|at| Some((score(head, at, name)?, at)));
        let (_, at) = scored.max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)))?;
        joined(&head[span(head, at)])
    })
}

/// How much a line is like a title; `None` where it cannot be one.
fn score(head: &[Line], at: usize, name: &str) -> Option<u32> {
    let line = &head[at];
    let text = line.text.trim_start_matches(['#', ' ']);
    let is_other = text.ends_with(['。', '：', ':', '；', '，', '】', '、'])
        || text.starts_with(['—', '-', '―', '〔', '【', '（', '(', '>', '|'])
        || text.contains(['：', '|'])
        || ["来源", "时间", "您的位置", "当前位置", "打印", "下载", "附件", "相关"]
            .iter()
            .any(|word| text.starts_with(word));
    let is_caption = ['表', '图'].iter().any(|kind| {
        text.strip_prefix(*kind)
            .is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit() || "一二三四五六七八九十".contains(ch)))
    });
    if !LENGTHS.contains(&text.chars().count())
        || is_other
        || is_caption
        || crate::import::outline::mark(text).is_some()
        || !super::dates::days(text).is_empty()
    {
        return None;
    }
    let whole = joined(&head[span(head, at)]).map(|(title, _)| title.value).unwrap_or_default();
    let bare = whole.trim_end_matches(|ch| "）)（(试行暂行示例稿草案讨论征求意见代拟".contains(ch));
    let ends = ENDINGS.iter().any(|ending| whole.ends_with(ending) || bare.ends_with(ending));
    let largest = head.iter().map(|line| line.size).max().unwrap_or(0);
    let mut score = 0;
    score += if ends { 8 } else { 0 };
    score += if line.centred { 4 } else { 0 };
    score += if line.size > 0 && line.size == largest && head.iter().any(|other| other.size < largest) { 4 } else { 0 };
    score += if line.text.starts_with("# ") { 6 } else { 0 };
    score += if matches!(line.role, Role::Heading(1)) { 4 } else { 0 };
    score += if whole.contains("年") || whole.contains("关于") { 2 } else { 0 };
    score += if folded(name).contains(whole.as_str()) && whole.chars().count() > 5 { 6 } else { 0 };
    // Names of bodies alone are red heads, and the second of two equal lines is a heading of the page.
    let is_red_head = whole.ends_with("文件") || whole.ends_with("人民政府") || whole.ends_with("办公室");
    ((score >= 8 || ends) && !is_red_head).then_some(score)
}

/// The lines that make one title with line `at`: a name above that it belongs to, what closes its brackets below,
/// and lines of the same look right beside it.
fn span(head: &[Line], at: usize) -> std::ops::Range<usize> {
    let (mut start, mut end) = (at, at + 1);
    let opens =
        |text: &str| text.matches(['《', '“', '〈', '（']).count() > text.matches(['》', '”', '〉', '）']).count();
    let same_look = |a: &Line, b: &Line| {
        a.centred && b.centred && a.size == b.size && a.size > 0 && a.role == b.role && is_part(&b.text)
    };
    let text = |start: usize, end: usize| head[start..end].iter().map(|line| line.text.as_str()).collect::<String>();
    while end < head.len() && end - start < 4 && (opens(&text(start, end)) || same_look(&head[end - 1], &head[end])) {
        end += 1;
    }
    while start > 0 && end - start < 4 {
        let above = &head[start - 1];
        let is_maker = head[start].text.starts_with("关于")
            && ["政府", "办公室", "委员会", "办事处", "局"].iter().any(|word| above.text.ends_with(word))
            && above.centred == head[start].centred;
        if is_maker || same_look(&head[start], above) {
            start -= 1;
        } else {
            break;
        }
    }
    start..end
}

/// Whether a line beside a title can be part of it: no number, no date, no name of a speaker.
fn is_part(text: &str) -> bool {
    let is_number = text.contains(['〔', '［', '[']) && text.ends_with('号');
    !is_number
        && super::dates::days(text).is_empty()
        && !text.starts_with(['—', '-', '―', '（', '('])
        && !text.ends_with("文件")
        && text.chars().count() <= 40
}

fn joined(lines: &[Line]) -> Option<(Guess<String>, Vec<usize>)> {
    let first = lines.first()?;
    let title: String = lines.iter().map(|line| line.text.as_str()).collect();
    let title = title.trim_start_matches(['#', ' ']).trim_end_matches(['#', ' ']).to_owned();
    let mut places: Vec<usize> = lines.iter().map(|line| line.place).collect();
    places.dedup();
    let guess = Guess::sure(title, first.place, text!("正文前的标题行", "the line above the text"))?;
    Some((guess, places))
}

/// A title that a label names: `标题：……`. Its line stays where it is.
fn labelled(head: &[Line]) -> Option<(Guess<String>, Vec<usize>)> {
    head.iter().take(20).find_map(|line| {
        let (label, value) = line.text.split_once(['：', ':'])?;
        let label = label.trim_start_matches(['-', ' ', '*']).to_lowercase();
        let is_title = matches!(label.as_str(), "标题" | "名称" | "信息名称" | "title" | "题名");
        let value = value.trim();
        (is_title && LENGTHS.contains(&value.chars().count())).then(|| {
            let reason = text!("标明的标题", "named as the title");
            (Guess::sure(value.to_owned(), line.place, reason).expect("a guess is given"), Vec::new())
        })
    })
}

/// The kind that the title names, or the parts of a report that only one kind has.
pub(super) fn kind(title: &str, lines: &Lines, config: &Config) -> Option<Guess<usize>> {
    let names = config
        .kinds
        .iter()
        .enumerate()
        .flat_map(|(at, kind)| std::iter::once(&kind.name).chain(&kind.aliases).map(move |name| (at, name)));
    // A short name such as 制度 must end the title; a long one may stand anywhere in it.
    let fits = |name: &str| {
        if name.chars().count() >= 6 {
            title.contains(name)
        } else {
            title.trim_end_matches("（示例）").ends_with(name)
        }
    };
    if let Some((at, name)) = names.filter(|(_, name)| fits(name)).max_by_key(|(_, name)| name.chars().count()) {
        return Guess::sure(at, 0, text!("标题里有“{name}”", "the title names `{name}`"));
    }
    let has = |words: &[&str]| words.iter().all(|word| lines.all.iter().any(|line| line.text.contains(word)));
    let called = |id: &str| config.kinds.iter().position(|kind| kind.id == id);
    let by_text =
        |id: &str| Guess::likely(called(id)?, 0, text!("正文的内容像这一类", "the text reads like this kind"));
    if has(&["主动公开", "依申请公开", "监督保障"]) {
        return by_text("nianbao");
    }
    if ["办法", "规定", "细则", "条例", "意见", "方案", "决定", "批复"].iter().any(|end| title.ends_with(end))
    {
        return Guess::likely(called("wenjian")?, 0, text!("标题是文件名称", "the title is that of a regulation"));
    }
    None
}

/// A title for a text that bears none, from its kind, year and town.
pub(super) fn composed(guesses: &Guesses, config: &Config, lines: &Lines) -> Option<Guess<String>> {
    let year = guesses.year.as_ref()?.value;
    let town = guesses.town.as_ref().map(|town| town.value.as_str()).unwrap_or_default();
    let is_work_report =
        lines.all.iter().take(6).any(|line| line.text.contains("报告政府工作") || line.text.contains("报告工作"));
    let name = match &guesses.kind {
        Some(kind) => config.kinds[kind.value].name.as_str(),
        None if is_work_report => "政府工作报告",
        None => return None,
    };
    Guess::likely(
        format!("{town}{year}年{name}"),
        0,
        text!("正文没有标题，由年度和类别拼成", "the text bears no title: put together from year and kind"),
    )
}
