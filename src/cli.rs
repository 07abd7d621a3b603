//! What can be typed, in two languages. Does nothing.

mod archive;
mod chinese;
mod dropped;
mod import;
mod translated;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Language;
pub use archive::{Amend, Archive, ArchiveExport, ArchiveVerb, PackageForm, Seal, SealedVersion, Stamped, Verify};
pub use import::Import;
use translated::{chinese, language};

/// Turns a town's reports, written in Markdown, into a public information site (政府信息公开).
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Language of what is said here: zh or en
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a new site in a folder
    Init(Init),
    /// Make a new report from questions or flags
    New(New),
    /// Turn Word files and texts into reports
    Import(Import),
    /// Build the site
    Build(Build),
    /// Look for words in the built site
    Search(Search),
    /// Hand the built site's records to a search engine
    Export(Export),
    /// Find mistakes in the content before the public does
    Check(Check),
    /// Show the site while it is written, following every save
    Serve(Serve),
    /// Put the built site where the public reads it, all of it or nothing
    Publish(Publish),
    /// Let an earlier publish stand again
    Rollback(Rollback),
    /// Seal past years, prove and amend them, hand them to an archive
    Archive(Archive),
}

/// Where a site is, and what is built of it.
#[derive(Debug, Args)]
pub struct Folders {
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Folder of the built site [default: public/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Folders {
    /// The folder of the built site.
    pub fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| self.site.join("public"))
    }
}

/// `gongkai init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Folder of the new site
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Also copy the theme, to change it
    #[arg(long)]
    pub with_theme: bool,
}

/// `gongkai new`.
#[derive(Debug, Args)]
pub struct New {
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Title
    #[arg(long)]
    pub title: Option<String>,
    /// Town
    #[arg(long)]
    pub town: Option<String>,
    /// Year the report is about
    #[arg(long)]
    pub year: Option<i16>,
    /// Kind, by name or short name
    #[arg(long)]
    pub kind: Option<String>,
    /// Day it was made, such as 2024-01-16
    #[arg(long)]
    pub date: Option<String>,
    /// Document number (文号)
    #[arg(long)]
    pub number: Option<String>,
    /// Last part of its address
    #[arg(long)]
    pub slug: Option<String>,
}

/// `gongkai build`.
#[derive(Debug, Args)]
pub struct Build {
    /// The site and what is built of it.
    #[command(flatten)]
    pub folders: Folders,
    /// Where the site will stand, such as <https://www.example.gov.cn/xxgk/>
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Print results as JSON
    #[arg(long)]
    pub json: bool,
    /// Let warnings count as errors
    #[arg(long)]
    pub strict: bool,
    /// Leave faulty reports out and build the rest
    #[arg(long)]
    pub keep_going: bool,
    /// Open the built site in the browser
    #[arg(long)]
    pub open: bool,
}

/// `gongkai search`.
#[derive(Debug, Args)]
pub struct Search {
    /// Words; "phrases" in quotes; -word excludes
    #[arg(value_name = "QUERY", required = true)]
    pub query: Vec<String>,
    /// The site and what is built of it.
    #[command(flatten)]
    pub folders: Folders,
    /// Only about this year
    #[arg(long)]
    pub year: Option<u16>,
    /// Only of this town
    #[arg(long)]
    pub town: Option<String>,
    /// Only of this kind
    #[arg(long)]
    pub kind: Option<String>,
    /// The newest first
    #[arg(long)]
    pub by_date: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Print results as JSON
    #[arg(long)]
    pub json: bool,
}

/// `gongkai export`.
#[derive(Debug, Args)]
pub struct Export {
    /// For which engine
    #[arg(value_name = "ENGINE")]
    pub engine: Engine,
    /// The site and what is built of it.
    #[command(flatten)]
    pub folders: Folders,
    /// Print the engine's settings instead of the records
    #[arg(long)]
    pub settings: bool,
}

/// A search engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// OpenSearch or Elasticsearch
    Opensearch,
    /// Meilisearch
    Meilisearch,
}

/// `gongkai check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Only these documents, or those below these folders
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Mend what has one right mending
    #[arg(long)]
    pub fix: bool,
    /// Form of the results
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    pub format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Let warnings count as errors
    #[arg(long)]
    pub strict: bool,
    /// Say which yearly reports are due, late or missing
    #[arg(long)]
    pub due: bool,
    /// Also go and look at links to other hosts
    #[arg(long)]
    pub online: bool,
    /// Write the check sheet (发布审核表) for printing into this file
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
    /// Explain a rule, or name all of them with `all`
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
}

impl Check {
    /// The form of the results.
    pub fn form(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// The value of `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// An array of objects.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Lines for GitHub's runners.
    Github,
}

/// `gongkai serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Port; if it is taken, the next one that is free
    #[arg(long, default_value_t = 8686)]
    pub port: u16,
    /// Where the site will stand, such as <https://www.example.gov.cn/xxgk/>
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Open the site in the browser
    #[arg(long)]
    pub open: bool,
    /// Let the open page jump to what was just edited
    #[arg(long)]
    pub follow: bool,
    /// Also let phones and computers of this network look, and show a QR code
    #[arg(long)]
    pub lan: bool,
    /// Command that opens a source, such as "code -g {file}:{line}" [default: what the system opens it with]
    #[arg(long, value_name = "COMMAND")]
    pub editor: Option<String>,
}

/// `gongkai publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// The site and what is built of it.
    #[command(flatten)]
    pub folders: Folders,
    /// Where to, and how.
    #[command(flatten)]
    pub at: AtTarget,
    /// Remove so many files without asking [default: a quarter of them, or ten]
    #[arg(long, value_name = "N")]
    pub max_deletes: Option<usize>,
    /// Publish in spite of errors that check finds
    #[arg(long)]
    pub with_errors: bool,
    /// Replace files of others that stand where the site's own go
    #[arg(long)]
    pub adopt: bool,
}

/// `gongkai rollback`.
#[derive(Debug, Args)]
pub struct Rollback {
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Which publish should stand again [default: the one before]
    #[arg(long, value_name = "N")]
    pub to: Option<u64>,
    /// Where, and how.
    #[command(flatten)]
    pub at: AtTarget,
}

/// What every verb asks that changes a target.
#[derive(Debug, Args)]
pub struct AtTarget {
    /// A name from site.yaml, a folder, a .zip file, or a URL (sftp, ftps, ftp, https, s3, oss, cos, obs)
    #[arg(value_name = "TARGET")]
    pub target: Option<String>,
    /// Ask nothing
    #[arg(long, short)]
    pub yes: bool,
    /// Print the requests that would be made, and make none of them
    #[arg(long)]
    pub dry_run: bool,
    /// Address at which the public sees the target
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Fetch every changed file from the public address and compare [default where a target names one]
    #[arg(long, overrides_with = "no_verify")]
    pub verify: bool,
    /// Do not look at the public address
    #[arg(long)]
    pub no_verify: bool,
    /// Go on with a server that cannot keep two publishers apart
    #[arg(long)]
    pub unlocked: bool,
    /// Print results as JSON
    #[arg(long)]
    pub json: bool,
}

/// The value of `--lang`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Chinese,
            Lang::En => Self::English,
        }
    }
}

/// What was typed, and the language to answer in; or what clap has to say instead.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> (Language, Result<Cli, clap::Error>) {
    let arguments = dropped::read(arguments.into_iter().collect());
    let language = language(&arguments, environment);
    let mut matches = Cli::command().try_get_matches_from(&arguments);
    // To put all of the help into Chinese costs more than a short run: only who asks for it waits for that.
    if language == Language::Chinese && matches.as_ref().is_err_and(|error| !error.use_stderr() || is_help(error)) {
        matches = chinese(Cli::command()).try_get_matches_from(&arguments);
    }
    (language, matches.and_then(|matches| Cli::from_arg_matches(&matches)))
}

/// Whether clap answers with its help because nothing was typed.
fn is_help(error: &clap::Error) -> bool {
    error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}
