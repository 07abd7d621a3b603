//! `gongkai import`: Word files and texts become reports, with everything filled in that the documents say.

mod ask;
mod files;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Ending, failed};
use crate::cli::Import;
use crate::config::{self, Config};
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Diagnostic, Language};
use crate::error::Result;
use crate::import::losses::Losses;
use crate::import::office::Office;
use crate::import::refusal::Refusal;
use crate::import::report::Fields;
use crate::import::shelf::Shelf;
use crate::import::{self, LARGEST_FILE, Prepared, Read};
use crate::source::{Disk, RealDisk};
use crate::text;
use files::Source;
use words::Words;

/// Runs the verb.
pub(super) fn run(asked: &Import, language: Language) -> Ending {
    let ending = match Run::begin(asked, language) {
        Ok(Some(mut run)) => run.all().unwrap_or_else(|error| failed(&error, language)),
        Ok(None) => Ending::Failed,
        Err(error) => failed(&error, language),
    };
    ask::keep_window_open(asked, language);
    ending
}

/// What came of one file.
enum Outcome {
    /// A new report.
    Made(Made),
    /// An earlier report has a new body.
    Updated(Made),
    /// The earlier report says the same already.
    Same(PathBuf),
    /// The earlier report was changed by hand since.
    Edited(PathBuf),
    /// Something must be known first, and there is nobody to ask.
    Open(Vec<&'static str>),
    /// The file cannot be imported.
    Refused(Box<Diagnostic>),
}

/// A report that was written.
struct Made {
    path: PathBuf,
    prepared: Prepared,
    fields: Fields,
    losses: Losses,
}

/// A file that was read, with the bytes of the Word file that it is or became; or why it was refused.
type Opened = std::result::Result<(Prepared, Vec<u8>), Box<Refusal>>;

/// One run over all files.
struct Run<'a> {
    asked: &'a Import,
    disk: &'a dyn Disk,
    config: Config,
    shelf: Shelf<'a>,
    office: Option<Office>,
    words: Words,
    /// Conversions so far, so that each has a folder of its own.
    conversions: usize,
}

impl<'a> Run<'a> {
    /// Finds the site and what lies in it. `None` if there is none; that has been said.
    fn begin(asked: &'a Import, language: Language) -> Result<Option<Self>> {
        let disk: &dyn Disk = &RealDisk;
        let Some((site, config)) = files::site(disk, asked, language)? else { return Ok(None) };
        let root = asked.to.clone().unwrap_or_else(|| site.join("content"));
        let shelf = Shelf::open(disk, &root)?;
        let path = std::env::var_os("PATH");
        let office = Office::find(disk, path.as_deref());
        Ok(Some(Self { asked, disk, config, shelf, office, words: Words::new(language), conversions: 0 }))
    }

    fn all(&mut self) -> Result<Ending> {
        let sources = files::sources(self.disk, &self.asked.files)?;
        if sources.is_empty() {
            self.words.nothing_found();
            return Ok(Ending::Failed);
        }
        let mut ending = Ending::Done;
        for source in &sources {
            if self.asked.check {
                if !self.check(source)? {
                    ending = Ending::Faulty;
                }
                continue;
            }
            let outcome = self.import(source)?;
            if matches!(outcome, Outcome::Refused(_) | Outcome::Open(_) | Outcome::Edited(_)) {
                ending = Ending::Faulty;
            }
            self.words.outcome(source, &outcome);
        }
        if !self.asked.check {
            self.words.summary();
        }
        if let Some(report) = &self.asked.report {
            let scratch = report.with_extension("gongkai-tmp");
            self.disk.write_whole(report, self.words.record.as_bytes(), &scratch)?;
        }
        Ok(ending)
    }

    fn import(&mut self, source: &Source) -> Result<Outcome> {
        let mut prepared = match self.open(source)? {
            Ok((prepared, _)) => prepared,
            Err(refusal) => return Ok(Outcome::Refused(Box::new(refused(source, *refusal)))),
        };
        let mut fields = ask::fields(&prepared.guesses, self.asked, &self.config);
        let earlier = self.shelf.earlier(&source.name, fields.town.value.as_deref(), fields.year.value);
        if let Some((path, earlier)) = earlier {
            let (body, losses) = prepared.body(stem(&path));
            let full = self.shelf.full(&path);
            if earlier.body.trim() == body.trim() {
                return Ok(Outcome::Same(full));
            }
            if earlier.is_edited && !self.asked.overwrite {
                return Ok(Outcome::Edited(full));
            }
            self.pictures(&path, &prepared)?;
            self.shelf.write(&path, earlier.with_body(&body).as_bytes())?;
            return Ok(Outcome::Updated(Made { path: full, prepared, fields, losses }));
        }
        let open = ask::open_questions(&fields);
        if !open.is_empty() && !self.asked.yes {
            if !ask::is_possible() {
                return Ok(Outcome::Open(open));
            }
            self.words.question(source, &prepared.guesses);
            ask::people(&mut fields, &self.config, self.words.language);
        }
        let kind = fields.kind.value.as_deref().and_then(|kind| self.config.kind_called(kind));
        let kind_id = kind.map(|kind| self.config.kinds[kind].id.clone());
        let path = self.shelf.place(&fields, kind_id.as_deref(), &self.config);
        if self.asked.keep_original {
            fields.attachments.push(self.shelf.beside(&path, &source.name));
        }
        let (body, losses) = prepared.body(stem(&path));
        self.pictures(&path, &prepared)?;
        if self.asked.keep_original {
            let bytes = self.disk.read(&source.path)?;
            self.shelf.write(&beside(&path, &source.name), &bytes)?;
        }
        let report = format!("{}{body}", fields.front_matter(&source.name, &body));
        self.shelf.write(&path, report.as_bytes())?;
        let full = self.shelf.full(&path);
        Ok(Outcome::Made(Made { path: full, prepared, fields, losses }))
    }

    fn pictures(&self, report: &str, prepared: &Prepared) -> Result<()> {
        for (number, picture) in prepared.document.pictures.iter().enumerate() {
            let name = prepared.picture_name(stem(report), number);
            self.shelf.write(&beside(report, &name), &picture.bytes)?;
        }
        Ok(())
    }

    /// Reads a file, through LibreOffice where need be.
    fn open(&mut self, source: &Source) -> Result<Opened> {
        if source.length > LARGEST_FILE {
            return Ok(Err(Box::new(Refusal::beyond(text!("文件太大", "the file is far too large")))));
        }
        let mut bytes = self.disk.read(&source.path)?;
        let read = import::read(&bytes, &source.extension).and_then(|read| match read {
            Read::Document(document) => Ok(document),
            Read::Other(extension) => {
                bytes = self.converted(&bytes, extension)?;
                match import::read(&bytes, "docx")? {
                    Read::Document(document) => Ok(document),
                    Read::Other(_) => Err(Refusal::office(text!("转换没有成功", "the conversion did not succeed"))),
                }
            }
        });
        Ok(match read {
            Ok(document) => Ok((import::prepare(*document, &self.config, &source.stem), bytes)),
            Err(refusal) => Err(Box::new(refusal)),
        })
    }

    fn converted(&mut self, bytes: &[u8], extension: &str) -> import::refusal::Result<Vec<u8>> {
        let Some(office) = &self.office else {
            return Err(Refusal::office(text!(
                "这种文件（.{extension}）要靠 LibreOffice 转换，这台电脑上没有找到",
                "such a file (.{extension}) needs LibreOffice, which was not found on this computer"
            )));
        };
        self.conversions += 1;
        let folder = format!("gongkai-import-{}-{}", std::process::id(), self.conversions);
        office.convert(self.disk, bytes, extension, &std::env::temp_dir().join(folder))
    }

    /// Holds the report of a file against it. Whether both say the same.
    fn check(&mut self, source: &Source) -> Result<bool> {
        let (prepared, bytes) = match self.open(source)? {
            Ok(opened) => opened,
            Err(refusal) => {
                self.words.refused(&refused(source, *refusal));
                return Ok(false);
            }
        };
        let fields = ask::fields(&prepared.guesses, self.asked, &self.config);
        let Some((path, report)) = self.shelf.earlier(&source.name, fields.town.value.as_deref(), fields.year.value)
        else {
            self.words.not_imported(source);
            return Ok(false);
        };
        let title = report.value(["title", "标题"]).unwrap_or_default();
        match prepared.compare(&bytes, &title, &report.body) {
            Ok(comparison) => {
                self.words.comparison(source, &self.shelf.full(&path), &comparison, prepared.document.has_lines);
                Ok(comparison.is_same())
            }
            Err(refusal) => {
                self.words.refused(&refused(source, refusal));
                Ok(false)
            }
        }
    }
}

fn refused(source: &Source, refusal: Refusal) -> Diagnostic {
    let path: Arc<str> = source.path.to_string_lossy().into();
    refusal.diagnostic(&path)
}

/// The name of a report without its folder and extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name)
}

fn beside(report: &str, name: &str) -> String {
    report.rsplit_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/{name}"))
}

/// The settings of a site, or why there are none; said at once.
fn settings(disk: &dyn Disk, site: &Path, language: Language) -> Result<Option<Config>> {
    let checked = config::load(disk, site)?;
    if checked.value.is_none() {
        eprint!("{}", show::all(&checked.diagnostics, language, Colour::Plain));
    }
    Ok(checked.value)
}
