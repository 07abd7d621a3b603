//! Every rule code of the generator, once, with one line on what it finds.
//!
//! Letters: `C` characters and encoding, `F` front matter, `D` dates, `A` addresses and index numbers,
//! `L` links, images and attachments, `M` Markdown, `S` site.yaml and the site as a whole, `T` theme, `Z` sealed years. Of `check`
//! alone: `K` copies, `N` names and citations, `P` privacy, `R` required parts, `W` wording, numbering and
//! punctuation, `X` left-overs.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

macro_rules! codes {
    ($($name:ident = $code:literal, $about:literal;)*) => {
        $(#[doc = $about] pub const $name: Code = Code($code);)*
        /// All codes with what each finds, in the order of this file.
        pub const ALL: &[(Code, &str)] = &[$(($name, $about)),*];
    };
}

codes! {
    NOT_TEXT = "GK-C001", "A source is neither UTF-8, GBK nor UTF-16, or holds NUL bytes.";
    OTHER_ENCODING = "GK-C002", "A source was read as GBK or UTF-16; UTF-8 is safer.";
    LOST_TEXT = "GK-C003", "Text was destroyed before it came here: runs of question marks or replacement characters.";
    SOURCE_TOO_LARGE = "GK-C004", "A source is larger than a report can be.";

    FRONT_MATTER_MISSING = "GK-F001", "A report has no front matter.";
    FRONT_MATTER_UNCLOSED = "GK-F002", "The front matter is never closed by a second `---`.";
    YAML_SYNTAX = "GK-F003", "The front matter is not YAML.";
    DUPLICATE_KEY = "GK-F004", "A key stands twice.";
    UNKNOWN_KEY = "GK-F005", "A key that nobody knows.";
    MISSING_KEY = "GK-F006", "A key that must stand is missing.";
    WRONG_TYPE = "GK-F007", "A value has the wrong form: a list where a word belongs, a word where a number belongs.";
    TAB_INDENT = "GK-F008", "A TAB indents the front matter; YAML takes only spaces.";
    FULL_WIDTH_COLON = "GK-F009", "A full-width colon `：` follows a key; YAML takes only `:`.";
    FRONT_MATTER_BOUND = "GK-F010", "The front matter is larger or deeper than a report can need, or uses YAML aliases.";
    EMPTY_VALUE = "GK-F011", "A key that must have a value has none.";
    UNKNOWN_KIND = "GK-F012", "A kind that the site does not know.";
    BAD_SLUG = "GK-F013", "A slug or alias that cannot be an address.";

    BAD_DATE = "GK-D001", "A date that is not one, or that lost characters.";
    DATED_BEFORE_YEAR_END = "GK-D002", "A yearly report is dated before its year has ended.";
    FUTURE_DATE = "GK-D003", "A date lies in the future.";
    PUBLISHED_BEFORE_MADE = "GK-D004", "A report was published before it was made.";
    BAD_YEAR = "GK-D005", "A year that is not one.";
    PATH_YEAR_DIFFERS = "GK-D006", "The folder names another year than the front matter.";
    TITLE_YEAR = "GK-D007", "The title names another year than the front matter.";
    PLAN_YEAR = "GK-D008", "The plan for the next year names the year that has passed.";
    SIGNATURE_DATE = "GK-D009", "The signature bears another date than the front matter.";
    PUBLISHED_LATE = "GK-D010", "A report was published later than 20 working days after it was made.";
    DAMAGED_DATE = "GK-D011", "A date in the text that lost characters or is no day.";

    SAME_ADDRESS = "GK-A001", "Two pages would have one address.";
    SAME_TOWN_ADDRESS = "GK-A002", "Two towns would have one address.";
    SAME_INDEX = "GK-A003", "Two reports carry one index number (索引号).";
    ALIAS_TAKEN = "GK-A004", "An alias is the address of another page.";
    FOREIGN_FILE = "GK-A006", "A file that gongkai did not write stands where a page should.";
    CHANGED_MEANWHILE = "GK-A007", "A source was changed while the site was being built.";
    AMBIGUOUS_TOWN = "GK-A008", "A town's name is that of several towns in site.yaml.";
    UNSAFE_PATH = "GK-A005", "A path leads out of the site.";

    BROKEN_LINK = "GK-L001", "A link to a page of this site that is not there.";
    MISSING_IMAGE = "GK-L002", "An image that is not there.";
    MISSING_ATTACHMENT = "GK-L003", "An attachment that is not there.";
    IMAGE_WITHOUT_ALT = "GK-L004", "An image without a description.";
    FORBIDDEN_LINK = "GK-L005", "A link that could run script or leave the web.";
    FOREIGN_IMAGE = "GK-L006", "An image on a host outside the site.";
    SYMLINK_OUT = "GK-L007", "A symbolic link; the site reads only files of its own.";

    RAW_HTML = "GK-M001", "Raw HTML, which is shown as text.";
    UNCLOSED_CODE = "GK-M002", "A code block that is never closed.";
    UNKNOWN_LANGUAGE = "GK-M003", "A code block in a language that cannot be highlighted.";
    FOOTNOTE_MISSING = "GK-M004", "A footnote mark without its note.";
    EMPTY_REPORT = "GK-M005", "A report without a body.";

    SITE_FILE = "GK-S001", "site.yaml is missing or cannot be read.";
    SITE_KEY = "GK-S002", "site.yaml holds a key that nobody knows, or one with a wrong value.";
    COLUMN_EMPTY = "GK-S003", "One of the four columns of 国办公开办函〔2019〕61号 has nothing in it.";
    NO_REPORTS = "GK-S004", "The site has no report.";
    SILENCE_WITHOUT_REASON = "GK-S005", "A comment that silences a rule names none or gives no reason.";

    NEAR_COPY = "GK-K001", "A report is nearly the same as last year's or another town's.";

    OTHER_TOWN = "GK-N001", "The report is signed by another town.";
    WRONG_BODY = "GK-N002", "A town's report calls itself a bureau.";
    NUMBER_BRACKETS = "GK-N003", "The year of a document number stands in the wrong brackets.";
    CITATION = "GK-N004", "A citation of what is no longer in force, or miswritten.";

    IDENTITY_NUMBER = "GK-P001", "A whole resident identity number.";
    OLD_IDENTITY_NUMBER = "GK-P002", "A whole resident identity number of 15 digits.";
    MOBILE_NUMBER = "GK-P003", "A private mobile number.";
    BANK_CARD = "GK-P004", "The number of a bank card.";
    PRIVATE_COLUMN = "GK-P005", "A column of a list of persons that publishes private data.";

    LAW_PARTS = "GK-R001", "A report on law-based government lacks one of its required parts.";
    DISCLOSURE_PARTS = "GK-R002", "A 政府信息公开 report lacks one of its six parts, or has them in another order.";
    STATUTORY_TABLES = "GK-R003", "A statutory table is missing, or in the form of before 2021.";
    EMPTY_CELLS = "GK-R004", "A statutory table has cells without a number.";
    TABLE_SUMS = "GK-R005", "A sum in a statutory table is wrong.";
    PROSE_FIGURES = "GK-R006", "A figure in the text is not that of the table.";

    NUMBERING = "GK-W001", "Numbers of sections that skip or repeat.";
    NUMERAL_MARK = "GK-W002", "The wrong mark behind the number of a section.";
    HALF_WIDTH = "GK-W003", "Half-width punctuation between Han characters.";
    UNPAIRED = "GK-W004", "Brackets and quotation marks without a partner.";
    ELLIPSIS = "GK-W005", "Ellipses and dashes written with other signs.";
    PAUSE_MARK = "GK-W006", "Pause marks between titles or quotations.";
    TITLE_MARK = "GK-W007", "A title that ends with a mark.";

    LEFT_OVER = "GK-X001", "Bookmarks, field codes and error texts of Word.";
    PLACEHOLDER = "GK-X002", "A placeholder that was never filled.";
    DOUBLED = "GK-X003", "Doubled punctuation, or 的的.";
    ODD_CHARACTER = "GK-X004", "Kangxi radicals, characters without width, private characters.";
    INJECTED_PINYIN = "GK-X005", "Pinyin injected behind a character.";

    SEALED_SOURCE = "GK-Z001", "A source of a sealed year was changed or is gone.";
    SEALED_YEAR = "GK-Z002", "A report belongs to a year that is sealed.";
    BROKEN_SEAL = "GK-Z003", "A seal, the log of seals or a sealed file is not as it was.";
    LEANS_OUTSIDE = "GK-Z004", "A page that is to be sealed needs something outside of its year.";
    SEALED_TOWN = "GK-Z005", "A town of a sealed year has another address than it had.";

    TEMPLATE = "GK-T001", "A template cannot be read or rendered.";
}
