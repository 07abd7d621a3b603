//! Where the links and images of a body lead, seen from its page.

use super::Renderer;
use crate::links;
use crate::model::article::{Image, Link, Surroundings};
use crate::model::catalogue::{Catalogue, Report};
use crate::model::page::Page;

/// The world around one report.
pub(super) struct Around<'a> {
    pub(super) renderer: &'a Renderer<'a>,
    pub(super) report: &'a Report,
}

impl Surroundings for Around<'_> {
    fn link(&self, target: &str) -> Link {
        if target.starts_with('#') {
            return Link::Inside(target.to_owned());
        }
        if links::has_scheme(target) {
            return self.outside(target);
        }
        let from = &self.report.address;
        let (catalogue, pages) = self.site_wide();
        let (path, fragment) =
            target.split_once('#').map_or((target, String::new()), |(path, rest)| (path, format!("#{rest}")));
        if let Some(site_path) = path.strip_prefix('/') {
            let address = if site_path.is_empty() || site_path.ends_with('/') {
                format!("{site_path}index.html")
            } else {
                site_path.to_owned()
            };
            return match pages.binary_search_by(|page| page.address.as_str().cmp(&address)) {
                Ok(_) => Link::Inside(links::relative(from, &address) + &fragment),
                Err(_) => Link::Broken,
            };
        }
        let Some(source) = links::resolve(&self.report.document.path, path) else { return Link::Broken };
        if let Some(&id) = catalogue.by_source.get(source.as_str()) {
            return Link::Inside(links::relative(from, &catalogue.report(id).address) + &fragment);
        }
        match catalogue.files.get_key_value(source.as_str()) {
            Some((source, file)) => Link::Attachment {
                href: links::relative(from, &file.address),
                about: about(source, file.length),
                name: source.rsplit('/').next().unwrap_or(source).to_owned(),
            },
            None => Link::Broken,
        }
    }

    fn image(&self, target: &str) -> Image {
        if links::has_scheme(target) {
            return Image::Foreign;
        }
        let source = links::resolve(&self.report.document.path, target);
        match source.and_then(|source| self.renderer.catalogue.files.get(source.as_str())) {
            Some(file) => Image::Inside { src: links::relative(&self.report.address, &file.address), size: file.size },
            None => Image::Broken,
        }
    }
}

impl Around<'_> {
    /// What a body can link to: the whole site, also from a year that is being sealed.
    fn site_wide(&self) -> (&Catalogue, &[Page]) {
        let Renderer { catalogue, pages, within, .. } = self.renderer;
        within.map_or((catalogue, pages), |within| (within.catalogue, within.pages))
    }

    /// Only the web and addresses to write or call to are let through.
    fn outside(&self, target: &str) -> Link {
        let lower = target.to_ascii_lowercase();
        let scheme = lower.split(':').next().unwrap_or_default();
        match scheme {
            "http" | "https" => {}
            "mailto" | "tel" => return Link::Inside(target.to_owned()),
            _ => return Link::Forbidden,
        }
        let host =
            lower.split("//").nth(1).and_then(|rest| rest.split(['/', '?', '#', ':']).next()).unwrap_or_default();
        let config = self.renderer.config;
        let covers = |listed: &String| {
            let listed = listed.trim_start_matches('.');
            host == listed || host.strip_suffix(listed).is_some_and(|rest| rest.ends_with('.'))
        };
        let own = config.base_url.as_deref().is_some_and(|base| lower.starts_with(&base.to_ascii_lowercase()));
        Link::Outside { href: target.to_owned(), listed: own || config.listed_hosts.iter().any(covers) }
    }
}

/// A file's kind and size for readers: `PDF，1.2 MB`.
pub(super) fn about(path: &str, length: u64) -> String {
    let kind = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_uppercase()).unwrap_or_default();
    let size = match length {
        0..=1023 => format!("{length} B"),
        1024..=1_048_575 => format!("{} KB", length.div_ceil(1024)),
        _ => format!("{:.1} MB", length as f64 / 1_048_576.0),
    };
    if kind.is_empty() { size } else { format!("{kind}，{size}") }
}
