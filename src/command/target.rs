//! Which target is meant, who asks, and where secrets come from.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::published::complain;
use super::{Ending, failed};
use crate::config::{self, PublishEntry};
use crate::diagnostic::Language;
use crate::diagnostic::show::{self, Colour};
use crate::publish::address::Address;
use crate::publish::connect::{Access, Secret};
use crate::source::{Disk, RealDisk};
use crate::text;

/// A target as it was named.
pub(super) struct Destination {
    /// What site.yaml says of it; of one that was typed, little.
    pub(super) entry: PublishEntry,
    /// Where it is.
    pub(super) address: Address,
    /// How it is called when it is spoken of.
    pub(super) shown: String,
    key: Option<PathBuf>,
}

/// Finds the target: a name of site.yaml, a folder, or a URL; the only one of site.yaml where nothing is named.
pub(super) fn find(site: &Path, typed: Option<&str>, language: Language) -> Result<Destination, Ending> {
    let config = match config::load(&RealDisk, site) {
        Ok(checked) => checked,
        Err(error) => return Err(failed(&error, language)),
    };
    let Some(mut config) = config.value else {
        let errors = show::all(&config.diagnostics, language, Colour::Plain);
        eprint!("{errors}");
        return Err(Ending::Failed);
    };
    let names: Vec<&str> = config.publish.iter().map(|entry| entry.name.as_str()).collect();
    let names = names.join(" ");
    let position = match typed {
        None if config.publish.len() == 1 => Some(0),
        None if config.publish.is_empty() => {
            let why = text!("没有说发布到哪里", "nobody said where to");
            let help = text!(
                "写一个文件夹或网址，如 gongkai publish sftp://用户@服务器/文件夹；或在 site.yaml 的 publish 里写好",
                "name a folder or a URL, such as gongkai publish sftp://user@server/folder, or write it into site.yaml"
            );
            complain(&why, &help, language);
            return Err(Ending::Failed);
        }
        None => {
            let why = text!("site.yaml 里有几个目标：{names}", "site.yaml names several targets: {names}");
            complain(&why, &text!("写明是哪一个", "say which one"), language);
            return Err(Ending::Failed);
        }
        Some(typed) => config.publish.iter().position(|entry| entry.name == typed),
    };
    let (entry, is_named) = match (position, typed) {
        (Some(position), _) => (config.publish.swap_remove(position), true),
        (None, typed) => (PublishEntry { to: typed.unwrap_or_default().to_owned(), ..PublishEntry::default() }, false),
    };
    let looks_like_a_path = entry.to.contains(['/', '\\', '.', ':']);
    if !is_named && !looks_like_a_path {
        let to = &entry.to;
        let why = match names.is_empty() {
            true => {
                text!("site.yaml 里没有写任何目标，也就没有 `{to}`", "site.yaml names no targets, and so not `{to}`")
            }
            false => text!(
                "site.yaml 里没有名为 `{to}` 的目标（有：{names}）",
                "site.yaml names no target `{to}` (but: {names})"
            ),
        };
        complain(&why, &text!("如果是文件夹，写成 ./{to}", "if it is a folder, write ./{to}"), language);
        return Err(Ending::Failed);
    }
    let address = match Address::parse(&entry.to) {
        Ok(address) => address,
        Err(why) => {
            complain(&why, &text!("改好后再运行一次", "mend it, then run this again"), language);
            return Err(Ending::Failed);
        }
    };
    // What site.yaml says is relative to it, what is typed to where it is typed.
    let address = match address {
        Address::Folder(path) if is_named => Address::Folder(site.join(path)),
        Address::Zip(path) if is_named => Address::Zip(site.join(path)),
        address => address,
    };
    if let Address::Remote(remote) = &address
        && remote.scheme.is_in_the_clear()
        && !matches!(remote.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    {
        let said = text!(
            "注意：这种方式不加密，密码和内容在路上可以被看到；服务器有 SFTP 或 FTPS 时请用它们",
            "note: this is not encrypted, so that passwords can be read on the way; use SFTP or FTPS where there is one"
        );
        eprintln!("{}", said.in_language(language));
    }
    let key = entry.key.as_ref().map(|key| home(key, site));
    let shown = if is_named { entry.name.clone() } else { entry.to.clone() };
    Ok(Destination { entry, address, shown, key })
}

impl Destination {
    /// A name for files about it on this machine.
    pub(super) fn file_name(&self) -> String {
        let place = match &self.address {
            Address::Folder(path) | Address::Zip(path) => {
                std::path::absolute(path).unwrap_or_else(|_| path.clone()).to_string_lossy().into_owned()
            }
            Address::Remote(_) => self.entry.to.clone(),
        };
        blake3::hash(place.as_bytes()).to_hex()[..16].to_owned()
    }

    /// How to sign in.
    pub(super) fn access(&self, language: Language) -> Access<'_> {
        Access {
            fingerprint: self.entry.fingerprint.as_deref(),
            key: self.key.as_deref(),
            secret: match language {
                Language::Chinese => &|secret| secret_of(secret, Language::Chinese),
                Language::English => &|secret| secret_of(secret, Language::English),
            },
        }
    }
}

/// The public address of a target, and whether somebody said that it is that of this very target.
pub(super) fn public_address(site: &Path, destination: &Destination, typed: Option<&str>) -> Option<(String, bool)> {
    if let Some(url) = typed {
        return config::base_url(url).ok().map(|url| (url, true));
    }
    let of_site = || config::load(&RealDisk, site).ok()?.value?.base_url;
    let url = destination.entry.base_url.clone().or_else(of_site)?;
    // A folder that was typed for a trial is not what the public sees.
    Some((url, !destination.entry.name.is_empty()))
}

/// From the environment, or typed by somebody at a terminal, who does not see it.
fn secret_of(secret: Secret, language: Language) -> Option<String> {
    let (names, zh, en): (&[&str], _, _) = match secret {
        Secret::Password => (&["GONGKAI_PASSWORD"], "密码", "Password"),
        Secret::Passphrase => (&["GONGKAI_PASSPHRASE"], "密钥的口令", "Passphrase of the key"),
        Secret::AccessKey => (&["GONGKAI_ACCESS_KEY", "AWS_ACCESS_KEY_ID"], "AccessKey ID", "Access key ID"),
        Secret::SecretKey => {
            (&["GONGKAI_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"], "AccessKey Secret", "Secret access key")
        }
    };
    let set = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some() || !std::io::stdin().is_terminal() {
        return set;
    }
    let prompt = if language == Language::Chinese { zh } else { en };
    rpassword::prompt_password(format!("{prompt}: ")).ok().filter(|typed| !typed.is_empty())
}

/// A path that may begin with `~`, and otherwise is relative to the site.
fn home(path: &str, site: &Path) -> PathBuf {
    let home = || std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    match path.strip_prefix("~/").zip(home()) {
        Some((rest, home)) => Path::new(&home).join(rest),
        None => site.join(path),
    }
}

/// The person and the machine, for others to read.
pub(super) fn who() -> String {
    let set = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let user = set(&["USER", "USERNAME", "LOGNAME"]).unwrap_or_else(|| "?".to_owned());
    let file = || RealDisk.read(Path::new("/etc/hostname")).ok();
    let machine = set(&["COMPUTERNAME", "HOSTNAME"])
        .or_else(|| Some(String::from_utf8_lossy(&file()?).trim().to_owned()))
        .unwrap_or_else(|| "?".to_owned());
    format!("{user}@{machine}")
}

/// A word that nobody can guess, new in each run. The standard library seeds its hash tables from the system.
pub(super) fn token() -> String {
    use std::hash::{BuildHasher, RandomState};
    let words = (0..2).map(|number: u8| format!("{:016x}", RandomState::new().hash_one((number, std::process::id()))));
    words.collect()
}
