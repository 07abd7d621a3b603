//! gongkai (公开): a static site generator for government transparency reports.
//!
//! A clerk's Markdown goes in at one end, a public 信息公开 site comes out at the other. This page is the map
//! of the house.
//!
//! # The road
//! Content flows one way. [`build`] has the whole road on one screen, its first half in [`mod@prepare`]; no other
//! file names the stages, no stage imports another, and the values that they hand over live in [`model`].
//!
//! 1. [`discover`]: what lies in `content/`. Nothing is opened.
//! 2. [`intake`]: each source on its own. Bytes become text, [`front_matter`] becomes validated fields,
//!    [`check`] notices what cannot be right. The body stays on the disk.
//! 3. [`catalogue`](mod@catalogue): all documents together. Towns, addresses and index numbers; what two documents cannot
//!    both have.
//! 4. [`plan`](mod@plan): every file that the site will have, as recipes. Nothing is made.
//! 5. [`render`]: one recipe becomes the bytes of one page, with [`markdown`] for its body.
//! 6. [`search`]: the text of every page that was made → the index that the site's own search reads.
//! 7. [`output`]: bytes go to the disk. Only what changed, each file whole, nothing removed that is not ours.
//!
//! [`record`] remembers the last build and how `content/` looked to it, so that one with nothing changed is a single
//! remembered call.
//!
//! [`review`] goes as far as the plan and then lets the rules of [`check`] look at every document and, taken apart by
//! [`attachment`], at every file that one bears; a build lets it look at what it makes pages of.
//! [`import`] stands before the road: it turns Word files and plain text into sources.
//! [`serve`] goes the same road as far as the plan, again after every save, and makes a page when it is asked for.
//!
//! # The floors
//! A room uses only rooms on the floors below its own (`tests/suite/tidy.rs` holds this):
//!
//! | floor | rooms |
//! |---|---|
//! | verbs | [`command`], [`cli`] |
//! | doors | [`serve`], [`import`], [`publish`], [`archive`] |
//! | the road | [`build`], [`review`] |
//! | memory | [`record`] |
//! | half-way | [`prepare`](mod@prepare) |
//! | stages | [`discover`], [`intake`], [`catalogue`](mod@catalogue), [`plan`](mod@plan), [`render`], [`search`], [`output`] |
//! | crafts | [`front_matter`], [`markdown`], [`check`], [`config`], [`attachment`], [`seal`] |
//! | nouns | [`model`] |
//! | ground | [`diagnostic`], [`source`], [`links`], [`romanize`], [`package`], [`error`] |
//!
//! # What always holds
//! * **Faults in content are values.** A stage returns what it could make and everything it noticed, as a
//!   [`diagnostic::Checked`]. A fault of the machine is an [`error::Error`]. A panic is a fault of ours.
//! * **One door to the world.** Files are read and written through [`source::Disk`]; the day comes in through
//!   [`source::Clock`]. Same input, same bytes, on any machine and any number of cores.
//! * **Pages are recipes.** Whoever builds, serves, archives or publishes takes the same list of
//!   [`model::page::Page`]s, so that nobody needs a mode.
//! * **Memory does not grow with the text.** A body is read when its page is made, and forgotten with it.

// The documentation is a guide to the house and is built with its private rooms:
// `cargo doc --no-deps --document-private-items`.
#![allow(rustdoc::private_intra_doc_links)]

pub mod cli;
pub mod command;

pub mod archive;
pub mod import;
pub mod publish;
pub mod serve;

pub mod build;
pub mod review;

pub mod record;

pub mod prepare;

pub mod catalogue;
pub mod discover;
pub mod intake;
pub mod output;
pub mod plan;
pub mod render;
pub mod search;

pub mod attachment;
pub mod check;
pub mod config;
pub mod front_matter;
pub mod markdown;
pub mod seal;

pub mod model;

pub mod diagnostic;
pub mod error;
pub mod links;
pub mod package;
pub mod romanize;
pub mod source;
