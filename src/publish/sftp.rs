//! SFTP: one connection, on which many requests are under way at once, so that the way to the server is gone once for
//! many files and not once for each. Files are written aside and take the place of the old ones by
//! `posix-rename@openssh.com`, which readers see as one step.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::cipher::AES_256_GCM;
use russh::client::{Handle, connect};
use russh::{ChannelMsg, Preferred};
use russh_sftp::client::RawSftpSession;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{FileAttributes, OpenFlags, Packet, StatusCode};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::address::Remote;
use super::connect::Access;
use super::ssh::{self, Door, PATIENCE, port, sign_in};
use super::stop::Stop;
use super::target::{Abilities, Answer, Claim, Deed, Fault, Over, Put, Reason, Target, holder_scratch};
use crate::diagnostic::{Text, cause};
use crate::text;

const POSIX_RENAME: &str = "posix-rename@openssh.com";
const HARDLINK: &str = "hardlink@openssh.com";
/// What every server takes in one write or gives in one read (draft-ietf-secsh-filexfer-02, 3).
const PIECE: usize = 32 * 1024;
/// Pieces of one file that are under way at once.
const PIECES_AT_ONCE: usize = 32;

/// A folder on a server that speaks SFTP.
pub struct Sftp {
    runtime: Runtime,
    session: Arc<RawSftpSession>,
    /// Dropping it would end the connection.
    _connection: Handle<Door>,
    root: String,
    renames_over: bool,
    links: bool,
    /// Whether a plain rename is known to replace nothing, and to say so in words that are understood.
    is_openssh: bool,
}

impl Sftp {
    /// Connects and signs in.
    pub fn open(remote: &Remote, access: &Access<'_>) -> Result<Self, Stop> {
        let user = remote.user.clone().or_else(|| std::env::var("USER").ok());
        let Some(user) = user else {
            return Err(Stop::Settings(text!(
                "地址里没有用户名；写成 sftp://用户@服务器/文件夹",
                "the address names no user; write sftp://user@server/folder"
            )));
        };
        let failed = |reason, cause| Fault::new(Deed::Connect, &remote.server(), reason, cause);
        let builder = &mut tokio::runtime::Builder::new_multi_thread();
        let runtime = builder
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| failed(Reason::Other, cause::of_system(&error)))?;
        let refused = Arc::new(Mutex::new(None));
        let fingerprint = access.fingerprint.map(str::to_owned);
        let is_openssh = Arc::new(AtomicBool::new(false));
        let door =
            Door { server: remote.clone(), fingerprint, refused: refused.clone(), is_openssh: is_openssh.clone() };
        let config = russh::client::Config {
            keepalive_interval: Some(PATIENCE / 4),
            nodelay: true,
            window_size: 8 << 20,
            preferred: preferred(),
            ..russh::client::Config::default()
        };
        let host = remote.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let connected = runtime.block_on(async {
            tokio::time::timeout(PATIENCE, connect(Arc::new(config), (host, port(remote)), door)).await
        });
        let mut connection = match connected {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => {
                let refused = refused.lock().expect("nobody panics here").take();
                return Err(refused.unwrap_or_else(|| failed(Reason::Lost, ssh::cause_of(&error))).into());
            }
            Err(_) => return Err(failed(Reason::Lost, cause::of_system(&ErrorKind::TimedOut.into())).into()),
        };
        runtime.block_on(sign_in(&mut connection, &user, remote, access))?;
        let opened = runtime.block_on(async {
            let channel = ssh::open_channel(&connection).await.map_err(|error| ssh::cause_of(&error))?;
            channel.request_subsystem(true, "sftp").await.map_err(|error| ssh::cause_of(&error))?;
            let mut channel = channel;
            // Without this a server that has no SFTP would be waited for.
            match channel.wait().await {
                Some(ChannelMsg::Success | ChannelMsg::WindowAdjusted { .. }) => {}
                _ => return Err(text!("服务器没有开通 SFTP", "there is no SFTP on this server")),
            }
            let session = RawSftpSession::new(channel.into_stream());
            session.set_timeout(PATIENCE.as_secs());
            let version = session.init().await.map_err(|error| cause_of(&error))?;
            Ok((session, version.extensions))
        });
        let (session, extensions) = opened.map_err(|cause| failed(Reason::Other, cause))?;
        Ok(Self {
            runtime,
            session: Arc::new(session),
            _connection: connection,
            root: remote.folder.clone(),
            renames_over: extensions.contains_key(POSIX_RENAME),
            links: extensions.contains_key(HARDLINK),
            is_openssh: is_openssh.load(Ordering::Relaxed),
        })
    }

    fn path(&self, path: &str) -> String {
        match (self.root.is_empty(), path.is_empty()) {
            (true, true) => ".".to_owned(),
            (true, false) => path.to_owned(),
            (false, true) => self.root.clone(),
            (false, false) => format!("{}/{path}", self.root),
        }
    }

    async fn is_there(&self, path: &str) -> Result<bool, SftpError> {
        match self.session.lstat(self.path(path)).await {
            Ok(_) => Ok(true),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes a folder; `false` where it was there before. Most servers only say that they could not.
    async fn make(&self, folder: String) -> Result<bool, SftpError> {
        match self.session.mkdir(folder.clone(), FileAttributes::empty()).await {
            Ok(_) => Ok(true),
            Err(error) => match self.session.lstat(folder).await {
                Ok(_) => Ok(false),
                Err(_) => Err(error),
            },
        }
    }

    async fn write(&self, path: String, bytes: &[u8]) -> Result<(), SftpError> {
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
        let handle = self.session.open(path, flags, FileAttributes::empty()).await?.handle;
        if bytes.len() <= PIECE {
            // Requests about one file are answered in their order (draft-ietf-secsh-filexfer-13, 4.1).
            let written = self.session.write(handle.as_str(), 0, bytes.to_vec());
            let (written, closed) = tokio::join!(written, self.session.close(handle.as_str()));
            return written.and(closed).map(drop);
        }
        let written = self.write_pieces(&handle, bytes).await;
        let closed = self.session.close(handle).await;
        written.and(closed.map(drop))
    }

    async fn write_pieces(&self, handle: &str, bytes: &[u8]) -> Result<(), SftpError> {
        let mut under_way = JoinSet::new();
        for (number, piece) in bytes.chunks(PIECE).enumerate() {
            if under_way.len() == PIECES_AT_ONCE {
                finished(under_way.join_next().await)?;
            }
            let (session, handle, piece) = (self.session.clone(), handle.to_owned(), piece.to_vec());
            under_way.spawn(async move { session.write(handle, (number * PIECE) as u64, piece).await.map(drop) });
        }
        while let Some(piece) = under_way.join_next().await {
            finished(Some(piece))?;
        }
        Ok(())
    }

    async fn read_all(&self, path: String) -> Result<Vec<u8>, SftpError> {
        let handle = self.session.open(path, OpenFlags::READ, FileAttributes::empty()).await?.handle;
        let mut bytes = Vec::new();
        let ended = loop {
            match self.session.read(handle.as_str(), bytes.len() as u64, PIECE as u32).await {
                Ok(piece) if piece.data.is_empty() => break Ok(()),
                Ok(piece) => bytes.extend(piece.data),
                Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let _ = self.session.close(handle).await;
        ended.map(|()| bytes)
    }

    /// Gives a written file its name, over an old one of ours.
    async fn rename_over(&self, from: String, to: String) -> Result<(), SftpError> {
        if !self.renames_over {
            // Such a server has no way to do it in one step.
            let _ = self.session.remove(to.clone()).await;
            return self.session.rename(from, to).await.map(drop);
        }
        let mut names = Vec::with_capacity(from.len() + to.len() + 8);
        for name in [from, to] {
            names.extend((name.len() as u32).to_be_bytes());
            names.extend(name.into_bytes());
        }
        match self.session.extended(POSIX_RENAME, names).await? {
            Packet::Status(status) if status.status_code == StatusCode::Ok => Ok(()),
            Packet::Status(status) => Err(SftpError::Status(status)),
            _ => Err(SftpError::UnexpectedPacket),
        }
    }

    async fn put_whole(&self, put: &Put<'_>) -> Answer<()> {
        let failed = |error| fault(Deed::Put, put.path, &error);
        let (scratch, path) = (self.path(put.scratch), self.path(put.path));
        if put.over == Over::Nothing && !self.is_openssh && self.is_there(put.path).await.map_err(failed)? {
            return Err(Fault::foreign(put.path));
        }
        self.write(scratch.clone(), put.bytes).await.map_err(failed)?;
        if put.over == Over::Ours {
            return self.rename_over(scratch, path).await.map_err(failed);
        }
        // A plain rename does not replace anything (draft-ietf-secsh-filexfer-02, 6.5).
        match self.session.rename(scratch.clone(), path).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let is_foreign = self.is_there(put.path).await.map_err(failed)?;
                let _ = self.session.remove(scratch).await;
                if is_foreign { Err(Fault::foreign(put.path)) } else { Err(failed(error)) }
            }
        }
    }
}

/// What OpenSSH and its like agree on best, but AES first: nearly every processor has instructions for it.
fn preferred() -> Preferred {
    let mut ciphers = Preferred::DEFAULT.cipher.into_owned();
    ciphers.sort_by_key(|cipher| *cipher != AES_256_GCM);
    Preferred { cipher: ciphers.into(), ..Preferred::DEFAULT }
}

fn finished(ended: Option<Result<Result<(), SftpError>, tokio::task::JoinError>>) -> Result<(), SftpError> {
    match ended {
        Some(Ok(ended)) => ended,
        Some(Err(panicked)) => Err(SftpError::UnexpectedBehavior(panicked.to_string())),
        None => Ok(()),
    }
}

fn is_missing(error: &SftpError) -> bool {
    matches!(error, SftpError::Status(status) if status.status_code == StatusCode::NoSuchFile)
}

fn fault(deed: Deed, path: &str, error: &SftpError) -> Fault {
    let reason = match error {
        SftpError::Status(status) => match status.status_code {
            StatusCode::PermissionDenied => Reason::Denied,
            StatusCode::NoConnection | StatusCode::ConnectionLost => Reason::Lost,
            _ => Reason::Other,
        },
        SftpError::IO(_) | SftpError::Timeout => Reason::Lost,
        SftpError::UnexpectedBehavior(_) => Reason::Lost,
        _ => Reason::Other,
    };
    Fault::new(deed, path, reason, cause_of(error))
}

fn cause_of(error: &SftpError) -> Text {
    match error {
        SftpError::Status(status) => match status.status_code {
            StatusCode::NoSuchFile => cause::of_system(&ErrorKind::NotFound.into()),
            StatusCode::PermissionDenied => cause::of_system(&ErrorKind::PermissionDenied.into()),
            StatusCode::NoConnection | StatusCode::ConnectionLost => {
                cause::of_system(&ErrorKind::ConnectionReset.into())
            }
            StatusCode::OpUnsupported => text!("服务器没有开通这种操作", "the server does not do that"),
            // Most servers say no more of what went wrong on their disk.
            _ => {
                let own = &status.error_message;
                text!("服务器没有做到，原话是“{own}”", "the server could not do it and said “{own}”")
            }
        },
        SftpError::Timeout => cause::of_system(&ErrorKind::TimedOut.into()),
        SftpError::IO(_) | SftpError::UnexpectedBehavior(_) => cause::of_system(&ErrorKind::ConnectionReset.into()),
        other => cause::own(&other.to_string()),
    }
}

impl Target for Sftp {
    fn abilities(&self) -> Abilities {
        Abilities { has_folders: true, removes_folders: true, claims: true, at_once: 32 }
    }

    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        match self.runtime.block_on(self.read_all(self.path(path))) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(fault(Deed::Read, path, &error)),
        }
    }

    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim> {
        let failed = |error: SftpError| fault(Deed::MakeFolder, folder, &error);
        self.runtime.block_on(async {
            if !self.make(self.path(folder)).await.map_err(failed)? {
                return Ok(Claim::Taken);
            }
            let aside = self.path(&holder_scratch(folder));
            self.write(aside.clone(), holder).await.map_err(failed)?;
            self.rename_over(aside, self.path(&format!("{folder}/holder.json"))).await.map_err(failed)?;
            Ok(Claim::Made)
        })
    }

    fn make_folder(&self, folder: &str) -> Answer<()> {
        self.runtime.block_on(async {
            let whole = self.path(folder);
            let shown = whole.clone();
            let mut made = self.make(whole.clone()).await;
            if made.is_err() && folder.is_empty() {
                for (at, _) in whole.match_indices('/').filter(|(at, _)| *at > 0) {
                    let _ = self.make(whole[..at].to_owned()).await;
                }
                made = self.make(whole).await;
            }
            made.map(drop)
                .map_err(|error| fault(Deed::MakeFolder, if folder.is_empty() { &shown } else { folder }, &error))
        })
    }

    fn put(&self, put: &Put<'_>) -> Answer<()> {
        self.runtime.block_on(self.put_whole(put))
    }

    fn keep(&self, from: &str, to: &str) -> Answer<()> {
        let failed = |error: SftpError| fault(Deed::Keep, from, &error);
        self.runtime.block_on(async {
            if self.links {
                match self.session.hardlink(self.path(from), self.path(to)).await {
                    Ok(_) => return Ok(()),
                    Err(_) if self.is_there(to).await.map_err(failed)? => return Ok(()),
                    // Some file systems have no second names.
                    Err(_) => {}
                }
            }
            let bytes = match self.read_all(self.path(from)).await {
                Err(error) if is_missing(&error) => return Ok(()),
                bytes => bytes.map_err(failed)?,
            };
            let aside = format!("{}.part", self.path(to));
            self.write(aside.clone(), &bytes).await.map_err(failed)?;
            self.rename_over(aside, self.path(to)).await.map_err(failed)
        })
    }

    fn remove(&self, path: &str) -> Answer<()> {
        match self.runtime.block_on(self.session.remove(self.path(path))) {
            Err(error) if !is_missing(&error) => Err(fault(Deed::Remove, path, &error)),
            _ => Ok(()),
        }
    }

    fn remove_folder(&self, folder: &str) -> Answer<()> {
        match self.runtime.block_on(self.session.rmdir(self.path(folder))) {
            // A folder that is not empty is a failure without a code of its own.
            Err(error @ (SftpError::IO(_) | SftpError::Timeout)) => Err(fault(Deed::Remove, folder, &error)),
            _ => Ok(()),
        }
    }

    fn age(&self, path: &str) -> Answer<Option<Duration>> {
        let failed = |error: SftpError| fault(Deed::Read, path, &error);
        self.runtime.block_on(async {
            let written = match self.session.lstat(self.path(path)).await {
                Err(error) if is_missing(&error) => return Ok(None),
                attributes => attributes.map_err(failed)?.attrs.mtime,
            };
            // The server's clock, read from a file that it has just written.
            let probe = self.path(".gongkai/tmp/clock");
            self.write(probe.clone(), b"").await.map_err(failed)?;
            let now = self.session.lstat(probe.clone()).await.map_err(failed)?.attrs.mtime;
            let _ = self.session.remove(probe).await;
            let age = now.zip(written).map(|(now, written)| now.saturating_sub(written));
            Ok(Some(Duration::from_secs(age.unwrap_or(0).into())))
        })
    }
}
