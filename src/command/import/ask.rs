//! From guesses to front matter: what was typed goes first, what is doubtful is asked, and what stays open is left
//! empty.

use std::io::{self, BufRead, IsTerminal, Write};

use jiff::civil::Date;

use crate::cli::Import;
use crate::config::Config;
use crate::diagnostic::{Language, Text};
use crate::front_matter::dates;
use crate::import::guess::{Confidence, Guess, Guesses};
use crate::import::report::{Fields, Value};
use crate::text;

/// The fields that were typed or guessed.
pub(super) fn fields(guesses: &Guesses, asked: &Import, config: &Config) -> Fields {
    let typed_kind = asked.kind.as_deref().and_then(|kind| config.kind_called(kind));
    let guessed_kind = guesses.kind.as_ref().map(|kind| config.kinds[kind.value].name.clone());
    let kind = match typed_kind {
        Some(kind) => Value::of(config.kinds[kind].name.clone()),
        None => Value { value: guessed_kind, doubt: doubt(&guesses.kind) },
    };
    let number = kind.value.as_deref().and_then(|kind| config.kind_called(kind));
    Fields {
        title: value(&guesses.title),
        town: asked.town.clone().map_or_else(|| value(&guesses.town), Value::of),
        year: asked.year.map_or_else(|| value(&guesses.year), Value::of),
        date: value(&guesses.date),
        agency: value(&guesses.agency),
        number: value(&guesses.number),
        published: value(&guesses.published),
        effective: value(&guesses.effective),
        attachments: Vec::new(),
        is_standing: number.is_some_and(|kind| config.kinds[kind].standing),
        kind,
    }
}

fn value<T: Clone>(guess: &Option<Guess<T>>) -> Value<T> {
    Value { value: guess.as_ref().map(|guess| guess.value.clone()), doubt: doubt(guess) }
}

fn doubt<T>(guess: &Option<Guess<T>>) -> Option<Text> {
    guess.as_ref().filter(|guess| guess.confidence == Confidence::Likely).map(|guess| guess.reason.clone())
}

/// What somebody should still say, by the flags' names.
pub(super) fn open_questions(fields: &Fields) -> Vec<&'static str> {
    fn is_open<T>(value: &Value<T>) -> bool {
        value.value.is_none() || value.doubt.is_some()
    }
    let needed = !fields.is_standing;
    let mut open = Vec::new();
    for (name, is_open) in [
        ("title", is_open(&fields.title)),
        ("town", needed && is_open(&fields.town)),
        ("year", needed && is_open(&fields.year)),
        ("date", is_open(&fields.date)),
        ("kind", is_open(&fields.kind)),
    ] {
        if is_open {
            open.push(name);
        }
    }
    open
}

/// Whether somebody sits at a terminal.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Asks for everything that is open. An empty answer takes what is proposed, or leaves the field for later.
pub(super) fn people(fields: &mut Fields, config: &Config, language: Language) {
    let kinds = config.kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("、");
    let open = open_questions(fields);
    let text = |written: &str| Ok(written.to_owned());
    if open.contains(&"kind") {
        let kind = |written: &str| match config.kind_called(written) {
            Some(kind) => Ok(config.kinds[kind].name.clone()),
            None => Err(text!("没有这个类别；可用：{kinds}", "there is no such kind; use one of: {kinds}")),
        };
        ask(&mut fields.kind, &text!("类别", "kind"), language, kind);
        let known = fields.kind.value.as_deref().and_then(|kind| config.kind_called(kind));
        fields.is_standing = known.is_some_and(|kind| config.kinds[kind].standing);
    }
    if open.contains(&"title") {
        ask(&mut fields.title, &text!("标题", "title"), language, text);
    }
    if open.contains(&"town") {
        ask(&mut fields.town, &text!("乡镇", "town"), language, text);
    }
    if open.contains(&"year") {
        ask(&mut fields.year, &text!("报告所述的年度", "year the report is about"), language, |written| {
            let year = written.trim_end_matches('年').parse().ok().filter(|year| (1949..=2200).contains(year));
            year.ok_or_else(|| text!("年度应是四位数，如 2023", "the year has four digits, such as 2023"))
        });
    }
    if open.contains(&"date") {
        ask(&mut fields.date, &text!("成文日期", "day it was made"), language, |written| {
            dates::parse_date(written).map(|moment| moment.date)
        });
    }
}

fn ask<T: Shown>(value: &mut Value<T>, question: &Text, language: Language, read: impl Fn(&str) -> Result<T, Text>) {
    let proposal = value.value.as_ref().map(Shown::shown);
    loop {
        let hint = match (&proposal, language) {
            (Some(proposal), _) => format!(" [{proposal}]"),
            (None, Language::Chinese) => "（直接回车：以后再填）".to_owned(),
            (None, Language::English) => " (Enter: later)".to_owned(),
        };
        print!("    {}{hint}: ", question.in_language(language));
        let _ = io::stdout().flush();
        let mut line = String::new();
        let count = io::stdin().lock().read_line(&mut line).unwrap_or(0);
        let typed = line.trim();
        if typed.is_empty() {
            // A proposal that somebody has seen and let stand is confirmed; the end of all input confirms nothing.
            if count > 0 && value.value.is_some() {
                value.doubt = None;
            }
            return;
        }
        match read(typed) {
            Ok(read) => {
                *value = Value::of(read);
                return;
            }
            Err(why) => println!("    {}", why.in_language(language)),
        }
    }
}

/// A value as it is proposed.
trait Shown {
    fn shown(&self) -> String;
}

impl Shown for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Shown for i16 {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shown for Date {
    fn shown(&self) -> String {
        self.to_string()
    }
}

/// On Windows the window of a program that a file was dropped onto closes with it, before anybody can read.
pub(super) fn keep_window_open(asked: &Import, language: Language) {
    if !(cfg!(windows) && asked.dropped && is_possible()) {
        return;
    }
    match language {
        Language::Chinese => print!("按回车键关闭窗口"),
        Language::English => print!("Press Enter to close this window"),
    }
    let _ = io::stdout().flush();
    let _ = io::stdin().lock().read_line(&mut String::new());
}
