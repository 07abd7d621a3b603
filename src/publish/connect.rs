//! From an address to a target that can be asked.

use super::Target;
use super::address::{Address, Remote};
use super::folder::Folder;
use super::stop::Stop;
use crate::text;

/// What is needed to sign in, apart from the address.
pub struct Access<'a> {
    /// `SHA256:…` of the server's key or certificate, where it was written down.
    pub fingerprint: Option<&'a str>,
    /// A file with a private key.
    pub key: Option<&'a std::path::Path>,
    /// Gives a secret: from the environment, or by asking.
    pub secret: &'a dyn Fn(Secret) -> Option<String>,
}

/// What is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// The user's password.
    Password,
    /// What a private key is encrypted with.
    Passphrase,
    /// The name of a store's key.
    AccessKey,
    /// The key itself.
    SecretKey,
}

/// Connects and signs in.
pub fn connect(address: &Address, access: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    match address {
        Address::Folder(root) => Ok(Box::new(Folder::new(root))),
        Address::Zip(_) => Err(Stop::Settings(text!("zip 文件不是服务器", "a zip file is no server"))),
        Address::Remote(remote) if remote.scheme.is_store() => store(remote, access),
        Address::Remote(remote) => server(remote, access),
    }
}

#[cfg(not(feature = "net"))]
fn server(_: &Remote, _: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    Err(Stop::NotInThisBuild("net"))
}

#[cfg(feature = "net")]
fn server(remote: &Remote, access: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    use super::address::Scheme;
    use super::{ftp::Ftp, sftp::Sftp, webdav::WebDav};
    Ok(match remote.scheme {
        Scheme::Sftp => Box::new(Sftp::open(remote, access)?),
        Scheme::Ftp | Scheme::Ftps => Box::new(Ftp::open(remote, access)?),
        _ => Box::new(WebDav::open(remote, access)?),
    })
}

#[cfg(feature = "cloud")]
fn store(remote: &Remote, access: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    Ok(Box::new(super::store::Store::open(remote, access)?))
}

#[cfg(not(feature = "cloud"))]
fn store(_: &Remote, _: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    Err(Stop::NotInThisBuild("cloud"))
}
