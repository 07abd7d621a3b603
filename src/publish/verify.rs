//! Looking at the public address afterwards: what readers get is compared with what was published, and whatever
//! stands between the two is named.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::manifest::{Entry, Manifest, hash};
use super::packing::source_of;
use crate::diagnostic::Text;
use crate::text;

/// How many files are fetched at once.
const AT_ONCE: usize = 8;
/// So many troubles of one kind are named one by one.
const NAMED: usize = 5;

/// What came back for an address.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// `Content-Disposition`.
    pub disposition: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// Fetches a URL; or says why that cannot be.
pub type Fetch<'a> = dyn Fn(&str) -> Result<Reply, Text> + Sync + 'a;

/// What is wrong with a public address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// No answer.
    Unreachable(Text),
    /// There is nothing (404, 410).
    Missing,
    /// Another status.
    Status(u16),
    /// The browser would save the page instead of showing it.
    Download,
    /// A page that does not say that it is one.
    Type(String),
    /// A cache between here and the server still has the old file.
    Stale,
    /// The server itself still has the old file.
    Old,
    /// Neither the old file nor the new one.
    Other,
    /// A file that was removed can still be read.
    StillThere,
}

/// Files by path, with what stood there before.
pub type Before = BTreeMap<String, Option<Entry>>;

/// Compares files that were changed, and sees that removed ones are gone. `manifest` is what was published; `step` is
/// called for each.
pub fn verify(
    base_url: &str,
    (changed, removed): (&Before, &Before),
    manifest: &Manifest,
    fetch: &Fetch<'_>,
    step: &(dyn Fn() + Sync),
) -> BTreeMap<Trouble, Vec<String>> {
    let changed = changed.iter().filter_map(|(path, before)| {
        // A server hands siblings out under the name of their source.
        let is_sibling = source_of(path).is_some_and(|source| manifest.files.contains_key(source));
        (!is_sibling).then(|| (path, Some(&manifest.files[path]), before.as_ref()))
    });
    let removed = removed.iter().filter(|(path, _)| source_of(path).is_none());
    let all: Vec<(&String, Option<&Entry>, Option<&Entry>)> =
        changed.chain(removed.map(|(path, before)| (path, None, before.as_ref()))).collect();
    let next = AtomicUsize::new(0);
    let troubles: Mutex<BTreeMap<Trouble, Vec<String>>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(all.len()) {
            scope.spawn(|| {
                while let Some((path, wanted, before)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let url = format!("{base_url}{}", escaped(path));
                    let trouble = match wanted {
                        Some(wanted) => look(&url, path, wanted, *before, fetch),
                        None => is_gone(&url, *before, fetch),
                    };
                    if let Some(trouble) = trouble {
                        troubles.lock().expect("no thread panics").entry(trouble).or_default().push((*path).clone());
                    }
                    step();
                }
            });
        }
    });
    let mut troubles = troubles.into_inner().expect("no thread panics");
    troubles.values_mut().for_each(|paths| paths.sort());
    troubles
}

fn look(url: &str, path: &str, wanted: &Entry, before: Option<&Entry>, fetch: &Fetch<'_>) -> Option<Trouble> {
    let reply = match fetch(url) {
        Ok(reply) => reply,
        Err(why) => return Some(Trouble::Unreachable(why)),
    };
    match reply.status {
        200 => {}
        404 | 410 => return Some(Trouble::Missing),
        status => return Some(Trouble::Status(status)),
    }
    let got = hash(&reply.body);
    if got != wanted.hash {
        // Whoever asks for a name that no cache has ever seen gets what the server has.
        let fresh = fetch(&format!("{url}?gongkai={}", &wanted.hash[..8])).map(|reply| hash(&reply.body));
        return Some(match (fresh, before) {
            (Ok(fresh), _) if fresh == wanted.hash => Trouble::Stale,
            (_, Some(before)) if before.hash == got => Trouble::Old,
            _ => Trouble::Other,
        });
    }
    if reply.disposition.to_ascii_lowercase().starts_with("attachment") && path.ends_with(".html") {
        return Some(Trouble::Download);
    }
    let plain = reply.content_type.split(';').next().unwrap_or_default().trim();
    match plain {
        "text/html" | "application/xhtml+xml" => None,
        "application/octet-stream" if path.ends_with(".html") => Some(Trouble::Download),
        other if path.ends_with(".html") => Some(Trouble::Type(other.to_owned())),
        _ => None,
    }
}

fn is_gone(url: &str, before: Option<&Entry>, fetch: &Fetch<'_>) -> Option<Trouble> {
    let before = before?;
    // A server may well answer 200 with a page that says that there is none.
    let same = fetch(url).is_ok_and(|reply| reply.status == 200 && hash(&reply.body) == before.hash);
    same.then_some(Trouble::StillThere)
}

fn escaped(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const SET: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?').add(b'"').add(b'<').add(b'>');
    utf8_percent_encode(path, SET).to_string()
}

impl Trouble {
    /// What is wrong, in a sentence about all files that have it.
    pub fn message(&self, paths: &[String], base_url: &str) -> Text {
        let count = paths.len();
        match self {
            Self::Unreachable(Text { zh, en }) => {
                text!("公众地址 {base_url} 打不开：{zh}", "{base_url} cannot be reached: {en}")
            }
            Self::Missing => {
                text!("{count} 个文件在公众地址上找不到（404）", "{count} files are not at the public address (404)")
            }
            Self::Status(status) => text!(
                "{count} 个文件从公众地址取不到（状态 {status}）",
                "{count} files cannot be had from the public address (status {status})"
            ),
            Self::Download => text!(
                "{count} 个网页在公众地址上会被下载，而不是显示",
                "{count} pages are downloaded at the public address instead of shown"
            ),
            Self::Type(found) => text!(
                "{count} 个网页的类型是 `{found}`，不是 text/html",
                "{count} pages are served as `{found}`, not text/html"
            ),
            Self::Stale => text!(
                "{count} 个文件在公众地址上还是旧的：中间的缓存（CDN）没有更新",
                "{count} files are still old at the public address: a cache (CDN) in between has not noticed"
            ),
            Self::Old => {
                text!("{count} 个文件在公众地址上还是旧的", "{count} files are still old at the public address")
            }
            Self::Other => text!(
                "{count} 个文件在公众地址上和发布的不一样",
                "{count} files at the public address are not what was published"
            ),
            Self::StillThere => text!(
                "{count} 个已删除的文件在公众地址上还能打开",
                "{count} removed files can still be read at the public address"
            ),
        }
    }

    /// What to do.
    pub fn help(&self) -> Text {
        match self {
            Self::Unreachable(_) => {
                text!("核对 site.yaml 里的 base_url，或先检查网络", "check base_url in site.yaml, and the network")
            }
            Self::Missing | Self::Old => text!(
                "多半是 base_url 写错了，或者上传的文件夹不是网站服务器所读的那个",
                "base_url is probably wrong, or the folder is not the one that the web server reads"
            ),
            Self::Status(_) => text!(
                "请网站服务器的管理员查看权限和防护设置",
                "ask the web server's administrator about permissions and firewalls"
            ),
            Self::Download => text!(
                "对象存储的默认域名会强制下载网页：请给存储桶绑定自己的域名，并把 base_url 改成它",
                "default domains of object storage force downloads: bind a domain of your own and set base_url to it"
            ),
            Self::Type(_) => text!(
                "请网站服务器的管理员为 .html 设置类型 text/html",
                "ask the web server's administrator to serve .html as text/html"
            ),
            Self::Stale | Self::StillThere => text!(
                "在 CDN 或缓存的控制台刷新整个目录，再用 gongkai publish --verify 核对",
                "purge the folder in the CDN's console, then check again with gongkai publish --verify"
            ),
            Self::Other => text!(
                "服务器或中间设备改动了内容（如插入脚本），或别人也在往那里上传：请管理员查看",
                "the server or something in between changes what is sent, or somebody else uploads there too: ask its \
                 administrator"
            ),
        }
    }

    /// The files that have it, as far as they are named.
    pub fn named(paths: &[String]) -> &[String] {
        &paths[..paths.len().min(NAMED)]
    }
}
