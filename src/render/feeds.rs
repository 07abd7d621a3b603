//! What programs follow: Atom feeds (RFC 4287) and site maps (sitemaps.org, protocol 0.9).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Renderer;
use super::views::day;
use crate::diagnostic::Diagnostic;
use crate::model::catalogue::{Report, ReportId};
use crate::model::page::{FeedOf, Page, Recipe, SitemapPart};
use crate::plan;

/// Reports in one feed.
const ENTRIES: usize = 30;

type Filled = std::result::Result<(), Box<Diagnostic>>;
type Xml<'a> = Writer<&'a mut Vec<u8>>;

impl Renderer<'_> {
    pub(super) fn feed(&self, page: &Page, of: FeedOf, bytes: &mut Vec<u8>) -> Filled {
        let catalogue = self.catalogue;
        let site = &self.config.name;
        let (title, ids, listing) = match of {
            FeedOf::Site => (site.clone(), &catalogue.dated, "index.html".to_owned()),
            FeedOf::Town(id) => {
                let town = catalogue.town(id);
                (format!("{} - {site}", town.name), &town.reports, format!("{}/index.html", town.slug))
            }
            FeedOf::Kind(id) => {
                let kind = catalogue.kind(id);
                (
                    format!("{} - {site}", kind.name),
                    &catalogue.by_kind[usize::from(id.0)],
                    format!("kinds/{}/index.html", kind.id),
                )
            }
        };
        let ids = &ids[..ids.len().min(ENTRIES)];
        let newest = ids.iter().map(|&id| updated(catalogue.report(id))).max();
        let mut xml = Writer::new(bytes);
        written(|| {
            xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
            let feed = xml
                .create_element("feed")
                .with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "zh-CN")]);
            feed.write_inner_content(|xml| {
                leaf(xml, "id", &self.permanent(&page.address))?;
                leaf(xml, "title", &title)?;
                leaf(xml, "updated", newest.as_deref().unwrap_or("1970-01-01T00:00:00+08:00"))?;
                link(xml, "alternate", &self.feed_href(page, &listing))?;
                if let Some(url) = self.url(&page.address) {
                    link(xml, "self", &url)?;
                }
                xml.create_element("author").write_inner_content(|xml| {
                    leaf(xml, "name", self.config.contact.host.as_deref().unwrap_or(site))
                })?;
                ids.iter().try_for_each(|&id| self.entry(xml, page, id))
            })?;
            Ok(())
        });
        Ok(())
    }

    fn entry(&self, xml: &mut Xml<'_>, page: &Page, id: ReportId) -> std::io::Result<()> {
        let report = self.catalogue.report(id);
        let head = &report.document.head;
        xml.create_element("entry").write_inner_content(|xml| {
            leaf(xml, "id", &self.permanent(&report.address))?;
            leaf(xml, "title", &head.title)?;
            leaf(xml, "updated", &updated(report))?;
            link(xml, "alternate", &self.feed_href(page, &report.address))?;
            xml.create_element("author").write_inner_content(|xml| leaf(xml, "name", &report.agency))?;
            let kind = &self.catalogue.kind(report.document.kind).name;
            xml.create_element("category").with_attribute(("term", kind.as_str())).write_empty()?;
            match &head.summary {
                Some(summary) => leaf(xml, "summary", summary),
                None => leaf(xml, "summary", &head.title),
            }
        })?;
        Ok(())
    }

    /// An identifier that outlives a change of host only if the host is not part of it; where the site's
    /// address is known readers expect it, and it is the site's to keep.
    fn permanent(&self, address: &str) -> String {
        self.url(address).unwrap_or_else(|| {
            let hash = blake3::hash(address.as_bytes());
            let hex = hash.to_hex();
            // RFC 9562, version 8: bits of our own choosing.
            format!("urn:uuid:{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
        })
    }

    fn feed_href(&self, page: &Page, address: &str) -> String {
        self.url(address).unwrap_or_else(|| self.href(&page.address, address))
    }

    pub(super) fn sitemap(&self, part: SitemapPart, bytes: &mut Vec<u8>) -> Filled {
        let mut xml = Writer::new(bytes);
        let namespace = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
        written(|| {
            xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
            match part {
                SitemapPart::Index(count) => {
                    xml.create_element("sitemapindex").with_attribute(namespace).write_inner_content(|xml| {
                        (0..count).try_for_each(|number| {
                            let url = self.url(&plan::sitemap_address(number)).unwrap_or_default();
                            xml.create_element("sitemap").write_inner_content(|xml| leaf(xml, "loc", &url))?;
                            Ok(())
                        })
                    })?
                }
                SitemapPart::Addresses(number) => {
                    xml.create_element("urlset").with_attribute(namespace).write_inner_content(|xml| {
                        let listed = self.pages.iter().filter(|page| plan::is_for_search_engines(&page.recipe));
                        let mut part = listed.skip(number * plan::SITEMAP_LIMIT).take(plan::SITEMAP_LIMIT);
                        part.try_for_each(|page| self.sitemap_entry(xml, page))
                    })?
                }
            };
            Ok(())
        });
        Ok(())
    }

    fn sitemap_entry(&self, xml: &mut Xml<'_>, page: &Page) -> std::io::Result<()> {
        xml.create_element("url").write_inner_content(|xml| {
            leaf(xml, "loc", &self.url(&page.address).unwrap_or_default())?;
            match page.recipe {
                Recipe::Report(id) => leaf(xml, "lastmod", &updated(self.catalogue.report(id))[..10]),
                _ => Ok(()),
            }
        })?;
        Ok(())
    }
}

/// When a report was last public in a new form, in the site's zone (+08:00).
fn updated(report: &Report) -> String {
    let head = &report.document.head;
    match head.published {
        Some(published) => format!("{}+08:00", published.strftime("%Y-%m-%dT%H:%M:%S")),
        None => day(head.date) + "T00:00:00+08:00",
    }
}

fn leaf(xml: &mut Xml<'_>, name: &str, text: &str) -> std::io::Result<()> {
    // Nearly no text holds one, and bytes are looked at quicker than characters.
    let clean: String;
    let doubtful = |byte: u8| byte < 0x20 || byte == 0xEF;
    let text = if text.bytes().any(doubtful) && text.contains(forbidden) {
        clean = text.replace(forbidden, "");
        &clean
    } else {
        text
    };
    xml.create_element(name).write_text_content(BytesText::new(text))?;
    Ok(())
}

/// Characters that no XML document may hold (XML 1.0, production 2).
fn forbidden(ch: char) -> bool {
    matches!(ch, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn link(xml: &mut Xml<'_>, relation: &str, href: &str) -> std::io::Result<()> {
    xml.create_element("link").with_attributes([("rel", relation), ("href", href)]).write_empty()?;
    Ok(())
}

/// Memory takes every byte, so that writing XML into it cannot fail.
fn written(write: impl FnOnce() -> std::io::Result<()>) {
    write().expect("memory takes every byte");
}
