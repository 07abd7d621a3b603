//! Records of WARC 1.0 (ISO 28500:2009, in China GB/T 33994-2017). The files of a site that was never fetched are
//! `resource` records: a generator has received no answer of a server.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use jiff::civil::Date;

use crate::seal::digest::sha256;

/// What is said of one record.
pub(super) struct Record<'a> {
    /// `warcinfo` or `resource`.
    pub(super) kind: &'static str,
    /// The address, for a resource.
    pub(super) url: Option<&'a str>,
    /// The day; the hour is the first.
    pub(super) date: Date,
    /// Content-Type.
    pub(super) media: &'a str,
    /// The bytes.
    pub(super) body: &'a [u8],
}

impl Record<'_> {
    /// The record, packed by itself, so that a reader can begin at any.
    pub(super) fn packed(&self) -> io::Result<Vec<u8>> {
        let digest = sha256(self.body);
        let id = uuid(&format!("{} {} {digest}", self.kind, self.url.unwrap_or_default()));
        let mut head = format!("WARC/1.0\r\nWARC-Type: {}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n", self.kind);
        head.push_str(&format!("WARC-Date: {}\r\n", time(self.date)));
        if let Some(url) = self.url {
            head.push_str(&format!("WARC-Target-URI: {url}\r\nWARC-Payload-Digest: sha256:{digest}\r\n"));
        }
        head.push_str(&format!("WARC-Block-Digest: sha256:{digest}\r\nContent-Type: {}\r\n", self.media));
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        // No time and no system in the head of the packed form, or it would tell where it was made.
        let mut packer = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(6));
        packer.write_all(head.as_bytes())?;
        packer.write_all(self.body)?;
        packer.write_all(b"\r\n\r\n")?;
        packer.finish()
    }
}

/// A day as WARC writes it, in whole seconds, which readers of 1.0 need.
pub(super) fn time(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

/// An identifier that follows from a name (RFC 9562, version 8: bits of our own choosing).
pub(super) fn uuid(name: &str) -> String {
    let hex = sha256(name.as_bytes());
    format!("{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
