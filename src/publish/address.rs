//! What TARGET means: a folder, a zip file, or a server by its URL.

use std::path::PathBuf;

use crate::diagnostic::Text;
use crate::text;

/// A place to publish to, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A folder of this machine or its network.
    Folder(PathBuf),
    /// A zip file for handing over.
    Zip(PathBuf),
    /// A server or store.
    Remote(Remote),
}

/// A server or store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// Who signs in, where the URL says so.
    pub user: Option<String>,
    /// Its name, or that of the bucket.
    pub host: String,
    /// Its port, where it is not the usual one.
    pub port: Option<u16>,
    /// The folder there: without `/` at its end; begins with `/` unless it is that of the user (`/~/`) or lies in a
    /// bucket.
    pub folder: String,
    /// What stands behind the `?`: settings of a store.
    pub settings: Vec<(String, String)>,
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// SSH.
    Sftp,
    /// FTP with TLS on request (RFC 4217).
    Ftps,
    /// FTP in the clear.
    Ftp,
    /// WebDAV over TLS.
    Https,
    /// WebDAV in the clear.
    Http,
    /// Amazon's interface, which many stores speak.
    S3,
    /// Aliyun.
    Oss,
    /// Tencent.
    Cos,
    /// Huawei.
    Obs,
}

impl Scheme {
    const ALL: [(&str, Self); 11] = [
        ("sftp", Self::Sftp),
        ("ftps", Self::Ftps),
        ("ftp", Self::Ftp),
        ("https", Self::Https),
        ("http", Self::Http),
        ("webdavs", Self::Https),
        ("webdav", Self::Http),
        ("s3", Self::S3),
        ("oss", Self::Oss),
        ("cos", Self::Cos),
        ("obs", Self::Obs),
    ];

    /// Its name in URLs.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, scheme)| *scheme == self).map_or("", |(name, _)| name)
    }

    /// Whether what is sent can be read on the way.
    pub fn is_in_the_clear(self) -> bool {
        matches!(self, Self::Ftp | Self::Http)
    }

    /// Whether it is an object storage.
    pub fn is_store(self) -> bool {
        matches!(self, Self::S3 | Self::Oss | Self::Cos | Self::Obs)
    }
}

impl Address {
    /// Whether files there are served with the headers that they were put with.
    pub fn takes_headers(&self) -> bool {
        matches!(self, Self::Remote(remote) if remote.scheme.is_store())
    }

    /// Reads what was written. Relative folders stay relative.
    pub fn parse(written: &str) -> Result<Self, Text> {
        let Some((scheme, rest)) = written.split_once("://") else {
            let path = PathBuf::from(written);
            let is_zip = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
            return Ok(if is_zip { Self::Zip(path) } else { Self::Folder(path) });
        };
        let known = Scheme::ALL.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(scheme));
        let Some((_, scheme)) = known else {
            let all = Scheme::ALL.map(|(name, _)| name).join(" ");
            return Err(text!(
                "不认识 {scheme}://；可用：{all}，或文件夹路径",
                "{scheme}:// is not known; use one of {all}, or the path of a folder"
            ));
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, folder) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        if user.is_some_and(|user| user.contains(':')) {
            return Err(text!(
                "地址里不要写密码；放在环境变量 GONGKAI_PASSWORD 里，或在提示时输入",
                "no password in an address; it comes from GONGKAI_PASSWORD or a prompt"
            ));
        }
        let (host, port) = match host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            None => (host, None),
            Some((host, port)) => match port.parse() {
                Ok(port) => (host, Some(port)),
                Err(_) => return Err(text!("`{port}` 不是端口", "`{port}` is no port")),
            },
        };
        if host.is_empty() {
            return Err(text!("`{written}` 里没有服务器名", "`{written}` names no server"));
        }
        let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
        let folder = decode(folder);
        if folder.split('/').any(|part| part == "..") || folder.contains(['\\', '\n', '\r', '\0']) {
            return Err(text!("文件夹 `{folder}` 不对", "the folder `{folder}` cannot be used"));
        }
        let folder = folder.trim_end_matches('/');
        let folder = match folder.strip_prefix("/~") {
            Some(home) if home.is_empty() || home.starts_with('/') => home.trim_start_matches('/'),
            _ if scheme.is_store() => folder.trim_start_matches('/'),
            _ => folder,
        };
        let settings = query.split('&').filter_map(|pair| pair.split_once('='));
        Ok(Self::Remote(Remote {
            scheme,
            user: user.map(decode),
            host: host.to_owned(),
            port,
            folder: folder.to_owned(),
            settings: settings.map(|(name, value)| (decode(name), decode(value))).collect(),
        }))
    }
}

impl Remote {
    /// A setting behind the `?`.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The server with its port, as people write it.
    pub fn server(&self) -> String {
        let Self { scheme, host, port, .. } = self;
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}", scheme.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(written: &str) -> Remote {
        match Address::parse(written) {
            Ok(Address::Remote(remote)) => remote,
            other => panic!("{written}: {other:?}"),
        }
    }

    #[test]
    fn reads_what_people_write() {
        assert_eq!(Address::parse("../docroot/xxgk"), Ok(Address::Folder("../docroot/xxgk".into())));
        assert_eq!(Address::parse("C:\\web\\xxgk"), Ok(Address::Folder("C:\\web\\xxgk".into())));
        assert_eq!(Address::parse("移交.ZIP"), Ok(Address::Zip("移交.ZIP".into())));
        let sftp = remote("sftp://xxgk@www.example.gov.cn:2222/var/www/xxgk/");
        assert_eq!((sftp.scheme, sftp.user.as_deref(), sftp.port), (Scheme::Sftp, Some("xxgk"), Some(2222)));
        assert_eq!((sftp.host.as_str(), sftp.folder.as_str()), ("www.example.gov.cn", "/var/www/xxgk"));
        assert_eq!(remote("sftp://a@b/~/www").folder, "www");
        assert_eq!(remote("ftp://a@b").folder, "");
        assert_eq!(remote("https://[::1]:8443/dav").host, "[::1]");
        let store = remote("oss://bucket/xxgk?endpoint=https%3A%2F%2Foss-cn-beijing.aliyuncs.com");
        assert_eq!((store.host.as_str(), store.folder.as_str()), ("bucket", "xxgk"));
        assert_eq!(store.setting("endpoint"), Some("https://oss-cn-beijing.aliyuncs.com"));
    }

    #[test]
    fn refuses_what_cannot_be_meant() {
        for wrong in ["gopher://a/b", "sftp:///b", "sftp://a:secret@b/c", "sftp://a@b:port/c", "ftp://a/../b"] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }
}
