//! Lists of links as ready HTML. A template that walks a list costs more than the rest of its page, and these
//! lists stand on every report: contents, breadcrumb, the same report of other years.

use memchr::{memchr2, memchr3};

use super::views::CountedYear;
use crate::model::article::Heading;

/// Escapes text for HTML, in elements and in quoted attributes.
pub(super) fn escape(html: &mut String, text: &str) {
    let mut rest = text;
    let special = |text: &str| {
        let (tags, quotes) = (memchr3(b'<', b'>', b'&', text.as_bytes()), memchr2(b'"', b'\'', text.as_bytes()));
        tags.into_iter().chain(quotes).min()
    };
    while let Some(at) = special(rest) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

/// 目录: `<ol><li class="l1"><a href="#id">…`, with the level in the class.
pub(super) fn contents(outline: &[Heading]) -> String {
    if outline.is_empty() {
        return String::new();
    }
    let mut html = String::with_capacity(outline.len() * 112);
    html.push_str("<ol>");
    for heading in outline {
        html.push_str("<li class=\"l");
        html.push(char::from(b'0' + heading.level));
        html.push_str("\"><a href=\"#");
        // An id is made of letters, digits and `-_.` alone.
        html.push_str(&heading.id);
        html.push_str("\">");
        escape(&mut html, &heading.title);
        html.push_str("</a></li>");
    }
    html.push_str("</ol>");
    html
}

/// 当前位置: each step a link but the last, which is this page.
pub(super) fn crumbs<'a>(steps: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let mut html = String::with_capacity(512);
    html.push_str("<ol>");
    for (name, href) in steps {
        html.push_str("<li>");
        link(&mut html, name, href.as_deref(), "span");
        html.push_str("</li>");
    }
    html.push_str("</ol>");
    html
}

/// 往年同类报告: one item a year; the one without an address is this page.
pub(super) fn years(years: impl IntoIterator<Item = (i16, Option<String>)>) -> String {
    let mut html = String::with_capacity(512);
    html.push_str("<ul>");
    for (year, href) in years {
        html.push_str("<li>");
        let mut name = year.to_string();
        name.push('年');
        link(&mut html, &name, href.as_deref(), "a");
        html.push_str("</li>");
    }
    html.push_str("</ul>");
    html
}

/// One report in a listing.
pub(super) struct Item<'a> {
    pub(super) title: &'a str,
    pub(super) href: String,
    pub(super) date: String,
    /// Town, kind and document number, as far as the listing does not say them for all its items.
    pub(super) about: [Option<&'a str>; 3],
    pub(super) repealed: bool,
}

/// The reports of a listing; nothing where there are none.
pub(super) fn items<'a>(items: impl ExactSizeIterator<Item = Item<'a>>) -> String {
    if items.len() == 0 {
        return String::new();
    }
    let mut html = String::with_capacity(items.len() * 256 + 32);
    html.push_str("<ul class=\"items\">");
    for item in items {
        html.push_str("<li>");
        link(&mut html, item.title, Some(&item.href), "a");
        html.push_str(" <time>");
        html.push_str(&item.date);
        html.push_str("</time><span>");
        if item.repealed {
            html.push_str("<strong>已废止</strong>");
        }
        for (number, part) in item.about.into_iter().flatten().enumerate() {
            html.push_str(if number == 0 { "" } else { " · " });
            escape(&mut html, part);
        }
        html.push_str("</span></li>");
    }
    html.push_str("</ul>");
    html
}

/// Years with their counts.
pub(super) fn year_counts(years: &[CountedYear]) -> String {
    let mut html = String::with_capacity(years.len() * 96 + 16);
    html.push_str("<ul>");
    for year in years {
        html.push_str("<li><a href=\"");
        escape(&mut html, &year.href);
        html.push_str(if year.current { "\" aria-current=\"page\">" } else { "\">" });
        push_number(&mut html, year.year);
        html.push_str("年<small>");
        push_number(&mut html, year.count);
        html.push_str("<span class=\"vh\">篇</span></small></a></li>");
    }
    html.push_str("</ul>");
    html
}

fn push_number(html: &mut String, number: impl ToString) {
    html.push_str(&number.to_string());
}

/// A link, or where this page is meant, the element `here` that says so.
fn link(html: &mut String, name: &str, href: Option<&str>, here: &str) {
    match href {
        Some(href) => {
            html.push_str("<a href=\"");
            escape(html, href);
            html.push_str("\">");
            escape(html, name);
            html.push_str("</a>");
        }
        None => {
            html.push('<');
            html.push_str(here);
            html.push_str(" aria-current=\"page\">");
            escape(html, name);
            html.push_str("</");
            html.push_str(here);
            html.push('>');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let html = crumbs([("首页", Some("a\"b".to_owned())), ("<b>&'", None)]);
        assert_eq!(
            html,
            "<ol><li><a href=\"a&quot;b\">首页</a></li><li><span aria-current=\"page\">&lt;b&gt;&amp;&#39;</span></li></ol>"
        );
        assert_eq!(contents(&[]), "");
    }
}
