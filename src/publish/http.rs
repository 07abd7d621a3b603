//! Plain requests over HTTP, for looking at the public address.

use std::io;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, TcpConnector};

use super::https::Tls;
use super::tls::{self, Refused};
use super::verify::Reply;
use crate::diagnostic::{Text, cause};
use crate::text;

/// Whoever does not answer in this time is not reached.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest file that is fetched back to compare.
const LARGEST: u64 = 1 << 30;

/// A client that trusts the usual authorities.
pub fn client() -> Agent {
    settings().into()
}

/// A client for one server, which may be known by the fingerprint of its certificate; and where it says why it refused
/// that server.
pub fn client_of(server: &str, fingerprint: Option<&str>) -> (Agent, Refused) {
    let (tls, refused) = tls::config(server, fingerprint, rustls::ALL_VERSIONS);
    let connector = ().chain(TcpConnector::default()).chain(Tls(tls));
    (Agent::with_parts(settings(), connector, DefaultResolver::default()), refused)
}

fn settings() -> Config {
    let settings = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .user_agent("gongkai");
    settings.build()
}

/// Fetches a URL as a reader would.
pub fn fetch(client: &Agent, url: &str) -> Result<Reply, Text> {
    let mut answer = client.get(url).header("Accept-Encoding", "identity").call().map_err(|error| cause_of(&error))?;
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, content_type, disposition) =
        (answer.status().as_u16(), header("content-type"), header("content-disposition"));
    let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| cause_of(&error))?;
    Ok(Reply { status, content_type, disposition, body })
}

/// Whether a connection never came about.
pub fn is_unreached(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound | ureq::Error::Rustls(_) => true,
        ureq::Error::Io(error) => of_tls(error).is_some() || cause::is_unreached(error),
        _ => false,
    }
}

fn of_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

/// Why there was no answer.
pub fn cause_of(error: &ureq::Error) -> Text {
    match error {
        ureq::Error::Io(error) => match of_tls(error) {
            Some(error) => tls::cause_of(error),
            None => cause::of_system(error),
        },
        ureq::Error::HostNotFound => cause::unknown_host(),
        ureq::Error::Timeout(_) => cause::of_system(&io::ErrorKind::TimedOut.into()),
        ureq::Error::Rustls(error) => tls::cause_of(error),
        other => cause::of(other),
    }
}

/// What an HTTP status other than those of success says (RFC 9110, 15).
pub fn status(status: u16) -> Text {
    let (zh, en) = match status {
        301 | 302 | 307 | 308 => ("地址已搬走", "it has moved"),
        401 => ("用户名或密码不对", "user name or password is wrong"),
        403 => ("不允许", "forbidden"),
        404 | 410 => ("那里没有", "not there"),
        405 | 501 => ("服务器没有开通这种操作", "the server does not do that"),
        409 => ("上一级文件夹不在", "the folder above is not there"),
        413 => ("文件超过服务器允许的大小", "the file is larger than the server allows"),
        423 => ("被别人锁定", "somebody has locked it"),
        429 => ("请求太多", "too many requests"),
        507 => ("服务器空间已满", "the server is full"),
        500.. => ("服务器出错", "the server is at fault"),
        _ => ("服务器拒绝了请求", "the server refused"),
    };
    text!("{zh}（状态 {status}）", "{en} (status {status})")
}
