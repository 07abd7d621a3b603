//! `gongkai new`: a report with its front matter filled in, from flags or, on a terminal, from questions.

use std::io::{self, BufRead, IsTerminal, Write};

use super::{Ending, failed};
use crate::cli::New;
use crate::config::{self, Config};
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Checked, Language, Text};
use crate::front_matter::dates;
use crate::model::kind::Kind;
use crate::source::{Clock, Disk, RealDisk};
use crate::{romanize, text};

/// Runs the verb.
pub(super) fn run(asked: &New, language: Language) -> Ending {
    let disk = &RealDisk;
    let config = match config::load(disk, &asked.site) {
        Err(error) => return failed(&error, language),
        Ok(Checked { value: Some(config), .. }) => config,
        Ok(Checked { diagnostics, .. }) => {
            eprint!("{}", show::all(&diagnostics, language, Colour::Plain));
            return Ending::Failed;
        }
    };
    let answers = match Answers::gather(asked, &config, Clock::system(), language) {
        Ok(answers) => answers,
        Err(why) => {
            let name = if language == Language::Chinese { "错误：" } else { "error: " };
            eprintln!("{name}{}", why.in_language(language));
            return Ending::Failed;
        }
    };
    let path = answers.path(&config);
    let full = asked.site.join(&path);
    match disk.stat(&full) {
        Err(error) => return failed(&error, language),
        Ok(Some(_)) => {
            match language {
                Language::Chinese => eprintln!("错误：{path} 已经存在，没有改动。可用 --slug 换一个名字。"),
                Language::English => {
                    eprintln!("error: {path} is there already and was not changed. Choose another name with --slug.")
                }
            }
            return Ending::Failed;
        }
        Ok(None) => {}
    }
    if let Err(error) = disk.write_whole(&full, answers.report(&config).as_bytes(), &asked.site.join(".gongkai-tmp")) {
        return failed(&error, language);
    }
    match language {
        Language::Chinese => println!("已新建 {}\n写好正文后运行 gongkai build", full.display()),
        Language::English => println!("Made {}\nWrite its text, then run gongkai build", full.display()),
    }
    Ending::Done
}

/// Everything that the new report's front matter needs.
struct Answers {
    title: String,
    town: Option<String>,
    year: Option<i16>,
    kind: usize,
    date: String,
    number: Option<String>,
    slug: Option<String>,
}

impl Answers {
    fn gather(asked: &New, config: &Config, clock: Clock, language: Language) -> std::result::Result<Self, Text> {
        let ask = |given: &Option<String>, question: Text, flag: &str, fallback: Option<String>| match given {
            Some(given) => Ok(given.clone()),
            None => answer(&question, flag, fallback, language),
        };
        let kinds = config.kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("、");
        let written = ask(&asked.kind, text!("类别（{kinds}）", "kind ({kinds})"), "--kind", None)?;
        let kind = config.kind_called(&written).ok_or_else(|| {
            text!("没有名为 `{written}` 的类别；可用：{kinds}", "there is no kind `{written}`; use one of: {kinds}")
        })?;
        let Kind { name, standing, .. } = &config.kinds[kind];
        let only_town = (config.towns.len() == 1).then(|| config.towns[0].name.clone());
        let (town, year) = if *standing {
            (asked.town.clone(), asked.year)
        } else {
            let town = ask(&asked.town, text!("乡镇", "town"), "--town", only_town)?;
            let last = (clock.today().year() - i16::from(config.kinds[kind].yearly)).to_string();
            let year = ask(&asked.year.map(|year| year.to_string()), text!("年度", "year"), "--year", Some(last))?;
            let year = year.parse().ok().filter(|year| (1949..=2200).contains(year));
            (
                Some(town),
                Some(year.ok_or_else(|| text!("年度应是四位数，如 2023", "the year has four digits, such as 2023"))?),
            )
        };
        let title = match (&town, year) {
            (Some(town), Some(year)) => format!("{town}{year}年{name}"),
            _ => name.clone(),
        };
        let title = ask(&asked.title, text!("标题", "title"), "--title", Some(title))?;
        let date = ask(&asked.date, text!("成文日期", "date"), "--date", Some(clock.today().to_string()))?;
        let date = dates::parse_date(&date)?.date.to_string();
        Ok(Self { title, town, year, kind, date, number: asked.number.clone(), slug: asked.slug.clone() })
    }

    fn path(&self, config: &Config) -> String {
        let kind = &config.kinds[self.kind];
        let file = self
            .slug
            .clone()
            .filter(|slug| !romanize::phrase(slug, 80).is_empty())
            .map_or_else(|| kind.id.clone(), |slug| romanize::phrase(&slug, 80));
        let entry = self
            .town
            .as_ref()
            .and_then(|town| config.towns.iter().find(|entry| entry.name == *town || entry.aliases.contains(town)));
        let town = entry.and_then(|entry| entry.slug.clone()).or_else(|| self.town.as_deref().map(romanize::place));
        match (town, self.year) {
            (Some(town), Some(year)) => format!("content/{town}/{year}/{file}.md"),
            (Some(town), None) => format!("content/{town}/{file}.md"),
            _ => format!("content/{file}.md"),
        }
    }

    fn report(&self, config: &Config) -> String {
        let kind = &config.kinds[self.kind];
        let mut lines = vec!["---".to_owned(), format!("title: {}", quoted(&self.title))];
        lines.extend(self.town.as_ref().map(|town| format!("town: {}", quoted(town))));
        lines.extend(self.year.map(|year| format!("year: {year}")));
        lines.push(format!("date: {}", self.date));
        lines.push(format!("kind: {}", quoted(&kind.name)));
        lines.extend(self.number.as_ref().map(|number| format!("number: {}", quoted(number))));
        lines.extend([
            "draft: true  # 写好后删去这一行 (take this line out when the text is ready)".to_owned(),
            "---".to_owned(),
            String::new(),
        ]);
        lines.extend(
            skeleton(&kind.id).iter().flat_map(|heading| [format!("## {heading}"), String::new(), String::new()]),
        );
        let agency = self.town.as_ref().map_or_else(|| config.name.clone(), |town| format!("{town}人民政府"));
        let day: Vec<&str> = self.date.split('-').map(|part| part.trim_start_matches('0')).collect();
        lines.extend([agency, String::new(), format!("{}年{}月{}日", day[0], day[1], day[2]), String::new()]);
        lines.join("\n")
    }
}

/// The sections that a kind must have, in their order: 国办公开办函〔2021〕30号 for the one,
/// 《法治政府建设与责任落实督察工作规定》 for the other.
fn skeleton(kind: &str) -> &'static [&'static str] {
    match kind {
        "nianbao" => &[
            "一、总体情况",
            "二、主动公开政府信息情况",
            "三、收到和处理政府信息公开申请情况",
            "四、政府信息公开行政复议、行政诉讼情况",
            "五、存在的主要问题及改进情况",
            "六、其他需要报告的事项",
        ],
        "fazhi" => &[
            "一、主要举措和成效",
            "二、存在的不足和原因",
            "三、党政主要负责人履行推进法治建设第一责任人职责情况",
            "四、下一年度主要安排",
            "五、其他需要报告的情况",
        ],
        _ => &["一、"],
    }
}

/// A YAML string that stays what was typed.
fn quoted(text: &str) -> String {
    let plain = text.chars().all(|ch| ch.is_alphanumeric() || "、，。（）《》“”〔〕 ".contains(ch))
        && text.starts_with(|ch: char| !ch.is_ascii() && ch.is_alphabetic());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Asks on a terminal; elsewhere takes the fallback or names the missing flag.
fn answer(
    question: &Text,
    flag: &str,
    fallback: Option<String>,
    language: Language,
) -> std::result::Result<String, Text> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return fallback.ok_or_else(|| text!("缺少 {flag}", "{flag} is missing"));
    }
    loop {
        let hint = fallback.as_ref().map(|fallback| format!(" [{fallback}]")).unwrap_or_default();
        print!("{}{hint}: ", question.in_language(language));
        let _ = io::stdout().flush();
        let mut line = String::new();
        let read = stdin.lock().read_line(&mut line).unwrap_or(0);
        let typed = line.trim();
        match &fallback {
            _ if !typed.is_empty() => return Ok(typed.to_owned()),
            Some(fallback) => return Ok(fallback.clone()),
            None if read == 0 => return Err(text!("缺少 {flag}", "{flag} is missing")),
            None => {}
        }
    }
}
