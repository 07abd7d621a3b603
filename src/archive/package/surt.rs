//! The key by which replayers find an address: the host's parts turned round, `www` left out, all in lower case.

/// The key of an absolute address.
pub(super) fn key(url: &str) -> String {
    let url = url.to_lowercase();
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, format!(":{port}")),
        _ => (authority, String::new()),
    };
    // `www.`, `www2.` and so on are one with the bare host.
    let bare = host
        .strip_prefix("www")
        .and_then(|rest| rest.trim_start_matches(|ch: char| ch.is_ascii_digit()).strip_prefix('.'));
    let host = bare.unwrap_or(host);
    let is_number = host.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let turned: Vec<&str> = if is_number { vec![host] } else { host.split('.').rev().collect() };
    format!("{}{port})/{path}", turned.join(","))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_are_those_of_the_indexers() {
        assert_eq!(key("https://www.Example.gov.cn/xxgk/A.html"), "cn,gov,example)/xxgk/a.html");
        assert_eq!(key("http://www2.example.cn:8080/"), "cn,example:8080)/");
        assert_eq!(key("http://127.0.0.1:80/a"), "127.0.0.1:80)/a");
    }
}
