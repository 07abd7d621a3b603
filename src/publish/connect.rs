//! From an address to a target that can be asked.

use super::Target;
use super::address::{Address, Remote};
use super::folder::Folder;
use super::stop::Stop;

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
        Address::Folder(root) | Address::Zip(root) => Ok(Box::new(Folder::new(root))),
        Address::Remote(remote) if remote.scheme.is_store() => store(remote, access),
        Address::Remote(remote) => server(remote, access),
    }
}

#[cfg(not(feature = "net"))]
fn server(_: &Remote, _: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    Err(Stop::NotInThisBuild("net"))
}

#[cfg(feature = "net")]
fn server(_: &Remote, _: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    Err(Stop::NotInThisBuild("net"))
}

fn store(_: &Remote, _: &Access<'_>) -> Result<Box<dyn Target>, Stop> {
    Err(Stop::NotInThisBuild("cloud"))
}
