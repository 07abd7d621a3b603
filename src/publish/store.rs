//! Object storage: S3 and what speaks like it, Aliyun OSS, Tencent COS, Huawei OBS. A store puts an object whole or not
//! at all, has no folders, and serves headers. `If-None-Match: *` (or what a store has instead) is what takes a
//! generation; a store that has none cannot keep two publishers apart.
//!
//! What was tried: S3 against moto and s3rver, with faults and kills. OSS, COS and OBS have no server that anybody can
//! start: a double stands in for them, which checks host, path, headers and signature of every request as we
//! understand these services (`tests/peers/publish/clouds.rs`). Nobody has published to the real ones yet. OpenDAL knows no
//! condition for OBS, so that it wants `--unlocked`; OSS ignores its condition in buckets with versions.

use std::sync::Once;
use std::time::Duration;

use opendal::options::WriteOptions;
use opendal::services::{Cos, Obs, Oss, S3};
use opendal::{Error, ErrorKind, Operator};
use tokio::runtime::Runtime;

use super::address::{Remote, Scheme};
use super::connect::{Access, Secret};
use super::headers;
use super::oss;
use super::stop::Stop;
use super::target::{Abilities, Answer, Claim, Deed, Fault, Over, Put, Reason, Target};
use crate::diagnostic::{Text, cause};
use crate::text;

/// A folder in a bucket.
pub struct Store {
    runtime: Runtime,
    operator: Operator,
    server: String,
    /// Whether it can create an object only where there is none.
    creates: bool,
    copies: bool,
}

impl Store {
    /// Signs in; nothing is asked of the store yet.
    pub fn open(remote: &Remote, access: &Access<'_>) -> Result<Self, Stop> {
        let (Some(id), Some(key)) = ((access.secret)(Secret::AccessKey), (access.secret)(Secret::SecretKey)) else {
            return Err(Stop::Settings(text!(
                "缺少访问密钥：放在环境变量 GONGKAI_ACCESS_KEY 和 GONGKAI_SECRET_KEY 里",
                "the access key is missing: put it into GONGKAI_ACCESS_KEY and GONGKAI_SECRET_KEY"
            )));
        };
        let failed = |cause| Stop::from(Fault::new(Deed::Connect, &remote.server(), Reason::Other, cause));
        install();
        let (operator, region) = operator(remote, &id, &key)?;
        let mut operator = operator.map_err(|error| failed(cause_of(&error)))?;
        if let (Scheme::Oss, Some(region)) = (remote.scheme, region) {
            operator = oss::signed(operator, &remote.host, &region, (&id, &key));
        }
        let capability = operator.info().capability();
        let builder = &mut tokio::runtime::Builder::new_multi_thread();
        let runtime =
            builder.worker_threads(2).enable_all().build().map_err(|error| failed(cause::of_system(&error)))?;
        let (creates, copies) = (capability.write_with_if_not_exists, capability.copy);
        Ok(Self { runtime, operator, server: remote.server(), creates, copies })
    }

    fn write(&self, path: &str, bytes: &[u8], headers: &str, over: Over) -> Result<(), Error> {
        let (content_type, cache) = headers::parts(headers).unzip();
        let options = WriteOptions {
            content_type: content_type.map(str::to_owned),
            cache_control: cache.map(str::to_owned),
            if_not_exists: over == Over::Nothing && self.creates,
            ..WriteOptions::default()
        };
        self.runtime.block_on(self.operator.write_options(path, bytes.to_vec(), options)).map(drop)
    }

    fn fault(&self, deed: Deed, path: &str, error: &Error) -> Fault {
        let cause = cause_of(error);
        let reason = match error.kind() {
            _ if cause::behind(error).is_some_and(cause::is_unreached) => {
                return Fault::new(Deed::Connect, &self.server, Reason::Lost, cause);
            }
            ErrorKind::PermissionDenied => Reason::Denied,
            ErrorKind::RateLimited => Reason::Lost,
            _ if error.is_temporary() => Reason::Lost,
            _ => Reason::Other,
        };
        Fault::new(deed, path, reason, cause)
    }

    fn is_there(&self, path: &str) -> Result<bool, Error> {
        match self.runtime.block_on(self.operator.stat(path)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Requests over HTTP with the TLS that the other targets have too.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Whoever has installed another before has a reason.
        let _ = rustls::crypto::ring::default_provider().install_default();
        opendal_http_transport_reqwest::install_default();
    });
}

/// The store, and its region where that is known.
fn operator(remote: &Remote, id: &str, key: &str) -> Result<(opendal::Result<Operator>, Option<String>), Stop> {
    let region = remote.setting("region");
    let endpoint = match (remote.setting("endpoint"), region, remote.scheme) {
        (Some(endpoint), ..) => Some(endpoint.to_owned()),
        (None, Some(region), Scheme::Oss) => Some(format!("https://oss-{region}.aliyuncs.com")),
        (None, Some(region), Scheme::Cos) => Some(format!("https://cos.{region}.myqcloud.com")),
        (None, Some(region), Scheme::Obs) => Some(format!("https://obs.{region}.myhuaweicloud.com")),
        _ => None,
    };
    if endpoint.is_none() && remote.scheme != Scheme::S3 {
        return Err(Stop::Settings(text!(
            "地址里要写明地域，如 oss://存储桶/文件夹?region=cn-beijing",
            "the address has to name the region, such as oss://bucket/folder?region=cn-beijing"
        )));
    }
    let (bucket, root, endpoint) = (&remote.host, format!("/{}", remote.folder), endpoint.unwrap_or_default());
    let known = region.or(oss::region_of(&endpoint)).map(str::to_owned);
    let operator = match remote.scheme {
        Scheme::Oss => Operator::new(
            Oss::default().bucket(bucket).root(&root).endpoint(&endpoint).access_key_id(id).access_key_secret(key),
        ),
        Scheme::Cos => {
            Operator::new(Cos::default().bucket(bucket).root(&root).endpoint(&endpoint).secret_id(id).secret_key(key))
        }
        Scheme::Obs => Operator::new(
            Obs::default().bucket(bucket).root(&root).endpoint(&endpoint).access_key_id(id).secret_access_key(key),
        ),
        _ => {
            let s3 = S3::default().bucket(bucket).root(&root).region(region.unwrap_or("us-east-1"));
            let s3 = s3.access_key_id(id).secret_access_key(key).disable_config_load();
            Operator::new(if endpoint.is_empty() { s3 } else { s3.endpoint(&endpoint) })
        }
    };
    Ok((operator, known))
}

fn cause_of(error: &Error) -> Text {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            text!("存储不允许：密钥不对，或没有权限", "the store does not allow it: wrong key, or no permission")
        }
        ErrorKind::RateLimited => text!("请求太多", "too many requests"),
        ErrorKind::NotFound => text!("没有这个存储桶或对象", "no such bucket or object"),
        _ => cause::of(error),
    }
}

fn is_taken(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConditionNotMatch | ErrorKind::AlreadyExists)
}

impl Target for Store {
    fn abilities(&self) -> Abilities {
        Abilities { has_folders: false, removes_folders: false, claims: self.creates, at_once: 16 }
    }

    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        match self.runtime.block_on(self.operator.read(path)) {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.fault(Deed::Read, path, &error)),
        }
    }

    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim> {
        let path = format!("{folder}/holder.json");
        match self.write(&path, holder, "application/json|no-store", Over::Nothing) {
            Ok(()) => Ok(Claim::Made),
            Err(error) if is_taken(&error) => Ok(Claim::Taken),
            Err(error) => Err(self.fault(Deed::Put, &path, &error)),
        }
    }

    fn make_folder(&self, _: &str) -> Answer<()> {
        Ok(())
    }

    fn put(&self, put: &Put<'_>) -> Answer<()> {
        let foreign = || Fault::foreign(put.path);
        let failed = |error: Error| self.fault(Deed::Put, put.path, &error);
        if put.over == Over::Nothing && !self.creates && self.is_there(put.path).map_err(failed)? {
            return Err(foreign());
        }
        // What is ours alone is read again by nobody but us, and has to be fresh then.
        let headers = if put.headers.is_empty() { "application/octet-stream|no-store" } else { put.headers };
        match self.write(put.path, put.bytes, headers, put.over) {
            Err(error) if is_taken(&error) => Err(foreign()),
            written => written.map_err(failed),
        }
    }

    fn keep(&self, from: &str, to: &str) -> Answer<()> {
        let kept = match self.copies {
            true => self.runtime.block_on(self.operator.copy(from, to)).map(drop),
            false => match self.runtime.block_on(self.operator.read(from)) {
                Ok(bytes) => self.write(to, &bytes.to_vec(), "", Over::Ours),
                Err(error) => Err(error),
            },
        };
        match kept {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.fault(Deed::Keep, from, &error)),
            _ => Ok(()),
        }
    }

    fn remove(&self, path: &str) -> Answer<()> {
        self.runtime.block_on(self.operator.delete(path)).map_err(|error| self.fault(Deed::Remove, path, &error))
    }

    fn remove_folder(&self, _: &str) -> Answer<()> {
        Ok(())
    }

    /// The store's clock is that of an object which it has just been given.
    fn age(&self, path: &str) -> Answer<Option<Duration>> {
        let failed = |error: Error| self.fault(Deed::Read, path, &error);
        let time = |path: &str| self.runtime.block_on(self.operator.stat(path)).map(|about| about.last_modified());
        let written = match time(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            written => written.map_err(failed)?,
        };
        let probe = ".gongkai/tmp/clock";
        self.write(probe, b"", "", Over::Ours).map_err(failed)?;
        let now = time(probe).map_err(failed)?;
        let _ = self.runtime.block_on(self.operator.delete(probe));
        let seconds = now
            .zip(written)
            .map(|(now, written)| now.into_inner().as_second().saturating_sub(written.into_inner().as_second()));
        Ok(Some(Duration::from_secs(seconds.unwrap_or(0).max(0).unsigned_abs())))
    }
}
