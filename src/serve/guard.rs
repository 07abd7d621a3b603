//! Who may ask, and for what: only pages of this preview, and only for addresses inside the site.

use std::net::SocketAddr;

use hyper::header::{self, HeaderMap};
use hyper::{StatusCode, Uri};

/// The names under which this preview is reached: `127.0.0.1:8686`, `localhost:8686`.
#[derive(Debug, Clone)]
pub struct Names(Vec<String>);

impl Names {
    /// The names of a server that listens at these addresses.
    pub fn of(addresses: &[SocketAddr]) -> Self {
        let hosts = addresses.iter().flat_map(|address| {
            let own = address.to_string();
            let local = address.ip().is_loopback().then(|| format!("localhost:{}", address.port()));
            std::iter::once(own).chain(local)
        });
        let bare = |host: String| match host.strip_suffix(":80") {
            Some(bare) => vec![bare.to_owned(), host],
            None => vec![host],
        };
        Self(hosts.flat_map(bare).collect())
    }

    fn has(&self, host: &str) -> bool {
        self.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Refuses what a page of another site, or a name that another site has pointed here, asks for.
    pub fn refuse(&self, uri: &Uri, asked: &HeaderMap) -> Option<(StatusCode, &'static str)> {
        let text = |name| asked.get(name).map(|value| value.to_str().unwrap_or_default());
        let hosts: Vec<&str> = asked.get_all(header::HOST).iter().filter_map(|host| host.to_str().ok()).collect();
        let [host] = hosts[..] else { return Some((StatusCode::BAD_REQUEST, "one Host, please")) };
        // A request to a proxy names the host in its first line too (RFC 9112, 3.2.2).
        let in_line = uri.authority().is_none_or(|authority| self.has(authority.as_str()));
        if !self.has(host) || !in_line {
            return Some((StatusCode::FORBIDDEN, "this preview has another name"));
        }
        let own = |origin: &str| origin.strip_prefix("http://").is_some_and(|host| self.has(host));
        if text(header::ORIGIN).is_some_and(|origin| !own(origin)) {
            return Some((StatusCode::FORBIDDEN, "this preview is for its own pages only"));
        }
        // A link from elsewhere may lead here; a page elsewhere may not take pieces from here.
        let site = text(header::HeaderName::from_static("sec-fetch-site"));
        let mode = text(header::HeaderName::from_static("sec-fetch-mode"));
        if site == Some("cross-site") && mode != Some("navigate") {
            return Some((StatusCode::FORBIDDEN, "this preview is for its own pages only"));
        }
        None
    }
}

/// The address that a path means, relative to the site's root; none where it is no address of a site: escapes that
/// are no text, steps upward, characters that some systems take for separators.
pub fn address(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let steps = decoded.split('/').any(|part| matches!(part, "." | ".."));
    let strange = decoded.contains(['\\', '\0', ':']) || decoded.starts_with('/');
    (!steps && !strange).then(|| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out() {
        assert_eq!(address("/").as_deref(), Some(""));
        assert_eq!(address("/a/b%20c.html").as_deref(), Some("a/b c.html"));
        for out in [
            "",
            "a",
            "/../etc/passwd",
            "/a/../../x",
            "/%2e%2e/x",
            "/a/%2E%2E%2fx",
            "/..%5cx",
            "/C:/x",
            "//etc",
            "/%00",
            "/%ff",
            "/./x",
        ] {
            assert_eq!(address(out), None, "{out}");
        }
    }
}
