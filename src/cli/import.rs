//! What can be typed behind `gongkai import`.

use std::path::PathBuf;

use clap::Args;

/// `gongkai import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Word files, texts, or folders of them; they can be dropped onto the program too
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Folder that the reports go into [default: content/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Ask nothing: leave empty what is doubtful, so that `gongkai check` finds it
    #[arg(long)]
    pub yes: bool,
    /// Town of all these reports
    #[arg(long)]
    pub town: Option<String>,
    /// Year that all these reports are about
    #[arg(long)]
    pub year: Option<i16>,
    /// Kind of all these reports, by name or short name
    #[arg(long)]
    pub kind: Option<String>,
    /// Keep the original beside the report, as an attachment
    #[arg(long)]
    pub keep_original: bool,
    /// Replace bodies that were edited by hand since their import
    #[arg(long)]
    pub overwrite: bool,
    /// Write down what was guessed and what was left behind, place by place
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Import nothing: compare reports with the files that they came from
    #[arg(long)]
    pub check: bool,
    /// The files were dropped onto the program.
    #[arg(long, hide = true)]
    pub dropped: bool,
}
