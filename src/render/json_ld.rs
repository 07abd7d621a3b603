//! What a report says of itself to machines, in the vocabulary of schema.org.

use serde_json::json;

use crate::model::catalogue::Report;

/// JSON-LD for one report, safe inside `<script type="application/ld+json">`.
pub(super) fn report(report: &Report, description: &str, url: Option<&str>) -> String {
    let head = &report.document.head;
    let mut object = json!({
        "@context": "https://schema.org",
        "@type": "Report",
        "name": head.title,
        "description": description,
        "inLanguage": "zh-CN",
        "identifier": report.index,
        "dateCreated": head.date.to_string(),
        "datePublished": head.published.map_or(head.date, |published| published.date()).to_string(),
        "publisher": { "@type": "GovernmentOrganization", "name": report.agency },
    });
    if let Some(number) = &head.number {
        object["reportNumber"] = json!(number);
    }
    if let Some(url) = url {
        object["url"] = json!(url);
    }
    escape(&object.to_string())
}

/// `</script>` in a title must not end the element: `<` becomes an escape that JSON knows.
fn escape(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
