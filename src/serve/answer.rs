//! What HTTP asks of a server that has bytes: conditional requests and ranges (RFC 9110, 8.8.3, 13 and 14).

use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};

use super::pages::Entity;

/// A body of any kind.
pub type Body = BoxBody<Bytes, std::convert::Infallible>;

/// Sends an entity, a part of it, or only word that the browser has it already.
pub fn entity(method: &Method, asked: &HeaderMap, status: StatusCode, entity: &Entity) -> Response<Body> {
    let tag = format!("\"{}\"", entity.tag);
    let mut response = Response::new(full(Bytes::new()));
    let headers = response.headers_mut();
    put(headers, header::ETAG, &tag);
    // A browser may keep a page, but has to ask whether it is still the same.
    put(headers, header::CACHE_CONTROL, "no-cache");
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if status == StatusCode::OK {
        put(headers, header::ACCEPT_RANGES, "bytes");
        if let Some(status) = condition(asked, &tag) {
            *response.status_mut() = status;
            return response;
        }
    }
    put(headers, header::CONTENT_TYPE, &entity.media);
    let whole = entity.bytes.len() as u64;
    let wanted = match range(asked, &tag, whole) {
        Some(wanted) if method == Method::GET && status == StatusCode::OK => wanted,
        _ => Wanted::Whole,
    };
    let (status, bytes) = match wanted {
        Wanted::Whole => (status, entity.bytes.clone()),
        Wanted::Part(from, to) => {
            put(headers, header::CONTENT_RANGE, &format!("bytes {from}-{to}/{whole}"));
            (StatusCode::PARTIAL_CONTENT, entity.bytes.slice(from as usize..=to as usize))
        }
        Wanted::Nothing => {
            put(headers, header::CONTENT_RANGE, &format!("bytes */{whole}"));
            headers.remove(header::CONTENT_TYPE);
            (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new())
        }
    };
    put(headers, header::CONTENT_LENGTH, &bytes.len().to_string());
    *response.status_mut() = status;
    if method != Method::HEAD {
        *response.body_mut() = full(bytes);
    }
    response
}

/// A short plain answer.
pub fn plain(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(full(Bytes::from_static(words.as_bytes())));
    *response.status_mut() = status;
    put(response.headers_mut(), header::CONTENT_TYPE, "text/plain; charset=utf-8");
    put(response.headers_mut(), header::CACHE_CONTROL, "no-store");
    response
}

/// Sets a header whose value is made here and so is always one.
pub fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).boxed()
}

/// The status that a condition of the request asks for, in the order of RFC 9110, 13.2.2. There are no dates, so
/// that conditions on dates are passed over.
fn condition(asked: &HeaderMap, tag: &str) -> Option<StatusCode> {
    if let Some(tags) = list(asked, header::IF_MATCH)
        && !tags.iter().any(|one| one == "*" || one == tag)
    {
        return Some(StatusCode::PRECONDITION_FAILED);
    }
    let tags = list(asked, header::IF_NONE_MATCH)?;
    let same = |one: &String| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag;
    tags.iter().any(same).then_some(StatusCode::NOT_MODIFIED)
}

/// The members of a header that is a list; none where it is not sent. Our own tags hold no comma.
fn list(asked: &HeaderMap, name: HeaderName) -> Option<Vec<String>> {
    let lines: Vec<&str> = asked.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    let members = lines.iter().flat_map(|line| line.split(',')).map(|member| member.trim().to_owned());
    (!lines.is_empty()).then(|| members.filter(|member| !member.is_empty()).collect())
}

/// What a Range header wants.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(u64, u64),
    Nothing,
}

/// What is wanted of so many bytes; `None` where the header is not there, is not about these bytes, or is one that
/// a server passes over: another unit, several ranges, or not a range at all.
fn range(asked: &HeaderMap, tag: &str, whole: u64) -> Option<Wanted> {
    let line = asked.get(header::RANGE)?.to_str().ok()?;
    if let Some(only_if) = asked.get(header::IF_RANGE)
        && only_if.to_str().ok() != Some(tag)
    {
        return None;
    }
    let (unit, set) = line.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return None;
    }
    let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() {
        // More digits than fit mean: beyond every end.
        true => Some(digits.parse().unwrap_or(u64::MAX)),
        false => None,
    };
    match set.trim().split_once('-')? {
        ("", suffix) => match number(suffix)? {
            0 => Some(Wanted::Nothing),
            _ if whole == 0 => Some(Wanted::Nothing),
            // A suffix longer than the whole is the whole.
            suffix => Some(Wanted::Part(whole.saturating_sub(suffix), whole - 1)),
        },
        (from, "") => match number(from)? {
            from if from < whole => Some(Wanted::Part(from, whole - 1)),
            _ => Some(Wanted::Nothing),
        },
        (from, to) => match (number(from)?, number(to)?) {
            (from, to) if from > to => None,
            (from, to) if from < whole => Some(Wanted::Part(from, to.min(whole - 1))),
            _ => Some(Wanted::Nothing),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(line: &str, whole: u64) -> Option<Wanted> {
        let mut asked = HeaderMap::new();
        put(&mut asked, header::RANGE, line);
        range(&asked, "\"a\"", whole)
    }

    #[test]
    fn reads_ranges_as_rfc_9110_has_them() {
        assert_eq!(wanted("bytes=0-4", 10), Some(Wanted::Part(0, 4)));
        assert_eq!(wanted("bytes=5-", 10), Some(Wanted::Part(5, 9)));
        assert_eq!(wanted("bytes=-3", 10), Some(Wanted::Part(7, 9)));
        assert_eq!(wanted("bytes=-65558", 10), Some(Wanted::Part(0, 9)));
        assert_eq!(wanted("bytes=8-99999999999999999999999", 10), Some(Wanted::Part(8, 9)));
        assert_eq!(wanted("BYTES=1-1", 10), Some(Wanted::Part(1, 1)));
        for nothing in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(wanted(nothing, 10), Some(Wanted::Nothing), "{nothing}");
        }
        assert_eq!(wanted("bytes=-5", 0), Some(Wanted::Nothing));
        for passed_over in
            ["bytes=4-2", "bytes=a-b", "bytes=-", "bytes=", "bytes", "lines=1-2", "bytes=0-1,3-4", "bytes=+1-2"]
        {
            assert_eq!(wanted(passed_over, 10), None, "{passed_over}");
        }
    }
}
