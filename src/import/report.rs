//! A report as a file: front matter, and the mark by which a later import of the same document finds it again.

use jiff::civil::Date;

use crate::diagnostic::Text;
use crate::source::Stamp;

/// What the line of the mark begins with. It is a YAML comment, so that nobody has to know of it.
const MARK: &str = "# 导入自 imported from: ";
/// What stands behind a value that somebody should look at; a rule of `check` looks for it.
pub const UNCONFIRMED: &str = "# 待核对";

/// The values of the front matter, as they will be written.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// Title.
    pub title: Value<String>,
    /// Town.
    pub town: Value<String>,
    /// Year.
    pub year: Value<i16>,
    /// Day it was made.
    pub date: Value<Date>,
    /// Name of its kind.
    pub kind: Value<String>,
    /// Maker.
    pub agency: Value<String>,
    /// Document number.
    pub number: Value<String>,
    /// Day of publishing.
    pub published: Value<Date>,
    /// Day from which it is in force.
    pub effective: Value<Date>,
    /// Files beside the report.
    pub attachments: Vec<String>,
    /// Whether the kind stands for all years, so that town and year may be missing.
    pub is_standing: bool,
}

/// A value, and why somebody should look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<T> {
    /// The value; none where it must be filled in by hand.
    pub value: Option<T>,
    /// Why it should be looked at.
    pub doubt: Option<Text>,
}

impl<T> Default for Value<T> {
    fn default() -> Self {
        Self { value: None, doubt: None }
    }
}

impl<T> Value<T> {
    /// A value that somebody has confirmed.
    pub fn of(value: T) -> Self {
        Self { value: Some(value), doubt: None }
    }
}

impl Fields {
    /// The front matter, with both its lines of dashes. `source` is the name of the imported file, `body` what
    /// stands below.
    pub fn front_matter(&self, source: &str, body: &str) -> String {
        let mut lines = vec!["---".to_owned(), mark(source, body)];
        let needed = !self.is_standing;
        lines.push(line("title", self.title.value.as_deref().map(quoted), &self.title.doubt));
        let mut optional = |key: &str, value: Option<String>, doubt: &Option<Text>, needed: bool| {
            if value.is_some() || needed {
                lines.push(line(key, value, doubt));
            }
        };
        optional("town", self.town.value.as_deref().map(quoted), &self.town.doubt, needed);
        optional("year", self.year.value.map(|year| year.to_string()), &self.year.doubt, needed);
        optional("date", self.date.value.map(|date| date.to_string()), &self.date.doubt, true);
        optional("kind", self.kind.value.as_deref().map(quoted), &self.kind.doubt, false);
        optional("agency", self.agency.value.as_deref().map(quoted), &self.agency.doubt, false);
        optional("number", self.number.value.as_deref().map(quoted), &self.number.doubt, false);
        optional("published", self.published.value.map(|date| date.to_string()), &self.published.doubt, false);
        optional("effective", self.effective.value.map(|date| date.to_string()), &self.effective.doubt, false);
        if !self.attachments.is_empty() {
            lines.push("attachments:".to_owned());
            lines.extend(self.attachments.iter().map(|file| format!("  - {}", quoted(file))));
        }
        lines.push("---\n\n".to_owned());
        lines.join("\n")
    }
}

fn line(key: &str, value: Option<String>, doubt: &Option<Text>) -> String {
    let mut line = format!("{key}:");
    match &value {
        Some(value) => line.push_str(&format!(" {value}")),
        // An empty value is an error of `check` by itself; what follows says what to do.
        None => line.push_str("  # 请填写 fill in"),
    }
    if let (Some(_), Some(doubt)) = (&value, doubt) {
        line.push_str(&format!("  {UNCONFIRMED} to confirm: {} {}", doubt.zh, doubt.en));
    }
    line
}

/// A YAML string that stays what it is.
fn quoted(text: &str) -> String {
    let plain = text.chars().all(|ch| ch.is_alphanumeric() || "、，。（）《》“”〔〕—".contains(ch))
        && text.starts_with(|ch: char| !ch.is_ascii() && ch.is_alphabetic());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

fn mark(source: &str, body: &str) -> String {
    let source: String = source.chars().filter(|ch| !ch.is_control()).collect();
    format!("{MARK}{source} [{}]", fingerprint(body))
}

/// Tells whether a body was changed since it was imported. Line ends of another system are no change.
fn fingerprint(body: &str) -> String {
    let lines: String = body.trim().lines().map(|line| format!("{}\n", line.trim_end())).collect();
    Stamp::of_bytes(lines.as_bytes()).to_bytes()[24..32].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the first bytes of a file may be those of an imported report, so that it is worth reading.
pub fn may_be_imported(head: &[u8]) -> bool {
    // The Latin words of the mark are the same in every encoding but UTF-16, which announces itself.
    let is_wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    is_wide || memchr::memmem::find(head, b" imported from: ").is_some()
}

/// A report that was imported before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The name of the file it came from.
    pub source: String,
    /// Whether somebody has changed its body since.
    pub is_edited: bool,
    /// Its front matter as it stands, both lines of dashes and all below them up to the body.
    pub head: String,
    /// Its body.
    pub body: String,
}

impl Imported {
    /// Reads a report; `None` for one that was not imported.
    pub fn read(text: &str) -> Option<Self> {
        let after = text.trim_start_matches('\u{feff}').strip_prefix("---")?;
        let end = after.find("\n---")?;
        let head = &after[..end];
        let line = head.lines().find_map(|line| line.strip_prefix(MARK))?;
        let (source, rest) = line.rsplit_once(" [")?;
        let written = rest.trim_end().strip_suffix(']')?;
        let closing = &after[end + 1..];
        let body_at = closing.find('\n').map_or(closing.len(), |at| at + 1);
        let body = closing[body_at..].trim_start_matches(['\n', '\r']);
        let head_length = text.len() - body.len();
        Some(Self {
            source: source.to_owned(),
            is_edited: fingerprint(body) != written,
            head: text[..head_length].to_owned(),
            body: body.to_owned(),
        })
    }

    /// The value of a key of the head, as far as a look at its line tells.
    pub fn value(&self, names: [&str; 2]) -> Option<String> {
        let line = self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            names.contains(&key.trim()).then_some(value)
        })?;
        let line = line.trim();
        // A value in double quotes is JSON as well as YAML.
        let mut quoted = serde_json::Deserializer::from_str(line).into_iter::<String>();
        if line.starts_with('"')
            && let Some(Ok(value)) = quoted.next()
        {
            return Some(value);
        }
        let value = line.split(" #").next().unwrap_or_default().trim().trim_matches('\'');
        (!value.is_empty() && !value.starts_with('#')).then(|| value.to_owned())
    }

    /// The report with a new body, its front matter as somebody left it.
    pub fn with_body(&self, body: &str) -> String {
        let lines = self.head.lines().map(|line| match line.strip_prefix(MARK) {
            Some(_) => mark(&self.source, body),
            None => line.to_owned(),
        });
        let head = lines.collect::<Vec<_>>().join("\n");
        format!("{}\n\n{body}", head.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_found_again_and_keeps_its_front_matter() {
        let fields =
            Fields { title: Value::of("丁市镇2023年报告".into()), year: Value::of(2023), ..Fields::default() };
        let body = "## 一、情况\n\n正文。\n";
        let report = format!("{}{body}", fields.front_matter("年报.docx", body));
        assert!(report.contains("\ntitle: 丁市镇2023年报告\ntown:  # 请填写 fill in\nyear: 2023\n"), "{report}");
        let found = Imported::read(&report).unwrap();
        assert_eq!((found.source.as_str(), found.is_edited), ("年报.docx", false));
        assert_eq!((found.value(["year", "年度"]).as_deref(), found.value(["town", "乡镇"])), (Some("2023"), None));
        let by_hand = report.replace("town:  # 请填写 fill in", "town: 丁市镇").replace('\n', "\r\n");
        let found = Imported::read(&by_hand).unwrap();
        assert!(!found.is_edited);
        let again = found.with_body("新的正文。\n");
        assert!(again.contains("town: 丁市镇\n") && again.ends_with("---\n\n新的正文。\n"), "{again}");
        assert!(!Imported::read(&again).unwrap().is_edited);
        assert!(Imported::read(&again.replace("新的", "改过的")).unwrap().is_edited);
        assert_eq!(Imported::read("---\ntitle: 甲\n---\n正文"), None);
    }
}
