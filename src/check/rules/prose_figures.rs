//! 正文的数字与表格不符 / Figures in the text against the tables
//!
//! 年报正文写的申请件数、办理结果件数，应与表三、表四的总计一致。只核对不会有别的意思的写法，如“全年收到政府信息公开申请
//! 12件”。两处不一致，总有一处不对：核对台账，改正错的一处。
//!
//! The numbers of requests and of their results in the text of the report should be those of the tables. Only what
//! cannot mean anything else is compared, such as 全年收到政府信息公开申请12件. Where two places differ, one is wrong:
//! check the register and correct it.
//!
//! ```text
//! 全年收到政府信息公开申请15件。（表三：本年新收总计 12）
//! ```

use std::ops::Range;

use crate::check::rule::{Findings, Rule, Subject};
use crate::check::statutory::{Figure, Form, Requests, Row, case_groups, tables};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// Words of results that a sentence counts, and the group that they are in table 三.
const RESULTS: [(&str, u8); 6] =
    [("予以公开", 1), ("部分公开", 2), ("不予公开", 3), ("无法提供", 4), ("不予处理", 5), ("其他处理", 6)];

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        if !subject.is("nianbao") {
            return;
        }
        let read = |(form, table)| (form == Form::Requests).then(|| Requests::read(table)).flatten();
        let mut requests = tables(subject.structure).filter_map(read);
        // Two such tables, as for two years, leave open which one the text means.
        let requests = requests.next().filter(|_| requests.next().is_none());
        let appeals = tables(subject.structure)
            .filter(|(form, _)| *form == Form::Cases)
            .find_map(|(_, table)| Figure::of(&case_groups(table).first()?.cells[4]).number());
        for paragraph in &subject.structure.paragraphs {
            if subject.structure.is_quoted(paragraph) {
                continue;
            }
            if let Some(requests) = &requests {
                received(subject, paragraph, requests, findings);
            }
            if let Some(total) = appeals {
                appealed(subject, paragraph, total, findings);
            }
        }
    },
    ..Rule::new(codes::PROSE_FIGURES, Severity::Warning, include_str!("prose_figures.rs"))
};

/// 收到政府信息公开申请12件, and the results in the same paragraph.
fn received(subject: &Subject<'_>, paragraph: &Range<usize>, requests: &Requests<'_>, findings: &mut Findings) {
    let text = subject.words(paragraph);
    let year = subject.head.year.unwrap_or_default();
    let whole_year = |clause: &Range<usize>| tells_the_whole_year(&text[..clause.start], year);
    let Some(new_at) = clauses(text).filter(whole_year).find_map(|clause| counted(text, &clause)) else { return };
    let total = |row| requests.figures(row)?[6];
    let (Some(new), Some(carried)) = (total(Row::New), total(Row::Carried)) else { return };
    let Some(said) = number(text, new_at.clone()) else { return };
    // Some count what was left from the year before among what they received.
    if said.0 != new && said.0 != new + carried {
        say(subject, paragraph.start, &said, new, "表三“一、本年新收”的总计", "一、本年新收 of table 三", findings);
    }
    let Some(sentence) = results(text) else { return };
    for (word, group) in RESULTS {
        let Some(said) = only(text, &sentence, word) else { continue };
        let of_group = |row: &Row| matches!(row, Row::Result(of, _) if *of == group);
        let rows = requests.rows.iter().filter(|(row, _)| of_group(row));
        let sum: Option<i64> = rows.map(|(row, _)| total(*row)).sum();
        let Some(sum) = sum.filter(|&sum| requests.complete && sum != said.0) else { continue };
        let (chinese, english) = (format!("表三“{word}”的总计"), format!("{word} of table 三"));
        say(subject, paragraph.start, &said, sum, &chinese, &english, findings);
    }
}

/// 政府信息公开行政复议2件.
fn appealed(subject: &Subject<'_>, paragraph: &Range<usize>, total: i64, findings: &mut Findings) {
    let text = subject.words(paragraph);
    for phrase in ["政府信息公开行政复议案件", "政府信息公开行政复议", "政府信息公开类行政复议案件"]
    {
        for (at, _) in text.match_indices(phrase) {
            let clause = text[..at].rfind(['，', '。', '；', '\n', '：']).map_or(0, |at| at);
            if !is_of_this_year(&text[clause..at]) {
                continue;
            }
            if let Some(said) = number(text, at + phrase.len()..text.len()).filter(|said| said.0 != total) {
                say(subject, paragraph.start, &said, total, "表四“行政复议”的总计", "行政复议 of table 四", findings);
            }
        }
    }
}

/// A figure in the text and where it stands.
type Said = (i64, Range<usize>);

fn say(
    subject: &Subject<'_>,
    start: usize,
    (said, range): &Said,
    table: i64,
    chinese: &str,
    english: &str,
    findings: &mut Findings,
) {
    findings
        .at(
            subject,
            start + range.start..start + range.end,
            text!("正文写 {said}，{chinese}是 {table}", "the text says {said}, but the total of {english} is {table}"),
        )
        .help(text!("核对台账，改正错的一处", "check the register and correct the one that is wrong"));
}

/// The clauses of a text, between commas and stops.
fn clauses(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    let ends = text.char_indices().filter(|(_, ch)| "，。；：\n".contains(*ch)).map(|(at, ch)| (at, ch.len_utf8()));
    ends.chain([(text.len(), 0)]).map(move |(at, length)| {
        let clause = from..at;
        from = at + length;
        clause
    })
}

/// Where the figure begins in a clause that says nothing but how many requests were received in the whole year.
fn counted(text: &str, clause: &Range<usize>) -> Option<Range<usize>> {
    let words = &text[clause.clone()];
    let verb = ["收到", "新收", "受理"].into_iter().filter_map(|verb| Some((words.find(verb)?, verb.len()))).min()?;
    let mut rest = words[verb.0 + verb.1..].trim_start_matches(['到', '的', '各', '类']);
    rest = rest.strip_prefix("政府信息公开申请").or_else(|| rest.strip_prefix("政府信息依申请公开申请"))?;
    rest = rest.strip_prefix("数量").or_else(|| rest.strip_prefix("总数")).unwrap_or(rest);
    rest = rest.trim_start_matches(['共', '为', ' ']);
    is_of_this_year(&words[..verb.0]).then(|| clause.end - rest.len()..clause.end)
}

/// Whether the sentence so far speaks of nothing but the year of the report, and of all of it.
fn tells_the_whole_year(before: &str, year: i16) -> bool {
    let sentence = &before[before.rfind(['。', '；', '\n']).unwrap_or(0)..];
    let parts =
        ["其中", "去年", "上年", "上一年", "以来", "半年", "季度", "网络", "信函", "当面", "邮", "历年", "同比"];
    let other_year = sentence.match_indices('年').any(|(at, _)| {
        let digits = sentence[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        digits == 4 && sentence[at - 4..at].parse() != Ok(year)
    });
    !other_year && !parts.iter().any(|part| sentence.contains(part))
}

/// Whether the words before a verb only say “we, this year, in all”.
fn is_of_this_year(before: &str) -> bool {
    let mut before: String = before.chars().filter(|ch| !ch.is_whitespace() && !"，。；：".contains(*ch)).collect();
    for word in [
        "本机关",
        "我镇",
        "我乡",
        "全镇",
        "全乡",
        "本镇",
        "本年度",
        "本年",
        "全年",
        "总共",
        "累计",
        "共计",
        "发生",
        "办理",
        "因",
    ] {
        before = before.replacen(word, "", 1);
    }
    before.replace('共', "").is_empty()
}

/// The stretch of the sentences that count results of requests; nothing where other things are counted as well.
fn results(text: &str) -> Option<Range<usize>> {
    let start = text.find("政府信息公开申请")?;
    let end = text[start..].find("\n\n").map_or(text.len(), |at| start + at);
    let others = ["提案", "建议", "议案", "去年", "同比", "上一年度", "信箱", "其中：", "全市", "全县", "部门"];
    (!others.iter().any(|word| text[start..end].contains(word))).then_some(start..end)
}

/// The figure behind a word that stands in a stretch only once.
fn only(text: &str, stretch: &Range<usize>, word: &str) -> Option<Said> {
    let mut found = text[stretch.clone()].match_indices(word).map(|(at, _)| stretch.start + at);
    let at = found.next().filter(|_| found.next().is_none())?;
    (!text[..at].ends_with('不')).then(|| number(text, at + word.len()..stretch.end))?
}

/// A number of cases at the very beginning of a stretch: `12件`.
fn number(text: &str, stretch: Range<usize>) -> Option<Said> {
    let words = &text[stretch.clone()];
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let rest = words[digits..].trim_start();
    let counts = rest.starts_with(['件', '条', '份', '宗']) && !rest.starts_with("件次");
    let value = words[..digits].parse().ok().filter(|_| counts && digits < 9)?;
    Some((value, stretch.start..stretch.start + digits))
}
