//! Aliyun OSS: requests are signed with version 4 wherever the region is known. OpenDAL signs with version 1, which
//! Aliyun has not granted to new customers since 2025-03-01 nor to new buckets since 2025-09-01 (“Notice on the
//! discontinuation of the OSS V1 signature algorithm”).

use http::header::{AUTHORIZATION, DATE};
use http::{Request, Response};
use opendal::{Buffer, Error, ErrorKind, HttpBody, HttpTransport, HttpTransporter, Operator};
use reqsign_aliyun_oss::{Credential, RequestSigner, SigningVersion};
use reqsign_core::{Context, SignRequest};

/// Signs every request anew and hands it on.
struct Signed {
    signer: RequestSigner,
    credential: Credential,
    inner: HttpTransporter,
}

impl HttpTransport for Signed {
    async fn fetch(&self, request: Request<Buffer>) -> Result<Response<HttpBody>, Error> {
        let (mut head, body) = request.into_parts();
        head.headers.remove(AUTHORIZATION);
        head.headers.remove(DATE);
        let signed = self.signer.sign_request(&Context::new(), &mut head, Some(&self.credential), None).await;
        signed.map_err(|error| Error::new(ErrorKind::Unexpected, "a request could not be signed").set_source(error))?;
        self.inner.fetch(Request::from_parts(head, body)).await
    }
}

/// The store with requests of version 4; `key` is the access key's name and the key itself.
pub fn signed(operator: Operator, bucket: &str, region: &str, key: (&str, &str)) -> Operator {
    let signer = RequestSigner::new(bucket).with_region(region).with_signing_version(SigningVersion::V4);
    let credential = Credential {
        access_key_id: key.0.to_owned(),
        access_key_secret: key.1.to_owned(),
        security_token: None,
        expires_in: None,
    };
    let context = operator.context().clone();
    let inner = context.http_transport().clone();
    operator.with_context(context.with_http_transport(HttpTransporter::new(Signed { signer, credential, inner })))
}

/// The region that an endpoint of Aliyun's own names: `cn-beijing` of `https://oss-cn-beijing-internal.aliyuncs.com`.
pub fn region_of(endpoint: &str) -> Option<&str> {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
    let region = host.strip_suffix(".aliyuncs.com")?.strip_prefix("oss-")?;
    let region = region.strip_suffix("-internal").unwrap_or(region);
    (!region.contains('.') && !region.is_empty()).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_region_of_an_endpoint() {
        assert_eq!(region_of("https://oss-cn-beijing.aliyuncs.com"), Some("cn-beijing"));
        assert_eq!(region_of("http://oss-cn-hangzhou-internal.aliyuncs.com"), Some("cn-hangzhou"));
        for other in
            ["https://oss.example.gov.cn", "https://oss-accelerate.example.com", "https://b.oss-x.aliyuncs.com"]
        {
            assert_eq!(region_of(other), None, "{other}");
        }
    }
}
