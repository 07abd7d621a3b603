//! What an import says, on the terminal and in its written record.

use std::fmt::Write;
use std::path::Path;

use super::files::Source;
use super::{Made, Outcome};
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Diagnostic, Language, Text};
use crate::import::compare::Comparison;
use crate::import::guess::{Confidence, Guess, Guesses};
use crate::import::losses::Losses;
use crate::import::report::Fields;
use crate::text;

/// So many differences of one file are shown on the terminal.
const MOST_SHOWN: usize = 5;

/// Says things, and keeps the record of `--report`.
pub(super) struct Words {
    /// The language of both.
    pub language: Language,
    /// Everything said, and every loss with its place.
    pub record: String,
    made: usize,
    updated: usize,
    same: usize,
    failed: usize,
    open: usize,
}

impl Words {
    pub fn new(language: Language) -> Self {
        Self { language, record: String::new(), made: 0, updated: 0, same: 0, failed: 0, open: 0 }
    }

    fn say(&mut self, text: &Text) {
        let line = text.in_language(self.language);
        println!("{line}");
        let _ = writeln!(self.record, "{line}");
    }

    /// Says what came of a file.
    pub fn outcome(&mut self, source: &Source, outcome: &Outcome) {
        let name = &source.name;
        match outcome {
            Outcome::Made(made) => {
                self.made += 1;
                let path = made.path.display();
                self.say(&text!("{name} → {path}", "{name} → {path}"));
                self.made(made, true);
            }
            Outcome::Updated(made) => {
                self.updated += 1;
                let path = made.path.display();
                self.say(&text!(
                    "{name} → {path}（正文已更新，文件头保留）",
                    "{name} → {path} (body updated, front matter kept)"
                ));
                self.made(made, false);
            }
            Outcome::Same(path) => {
                self.same += 1;
                let path = path.display();
                self.say(&text!("{name} = {path}（没有变化）", "{name} = {path} (nothing new)"));
            }
            Outcome::Edited(path) => {
                self.failed += 1;
                let path = path.display();
                self.say(&text!(
                    "{name}：{path} 导入后手工改过正文，没有动它；要用 Word 文件的正文替换，请加 --overwrite",
                    "{name}: the body of {path} was edited by hand since its import and was left alone; use --overwrite to replace it"
                ));
            }
            Outcome::Open(open) => {
                self.failed += 1;
                let (zh, en) = (names(open, Language::Chinese), names(open, Language::English));
                self.say(&text!(
                    "{name}：没有导入，{zh}要有人确认；在终端里运行会逐项提问，加 --yes 则留给 gongkai check 提醒",
                    "{name}: not imported, somebody must confirm: {en}; run it on a terminal to be asked, or add --yes to leave it to gongkai check"
                ));
            }
            Outcome::Refused(diagnostic) => {
                self.failed += 1;
                self.refused(diagnostic);
            }
        }
    }

    /// Says why a file was refused.
    pub fn refused(&mut self, diagnostic: &Diagnostic) {
        let words = show::one(diagnostic, self.language, Colour::Plain);
        println!("{words}");
        let _ = writeln!(self.record, "{words}");
    }

    fn made(&mut self, made: &Made, with_fields: bool) {
        let lines = made.prepared.document.has_lines;
        if with_fields {
            self.fields(&made.fields, &made.prepared.guesses, lines);
        }
        self.losses(&made.losses, lines);
    }

    fn fields(&mut self, fields: &Fields, guesses: &Guesses, lines: bool) {
        let date = |date: &Option<jiff::civil::Date>| date.map(|date| date.to_string());
        let year = fields.year.value.map(|year| year.to_string());
        let rows = [
            (text!("标题", "title"), fields.title.value.clone(), why(&guesses.title, lines), true),
            (text!("乡镇", "town"), fields.town.value.clone(), why(&guesses.town, lines), !fields.is_standing),
            (text!("年度", "year"), year, why(&guesses.year, lines), !fields.is_standing),
            (text!("日期", "date"), date(&fields.date.value), why(&guesses.date, lines), true),
            (text!("类别", "kind"), fields.kind.value.clone(), why(&guesses.kind, lines), false),
            (text!("机构", "agency"), fields.agency.value.clone(), why(&guesses.agency, lines), false),
            (text!("文号", "number"), fields.number.value.clone(), why(&guesses.number, lines), false),
            (text!("发布", "published"), date(&fields.published.value), why(&guesses.published, lines), false),
            (text!("生效", "effective"), date(&fields.effective.value), why(&guesses.effective, lines), false),
        ];
        let mut to_fill = Vec::new();
        for (name, value, why, needed) in rows {
            match (value, why) {
                (Some(value), Some(why)) => self.say(&Text {
                    zh: format!("    {}  {value}（{}）", name.zh, why.zh),
                    en: format!("    {}: {value} ({})", name.en, why.en),
                }),
                (Some(value), None) => {
                    self.say(&Text {
                        zh: format!("    {}  {value}", name.zh),
                        en: format!("    {}: {value}", name.en),
                    });
                }
                (None, _) if needed => to_fill.push(name),
                (None, _) => {}
            }
        }
        if !to_fill.is_empty() {
            let zh = to_fill.iter().map(|name| name.zh.as_str()).collect::<Vec<_>>().join("、");
            let en = to_fill.iter().map(|name| name.en.as_str()).collect::<Vec<_>>().join(", ");
            self.open += 1;
            self.say(&text!("    待填  {zh}", "    to fill in: {en}"));
        }
    }

    /// Tells what was left behind: the kinds on the terminal, each place in the record.
    fn losses(&mut self, losses: &Losses, lines: bool) {
        let sorted = losses.sorted();
        let mut quiet = Vec::new();
        let mut at = 0;
        while at < sorted.len() {
            let kind = sorted[at].kind;
            let count = sorted[at..].iter().take_while(|loss| loss.kind == kind).count();
            let name = kind.name();
            quiet.push((name.clone(), count));
            if kind.matters() {
                let (zh, en) = (&name.zh, &name.en);
                self.say(&text!("    请核对  {zh} {count} 处", "    look at: {en}, {count}"));
            }
            let heading = name.in_language(self.language).to_owned();
            let _ = writeln!(self.record, "      {heading}");
            for (number, loss) in sorted[at..at + count].iter().enumerate() {
                let place = place(loss.place, lines);
                let place = place.in_language(self.language);
                let _ = writeln!(self.record, "        {place}{}", loss.what);
                if kind.matters() && number < MOST_SHOWN {
                    println!("        {place}{}", loss.what);
                }
            }
            at += count;
        }
        if !quiet.is_empty() {
            let list = |language| {
                let parts = quiet.iter().map(|(name, count)| format!("{} {count}", name.in_language(language)));
                parts.collect::<Vec<_>>().join(if language == Language::Chinese { "、" } else { ", " })
            };
            let (zh, en) = (list(Language::Chinese), list(Language::English));
            let text = text!("    没有带过来  {zh}", "    left behind: {en}");
            println!("{}", text.in_language(self.language));
        }
    }

    /// Says what is known before the questions come.
    pub fn question(&self, source: &Source, guesses: &Guesses) {
        let name = &source.name;
        let title = guesses.title.as_ref().map(|title| title.value.as_str()).unwrap_or_default();
        let text = text!("{name}：{title}", "{name}: {title}");
        println!("{}", text.in_language(self.language));
    }

    /// Says how report and document compare.
    pub fn comparison(&mut self, source: &Source, report: &Path, comparison: &Comparison, lines: bool) {
        let (name, report) = (&source.name, report.display());
        let (count, kept) = (comparison.characters, comparison.kept);
        if comparison.is_same() {
            self.say(&text!(
                "{name} = {report}：{count} 字，一字不差",
                "{name} = {report}: {count} characters, all the same"
            ));
            return;
        }
        self.say(&text!(
            "{name} ≠ {report}：{count} 字里有 {kept} 字相同",
            "{name} ≠ {report}: {kept} of {count} characters are the same"
        ));
        for (at, (where_, words)) in comparison.missing.iter().enumerate() {
            let where_ = place(*where_, lines);
            let (zh, en) = (&where_.zh, &where_.en);
            self.difference(at, &text!("    报告里没有  {zh}{words}", "    not in the report: {en}{words}"));
        }
        for (at, words) in comparison.extra.iter().enumerate() {
            self.difference(at, &text!("    报告里多出  {words}", "    only in the report: {words}"));
        }
        if !comparison.unread.is_empty() {
            let words = &comparison.unread;
            self.difference(
                0,
                &text!("    文件里没有读到的字  {words}", "    characters of the file that were not read: {words}"),
            );
        }
    }

    fn difference(&mut self, number: usize, text: &Text) {
        let line = text.in_language(self.language);
        let _ = writeln!(self.record, "{line}");
        let short: String = line.chars().take(120).collect();
        if number < MOST_SHOWN {
            println!("{short}{}", if short.len() < line.len() { "…" } else { "" });
        }
    }

    pub fn not_imported(&mut self, source: &Source) {
        let name = &source.name;
        self.say(&text!("{name}：没有找到由它导入的报告", "{name}: there is no report that was imported from it"));
    }

    pub fn nothing_found(&mut self) {
        self.say(&text!(
            "没有可以导入的文件（.docx、.doc、.wps、.rtf、.odt、.txt）",
            "there is nothing to import (.docx, .doc, .wps, .rtf, .odt, .txt)"
        ));
    }

    /// Says how it all went.
    pub fn summary(&mut self) {
        let Self { made, updated, same, failed, open, .. } = *self;
        self.say(&text!(
            "导入 {made} 份，更新 {updated} 份，没有变化 {same} 份，没有导入 {failed} 份",
            "{made} imported, {updated} updated, {same} without change, {failed} not imported"
        ));
        if open > 0 {
            self.say(&text!(
                "{open} 份还有要填的，填好后运行 gongkai check",
                "{open} still have something to fill in; then run gongkai check"
            ));
        }
    }
}

/// The reason of a guess, with its place.
fn why<T>(guess: &Option<Guess<T>>, lines: bool) -> Option<Text> {
    let guess = guess.as_ref()?;
    let mut why = guess.reason.clone();
    if guess.place > 0 {
        let place = place(guess.place, lines);
        why.zh.push_str(&format!("，{}", place.zh.trim_end_matches('：')));
        why.en.push_str(&format!(", {}", place.en.trim_end_matches(": ")));
    }
    if guess.confidence == Confidence::Likely {
        why.zh.push_str("，请核对");
        why.en.push_str(", please confirm");
    }
    Some(why)
}

/// A place, with a colon; nothing for what stood nowhere.
fn place(place: usize, lines: bool) -> Text {
    match (place, lines) {
        (0, _) => text!("", ""),
        (_, true) => text!("第 {place} 行：", "line {place}: "),
        (_, false) => text!("第 {place} 段：", "paragraph {place}: "),
    }
}

fn names(open: &[&str], language: Language) -> String {
    let name = |key: &&str| match (*key, language) {
        (key, Language::English) => key.to_owned(),
        ("title", _) => "标题".to_owned(),
        ("town", _) => "乡镇".to_owned(),
        ("year", _) => "年度".to_owned(),
        ("date", _) => "日期".to_owned(),
        (_, _) => "类别".to_owned(),
    };
    open.iter().map(name).collect::<Vec<_>>().join(if language == Language::Chinese { "、" } else { ", " })
}
