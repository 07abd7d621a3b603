//! site.yaml as written → one validated [`Config`]. Every wrong value is named with its line; nothing is
//! guessed, and a key that nobody knows is a warning with the nearest known one.

mod index_template;
mod reader;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Checked, Diagnostic, Severity, codes};
use crate::error::Result;
use crate::model::kind::{Column, Deadline, Kind};
use crate::model::word::Word;
use crate::source::{Disk, source_text};
use crate::text;

pub use index_template::{IndexParts, IndexTemplate};
use reader::Reader;

/// The kinds that ship with the program, as YAML in the form of site.yaml's own `kinds`.
const DEFAULT_KINDS: &str = include_str!("kinds.yaml");

/// The settings of one site.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The standard name of the site.
    pub name: String,
    /// What the site is, in a sentence.
    pub description: String,
    /// Words for the Keywords tag.
    pub keywords: String,
    /// Where the site will stand, with a final `/`; only feeds, site maps and canonical links need it.
    pub base_url: Option<String>,
    /// Who answers for the site.
    pub contact: Contact,
    /// What stands at the foot of every page.
    pub footer: Footer,
    /// Towns whose address, county or code is not left to their name.
    pub towns: Vec<TownEntry>,
    /// How index numbers (索引号) are made for reports that bring none.
    pub index: IndexTemplate,
    /// Hosts that need no leaving notice; a host covers those below it.
    pub listed_hosts: Vec<String>,
    /// Reports on one page of a listing.
    pub per_page: usize,
    /// All kinds: the site's own first, then those that ship with the program.
    pub kinds: Vec<Kind>,
    /// Whether the site can be searched.
    pub search: bool,
    /// How much the findings of a rule weigh on this site; `None` switches the rule off.
    pub rules: Weights,
    /// Whether a build says what the rules of `check` find.
    pub check: bool,
    /// Words that this site writes in another way.
    pub words: Vec<Word>,
    /// Folder below `themes/` that overrides the theme in the binary, file by file.
    pub theme: String,
    /// Where the built site is published.
    pub publish: Vec<PublishEntry>,
}

/// By rule code: how much its findings weigh, `None` for nothing. Rules that are not named weigh what they weigh.
pub type Weights = BTreeMap<String, Option<Severity>>;

/// Who answers for the site; every field may be empty.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// 主办单位.
    pub host: Option<String>,
    /// 承办单位.
    pub operator: Option<String>,
    /// 技术支持.
    pub support: Option<String>,
    /// 地址.
    pub address: Option<String>,
    /// 电话.
    pub phone: Option<String>,
    /// 电子邮箱.
    pub email: Option<String>,
    /// 办公时间.
    pub hours: Option<String>,
}

/// What 国办发〔2017〕47号 asks for at the foot of a page; every field may be empty.
#[derive(Debug, Clone, Default)]
pub struct Footer {
    /// 网站标识码.
    pub id_code: Option<String>,
    /// ICP备案号.
    pub icp: Option<String>,
    /// 公安备案号.
    pub police: Option<String>,
    /// Where the public security registration can be looked up.
    pub police_url: Option<String>,
    /// Where the 党政机关网站标识 leads.
    pub party_gov_mark_url: Option<String>,
    /// Where 「我为政府网站找错」 leads.
    pub error_report_url: Option<String>,
    /// Whether to say 本站支持IPv6.
    pub ipv6: bool,
    /// 版权.
    pub copyright: Option<String>,
}

/// One town as named in site.yaml.
#[derive(Debug, Clone, Default)]
pub struct TownEntry {
    /// The name that readers see.
    pub name: String,
    /// Its folder in addresses; made from the name where absent.
    pub slug: Option<String>,
    /// The county it lies in, where several towns have one name.
    pub county: Option<String>,
    /// Its organisation code, for index numbers.
    pub code: Option<String>,
    /// Other names that front matter may use.
    pub aliases: Vec<String>,
    /// The place of the entry in site.yaml, as a byte range.
    pub span: std::ops::Range<usize>,
}

/// One place to publish to, as named in site.yaml. Secrets never stand here.
#[derive(Debug, Clone, Default)]
pub struct PublishEntry {
    /// What it is called when it is typed.
    pub name: String,
    /// A folder, a zip file, or the URL of a server.
    pub to: String,
    /// The address at which the public sees it; that of the site where none is given.
    pub base_url: Option<String>,
    /// `SHA256:…` of the server's key or certificate.
    pub fingerprint: Option<String>,
    /// A file with a private key, outside the site.
    pub key: Option<String>,
    /// Compressed siblings: `gz`, `br`.
    pub compress: Vec<String>,
    /// `Cache-Control` of files whose name changes with their bytes, where the target takes headers.
    pub cache_hashed: Option<String>,
    /// `Cache-Control` of all other files.
    pub cache: Option<String>,
    /// How many earlier generations can be restored.
    pub keep: Option<usize>,
}

impl Config {
    /// Reads site.yaml. A value of `None` means that the site cannot be built with it.
    pub fn read(path: &Arc<str>, text: &str) -> Checked<Option<Self>> {
        let mut reader = match Reader::new(path, text) {
            Ok(reader) => reader,
            Err(fault) => return Checked::new(None, vec![*fault]),
        };
        let mut config = Self {
            name: reader.string("name").unwrap_or_default(),
            description: reader.string("description").unwrap_or_default(),
            keywords: reader.words("keywords").join("，"),
            base_url: reader.string("base_url"),
            index: IndexTemplate::default(),
            search: reader.switch("search", true),
            check: reader.switch("check", true),
            theme: reader.string("theme").unwrap_or_else(|| "default".into()),
            ..Self::default()
        };
        reader.section("contact", |reader| {
            config.contact = Contact {
                host: reader.string("host"),
                operator: reader.string("operator"),
                support: reader.string("support"),
                address: reader.string("address"),
                phone: reader.string("phone"),
                email: reader.string("email"),
                hours: reader.string("hours"),
            };
        });
        reader.section("footer", |reader| {
            config.footer = Footer {
                id_code: reader.string("id_code"),
                icp: reader.string("icp"),
                police: reader.string("police"),
                police_url: reader.string("police_url"),
                party_gov_mark_url: reader.string("party_gov_mark_url"),
                error_report_url: reader.string("error_report_url"),
                ipv6: reader.flag("ipv6"),
                copyright: reader.string("copyright"),
            };
        });
        reader.section("links", |reader| config.listed_hosts = reader.words("listed"));
        reader.section("listing", |reader| config.per_page = reader.number("per_page").unwrap_or(0));
        reader.section("rules", |reader| {
            for (code, _) in codes::ALL {
                if let Some(written) = reader.string(code.0) {
                    match weight(&written) {
                        _ if !code.can_be_weighed() => reader.wrong(
                            code.0,
                            text!(
                                "这是不能调整的：报告或网站因此不完整",
                                "this cannot be weighed: without it the report or the site is not whole"
                            ),
                        ),
                        Some(weight) => _ = config.rules.insert(code.0.to_owned(), weight),
                        None => reader.wrong(
                            code.0,
                            text!("写 off、advice、warning 或 error", "write off, advice, warning or error"),
                        ),
                    }
                }
            }
        });
        reader.list("words", |reader| {
            let wrong = reader.string("wrong").unwrap_or_default();
            reader.required("wrong", &wrong);
            config.words.push(Word { wrong, right: reader.string("right"), reason: reader.string("reason") });
        });
        config.words.retain(|word| !word.wrong.is_empty());
        reader.list("towns", |reader| {
            let entry = TownEntry {
                name: reader.string("name").unwrap_or_default(),
                slug: reader.slug("slug"),
                county: reader.string("county"),
                code: reader.string("code"),
                aliases: reader.words("aliases"),
                span: reader.span(),
            };
            reader.required("name", &entry.name);
            config.towns.push(entry);
        });
        reader.list("publish", |reader| config.publish.push(publish_entry(reader)));
        let mut kinds = Vec::new();
        reader.list("kinds", |reader| kinds.extend(kind(reader)));
        if let Some(template) = reader.string("index") {
            match IndexTemplate::parse(&template) {
                Ok(template) => config.index = template,
                Err(why) => reader.wrong("index", why),
            }
        }
        reader.required("name", &config.name);
        if config.per_page == 0 {
            config.per_page = 50;
        }
        if config.theme.contains(['/', '\\']) || config.theme.starts_with('.') {
            reader.wrong(
                "theme",
                text!(
                    "主题名是 themes/ 下的文件夹名，不能含路径",
                    "the theme is the name of a folder below themes/, not a path"
                ),
            );
        }
        match config.base_url.take().map(|url| base_url(&url)) {
            Some(Ok(url)) => config.base_url = Some(url),
            Some(Err(why)) => reader.wrong("base_url", why),
            None => {}
        }
        config.kinds = with_defaults(kinds);
        let diagnostics = reader.finish();
        let usable = !diagnostics.iter().any(|fault| fault.severity == Severity::Error);
        Checked::new(usable.then_some(config), diagnostics)
    }

    /// The kind that `written` in front matter means.
    pub fn kind_called(&self, written: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.is_called(written))
    }
}

fn publish_entry(reader: &mut Reader<'_>) -> PublishEntry {
    let mut entry = PublishEntry {
        name: reader.slug("name").unwrap_or_default(),
        to: reader.string("to").unwrap_or_default(),
        base_url: reader.string("base_url"),
        fingerprint: reader.string("fingerprint"),
        key: reader.string("key"),
        compress: reader.words("compress"),
        cache_hashed: reader.string("cache_hashed"),
        cache: reader.string("cache"),
        keep: reader.number("keep"),
    };
    reader.required("name", &entry.name);
    reader.required("to", &entry.to);
    match entry.base_url.take().map(|url| base_url(&url)) {
        Some(Ok(url)) => entry.base_url = Some(url),
        Some(Err(why)) => reader.wrong("base_url", why),
        None => {}
    }
    if entry.compress.iter().any(|name| !matches!(name.as_str(), "gz" | "br")) {
        reader.wrong("compress", text!("写 gz、br 或两者", "write gz, br or both"));
    }
    for key in ["password", "passphrase", "secret"] {
        if reader.string(key).is_some() {
            reader.wrong(
                key,
                text!(
                    "密码不要写在文件里；放在环境变量 GONGKAI_PASSWORD 里，或在提示时输入",
                    "no secrets in files; they come from GONGKAI_PASSWORD or a prompt"
                ),
            );
        }
    }
    entry
}

fn weight(written: &str) -> Option<Option<Severity>> {
    let weights = [Severity::Advice, Severity::Warning, Severity::Error];
    match written {
        // YAML's own `off` is the truth value `false`.
        "off" | "false" => Some(None),
        _ => weights.into_iter().find(|weight| weight.name() == written).map(Some),
    }
}

/// Checks an address such as `https://www.example.gov.cn/xxgk` and gives it its final `/`.
pub fn base_url(url: &str) -> std::result::Result<String, crate::diagnostic::Text> {
    let url = url.trim();
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = url.chars().all(|ch| {
        ch.is_ascii_graphic() && !matches!(ch, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '?' | '#')
    });
    match host {
        Some(host) if plain && !host.is_empty() && !host.starts_with('/') => {
            Ok(format!("{}/", url.trim_end_matches('/')))
        }
        _ => Err(text!(
            "`{url}` 不是网站地址；应像 https://www.example.gov.cn/xxgk/ 这样",
            "`{url}` is not the address of a site; write it like https://www.example.gov.cn/xxgk/"
        )),
    }
}

fn kind(reader: &mut Reader<'_>) -> Option<Kind> {
    let id = reader.slug("id").unwrap_or_default();
    let name = reader.string("name").unwrap_or_default();
    reader.required("id", &id);
    reader.required("name", &name);
    let column = match reader.string("column") {
        None => Some(Column::Content),
        Some(written) => {
            let column = Column::from_id(&written);
            if column.is_none() {
                let all = Column::ALL.map(Column::id).join(" ");
                reader.wrong(
                    "column",
                    text!(
                        "没有名为 `{written}` 的栏目；可用：{all}",
                        "there is no column `{written}`; use one of: {all}"
                    ),
                );
            }
            column
        }
    };
    Some(Kind {
        id,
        name,
        column: column?,
        yearly: reader.flag("yearly"),
        standing: reader.flag("standing"),
        aliases: reader.words("aliases"),
        description: reader.string("description").unwrap_or_default(),
        basis: reader.string("basis"),
        update_every: reader.number("update_every").map(|days| days as u16),
        due: deadline(reader, "due"),
        report_by: deadline(reader, "report_by"),
    })
}

fn deadline(reader: &mut Reader<'_>, key: &'static str) -> Option<Deadline> {
    let written = reader.string(key)?;
    let deadline = Deadline::parse(&written);
    if deadline.is_none() {
        reader.wrong(key, text!("写月和日，如 \"01-31\"", "write month and day, such as \"01-31\""));
    }
    deadline
}

/// The site's own kinds, then the shipped ones that they do not replace.
fn with_defaults(mut kinds: Vec<Kind>) -> Vec<Kind> {
    let path: Arc<str> = "kinds.yaml".into();
    let mut reader = Reader::new(&path, DEFAULT_KINDS).expect("the shipped kinds are YAML");
    reader.items(|reader| {
        if let Some(kind) = kind(reader)
            && !kinds.iter().any(|own| own.id == kind.id)
        {
            kinds.push(kind);
        }
    });
    debug_assert!(reader.finish().is_empty(), "the shipped kinds have no fault");
    kinds
}

/// The settings file of a site.
pub const SITE_FILE: &str = "site.yaml";

/// Reads the settings of the site in the folder `site`.
pub fn load(disk: &dyn Disk, site: &Path) -> Result<Checked<Option<Config>>> {
    let path: Arc<str> = SITE_FILE.into();
    let bytes = match disk.read(&site.join(SITE_FILE)) {
        Err(error) if error.is_not_found() => return Ok(Checked::new(None, vec![missing(&path)])),
        bytes => bytes?,
    };
    let mut diagnostics = Vec::new();
    let text = match source_text(&path, &bytes) {
        Ok(text) => text.take_into(&mut diagnostics),
        Err(fault) => return Ok(Checked::new(None, vec![*fault])),
    };
    let config = Config::read(&path, &text).take_into(&mut diagnostics);
    Ok(Checked::new(config, diagnostics))
}

/// The diagnostic for a site without site.yaml.
fn missing(path: &Arc<str>) -> Diagnostic {
    Diagnostic::error(codes::SITE_FILE, text!("没有找到 {path}", "{path} is not there")).help(text!(
        "在网站文件夹里运行，或用 --site 指明它；新建网站用 `gongkai init 文件夹`",
        "run in the site's folder or name it with --site; `gongkai init DIR` makes a new site"
    ))
}
