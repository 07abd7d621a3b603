//! `gongkai check --due`: which yearly reports are due, late or missing, by town and year.
//!
//! A kind with `due` must be public by that day of the year after the one that it is about: 政府信息公开年报 by 31
//! January (《政府信息公开条例》第四十九条; the date for towns is the county's to set), 法治政府建设年度报告 before 1 April
//! (厅字〔2019〕28号), which must also have been reported upward by 1 March.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Diagnostic, Language};
use crate::error::Result;
use crate::model::catalogue::Catalogue;
use crate::model::kind::Kind;
use crate::prepare::{Hint, Memory, Progress, Site};

/// How a report stands with its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not there, and the deadline has passed.
    Missing,
    /// There, but after the deadline.
    Late,
    /// Not there, and there is time left.
    Due,
    /// There in time.
    Done,
}

impl State {
    /// As programs read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Late => "late",
            Self::Due => "due",
            Self::Done => "done",
        }
    }

    fn shown(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Missing, Language::Chinese) => "缺",
            (Self::Late, Language::Chinese) => "迟",
            (Self::Due, Language::Chinese) => "待公开",
            (Self::Done, Language::Chinese) => "按时",
            (_, Language::English) => self.name(),
        }
    }
}

/// One report that there is or should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The town's name.
    pub town: String,
    /// The year that it is about.
    pub year: i16,
    /// The short name of its kind.
    pub kind: String,
    /// What readers call its kind.
    pub kind_name: String,
    /// The last day.
    pub deadline: Date,
    /// How it stands.
    pub state: State,
    /// When it was published; where that is not said, when it was made.
    pub day: Option<Date>,
    /// Where it is.
    pub path: Option<Arc<str>>,
    /// Whether it was made only after the day by which it must have been reported upward.
    pub reported_late: bool,
}

/// What is due on this site; `None` where it cannot be prepared. The faults of the site come along.
pub fn look(site: &Site<'_>, progress: &dyn Progress) -> Result<(Option<Vec<Duty>>, Vec<Diagnostic>)> {
    let mut noticed = Vec::new();
    let mut memory = Memory::default();
    let Some(inputs) = memory.look(site, Hint::Anything)?.take_into(&mut noticed) else { return Ok((None, noticed)) };
    let prepared = memory.prepare(site, inputs, progress)?.take_into(&mut noticed);
    Ok((prepared.map(|prepared| duties(&prepared.catalogue, site.clock.today())), noticed))
}

/// The earliest report of a town, kind and year: the day it was published, the day it was made, its path.
type Earliest<'a> = (Date, Date, &'a Arc<str>);

/// Every duty of every town: from the first year of which it has a report of the kind, or else of the last year
/// alone, to the last year that has ended.
pub fn duties(catalogue: &Catalogue, today: Date) -> Vec<Duty> {
    // By number of the town and of the kind.
    let mut there: BTreeMap<(u32, u16), BTreeMap<i16, Earliest<'_>>> = BTreeMap::new();
    for (_, report) in catalogue.reports() {
        let (document, head) = (&report.document, &report.document.head);
        let (Some(town), Some(year)) = (report.town, head.year) else { continue };
        let day = head.published.map_or(head.date, |published| published.date());
        let years = there.entry((town.0, document.kind.0)).or_default();
        let first = years.entry(year).or_insert((day, head.date, &document.path));
        *first = (*first).min((day, head.date, &document.path));
    }
    let last = today.year() - 1;
    let mut duties = Vec::new();
    for (town_number, town) in catalogue.towns.iter().enumerate() {
        for (kind_number, kind) in catalogue.kinds.iter().enumerate() {
            let Some(due) = kind.due else { continue };
            let years = there.get(&(town_number as u32, kind_number as u16));
            let first = years.and_then(|years| years.keys().next()).map_or(last, |&first| first.min(last));
            for year in first..=last {
                let found = years.and_then(|years| years.get(&year)).copied();
                duties.push(duty(&town.name, kind, year, due.after(year), found, today));
            }
        }
    }
    duties
}

fn duty(
    town: &str,
    kind: &Kind,
    year: i16,
    deadline: Date,
    found: Option<(Date, Date, &Arc<str>)>,
    today: Date,
) -> Duty {
    let state = match found {
        Some((day, ..)) if day > deadline => State::Late,
        Some(_) => State::Done,
        None if today > deadline => State::Missing,
        None => State::Due,
    };
    Duty {
        town: town.to_owned(),
        year,
        kind: kind.id.clone(),
        kind_name: kind.name.clone(),
        deadline,
        state,
        day: found.map(|(day, ..)| day),
        path: found.map(|(.., path)| path.clone()),
        reported_late: found.zip(kind.report_by).is_some_and(|((_, made, _), by)| made > by.after(year)),
    }
}

/// All duties as data.
pub fn as_json(duties: &[Duty]) -> Value {
    let items = duties.iter().map(|duty| {
        json!({
            "town": duty.town,
            "year": duty.year,
            "kind": duty.kind,
            "deadline": duty.deadline.to_string(),
            "state": duty.state.name(),
            "day": duty.day.map(|day| day.to_string()),
            "path": duty.path.as_deref(),
            "reported_late": duty.reported_late,
        })
    });
    items.collect()
}

/// What is not done or was late as a table, and how many there are of each.
pub fn as_table(duties: &[Duty], language: Language) -> String {
    let head = match language {
        Language::Chinese => ["状态", "乡镇", "年度", "类别", "期限", "公开日期", "文件"],
        Language::English => ["state", "town", "year", "kind", "deadline", "published", "file"],
    };
    let late_upward = match language {
        Language::Chinese => "（成文晚于上报期限）",
        Language::English => " (made after the day for reporting upward)",
    };
    let mut rows = vec![head.map(str::to_owned)];
    for duty in duties.iter().filter(|duty| duty.state != State::Done || duty.reported_late) {
        let note = if duty.reported_late { late_upward } else { "" };
        rows.push([
            duty.state.shown(language).to_owned(),
            duty.town.clone(),
            duty.year.to_string(),
            duty.kind_name.clone(),
            duty.deadline.to_string(),
            duty.day.map(|day| day.to_string()).unwrap_or_default(),
            format!("{}{note}", duty.path.as_deref().unwrap_or_default()),
        ]);
    }
    let mut table = String::new();
    if rows.len() > 1 {
        let widths: [usize; 7] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or_default());
        for row in &rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| cell.clone() + &" ".repeat(width - cell.width()));
            table += cells.collect::<Vec<_>>().join("  ").trim_end();
            table.push('\n');
        }
        table.push('\n');
    }
    let count = |state| duties.iter().filter(|duty| duty.state == state).count();
    let (missing, late) = (count(State::Missing), count(State::Late));
    let (due, done) = (count(State::Due), count(State::Done));
    table
        + &match language {
            Language::Chinese => {
                format!("应公开 {} 份：按时 {done}，迟 {late}，缺 {missing}，待公开 {due}\n", duties.len())
            }
            Language::English => {
                format!("{} reports: {done} in time, {late} late, {missing} missing, {due} due\n", duties.len())
            }
        }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::kind::{Column, Deadline};

    #[test]
    fn stands_with_its_deadline() {
        let deadline = |month, day| Deadline::new(month, day);
        let kind = Kind {
            id: "fazhi".into(),
            name: "法治政府建设年度报告".into(),
            column: Column::Content,
            yearly: true,
            standing: false,
            aliases: Vec::new(),
            description: String::new(),
            basis: None,
            update_every: None,
            due: deadline(3, 31),
            report_by: deadline(3, 1),
        };
        let path: Arc<str> = "a.md".into();
        let of = |found: Option<(Date, Date)>, today| {
            let found = found.map(|(day, made)| (day, made, &path));
            let duty = duty("丁市镇", &kind, 2024, kind.due.unwrap().after(2024), found, today);
            (duty.state, duty.reported_late)
        };
        let (eve, after) = (date(2025, 3, 31), date(2025, 4, 1));
        assert_eq!(of(None, eve), (State::Due, false));
        assert_eq!(of(None, after), (State::Missing, false));
        assert_eq!(of(Some((eve, date(2025, 3, 1))), after), (State::Done, false));
        assert_eq!(of(Some((eve, date(2025, 3, 2))), after), (State::Done, true));
        assert_eq!(of(Some((after, date(2025, 2, 1))), after), (State::Late, false));
    }
}
