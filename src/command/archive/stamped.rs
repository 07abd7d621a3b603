//! `gongkai archive stamp`: puts a time-stamp token beside a seal, from an authority or from a file, after looking at
//! it. `seal` and `amend` do the same with `--tsa`.

use std::path::Path;

use crate::archive::prove::{Stamp, Witness};
use crate::cli::Stamped;
use crate::command::{Ending, failed};
use crate::diagnostic::{Language, Text};
use crate::error::Result;
use crate::model::sealed::Logged;
use crate::seal::log;
use crate::source::{Disk, RealDisk};
use crate::text;

/// Where a token comes from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The address of an authority.
    Authority(&'a str),
    /// A file.
    File(&'a Path),
}

/// Runs the verb.
pub(super) fn run(asked: &Stamped, language: Language) -> Ending {
    let entry = match super::chosen(&asked.of, language) {
        Ok(entry) => entry,
        Err(ending) => return ending,
    };
    let source = match (&asked.tsa, &asked.token) {
        (Some(url), _) => Source::Authority(url),
        (None, Some(file)) => Source::File(file),
        (None, None) => unreachable!("one of them must be typed"),
    };
    match put(&asked.of.site, &entry, source, asked.tsa_ca.as_deref()) {
        Ok(Ok(said)) => {
            println!("{}", said.in_language(language));
            let next = text!("下次生成网站时，凭证随网站公布。", "The next build puts the token on the site.");
            println!("{}", next.in_language(language));
            Ending::Done
        }
        Ok(Err(said)) => {
            eprintln!("{}", said.in_language(language));
            Ending::Faulty
        }
        Err(error) => failed(&error, language),
    }
}

/// Gets a token for a seal, looks at it and stores it; says what it is, or why it was not stored.
pub(super) fn put(
    site: &Path,
    entry: &Logged,
    source: Source<'_>,
    authorities: Option<&Path>,
) -> Result<std::result::Result<Text, Text>> {
    let authorities = authorities.map(|path| RealDisk.read(path)).transpose()?;
    let token = match source {
        Source::File(path) => RealDisk.read(path)?,
        Source::Authority(url) => match ask(url, &entry.code) {
            Ok(token) => token,
            Err(why) => return Ok(Err(why)),
        },
    };
    let witness = match check(&token, &entry.code, authorities.as_deref()) {
        Stamp::Holds(witness) => witness,
        Stamp::Broken(Text { zh, en }) => {
            return Ok(Err(text!("时间戳凭证没有保存：{zh}", "the time-stamp token was not stored: {en}")));
        }
        Stamp::None | Stamp::Unchecked => return Ok(Err(without_network())),
    };
    let path = site.join(log::token(entry.year, entry.version));
    RealDisk.write_whole(&path, &token, &path.with_extension("tmp"))?;
    Ok(Ok(told(&witness)))
}

/// Who has signed, when, and how much that says.
pub(super) fn told(witness: &Witness) -> Text {
    let Witness { at, by, trusted } = witness;
    match trusted {
        true => text!(
            "时间戳：{at}（北京时间）由 {by} 签名，签名和证书链核对无误（未查证书是否吊销）",
            "time stamp: signed at {at} (Beijing) by {by}; signature and chain of certificates hold (revocation was \
             not looked up)"
        ),
        false => text!(
            "时间戳：{at}（北京时间）由 {by} 签名，签名与凭证自带的证书相符；证书由谁签发没有核对，请用 --tsa-ca 给出机构的证书",
            "time stamp: signed at {at} (Beijing) by {by}; the signature is that of the certificate in the token, but \
             who issued that was not checked: give the authority's certificates with --tsa-ca"
        ),
    }
}

fn without_network() -> Text {
    text!(
        "这个版本的程序不含网络功能，不能核对时间戳",
        "this program was built without the network and cannot check time stamps"
    )
}

#[cfg(feature = "net")]
use crate::archive::stamp::{ask, check};

#[cfg(not(feature = "net"))]
fn ask(_: &str, _: &str) -> std::result::Result<Vec<u8>, Text> {
    Err(without_network())
}

#[cfg(not(feature = "net"))]
fn check(_: &[u8], _: &str, _: Option<&[u8]>) -> Stamp {
    Stamp::Unchecked
}
