//! Makes the reports that every generator builds: the same bodies, in each generator's own front matter.
//!
//! The same number gives the same report on every machine. A report has 1,500 to 6,000 characters under headings
//! of two levels, one table of six rows, one list with bold leads, and a signature.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

const SENTENCES: &str = include_str!("sentences.txt");
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
const HEADINGS: [&str; 16] = [
    "加强组织领导",
    "健全工作机制",
    "推进主动公开",
    "办理公开申请",
    "规范行政执法",
    "化解矛盾纠纷",
    "开展法治宣传",
    "保障基本民生",
    "守住安全底线",
    "管好财政资金",
    "接受各方监督",
    "提升服务水平",
    "建设过硬队伍",
    "存在的主要问题",
    "改进的具体措施",
    "下一年度工作安排",
];
const MEASURES: [&str; 9] =
    ["主动公开信息", "依申请公开", "行政许可", "行政处罚", "行政复议", "调解纠纷", "法治培训", "合同审查", "来信来访"];
const KINDS: [(&str, &str); 5] = [
    ("fazhi", "法治政府建设年度报告"),
    ("nianbao", "政府信息公开工作年度报告"),
    ("juesuan", "财政决算报告"),
    ("tongzhi", "安全生产工作通报"),
    ("minsheng", "社会救助工作报告"),
];
// Characters whose readings differ, so that every town has its own address in pinyin.
const TOWN_FIRST: &str = "云龙凤青白黄永安太兴长大新东西南北金石平";
const TOWN_SECOND: &str = "溪桥河湾塘岭坝沟泉坪";

/// One generator's way of writing a report down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `content/<town>/<year>/<report>.md`, YAML.
    Gongkai,
    /// `content/reports/<year>/<report>.md`, YAML with taxonomies on top.
    Hugo,
    /// The same with a section file for each year.
    Zola,
    /// TOML.
    Blades,
}

/// One made-up report.
struct Report {
    number: usize,
    town: String,
    year: usize,
    date: String,
    kind: &'static str,
    title: String,
    body: String,
}

/// Writes `count` reports below each of the given folders, and gives the path of the middle one below the first.
pub fn write(count: usize, into: &[(Layout, PathBuf)]) -> io::Result<PathBuf> {
    let mut made = BTreeSet::new();
    let mut middle = PathBuf::new();
    for number in 1..=count {
        let report = Report::new(number);
        for (position, (layout, root)) in into.iter().enumerate() {
            let path = root.join("content").join(report.path(*layout));
            let folder = path.parent().expect("a report lies in a folder").to_owned();
            if made.insert(folder.clone()) {
                fs::create_dir_all(&folder)?;
                if *layout == Layout::Zola {
                    let section = "---\nsort_by: date\nrender: false\ntransparent: true\n---\n";
                    fs::write(folder.join("_index.md"), section)?;
                }
            }
            fs::write(&path, report.text(*layout))?;
            if position == 0 && number == count.div_ceil(2) {
                middle = path;
            }
        }
    }
    Ok(middle)
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::write(target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

impl Report {
    fn new(number: usize) -> Self {
        let mut dice = Dice(number as u64);
        let town = town(dice.below(200));
        let year = 2007 + dice.below(18);
        let date = format!("{}-{:02}-{:02}", year + 1, 1 + dice.below(3), 1 + dice.below(28));
        let (kind, name) = KINDS[dice.below(KINDS.len())];
        let title = format!("{town}{year}年{name}（第{number}号）");
        let body = Body::new(&mut dice, &town, year).whole(number, &date);
        Self { number, town, year, date, kind, title, body }
    }

    fn path(&self, layout: Layout) -> String {
        let Self { number, town, year, .. } = self;
        match layout {
            Layout::Gongkai => format!("{town}/{year}/r{number:07}.md"),
            Layout::Hugo | Layout::Zola | Layout::Blades => format!("reports/{year}/r{number:07}.md"),
        }
    }

    fn text(&self, layout: Layout) -> String {
        let Self { number, town, year, date, kind, title, body } = self;
        let head = match layout {
            Layout::Gongkai => format!(
                "---\ntitle: {title}\ntown: {town}\nyear: {year}\ndate: {date}\nkind: {kind}\nslug: r{number:07}\n---"
            ),
            Layout::Hugo => {
                format!("---\ntitle: {title}\ndate: {date}\nyears: [\"{year}\"]\ntowns: [{town}]\n---")
            }
            Layout::Zola => {
                format!("---\ntitle: {title}\ndate: {date}\ntaxonomies:\n  years: [\"{year}\"]\n  towns: [{town}]\n---")
            }
            Layout::Blades => format!(
                "+++\ntitle = \"{title}\"\ndate = {date}\ntaxonomies = {{ years = [\"{year}\"], towns = [\"{town}\"] }}\n+++"
            ),
        };
        format!("{head}\n{body}")
    }
}

fn town(index: usize) -> String {
    let first = TOWN_FIRST.chars().nth(index / 10).expect("there are twenty");
    let second = TOWN_SECOND.chars().nth(index % 10).expect("there are ten");
    let rank = ["镇", "镇", "乡", "镇", "街道"][index % 5];
    format!("{first}{second}{rank}")
}

/// A body while it is being written.
struct Body<'a> {
    dice: &'a mut Dice,
    town: &'a str,
    year: usize,
    /// The sentences that have not been used since the last shuffle.
    pool: Vec<&'static str>,
    text: String,
    characters: usize,
}

impl<'a> Body<'a> {
    fn new(dice: &'a mut Dice, town: &'a str, year: usize) -> Self {
        Self { dice, town, year, pool: Vec::new(), text: String::with_capacity(20_000), characters: 0 }
    }

    fn whole(mut self, number: usize, date: &str) -> String {
        let length = 1_500 + self.dice.below(4_501);
        let (town, year) = (self.town, self.year);
        self.line(&format!("现将{town}{year}年有关工作情况报告如下（编号{number:07}）。\n"));
        self.paragraph();
        let mut section = 0;
        while self.characters < length || section < 2 {
            let heading = HEADINGS[self.dice.below(HEADINGS.len())];
            self.line(&format!("## {}、{heading}\n", NUMERALS[section % 10]));
            for numeral in &NUMERALS[..2 + self.dice.below(3)] {
                let heading = HEADINGS[self.dice.below(HEADINGS.len())];
                self.line(&format!("### （{numeral}）{heading}\n"));
                self.paragraph();
                if self.characters >= length {
                    break;
                }
            }
            match section {
                0 => self.table(),
                1 => self.list(),
                _ => {}
            }
            section += 1;
        }
        self.line(&format!("{town}人民政府\n\n{date}"));
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self) {
        for _ in 0..3 + self.dice.below(5) {
            let sentence = self.sentence();
            self.text.push_str(&sentence);
        }
        self.text.push_str("\n\n");
    }

    fn sentence(&mut self) -> String {
        if self.pool.is_empty() {
            self.pool = SENTENCES.lines().collect();
            for last in (1..self.pool.len()).rev() {
                let other = self.dice.below(last + 1);
                self.pool.swap(last, other);
            }
        }
        let sentence = self.pool.pop().expect("just filled");
        self.characters += sentence.chars().count();
        let amount = (3 + self.dice.below(300)).to_string();
        sentence.replace("{town}", self.town).replace("{year}", &self.year.to_string()).replace("{n}", &amount)
    }

    fn table(&mut self) {
        let (year, before) = (self.year, self.year - 1);
        self.line(&format!("| 项目 | {before}年 | {year}年 | 增减 |\n| --- | ---: | ---: | ---: |"));
        let from = self.dice.below(MEASURES.len());
        for row in 0..6 {
            let (old, new) = (1 + self.dice.below(900) as i64, 1 + self.dice.below(900) as i64);
            let measure = MEASURES[(from + row) % MEASURES.len()];
            self.line(&format!("| {measure} | {old} | {new} | {:+} |", new - old));
        }
        self.text.push('\n');
    }

    fn list(&mut self) {
        for _ in 0..4 + self.dice.below(3) {
            let lead = HEADINGS[self.dice.below(HEADINGS.len())];
            let sentence = self.sentence();
            writeln!(self.text, "- **{lead}**：{sentence}").expect("a string takes all");
        }
        self.text.push('\n');
    }
}

/// Numbers that look random and are the same everywhere (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) % limit as u64) as usize
    }
}
