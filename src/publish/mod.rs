//! Publishing: the built site goes to where the public reads it, all of it or nothing.
//!
//! A [`Target`] is a place that takes files: a folder, a server, a store. One protocol serves them all;
//!
//! [`session`] has them on one screen.
//!
//! 1. [`look`](remote::look): what the target says of itself in its `.gongkai/`: which generation stands there, and
//!    whether somebody is at it. Nothing is listed, so that files of others are not even seen.
//! 2. [`plan`](plan::plan): the difference between the target's manifest and the built site's, as the very requests
//!    that will be made, in stages.
//! 3. [`run`](mod@run): the stages one after the other. The next generation is *claimed* by making a folder that can
//!    be made once. A stage begins when the one before had no fault: what pages need comes before pages, pages before
//!    the listings that name them, and what is no longer wanted goes last of all.
//! 4. [`verify`](verify::verify): every changed file is fetched from the public address and compared.
//!
//! # What lies in a target's `.gongkai/`
//!
//! | path | what |
//! |---|---|
//! | `current.json` | the generation that stands; putting this file is what publishes |
//! | `gen/N/` | made once, by whoever publishes generation N |
//! | `gen/N/holder.json` | who that is; written again and again while they are at it |
//! | `gen/N/kept.tsv`, `gen/N/old/` | the bytes that generation N replaced, for going back |
//! | `gen/N/manifest.tsv` | what generation N has; there before its first file is |
//! | `tmp/` | files that are not whole yet |
//!
//! # Why no link is switched
//! Where there are symbolic links, a whole release could be made beside the old one and a link then pointed at it. It
//! was thought through and left out. Every file that has not changed would have to be linked into the new release, as
//! many requests as the site has files where one report has changed; files of others, among which a town's site usually
//! lies, would be gone from the public's sight; and the web server would have to be told of the link. What a reader
//! would gain, that a new page never stands beside an old listing, the order of the stages gives him in the form that
//! matters to him: no link leads nowhere.
//!
//! # Who can have touched what
//! Whoever comes after a run that was killed knows every file that it can have touched: those in which its
//! manifest differs from the one before. A journal on the publisher's own machine knows which of them are done.

pub mod address;
pub mod connect;
pub mod double;
pub mod folder;
#[cfg(feature = "net")]
pub mod ftp;
pub mod handover;
pub mod headers;
#[cfg(feature = "net")]
pub mod http;
#[cfg(feature = "net")]
mod https;
pub mod journal;
pub mod local;
pub mod manifest;
pub mod order;
#[cfg(feature = "cloud")]
mod oss;
pub mod packing;
pub mod plan;
pub mod remote;
pub mod request;
pub mod rollback;
pub mod run;
pub mod session;
#[cfg(feature = "net")]
pub mod sftp;
#[cfg(feature = "net")]
mod ssh;
pub mod stop;
#[cfg(feature = "cloud")]
pub mod store;
pub mod target;
#[cfg(feature = "net")]
pub mod tls;
pub mod verify;
#[cfg(feature = "net")]
pub mod webdav;

pub use address::Address;
pub use local::Local;
pub use manifest::Manifest;
pub use plan::Plan;
pub use stop::Stop;
pub use target::{Fault, Target};
