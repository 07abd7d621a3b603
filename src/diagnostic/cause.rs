//! Why the system refused something, in both languages. Systems say it in English, or in whatever language they were
//! installed in; here the usual kinds have words of ours, with the system's number for whoever has to look it up.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::Text;
use crate::error::Error as Machine;
use crate::text;

/// What the machine could not do, in a sentence.
pub fn of_machine(error: &Machine) -> Text {
    let ((zh, en), path, cause) = (error.operation_names(), error.path().display(), of_system(error.cause()));
    Text { zh: format!("{zh}“{path}”失败：{}", cause.zh), en: format!("failed to {en} `{path}`: {}", cause.en) }
}

/// The words for a fault of the system. One that has none here keeps the system's own.
pub fn of_system(error: &io::Error) -> Text {
    let (zh, en) = match error.kind() {
        ErrorKind::NotFound => ("没有这个文件或文件夹", "no such file or folder"),
        ErrorKind::AlreadyExists => ("已经有了", "it is there already"),
        ErrorKind::NotADirectory => ("不是文件夹", "not a folder"),
        ErrorKind::IsADirectory => ("是文件夹，不是文件", "a folder, not a file"),
        ErrorKind::DirectoryNotEmpty => ("文件夹不是空的", "the folder is not empty"),
        ErrorKind::PermissionDenied => ("没有权限", "not allowed"),
        ErrorKind::ReadOnlyFilesystem => ("磁盘是只读的", "the disk can only be read"),
        ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
        ErrorKind::QuotaExceeded => ("分配的空间已用完", "the space that was granted is used up"),
        ErrorKind::FileTooLarge => ("文件太大", "the file is too large"),
        ErrorKind::InvalidFilename => ("文件名不合要求", "the file's name is not allowed there"),
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => ("正被别的程序使用", "another program is using it"),
        ErrorKind::StaleNetworkFileHandle => ("网络盘已断开", "the network drive is gone"),
        ErrorKind::ConnectionRefused => {
            ("对方拒绝连接，那个端口上没有服务", "the connection was refused: nothing listens at that port")
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            ("连接被对方断开", "the other side broke the connection")
        }
        ErrorKind::NotConnected | ErrorKind::UnexpectedEof => ("连接中途断开", "the connection ended too early"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            ("到那台服务器的网络不通", "there is no way to that server")
        }
        ErrorKind::NetworkDown => ("这台电脑没有联网", "this machine's network is down"),
        // A socket that has waited for as long as it may says either.
        ErrorKind::TimedOut | ErrorKind::WouldBlock => return text!("等了很久没有应答", "no answer came in time"),
        ErrorKind::AddrInUse => ("端口已被别的程序占用", "another program has that port"),
        ErrorKind::OutOfMemory => ("内存不够", "there is not enough memory"),
        _ if is_unknown_host(error) => return unknown_host(),
        _ => return own(&error.to_string()),
    };
    match error.raw_os_error() {
        Some(number) => text!("{zh}（系统错误 {number}）", "{en} (os error {number})"),
        None => text!("{zh}", "{en}"),
    }
}

/// The words for a fault of a library: those of the system's fault behind it where there is one, else its own.
pub fn of(error: &(dyn Error + 'static)) -> Text {
    behind(error).map_or_else(|| own(&error.to_string()), of_system)
}

/// The system's fault behind that of a library, where there is one.
pub fn behind<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    let mut fault = Some(error);
    while let Some(error) = fault {
        if let Some(system) = error.downcast_ref() {
            return Some(system);
        }
        fault = error.source();
    }
    None
}

/// Whether a connection never came about, so that nothing can have been asked on it.
pub fn is_unreached(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable};
    is_unknown_host(error)
        || matches!(error.kind(), ConnectionRefused | HostUnreachable | NetworkDown | NetworkUnreachable)
}

/// The words for a server's name that leads nowhere.
pub fn unknown_host() -> Text {
    text!(
        "查不到这个服务器名（写错了，或者没有联网）",
        "the server's name leads nowhere (misspelt, or there is no network)"
    )
}

/// Somebody else's own words, which have no others.
pub fn own(words: &str) -> Text {
    text!("原话是“{words}”", "{words}")
}

/// The standard library has no kind for a name that leads nowhere: on Unix its own words begin so, and Windows has a
/// number (WSAHOST_NOT_FOUND).
fn is_unknown_host(error: &io::Error) -> bool {
    let on_windows = cfg!(windows) && error.raw_os_error() == Some(11_001);
    on_windows || error.to_string().starts_with("failed to lookup address information")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_say_has_words_in_both_languages() {
        let refused = std::net::TcpStream::connect("127.0.0.1:1").unwrap_err();
        let words = of_system(&refused);
        assert!(
            words.zh.starts_with("对方拒绝连接") && words.en.starts_with("the connection was refused"),
            "{words:?}"
        );
        let nowhere = std::net::TcpStream::connect("no-such-host.invalid:1").unwrap_err();
        assert_eq!(of_system(&nowhere), unknown_host());
        let behind: Box<dyn Error> = Box::new(crate::error::Error::new(
            crate::error::Operation::Read,
            std::path::Path::new("a"),
            ErrorKind::PermissionDenied.into(),
        ));
        assert_eq!(of(&*behind), text!("没有权限", "not allowed"));
        assert_eq!(of_system(&io::Error::other("odd")), text!("原话是“odd”", "odd"));
    }
}
