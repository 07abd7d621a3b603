//! Plain requests over HTTP, for looking at the public address.

use std::time::Duration;

use super::verify::Reply;

/// Whoever does not answer in this time is not reached.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest file that is fetched back to compare.
const LARGEST: u64 = 1 << 30;

/// A client that trusts the usual authorities.
pub fn client() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .user_agent("gongkai");
    config.build().into()
}

/// Fetches a URL as a reader would.
pub fn fetch(client: &ureq::Agent, url: &str) -> Result<Reply, String> {
    let mut answer = client.get(url).header("Accept-Encoding", "identity").call().map_err(|error| error.to_string())?;
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, content_type, disposition) =
        (answer.status().as_u16(), header("content-type"), header("content-disposition"));
    let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| error.to_string())?;
    Ok(Reply { status, content_type, disposition, body })
}
