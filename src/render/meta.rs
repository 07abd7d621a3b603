//! What a page says of itself to machines, as one ready piece of `<head>`: the tags that 国办发〔2017〕47号 asks for,
//! canonical address, feed, JSON-LD. No theme can forget one, and no template is walked for what all pages have.

use super::slots::escape;
use super::views::PageView;

/// What the page of a document says beyond what every page says.
pub(super) struct Article<'a> {
    /// The document's title.
    pub(super) title: &'a str,
    /// When it was published, `2024-01-16 09:30`.
    pub(super) published: String,
    /// 发布机构.
    pub(super) agency: &'a str,
    /// Its own keywords.
    pub(super) keywords: Option<&'a str>,
    /// A `Report` of schema.org, as JSON that is safe within `<script>`.
    pub(super) json_ld: String,
}

/// All of it. `site` names the feed.
pub(super) fn meta(view: &PageView<'_>, site: &str) -> String {
    let mut html = String::with_capacity(2048);
    if !view.description.is_empty() {
        tag(&mut html, "description", view.description);
    }
    if !view.column_name.is_empty() {
        // The tag is required; a site that names no keywords is described by the column itself.
        let keywords = if view.keywords.is_empty() { view.column_name } else { view.keywords };
        tag(&mut html, "ColumnName", view.column_name);
        tag(&mut html, "ColumnDescription", view.column_description);
        tag(&mut html, "ColumnKeywords", keywords);
        tag(&mut html, "ColumnType", view.column_type);
    }
    let url = view.url.as_deref();
    if let Some(url) = url {
        html.push_str("<link rel=\"canonical\" href=\"");
        escape(&mut html, url);
        html.push_str("\">");
    }
    if let Some(feed) = &view.feed {
        html.push_str("<link rel=\"alternate\" type=\"application/atom+xml\" href=\"");
        escape(&mut html, feed);
        html.push_str("\" title=\"");
        escape(&mut html, site);
        html.push_str("\">");
    }
    if let Some(article) = &view.article {
        let own = [
            ("ArticleTitle", Some(article.title)),
            ("PubDate", Some(article.published.as_str())),
            ("ContentSource", Some(article.agency)),
            ("Keywords", article.keywords),
            ("Url", url),
        ];
        own.into_iter().for_each(|(name, content)| content.into_iter().for_each(|words| tag(&mut html, name, words)));
        html.push_str("<script type=\"application/ld+json\">");
        html.push_str(&article.json_ld);
        html.push_str("</script>");
    }
    html
}

fn tag(html: &mut String, name: &str, content: &str) {
    html.push_str("<meta name=\"");
    html.push_str(name);
    html.push_str("\" content=\"");
    escape(html, content);
    html.push_str("\">");
}
