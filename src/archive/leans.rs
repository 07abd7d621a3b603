//! What a page of a sealed year needs: every stylesheet, script and picture must be a file of the year, and no address
//! may carry a question, which an archive cannot answer.
//!
//! Links for readers may lead anywhere. Only what a browser loads by itself counts.

use std::collections::BTreeSet;

/// What an HTML page or a stylesheet loads that is no file of the year, as it is written there. `at` is its address,
/// `own` are the addresses of the year.
pub(super) fn outside(at: &str, bytes: &[u8], own: &BTreeSet<&str>) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let needed = match at.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => needed_by_page(&text),
        Some("css") => needed_by_style(&text),
        _ => Vec::new(),
    };
    needed.into_iter().filter(|target| !is_own(at, target, own)).collect()
}

fn is_own(at: &str, target: &str, own: &BTreeSet<&str>) -> bool {
    if target.starts_with('#') || target.starts_with("data:") {
        return true;
    }
    if target.starts_with('/') || target.contains(['?', '\\', ':']) {
        return false;
    }
    let mut parts: Vec<&str> = at.split('/').collect();
    parts.pop();
    for part in target.split('#').next().unwrap_or_default().split('/') {
        match part {
            "." | "" => {}
            ".." => {
                if parts.pop().is_none() {
                    return false;
                }
            }
            part => parts.push(part),
        }
    }
    own.contains(parts.join("/").as_str())
}

/// The addresses that a browser loads with a page.
fn needed_by_page(html: &str) -> Vec<String> {
    let mut needed = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((name, attributes, after)) = tag(rest) else { continue };
        rest = after;
        let value = |wanted: &str| attributes.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.clone());
        let loads = match name.as_str() {
            "img" | "script" | "iframe" | "source" | "audio" | "video" | "embed" | "track" | "input" => value("src"),
            "object" => value("data"),
            "link" => {
                let relation = value("rel").unwrap_or_default();
                let only_said = ["canonical", "alternate", "prev", "next"].contains(&relation.as_str());
                value("href").filter(|_| !only_said)
            }
            _ => None,
        };
        needed.extend(loads);
        needed.extend(value("poster"));
        needed.extend(value("data-script"));
        needed.extend(value("data-help"));
        let sources = value("srcset").unwrap_or_default();
        needed.extend(sources.split(',').filter_map(|one| one.split_whitespace().next()).map(str::to_owned));
        needed.extend(value("style").map(|style| needed_by_style(&style)).unwrap_or_default());
        if name == "style" {
            needed.extend(needed_by_style(rest.split("</style").next().unwrap_or_default()));
        }
    }
    needed
}

/// The addresses in a stylesheet: `url(…)` and `@import "…"`.
fn needed_by_style(css: &str) -> Vec<String> {
    let quoted = |text: &str| {
        let text = text.trim_start();
        match text.chars().next() {
            Some(quote @ ('"' | '\'')) => text[1..].split(quote).next().unwrap_or_default().to_owned(),
            _ => text.split([')', ';']).next().unwrap_or_default().trim().to_owned(),
        }
    };
    let urls = css.match_indices("url(").map(|(at, _)| quoted(&css[at + 4..]));
    let imports = css.match_indices("@import").map(|(at, _)| quoted(&css[at + 7..]));
    urls.chain(imports.filter(|import| !import.starts_with("url("))).collect()
}

/// Names and values, the values with their entities read.
type Attributes = Vec<(String, String)>;

/// One opening tag behind its `<`: name, attributes, and what follows.
fn tag(text: &str) -> Option<(String, Attributes, &str)> {
    let end = text.find(|ch: char| !ch.is_ascii_alphanumeric()).filter(|&end| end > 0)?;
    let name = text[..end].to_ascii_lowercase();
    let mut rest = &text[end..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|ch: char| ch.is_whitespace() || ch == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((name, attributes, after));
        }
        let end = rest.find(|ch: char| ch.is_whitespace() || "=/>".contains(ch))?;
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            match after.chars().next()? {
                quote @ ('"' | '\'') => {
                    let end = after[1..].find(quote)? + 1;
                    (value, rest) = (&after[1..end], &after[end + 1..]);
                }
                _ => {
                    let end = after.find(|ch: char| ch.is_whitespace() || ch == '>')?;
                    (value, rest) = (&after[..end], &after[end..]);
                }
            }
        } else if end == 0 {
            // A stray character would never end.
            rest = &rest[rest.chars().next()?.len_utf8()..];
        }
        attributes.push((key, value.replace("&amp;", "&").trim().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(at: &str, text: &str) -> Vec<String> {
        let own = BTreeSet::from(["a/2023/b.html", "years/2023/assets/s.css", "files/a/2023/c.png"]);
        outside(at, text.as_bytes(), &own)
    }

    #[test]
    fn own_files_and_links_for_readers_are_right() {
        let page = r##"<link rel="stylesheet" href="../../years/2023/assets/s.css"><link rel="canonical" href="https://x.gov.cn/a">
            <img src='../../files/a/2023/c.png' alt="1 > 0"><a href="https://www.gov.cn/?a=1">x</a><!-- <img src="no.png"> -->
            <svg><use href="#a"/></svg><img src="data:image/png;base64,AA==">"##;
        assert_eq!(found("a/2023/b.html", page), Vec::<String>::new());
    }

    #[test]
    fn everything_that_is_loaded_from_elsewhere_is_named() {
        for (page, target) in [
            ("<img src=\"https://x/y.png\">", "https://x/y.png"),
            ("<img src=//x/y.png>", "//x/y.png"),
            ("<script src=\"../../years/2023/assets/s.css?v=1\">", "../../years/2023/assets/s.css?v=1"),
            ("<link href=\"../../assets/s.css\" rel=\"stylesheet\">", "../../assets/s.css"),
            ("<img alt srcset=\"../../files/a/2023/c.png 1x, d.png 2x\">", "d.png"),
            ("<div style=\"background:url(bg.png)\">", "bg.png"),
            ("<style>@import 'x.css';</style>", "x.css"),
            ("<img src=\"../../../../etc/c.png\">", "../../../../etc/c.png"),
        ] {
            assert_eq!(found("a/2023/b.html", page), [target], "{page}");
        }
        assert_eq!(found("years/2023/assets/s.css", "a{b:url( \"f.woff\" )}"), ["f.woff"]);
    }
}
