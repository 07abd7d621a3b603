//! What can be typed after `gongkai archive`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Folders;

/// `gongkai archive`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct Archive {
    /// What to do.
    #[command(subcommand)]
    pub verb: ArchiveVerb,
}

/// The verbs of `gongkai archive`.
#[derive(Debug, Subcommand)]
pub enum ArchiveVerb {
    /// Seal a past year, so that nobody can change it unseen
    Seal(Seal),
    /// Correct a sealed year in the open: a new version, the old one stays
    Amend(Amend),
    /// Prove that sealed years are unchanged
    Verify(Verify),
    /// Put a time stamp of an authority (RFC 3161) beside a seal
    Stamp(Stamped),
    /// Make packages of a sealed year for an archive: WACZ, BagIt, zip
    Export(ArchiveExport),
}

/// `gongkai archive seal`, and what `amend` asks like it.
#[derive(Debug, Args)]
pub struct Seal {
    /// The year
    #[arg(value_name = "YEAR")]
    pub year: i16,
    /// The site and what is built of it.
    #[command(flatten)]
    pub folders: Folders,
    /// Ask this time-stamp authority (RFC 3161) to sign the seal's code
    #[arg(long, value_name = "URL")]
    pub tsa: Option<String>,
    /// Certificates (PEM) of the time-stamp authorities that you trust
    #[arg(long, value_name = "FILE")]
    pub tsa_ca: Option<PathBuf>,
    /// Print results as JSON
    #[arg(long)]
    pub json: bool,
}

/// `gongkai archive amend`.
#[derive(Debug, Args)]
pub struct Amend {
    /// Why, for the public to read
    #[arg(long, value_name = "WORDS")]
    pub reason: String,
    /// Day of the correction, such as 2026-03-01 [default: today]
    #[arg(long, value_name = "DATE")]
    pub on: Option<jiff::civil::Date>,
    /// What is sealed anew.
    #[command(flatten)]
    pub seal: Seal,
}

/// `gongkai archive stamp`.
#[derive(Debug, Args)]
pub struct Stamped {
    /// What is stamped.
    #[command(flatten)]
    pub of: SealedVersion,
    /// Ask this time-stamp authority
    #[arg(long, value_name = "URL", required_unless_present = "token")]
    pub tsa: Option<String>,
    /// Take the token from this file (.tsr)
    #[arg(long, value_name = "FILE", conflicts_with = "tsa")]
    pub token: Option<PathBuf>,
    /// Certificates (PEM) of the time-stamp authorities that you trust
    #[arg(long, value_name = "FILE")]
    pub tsa_ca: Option<PathBuf>,
}

/// One version of a sealed year.
#[derive(Debug, Args)]
pub struct SealedVersion {
    /// The sealed year
    #[arg(value_name = "YEAR")]
    pub year: i16,
    /// Which version [default: the newest]
    #[arg(long, value_name = "N")]
    pub of_version: Option<u32>,
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
}

/// `gongkai archive export`.
#[derive(Debug, Args)]
pub struct ArchiveExport {
    /// What is exported.
    #[command(flatten)]
    pub of: SealedVersion,
    /// Form of the package [default: all]
    #[arg(long, value_enum, value_name = "FORM")]
    pub form: Option<PackageForm>,
    /// Folder for the packages [default: export/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Where the pages in the WACZ stand [default: the site's address]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
}

/// The value of `--form`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PackageForm {
    /// WACZ 1.1.1, to be replayed.
    Wacz,
    /// BagIt 1.0, to be kept.
    Bagit,
    /// A plain zip file, to be read.
    Zip,
}

/// `gongkai archive verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// A year, a folder, a package (.wacz, .zip, a bag) or the address of a published copy [default: all sealed years]
    #[arg(value_name = "WHAT")]
    pub what: Option<String>,
    /// Only this year, where there are several
    #[arg(long)]
    pub year: Option<i16>,
    /// The printed code or root, at least its first 16 digits
    #[arg(long, value_name = "HEX")]
    pub root: Option<String>,
    /// A time-stamp token (.tsr) of the seal [default: the one beside it]
    #[arg(long, value_name = "FILE")]
    pub token: Option<PathBuf>,
    /// Certificates (PEM) of the time-stamp authorities that you trust
    #[arg(long, value_name = "FILE")]
    pub tsa_ca: Option<PathBuf>,
    /// Folder with site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub site: PathBuf,
    /// Print results as JSON
    #[arg(long)]
    pub json: bool,
}
