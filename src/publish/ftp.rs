//! FTP, and FTP with TLS (RFC 4217): a few connections, each with one request at a time. Files are written aside and
//! renamed over the old ones.

use std::io::Cursor;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::client::Resumption;
use suppaftp::types::FileType;
use suppaftp::{FtpError, RustlsConnector, RustlsFtpStream, Status};

use super::address::{Remote, Scheme};
use super::connect::{Access, Secret};
use super::stop::Stop;
use super::target::{Abilities, Answer, Claim, Deed, Fault, Over, Put, Reason, Target, holder_scratch};
use super::tls;
use crate::diagnostic::{Text, cause};
use crate::text;

/// Servers seldom allow one user more connections than this.
const CONNECTIONS: usize = 4;
/// A server that says nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder on an FTP server.
pub struct Ftp {
    remote: Remote,
    user: String,
    password: String,
    tls: Option<(Arc<ClientConfig>, tls::Refused)>,
    /// With the user's own folder before it, so that it holds wherever a connection stands.
    root: String,
    idle: Mutex<Vec<RustlsFtpStream>>,
}

impl Ftp {
    /// Connects and signs in.
    pub fn open(remote: &Remote, access: &Access<'_>) -> Result<Self, Stop> {
        let user = remote.user.clone().unwrap_or_else(|| "anonymous".to_owned());
        let password = (access.secret)(Secret::Password).unwrap_or_default();
        // Careful servers let a data connection only continue the session of its control connection. A session of TLS
        // 1.3 can be continued once for every ticket, and uploads bring no new ones; one of TLS 1.2 as often as need be.
        let tls = (remote.scheme == Scheme::Ftps)
            .then(|| tls::config(&remote.server(), access.fingerprint, &[&rustls::version::TLS12]));
        let (root, idle) = (remote.folder.clone(), Mutex::default());
        let mut ftp = Self { remote: remote.clone(), user, password, tls, root, idle };
        let mut stream = ftp.connect()?;
        if !ftp.root.starts_with('/') {
            let home = stream.pwd().map_err(|error| fault(Deed::Connect, &remote.server(), &error))?;
            ftp.root = format!("{}/{}", home.trim_end_matches('/'), ftp.root).trim_end_matches('/').to_owned();
        }
        ftp.give_back(stream);
        Ok(ftp)
    }

    fn connect(&self) -> Answer<RustlsFtpStream> {
        let server = self.remote.server();
        let failed = |error: FtpError| fault(Deed::Connect, &server, &error);
        let lost = |error: std::io::Error| Fault::new(Deed::Connect, &server, Reason::Lost, cause::of_system(&error));
        let host = self.remote.host.trim_start_matches('[').trim_end_matches(']');
        let mut addresses = (host, self.remote.port.unwrap_or(21)).to_socket_addrs().map_err(lost)?;
        let address = addresses.next().ok_or_else(|| lost(std::io::ErrorKind::NotFound.into()))?;
        let socket = TcpStream::connect_timeout(&address, PATIENCE).map_err(lost)?;
        socket.set_read_timeout(Some(PATIENCE)).map_err(lost)?;
        socket.set_write_timeout(Some(PATIENCE)).map_err(lost)?;
        let mut stream = RustlsFtpStream::connect_with_stream(socket).map_err(failed)?;
        if let Some((config, refused)) = &self.tls {
            // Each control connection has sessions of its own.
            let mut config = ClientConfig::clone(config);
            config.resumption = Resumption::in_memory_sessions(64);
            stream = stream.into_secure(RustlsConnector::from(Arc::new(config)), host).map_err(|error| {
                let refused = refused.lock().expect("nobody panics here").take();
                refused.unwrap_or_else(|| failed(error))
            })?;
        }
        // Behind routers a server may name an address of its inner network for data.
        stream.set_passive_nat_workaround(true);
        stream.login(self.user.as_str(), self.password.as_str()).map_err(|error| match error {
            refused @ FtpError::UnexpectedResponse(_) => {
                Fault::new(Deed::Connect, &server, Reason::Secret, cause_of(&refused))
            }
            other => fault(Deed::Connect, &server, &other),
        })?;
        stream.transfer_type(FileType::Binary).map_err(failed)?;
        Ok(stream)
    }

    fn give_back(&self, stream: RustlsFtpStream) {
        self.idle.lock().expect("nobody panics here").push(stream);
    }

    /// Asks on an idle connection, or a new one. A connection that broke is not used again.
    fn ask<T>(
        &self,
        deed: Deed,
        path: &str,
        request: impl Fn(&mut RustlsFtpStream) -> Result<T, FtpError>,
    ) -> Answer<T> {
        let idle = self.idle.lock().expect("nobody panics here").pop();
        let mut stream = match idle {
            Some(stream) => stream,
            None => self.connect()?,
        };
        match request(&mut stream) {
            Ok(answer) => {
                self.give_back(stream);
                Ok(answer)
            }
            Err(error) => {
                let fault = fault(deed, path, &error);
                if fault.reason != Reason::Lost {
                    self.give_back(stream);
                }
                Err(fault)
            }
        }
    }

    fn path(&self, path: &str) -> String {
        match path {
            "" if self.root.is_empty() => "/".to_owned(),
            "" => self.root.clone(),
            _ => format!("{}/{path}", self.root),
        }
    }
}

/// Whether the server refused: it has only one word for what is missing, forbidden, and there already.
fn is_refused(error: &FtpError) -> bool {
    matches!(error, FtpError::UnexpectedResponse(response)
        if matches!(response.status, Status::FileUnavailable | Status::BadFilename) || response.status.code() == 521)
}

fn fault(deed: Deed, path: &str, error: &FtpError) -> Fault {
    let reason = match error {
        FtpError::UnexpectedResponse(response) => match response.status.code() {
            421 | 425 | 426 | 450 => Reason::Lost,
            452 | 552 => Reason::Full,
            530 | 532 => Reason::Secret,
            550 | 553 => Reason::Denied,
            _ => Reason::Other,
        },
        _ => Reason::Lost,
    };
    Fault::new(deed, path, reason, cause_of(error))
}

fn cause_of(error: &FtpError) -> Text {
    match error {
        FtpError::ConnectionError(error) => cause::of_system(error),
        FtpError::UnexpectedResponse(response) => {
            let said = String::from_utf8_lossy(&response.body);
            let said = said.trim();
            text!("服务器答复“{said}”", "the server said “{said}”")
        }
        FtpError::SecureError(words) => text!("TLS 没有谈成，原话是“{words}”", "TLS did not come about: {words}"),
        other => cause::of(other),
    }
}

fn read(stream: &mut RustlsFtpStream, path: &str) -> Result<Option<Vec<u8>>, FtpError> {
    match stream.retr_as_buffer(path) {
        Ok(bytes) => Ok(Some(bytes.into_inner())),
        Err(error) if is_refused(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn write(stream: &mut RustlsFtpStream, path: &str, scratch: &str, bytes: &[u8]) -> Result<(), FtpError> {
    stream.put_file(scratch, &mut Cursor::new(bytes))?;
    match stream.rename(scratch, path) {
        // Some servers do not rename over what is there.
        Err(error) if is_refused(&error) && stream.size(path).is_ok() => {
            stream.rm(path)?;
            stream.rename(scratch, path)
        }
        renamed => renamed,
    }
}

/// Makes a folder; `false` where it was there before.
fn make(stream: &mut RustlsFtpStream, folder: &str) -> Result<bool, FtpError> {
    match stream.mkdir(folder) {
        Ok(()) => Ok(true),
        Err(error) if is_refused(&error) => stream.cwd(folder).map(|()| false).map_err(|_| error),
        Err(error) => Err(error),
    }
}

impl Target for Ftp {
    fn abilities(&self) -> Abilities {
        Abilities { has_folders: true, removes_folders: true, claims: true, at_once: CONNECTIONS }
    }

    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        self.ask(Deed::Read, path, |stream| read(stream, &self.path(path)))
    }

    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim> {
        self.ask(Deed::MakeFolder, folder, |stream| {
            let whole = self.path(folder);
            if !make(stream, &whole)? {
                return Ok(Claim::Taken);
            }
            write(stream, &format!("{whole}/holder.json"), &self.path(&holder_scratch(folder)), holder)?;
            Ok(Claim::Made)
        })
    }

    fn make_folder(&self, folder: &str) -> Answer<()> {
        let whole = self.path(folder);
        self.ask(Deed::MakeFolder, folder, |stream| {
            let mut made = make(stream, &whole);
            if made.is_err() && folder.is_empty() {
                for (at, _) in whole.match_indices('/').filter(|(at, _)| *at > 0) {
                    let _ = make(stream, &whole[..at]);
                }
                made = make(stream, &whole);
            }
            made.map(drop)
        })
    }

    fn put(&self, put: &Put<'_>) -> Answer<()> {
        let path = self.path(put.path);
        let is_free =
            put.over == Over::Ours || !self.ask(Deed::Put, put.path, |stream| Ok(stream.size(&path).is_ok()))?;
        if !is_free {
            return Err(Fault::foreign(put.path));
        }
        self.ask(Deed::Put, put.path, |stream| write(stream, &path, &self.path(put.scratch), put.bytes))
    }

    /// FTP cannot copy: the bytes come here and go back.
    fn keep(&self, from: &str, to: &str) -> Answer<()> {
        self.ask(Deed::Keep, from, |stream| {
            let Some(bytes) = read(stream, &self.path(from))? else { return Ok(()) };
            let to = self.path(to);
            write(stream, &to, &format!("{to}.part"), &bytes)
        })
    }

    fn remove(&self, path: &str) -> Answer<()> {
        self.ask(Deed::Remove, path, |stream| {
            let path = self.path(path);
            match stream.rm(&path) {
                Err(error) if is_refused(&error) && stream.size(&path).is_err() => Ok(()),
                removed => removed,
            }
        })
    }

    fn remove_folder(&self, folder: &str) -> Answer<()> {
        self.ask(Deed::Remove, folder, |stream| match stream.rmdir(self.path(folder)) {
            Err(error) if is_refused(&error) => Ok(()),
            removed => removed,
        })
    }

    fn age(&self, path: &str) -> Answer<Option<Duration>> {
        self.ask(Deed::Read, path, |stream| {
            let written = match stream.mdtm(self.path(path)) {
                Err(error) if is_refused(&error) => return Ok(None),
                written => written?,
            };
            // The server's clock, read from a file that it has just written.
            let probe = self.path(".gongkai/tmp/clock");
            stream.put_file(&probe, &mut Cursor::new(b""))?;
            let now = stream.mdtm(&probe)?;
            let _ = stream.rm(&probe);
            Ok(Some((now - written).to_std().unwrap_or_default()))
        })
    }
}
