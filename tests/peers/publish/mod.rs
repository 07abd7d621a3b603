//! Publishing to real servers: OpenSSH, ProFTPD with TLS and its SFTP, nginx with WebDAV, and stores.

mod between;
#[cfg(feature = "cloud")]
mod clouds;
#[path = "../../suite/publish/crawler.rs"]
mod crawler;
#[path = "../../suite/publish/desk.rs"]
mod desk;
mod faults;
mod killed;
mod servers;
#[cfg(feature = "cloud")]
mod stores;
mod targets;
mod town;
