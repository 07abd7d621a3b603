//! Every rule code of the generator, once, with one line on what it finds in each language, as `中文 / English`.
//!
//! Letters: `C` characters and encoding, `F` front matter, `D` dates, `A` addresses and index numbers,
//! `I` import, `L` links, images and attachments, `M` Markdown, `S` site.yaml and the site as a whole, `T` theme,
//! `Z` sealed years. Of `check` alone: `K` copies, `N` names and citations, `P` privacy, `R` required parts, `W` wording,
//! numbering and punctuation, `X` left-overs.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Language;

/// A stable rule code such as `GK-F001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let known = ALL.iter().map(|(code, _)| *code).find(|code| code.0 == written);
        known.ok_or_else(|| serde::de::Error::custom("a code of another version"))
    }
}

impl Code {
    /// What it finds, in one line.
    pub fn about(self, language: Language) -> &'static str {
        let both = ALL.iter().find(|(code, _)| *code == self).map_or("", |(_, about)| about);
        let (chinese, english) = both.split_once(" / ").unwrap_or((both, both));
        if language == Language::Chinese { chinese } else { english }
    }

    /// Whether a site may say how much it weighs. What stops a document from being read or the site from being whole
    /// cannot be argued away.
    pub fn can_be_weighed(self) -> bool {
        let group = self.0.as_bytes()[3];
        let fixed = [BAD_DATE, BAD_YEAR, MISSING_ATTACHMENT, SYMLINK_OUT];
        b"DKLMNPRWX".contains(&group) && !fixed.contains(&self)
            || [COLUMN_EMPTY, SILENCE_WITHOUT_REASON, STALE_COLUMN].contains(&self)
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $about:literal;)*) => {
        $(#[doc = $about] pub const $name: Code = Code($code);)*
        /// All codes with what each finds, in the order of this file.
        pub const ALL: &[(Code, &str)] = &[$(($name, $about)),*];
    };
}

codes! {
    NOT_TEXT = "GK-C001", "源文件不是 UTF-8、GBK 或 UTF-16 的文字，或含有空字节。 / A source is neither UTF-8, GBK nor UTF-16, or holds NUL bytes.";
    OTHER_ENCODING = "GK-C002", "源文件按 GBK 或 UTF-16 读取；存成 UTF-8 更稳妥。 / A source was read as GBK or UTF-16; UTF-8 is safer.";
    LOST_TEXT = "GK-C003", "文字在转换编码时已经丢失，成了连续的问号或替代字符。 / Text was destroyed before it came here: runs of question marks or replacement characters.";
    SOURCE_TOO_LARGE = "GK-C004", "源文件大得不像一份报告。 / A source is larger than a report can be.";

    NOT_A_DOCUMENT = "GK-I001", "要导入的文件损坏，或者不是文档。 / A file to import is damaged, or no document.";
    IMPORT_ENCRYPTED = "GK-I002", "要导入的文件有密码保护。 / A file to import is protected by a password.";
    IMPORT_BOUND = "GK-I003", "要导入的文件大得或深得不像报告。 / A file to import is larger or deeper than any report.";
    IMPORT_OFFICE = "GK-I004", "要导入的文件要靠 LibreOffice 转换。 / A file to import needs LibreOffice.";
    IMPORT_UNSAFE = "GK-I005", "要导入的文件里有指向文件之外的条目。 / A file to import holds an entry that leads out of it.";

    FRONT_MATTER_MISSING = "GK-F001", "报告没有文件头。 / A report has no front matter.";
    FRONT_MATTER_UNCLOSED = "GK-F002", "文件头没有用第二个 `---` 结束。 / The front matter is never closed by a second `---`.";
    YAML_SYNTAX = "GK-F003", "文件头不是正确的 YAML。 / The front matter is not YAML.";
    DUPLICATE_KEY = "GK-F004", "同一项写了两次。 / A key stands twice.";
    UNKNOWN_KEY = "GK-F005", "不认识的项。 / A key that nobody knows.";
    MISSING_KEY = "GK-F006", "缺少必填的项。 / A key that must stand is missing.";
    WRONG_TYPE = "GK-F007", "值的形式不对：该写词的写了列表，该写数的写了词。 / A value has the wrong form: a list where a word belongs, a word where a number belongs.";
    TAB_INDENT = "GK-F008", "文件头用 Tab 缩进；YAML 只认空格。 / A TAB indents the front matter; YAML takes only spaces.";
    FULL_WIDTH_COLON = "GK-F009", "名称后面用了全角冒号；YAML 只认半角冒号。 / A full-width colon `：` follows a key; YAML takes only `:`.";
    FRONT_MATTER_BOUND = "GK-F010", "文件头过大、过深，或用了 YAML 别名。 / The front matter is larger or deeper than a report can need, or uses YAML aliases.";
    EMPTY_VALUE = "GK-F011", "必填的项没有值。 / A key that must have a value has none.";
    UNKNOWN_KIND = "GK-F012", "没有这个类别。 / A kind that the site does not know.";
    BAD_SLUG = "GK-F013", "slug 或旧地址不能用作网址。 / A slug or alias that cannot be an address.";

    BAD_DATE = "GK-D001", "不是日期，或日期缺字。 / A date that is not one, or that lost characters.";
    DATED_BEFORE_YEAR_END = "GK-D002", "年度报告写于年度结束之前。 / A yearly report is dated before its year has ended.";
    FUTURE_DATE = "GK-D003", "日期在将来。 / A date lies in the future.";
    PUBLISHED_BEFORE_MADE = "GK-D004", "发布早于成文。 / A report was published before it was made.";
    BAD_YEAR = "GK-D005", "不是年度。 / A year that is not one.";
    PATH_YEAR_DIFFERS = "GK-D006", "文件夹的年份与年度不同。 / The folder names another year than the front matter.";
    TITLE_YEAR = "GK-D007", "标题的年份与年度不同。 / The title names another year than the front matter.";
    PLAN_YEAR = "GK-D008", "下一年的安排写成本年。 / The plan for the next year names the year that has passed.";
    SIGNATURE_DATE = "GK-D009", "落款日期与成文日期不同。 / The signature bears another date than the front matter.";
    PUBLISHED_LATE = "GK-D010", "发布晚于规定期限。 / A report was published later than 20 working days after it was made.";
    DAMAGED_DATE = "GK-D011", "正文里的日期缺字或不存在。 / A date in the text that lost characters or is no day.";
    BODY_YEAR = "GK-D012", "正文写的是另一年。 / The text speaks of another year than its report is about.";

    SAME_ADDRESS = "GK-A001", "两个页面的地址相同。 / Two pages would have one address.";
    SAME_TOWN_ADDRESS = "GK-A002", "两个乡镇的地址相同。 / Two towns would have one address.";
    SAME_INDEX = "GK-A003", "两份报告的索引号相同。 / Two reports carry one index number (索引号).";
    ALIAS_TAKEN = "GK-A004", "旧地址已经属于别的页面。 / An alias is the address of another page.";
    FOREIGN_FILE = "GK-A006", "网页该在的地方有一个不是 gongkai 写的文件。 / A file that gongkai did not write stands where a page should.";
    CHANGED_MEANWHILE = "GK-A007", "源文件在生成过程中被改动。 / A source was changed while the site was being built.";
    AMBIGUOUS_TOWN = "GK-A008", "site.yaml 里有几个同名乡镇，分不清是哪一个。 / A town's name is that of several towns in site.yaml.";
    UNSAFE_PATH = "GK-A005", "路径指到网站外面。 / A path leads out of the site.";

    BROKEN_LINK = "GK-L001", "链接的目标不存在。 / A link to a page of this site that is not there.";
    MISSING_IMAGE = "GK-L002", "图片不存在。 / An image that is not there.";
    MISSING_ATTACHMENT = "GK-L003", "附件不存在。 / An attachment that is not there.";
    IMAGE_WITHOUT_ALT = "GK-L004", "图片没有文字说明。 / An image without a description.";
    FORBIDDEN_LINK = "GK-L005", "链接可能运行脚本或离开网页。 / A link that could run script or leave the web.";
    FOREIGN_IMAGE = "GK-L006", "图片在别的网站上。 / An image on a host outside the site.";
    SYMLINK_OUT = "GK-L007", "符号链接；网站只读取自己的文件。 / A symbolic link; the site reads only files of its own.";
    ORPHAN_FILE = "GK-L008", "没有报告用到的文件。 / A file that no report names.";
    DEAD_OUTSIDE = "GK-L009", "外部链接打不开。 / A link to another host that cannot be opened.";
    UNREADABLE_FILE = "GK-L010", "附件打不开，或内容与扩展名不符。 / An attachment that cannot be opened, or is not what its name says.";

    RAW_HTML = "GK-M001", "HTML 标签不起作用，按文字显示。 / Raw HTML, which is shown as text.";
    UNCLOSED_CODE = "GK-M002", "代码块没有结束。 / A code block that is never closed.";
    UNKNOWN_LANGUAGE = "GK-M003", "代码块的语言无法着色。 / A code block in a language that cannot be highlighted.";
    FOOTNOTE_MISSING = "GK-M004", "脚注没有注文。 / A footnote mark without its note.";
    EMPTY_REPORT = "GK-M005", "报告没有正文。 / A report without a body.";

    SITE_FILE = "GK-S001", "没有 site.yaml，或读不了。 / site.yaml is missing or cannot be read.";
    SITE_KEY = "GK-S002", "site.yaml 里有不认识的设置或错误的值。 / site.yaml holds a key that nobody knows, or one with a wrong value.";
    COLUMN_EMPTY = "GK-S003", "国办公开办函〔2019〕61号的四个栏目中有空的。 / One of the four columns of 国办公开办函〔2019〕61号 has nothing in it.";
    NO_REPORTS = "GK-S004", "网站没有报告。 / The site has no report.";
    SILENCE_WITHOUT_REASON = "GK-S005", "让规则不提示的注释没有写规则代码或理由。 / A comment that silences a rule names none or gives no reason.";
    STALE_COLUMN = "GK-S006", "栏目长期没有更新。 / A column where nothing new has been published for too long.";

    NEAR_COPY = "GK-K001", "与另一份报告几乎相同。 / A report is nearly the same as last year's or another town's.";

    OTHER_TOWN = "GK-N001", "落款或正文里是别的乡镇。 / The report is signed by another town.";
    WRONG_BODY = "GK-N002", "自称不对。 / A town's report calls itself a bureau.";
    NUMBER_BRACKETS = "GK-N003", "文号的括号不规范。 / The year of a document number stands in the wrong brackets.";
    CITATION = "GK-N004", "引用的文件已经失效或文号写错。 / A citation of what is no longer in force, or miswritten.";

    IDENTITY_NUMBER = "GK-P001", "居民身份证号码。 / A whole resident identity number.";
    OLD_IDENTITY_NUMBER = "GK-P002", "旧的 15 位身份证号码。 / A whole resident identity number of 15 digits.";
    MOBILE_NUMBER = "GK-P003", "个人手机号码。 / A private mobile number.";
    BANK_CARD = "GK-P004", "银行卡号。 / The number of a bank card.";
    PRIVATE_COLUMN = "GK-P005", "公开了个人隐私的表格栏目。 / A column of a list of persons that publishes private data.";
    PHOTO_PLACE = "GK-P006", "图片记着拍摄地点或拥有者。 / An image that says where it was taken, or by whom.";
    FILE_AUTHOR = "GK-P007", "附件的属性里有个人姓名。 / The properties of an attachment name a person.";

    LAW_PARTS = "GK-R001", "法治政府建设年度报告缺少必备内容。 / A report on law-based government lacks one of its required parts.";
    DISCLOSURE_PARTS = "GK-R002", "政府信息公开年报缺少部分或次序不对。 / A 政府信息公开 report lacks one of its six parts, or has them in another order.";
    STATUTORY_TABLES = "GK-R003", "缺少法定表格，或者用了旧表格。 / A statutory table is missing, or in the form of before 2021.";
    EMPTY_CELLS = "GK-R004", "法定表格有空格。 / A statutory table has cells without a number.";
    TABLE_SUMS = "GK-R005", "法定表格的合计不对。 / A sum in a statutory table is wrong.";
    PROSE_FIGURES = "GK-R006", "正文的数字与表格不符。 / A figure in the text is not that of the table.";

    NUMBERING = "GK-W001", "层次序号跳号或重号。 / Numbers of sections that skip or repeat.";
    NUMERAL_MARK = "GK-W002", "序号后面的标点不对。 / The wrong mark behind the number of a section.";
    HALF_WIDTH = "GK-W003", "汉字之间的半角标点。 / Half-width punctuation between Han characters.";
    UNPAIRED = "GK-W004", "括号、书名号、引号不成对。 / Brackets and quotation marks without a partner.";
    ELLIPSIS = "GK-W005", "省略号和破折号的写法。 / Ellipses and dashes written with other signs.";
    PAUSE_MARK = "GK-W006", "书名号、引号之间的顿号。 / Pause marks between titles or quotations.";
    TITLE_MARK = "GK-W007", "标题末尾有标点。 / A title that ends with a mark.";
    OWN_WORD = "GK-W008", "本站词表里的错误写法。 / A word that the site's own list replaces.";

    LEFT_OVER = "GK-X001", "Word 的残留。 / Bookmarks, field codes and error texts of Word.";
    PLACEHOLDER = "GK-X002", "没有填写的占位符。 / A placeholder that was never filled.";
    DOUBLED = "GK-X003", "重复的标点或“的”。 / Doubled punctuation, or 的的.";
    ODD_CHARACTER = "GK-X004", "看不见或不正常的字符。 / Kangxi radicals, characters without width, private characters.";
    INJECTED_PINYIN = "GK-X005", "夹在字里的拼音。 / Pinyin injected behind a character.";
    REVISIONS = "GK-X006", "附件里有修订、批注或隐藏的工作表。 / Tracked changes, comments or hidden sheets in an attachment.";
    UNCONFIRMED = "GK-X007", "导入时没有把握的内容，还没有人核对。 / A value that an import was not sure of, and nobody has confirmed.";

    SEALED_SOURCE = "GK-Z001", "已归档年度的源文件被改动或不见了。 / A source of a sealed year was changed or is gone.";
    SEALED_YEAR = "GK-Z002", "报告属于已归档的年度。 / A report belongs to a year that is sealed.";
    BROKEN_SEAL = "GK-Z003", "封存记录或归档的文件与归档时不符。 / A seal, the log of seals or a sealed file is not as it was.";
    LEANS_OUTSIDE = "GK-Z004", "要归档的网页用到本年度之外的内容。 / A page that is to be sealed needs something outside of its year.";
    SEALED_TOWN = "GK-Z005", "已归档年度的乡镇换了地址。 / A town of a sealed year has another address than it had.";

    TEMPLATE = "GK-T001", "模板读不了或出错。 / A template cannot be read or rendered.";
}
