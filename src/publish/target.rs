//! What the protocol asks of a place that takes files, and what can go wrong there.

use std::time::Duration;

use crate::diagnostic::Text;
use crate::text;

/// What a request comes to.
pub type Answer<T> = Result<T, Fault>;

/// A place that takes files. Paths are relative to its root, ASCII, with `/`. Several threads ask at once.
pub trait Target: Sync {
    /// What kind of place it is.
    fn abilities(&self) -> Abilities;

    /// A whole file; `None` where there is none.
    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>>;

    /// Makes the folder of a generation and puts its `holder.json` into it. Of all who ask for one folder, ever, one
    /// is told [`Claim::Made`].
    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim>;

    /// Makes a folder; that it is there already is no fault. The empty path is the root, with all above it.
    fn make_folder(&self, folder: &str) -> Answer<()>;

    /// Puts a file, so that a reader sees the old one or the new one and never a part, where the place can do that.
    fn put(&self, put: &Put<'_>) -> Answer<()>;

    /// Lets the bytes of a file outlive it under a second name. That the second name is taken already is no fault, nor
    /// that the file is gone: then somebody else has removed it, and it cannot come back.
    fn keep(&self, from: &str, to: &str) -> Answer<()>;

    /// Removes a file; that it is gone already is no fault.
    fn remove(&self, path: &str) -> Answer<()>;

    /// Removes a folder if it is empty; otherwise leaves it.
    fn remove_folder(&self, folder: &str) -> Answer<()>;

    /// How long ago a file was written, by the target's own clock.
    fn age(&self, path: &str) -> Answer<Option<Duration>>;
}

/// Where the holder of a generation is written before it gets its name: a run that is killed meanwhile leaves none
/// rather than half of one.
pub fn holder_scratch(folder: &str) -> String {
    let number = folder.rsplit('/').next().unwrap_or_default();
    format!(".gongkai/tmp/{number}-holder")
}

/// One file to be put.
#[derive(Debug, Clone, Copy)]
pub struct Put<'a> {
    /// Where.
    pub path: &'a str,
    /// What.
    pub bytes: &'a [u8],
    /// With which headers it will be served; `None` where the target takes none.
    pub headers: &'a str,
    /// What may stand there now.
    pub over: Over,
    /// A file that only this put uses, where one is written before it gets its name.
    pub scratch: &'a str,
}

/// What may stand where a file is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Nothing: what stands there belongs to somebody else.
    Nothing,
    /// A file of ours.
    Ours,
}

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The folder is made and ours.
    Made,
    /// Somebody made it before.
    Taken,
}

/// What a target can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Whether folders must be made before files can lie in them.
    pub has_folders: bool,
    /// Whether it can remove a folder only if it is empty.
    pub removes_folders: bool,
    /// Whether a name can be made to be taken only once.
    pub claims: bool,
    /// How many requests it likes to have at once.
    pub at_once: usize,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Connecting and signing in.
    Connect,
    /// Reading a file.
    Read,
    /// Making a folder.
    MakeFolder,
    /// Putting a file.
    Put,
    /// Keeping the old bytes of a file.
    Keep,
    /// Removing a file or folder.
    Remove,
}

/// Why a request failed, as far as it makes a difference to what should be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A file of somebody else stands there.
    Foreign,
    /// Not allowed.
    Denied,
    /// No room.
    Full,
    /// The connection broke, or the server was too busy: trying again may help.
    Lost,
    /// The server is not the one that it should be; holds its fingerprint.
    Unknown(String),
    /// The server has another fingerprint than the one that was written down; holds the one it shows.
    Changed(String),
    /// A secret is missing or wrong.
    Secret,
    /// Anything else.
    Other,
}

/// One request that failed.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What was asked for.
    pub deed: Deed,
    /// About which path, or which server.
    pub path: String,
    /// Why it failed.
    pub reason: Reason,
    /// What the system or the other side says of it.
    pub cause: Text,
}

impl Fault {
    /// A request that failed.
    pub fn new(deed: Deed, path: &str, reason: Reason, cause: Text) -> Self {
        let path = if path.is_empty() { "." } else { path };
        Self { deed, path: path.to_owned(), reason, cause }
    }

    /// A file that was not put because one of somebody else stands there.
    pub fn foreign(path: &str) -> Self {
        Self::new(Deed::Put, path, Reason::Foreign, Text::default())
    }

    /// A server that nobody has written down; `why` it is not trusted without that.
    pub fn unknown(server: &str, print: String, why: &Text) -> Self {
        let Text { zh, en } = why;
        let cause = text!("还不认识这台服务器，{zh}", "the server is not known yet: {en}");
        Self::new(Deed::Connect, server, Reason::Unknown(print), cause)
    }

    /// A server that shows another fingerprint than the one that was written down.
    pub fn changed(server: &str, print: String) -> Self {
        let cause = text!("它的指纹与记下的不同", "its fingerprint is not the one that was written down");
        Self::new(Deed::Connect, server, Reason::Changed(print), cause)
    }

    /// What happened, in a sentence.
    pub fn message(&self) -> Text {
        let Self { path, cause, .. } = self;
        if self.reason == Reason::Foreign {
            return text!(
                "{path} 已经在那里，但不是 gongkai 放的，没有覆盖",
                "{path} is there already, was not put there by gongkai, and was not replaced"
            );
        }
        let (zh, en) = match self.deed {
            Deed::Connect => ("连接", "connect to"),
            Deed::Read => ("读取", "read"),
            Deed::MakeFolder => ("新建文件夹", "make the folder"),
            Deed::Put => ("上传", "put"),
            Deed::Keep => ("保留旧文件", "keep the old"),
            Deed::Remove => ("删除", "remove"),
        };
        Text { zh: format!("{zh} {path} 失败：{}", cause.zh), en: format!("failed to {en} {path}: {}", cause.en) }
    }

    /// How to mend it.
    pub fn help(&self) -> Text {
        match &self.reason {
            Reason::Foreign => text!(
                "移走这个文件，或换一个文件夹；确定可以覆盖时加 --adopt",
                "move the file away or choose another folder; --adopt replaces it"
            ),
            Reason::Denied => text!(
                "服务器不允许：请管理员给这个账号写入该文件夹的权限",
                "the server does not allow it: ask its administrator to let this account write there"
            ),
            Reason::Full => text!(
                "服务器空间已满：请管理员清理或扩容，然后再运行一次",
                "the server is full: ask its administrator for room, then run this again"
            ),
            Reason::Lost if self.deed == Deed::Connect => text!(
                "核对服务器名和端口，检查网络；都没有问题时，请管理员看看服务器是否开着",
                "check the server's name, its port and the network; if all are right, ask whether the server is up"
            ),
            Reason::Lost => text!(
                "检查网络，然后再运行一次：会从断开的地方继续",
                "check the network, then run this again: it goes on where it stopped"
            ),
            Reason::Unknown(print) => text!(
                "请向管理员核对服务器指纹；一致的话写进 site.yaml：fingerprint: \"{print}\"",
                "compare the server's fingerprint with its administrator; if it is right, write into site.yaml: \
                 fingerprint: \"{print}\""
            ),
            Reason::Changed(print) => text!(
                "服务器的指纹变成了 {print}。不要继续，先向管理员核实：可能有人冒充这台服务器",
                "the server now shows {print}. Stop and ask its administrator: somebody may pretend to be it"
            ),
            Reason::Secret => text!(
                "检查用户名和密码（或密钥）；密码放在环境变量 GONGKAI_PASSWORD 里，或在提示时输入",
                "check user name and password (or key); the password comes from GONGKAI_PASSWORD or a prompt"
            ),
            Reason::Other => text!(
                "再运行一次；还不行的话，把这句话告诉服务器管理员",
                "run this again; if it fails again, show these words to the server's administrator"
            ),
        }
    }
}
