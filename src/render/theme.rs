//! The theme: templates and assets from the binary, overridden file by file by those of the site.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use tera::{Context, Tera};

use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::error::Result;
use crate::source::{Disk, EntryKind, Stamp, decode};
use crate::{markdown, text};

/// The theme that every binary carries.
static DEFAULT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// A theme, ready to render.
pub struct Theme {
    tera: Tera,
    sources: BTreeMap<String, (Arc<str>, String)>,
    /// Stylesheets, scripts and icons.
    pub assets: Vec<Asset>,
}

/// One file that pages refer to.
pub struct Asset {
    /// Its name in the theme: `style.css`.
    pub name: String,
    /// Its address, with a hash of its bytes, so that a reader's browser may keep it for ever.
    pub address: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The files of the default theme, with their paths.
pub fn embedded() -> Vec<(String, &'static [u8])> {
    let mut files = Vec::new();
    let mut folders = vec![&DEFAULT];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        files.extend(folder.files().map(|file| (file.path().to_string_lossy().replace('\\', "/"), file.contents())));
    }
    files.sort();
    files
}

/// The site's own theme files, for the list of what a build reads: path relative to the site, and stamp.
pub fn overrides(disk: &dyn Disk, site: &Path, name: &str) -> Result<Vec<(Arc<str>, Stamp)>> {
    let folder = format!("themes/{name}");
    let entries = match disk.walk(&site.join(&folder)) {
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        entries => entries?,
    };
    let files = entries.into_iter().filter(|entry| entry.kind == EntryKind::File);
    Ok(files.map(|entry| (format!("{folder}/{}", entry.path).into(), entry.stamp)).collect())
}

/// Tells one theme from another: a hash of the names and bytes of the site's own files.
pub fn fingerprint(disk: &dyn Disk, site: &Path, own: &[(Arc<str>, Stamp)]) -> Result<u128> {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for (path, _) in own {
        hasher.update(path.as_bytes());
        hasher.update(&xxhash_rust::xxh3::xxh3_128(&disk.read(&site.join(&**path))?).to_le_bytes());
    }
    Ok(hasher.digest128())
}

impl Theme {
    /// Loads the default theme and what the site puts in its place.
    pub fn load(disk: &dyn Disk, site: &Path, own: &[(Arc<str>, Stamp)]) -> Result<Checked<Option<Self>>> {
        let mut files: BTreeMap<String, (Arc<str>, Vec<u8>)> = BTreeMap::new();
        for (path, bytes) in embedded() {
            let shown = format!("themes/default/{path}").into();
            let bytes = if path.ends_with(".css") { squeezed(bytes) } else { bytes.to_vec() };
            files.insert(path, (shown, bytes));
        }
        for (path, _) in own {
            if let Some(name) = path.splitn(3, '/').nth(2) {
                let bytes = disk.read(&site.join(&**path))?;
                // A copy that nobody has changed is still ours.
                let is_ours =
                    name.ends_with(".css") && DEFAULT.get_file(name).is_some_and(|ours| ours.contents() == bytes);
                let bytes = if is_ours { squeezed(&bytes) } else { bytes };
                files.insert(name.to_owned(), (path.clone(), bytes));
            }
        }
        let mut diagnostics = Vec::new();
        let mut sources = BTreeMap::new();
        let mut assets = vec![asset("code.css", markdown::code_stylesheet().as_bytes().to_vec())];
        for (name, (path, bytes)) in files {
            if let Some(name) = name.strip_prefix("assets/") {
                assets.push(asset(name, bytes));
            } else if let Some(name) = name.strip_prefix("templates/") {
                match decode(&bytes) {
                    Some((text, _)) => {
                        sources.insert(name.to_owned(), (path, text.into_owned()));
                    }
                    None => diagnostics.push(
                        Diagnostic::error(
                            codes::TEMPLATE,
                            text!("模板 {path} 不是文本文件", "the template {path} is not a text file"),
                        )
                        .at(Place::file(&path)),
                    ),
                }
            }
        }
        let mut theme = Self { tera: Tera::new(), sources, assets };
        theme.tera.autoescape_on(vec![".html"]);
        diagnostics.extend(theme.parse());
        let usable = diagnostics.is_empty();
        Ok(Checked::new(usable.then_some(theme), diagnostics))
    }

    /// The same theme with its assets in another folder, which ends with `/`.
    pub fn in_folder(&self, folder: &str) -> Self {
        let moved = |asset: &Asset| Asset {
            name: asset.name.clone(),
            address: format!("{folder}{}", asset.address),
            bytes: asset.bytes.clone(),
        };
        let (tera, sources) = (self.tera.clone(), self.sources.clone());
        Self { tera, sources, assets: self.assets.iter().map(moved).collect() }
    }

    /// Parses all templates; a faulty one is named, and the others are still looked at.
    fn parse(&mut self) -> Vec<Diagnostic> {
        let all = self.sources.iter().map(|(name, (_, text))| (name.as_str(), text.as_str()));
        let Err(error) = self.tera.add_raw_templates(all) else { return Vec::new() };
        let mut faults = Vec::new();
        for (name, (_, text)) in &self.sources {
            // Alone, a template can only fail by its own syntax: what it extends or includes is looked up later.
            let mut alone = Tera::new();
            if let Err(error) = alone.add_raw_template(name, text)
                && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
            {
                faults.push(*self.fault(name, &error));
            }
        }
        if faults.is_empty() {
            faults.push(*self.fault("", &error));
        }
        faults
    }

    /// Fills a template.
    pub(super) fn render(
        &self,
        template: &str,
        context: &Context,
        bytes: &mut Vec<u8>,
    ) -> std::result::Result<(), Box<Diagnostic>> {
        self.tera.render_to(template, context, bytes).map_err(|error| self.fault(template, &error))
    }

    /// An asset's address by its name in the theme.
    pub(super) fn asset_address(&self, name: &str) -> Option<&str> {
        self.assets.iter().find(|asset| asset.name == name).map(|asset| asset.address.as_str())
    }

    fn fault(&self, template: &str, error: &tera::Error) -> Box<Diagnostic> {
        let report = match error.kind() {
            tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => Some(report),
            _ => None,
        };
        let why = report.map_or_else(|| error.to_string(), |report| report.message().to_owned());
        let name = report.map_or(template, |report| report.filename());
        let mut fault = Diagnostic::error(codes::TEMPLATE, text!("模板 {name}：{why}", "template {name}: {why}"));
        if let Some((path, text)) = self.sources.get(name) {
            fault = fault.at(match report {
                Some(report) => Place::new(path, text, report.span().range.clone()),
                None => Place::file(path),
            });
        }
        Box::new(fault.help(text!(
            "删去网站 themes/ 里的这个文件，就会用回自带的模板",
            "without this file below the site's themes/ the built-in template is used again"
        )))
    }
}

/// One of our own stylesheets without comments and spaces, which a reader on a slow line need not wait for. What a site
/// puts in its place goes out as it is.
fn squeezed(css: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(css).expect("our stylesheets are text");
    minifier::css::minify(text).expect("our stylesheets are right").to_string().into_bytes()
}

fn asset(name: &str, bytes: Vec<u8>) -> Asset {
    let hash = blake3::hash(&bytes).to_hex();
    let address = match name.rsplit_once('.') {
        Some((stem, extension)) => format!("assets/{stem}-{}.{extension}", &hash[..8]),
        None => format!("assets/{name}-{}", &hash[..8]),
    };
    Asset { name: name.to_owned(), address, bytes }
}
