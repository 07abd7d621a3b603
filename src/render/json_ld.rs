//! What a report says of itself to machines, in the vocabulary of schema.org.

use serde::Serialize;

use crate::model::catalogue::Report;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Thing<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    in_language: &'static str,
    identifier: &'a str,
    date_created: &'a str,
    date_published: &'a str,
    publisher: Publisher<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Publisher<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

/// JSON-LD for one report, safe inside `<script type="application/ld+json">`. `made` is its date as written.
pub(super) fn report(report: &Report, made: &str, url: Option<&str>) -> String {
    let head = &report.document.head;
    let published = head.published.map(|published| published.date().to_string());
    let thing = Thing {
        context: "https://schema.org",
        kind: "Report",
        name: &head.title,
        in_language: "zh-CN",
        identifier: &report.index,
        date_created: made,
        date_published: published.as_deref().unwrap_or(made),
        publisher: Publisher { kind: "GovernmentOrganization", name: &report.agency },
        report_number: head.number.as_deref(),
        url,
    };
    escape(serde_json::to_string(&thing).expect("texts are JSON"))
}

/// `</script>` in a title must not end the element: `<` becomes an escape that JSON knows.
fn escape(json: String) -> String {
    if memchr::memchr(b'<', json.as_bytes()).is_none() { json } else { json.replace('<', "\\u003c") }
}
