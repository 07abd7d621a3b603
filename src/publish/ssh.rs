//! What comes before SFTP: is it the right server, and are we let in?

use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::Channel;
use russh::client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse, Msg};
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, decode_secret_key};

use super::address::Remote;
use super::connect::{Access, Secret};
use super::stop::Stop;
use super::target::{Deed, Fault, Reason};
use crate::diagnostic::{Text, cause};
use crate::source::{Disk, RealDisk};
use crate::text;

/// A server that says nothing for so long is gone.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Looks at the server's key.
pub(super) struct Door {
    pub(super) server: Remote,
    pub(super) fingerprint: Option<String>,
    /// What was wrong with it.
    pub(super) refused: Arc<Mutex<Option<Fault>>>,
    /// Whether it is OpenSSH.
    pub(super) is_openssh: Arc<AtomicBool>,
}

impl Handler for Door {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let key = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.clone(),
            PublicKeyOrCertificate::Certificate(certificate) => PublicKey::from(certificate.public_key().clone()),
        };
        let print = key.fingerprint(HashAlg::Sha256).to_string();
        let server = self.server.server();
        let fault = match &self.fingerprint {
            Some(known) if *known == print => None,
            Some(_) => Some(Fault::changed(&server, print)),
            // Whoever has been there with OpenSSH has its key already.
            None => match known_hosts().map(|path| {
                russh::keys::known_hosts::check_known_hosts_path(&self.server.host, port(&self.server), &key, path)
            }) {
                Some(Ok(true)) => None,
                Some(Err(russh::keys::Error::KeyChanged { .. })) => Some(Fault::changed(&server, print)),
                _ => {
                    let why = text!("它的指纹没有写下来", "its fingerprint is written down nowhere");
                    Some(Fault::unknown(&server, print, &why))
                }
            },
        };
        let is_known = fault.is_none();
        *self.refused.lock().expect("nobody panics here") = fault;
        Ok(is_known)
    }

    async fn kex_done(
        &mut self,
        _: Option<&[u8]>,
        _: &russh::Names,
        session: &mut russh::client::Session,
    ) -> Result<(), Self::Error> {
        let name = session.remote_sshid();
        self.is_openssh.store(name.windows(7).any(|word| word == b"OpenSSH"), Ordering::Relaxed);
        Ok(())
    }
}

fn home() -> Option<std::path::PathBuf> {
    std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(Into::into)
}

fn known_hosts() -> Option<std::path::PathBuf> {
    home().map(|home| home.join(".ssh").join("known_hosts"))
}

pub(super) fn port(remote: &Remote) -> u16 {
    remote.port.unwrap_or(22)
}

/// Tries keys, then the password, which some servers want as an answer to a question.
pub(super) async fn sign_in(
    connection: &mut Handle<Door>,
    user: &str,
    remote: &Remote,
    access: &Access<'_>,
) -> Result<(), Stop> {
    let failed = |reason, cause| Fault::new(Deed::Connect, &remote.server(), reason, cause);
    let lost = |error: russh::Error| failed(Reason::Lost, cause_of(&error));
    let keys = match access.key {
        Some(path) => vec![read_key(path, access).map_err(|cause| failed(Reason::Secret, cause))?],
        None => usual_keys(),
    };
    for key in keys {
        let hash = connection.best_supported_rsa_hash().await.map_err(lost)?.flatten();
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
        if let AuthResult::Success = connection.authenticate_publickey(user, key).await.map_err(lost)? {
            return Ok(());
        }
    }
    if access.key.is_none()
        && let Some(password) = (access.secret)(Secret::Password)
    {
        if let AuthResult::Success = connection.authenticate_password(user, password.as_str()).await.map_err(lost)? {
            return Ok(());
        }
        let mut answer = connection.authenticate_keyboard_interactive_start(user, None).await.map_err(lost)?;
        // A server that asks more than a few questions wants something that nobody has.
        for _ in 0..4 {
            let KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } = answer else { break };
            let answers = prompts.iter().map(|_| password.clone()).collect();
            answer = connection.authenticate_keyboard_interactive_respond(answers).await.map_err(lost)?;
        }
        if matches!(answer, KeyboardInteractiveAuthResponse::Success) {
            return Ok(());
        }
    }
    let cause = text!("用户 {user} 没有通过验证", "{user} was not let in");
    Err(failed(Reason::Secret, cause).into())
}

/// Opens a channel. A server's system holds back a packet until the one before is acknowledged (Nagle's algorithm), which
/// ours puts off for 40 ms where it has nothing to say: so something is said.
pub(super) async fn open_channel(connection: &Handle<Door>) -> Result<Channel<Msg>, russh::Error> {
    let mut opening = std::pin::pin!(connection.channel_open_session());
    let mut pause = Duration::from_millis(2);
    loop {
        match tokio::time::timeout(pause, &mut opening).await {
            Ok(opened) => return opened,
            Err(_) => connection.send_keepalive(true).await?,
        }
        pause *= 2;
    }
}

/// Why there is no connection.
pub(super) fn cause_of(error: &russh::Error) -> Text {
    use russh::Error;
    match error {
        Error::IO(error) => cause::of_system(error),
        Error::Disconnect | Error::HUP | Error::SendError => cause::of_system(&ErrorKind::ConnectionReset.into()),
        Error::ConnectionTimeout | Error::KeepaliveTimeout | Error::InactivityTimeout | Error::Elapsed(_) => {
            cause::of_system(&ErrorKind::TimedOut.into())
        }
        Error::Version => text!("对方说的不是 SSH", "the other side does not speak SSH"),
        Error::NoCommonAlgo { theirs, .. } => {
            let theirs = theirs.join("、");
            text!(
                "服务器只会已经不安全的旧算法：{theirs}",
                "the server knows only algorithms that are no longer safe: {theirs}"
            )
        }
        other => cause::of(other),
    }
}

fn read_key(path: &Path, access: &Access<'_>) -> Result<PrivateKey, Text> {
    let bytes = RealDisk.read(path).map_err(|error| cause::of_machine(&error))?;
    let unreadable = |error: russh::keys::Error| {
        let (path, own) = (path.display(), error.to_string());
        text!(
            "密钥 {path} 读不懂，或口令不对（{own}）",
            "the key {path} is not understood, or its passphrase is wrong ({own})"
        )
    };
    let text = String::from_utf8_lossy(&bytes);
    let decode = |passphrase: Option<&str>| decode_secret_key(&text, passphrase);
    match decode(None) {
        Err(russh::keys::Error::KeyIsEncrypted) => {
            let passphrase = (access.secret)(Secret::Passphrase);
            decode(Some(passphrase.as_deref().unwrap_or_default())).map_err(unreadable)
        }
        key => key.map_err(unreadable),
    }
}

/// The keys that OpenSSH would try, as far as they are not encrypted.
fn usual_keys() -> Vec<PrivateKey> {
    let Some(home) = home() else { return Vec::new() };
    let read = |name: &str| RealDisk.read(&home.join(".ssh").join(name)).ok();
    let decode = |bytes: Vec<u8>| decode_secret_key(&String::from_utf8_lossy(&bytes), None).ok();
    ["id_ed25519", "id_ecdsa", "id_rsa"].into_iter().filter_map(read).filter_map(decode).collect()
}
