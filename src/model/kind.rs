//! Kinds of reports and the columns of the site that they stand in.

use jiff::civil::Date;

/// A column of the navigation. The first four are the ones that 国办公开办函〔2019〕61号 asks every
/// platform to show; the fifth stands beside them on real sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// 政府信息公开指南.
    Guide,
    /// 政府信息公开制度.
    Rules,
    /// 法定主动公开内容.
    Content,
    /// 政府信息公开年报.
    Annual,
    /// 依申请公开.
    Request,
}

impl Column {
    /// All columns in the order of the navigation.
    pub const ALL: [Self; 5] = [Self::Guide, Self::Rules, Self::Content, Self::Annual, Self::Request];

    /// The short ASCII name used in addresses and settings.
    pub fn id(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Rules => "rules",
            Self::Content => "content",
            Self::Annual => "annual",
            Self::Request => "request",
        }
    }

    /// The column with this short name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.id() == id)
    }

    /// The statutory name that readers see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Guide => "政府信息公开指南",
            Self::Rules => "政府信息公开制度",
            Self::Content => "法定主动公开内容",
            Self::Annual => "政府信息公开年报",
            Self::Request => "依申请公开",
        }
    }

    /// What the column is for, for readers and for the ColumnDescription tag.
    pub fn description(self) -> &'static str {
        match self {
            Self::Guide => "公开信息的分类、编排方式、获取途径，以及政府信息公开工作机构的联系方式。",
            Self::Rules => "政府信息公开的法规、规章和本级工作制度。",
            Self::Content => "依照《中华人民共和国政府信息公开条例》第二十条、第二十一条主动公开的政府信息。",
            Self::Annual => "历年政府信息公开工作年度报告。",
            Self::Request => "向行政机关申请获取政府信息的方式、程序和表格。",
        }
    }

    /// The value of the ColumnType tag, from the list in the annex of 国办发〔2017〕47号.
    pub fn column_type(self) -> &'static str {
        match self {
            Self::Guide => "信息公开指南",
            Self::Rules => "政策文件",
            Self::Content => "信息公开目录",
            Self::Annual => "信息公开年报",
            Self::Request => "依申请公开",
        }
    }
}

/// Number of a kind in the site's list of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u16);

/// A kind of report, or of standing page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// ASCII, part of addresses; permanent.
    pub id: String,
    /// What readers see.
    pub name: String,
    /// The column it stands in.
    pub column: Column,
    /// Whether it looks back on a finished year, so that it cannot be dated before that year's end.
    pub yearly: bool,
    /// Whether it is a standing page that belongs to no year.
    pub standing: bool,
    /// Other names that front matter may use, and words in a title that tell the kind.
    pub aliases: Vec<String>,
    /// One sentence for readers.
    pub description: String,
    /// The rule it is published under, with article or document number.
    pub basis: Option<String>,
    /// After how many days without anything new it is stale (国办秘函〔2019〕19号).
    pub update_every: Option<u16>,
    /// By which day of the year after the one it is about it must be public.
    pub due: Option<Deadline>,
    /// By which day of that year it must have been reported to the level above.
    pub report_by: Option<Deadline>,
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    month: i8,
    day: i8,
}

impl Deadline {
    /// A day that every year has; `None` for 29 February and what is no day.
    pub fn new(month: i8, day: i8) -> Option<Self> {
        Date::new(2023, month, day).ok().map(|_| Self { month, day })
    }

    /// Reads `01-31`.
    pub fn parse(written: &str) -> Option<Self> {
        let (month, day) = written.split_once('-')?;
        Self::new(month.parse().ok()?, day.parse().ok()?)
    }

    /// The day in the year after the one that a report is about.
    pub fn after(self, year: i16) -> Date {
        Date::new(year + 1, self.month, self.day).expect("every year has this day")
    }
}

impl Kind {
    /// Whether `written` in front matter means this kind.
    pub fn is_called(&self, written: &str) -> bool {
        self.id == written || self.name == written || self.aliases.iter().any(|alias| alias == written)
    }
}
