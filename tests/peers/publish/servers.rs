//! Servers on loopback, each with a folder of its own; they end with the test that started them.

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use gongkai::publish::http::{client, fetch};

/// Makes a test of one check for every server whose files lie on this machine, so that all are tried in the same way.
#[allow(unused_macros, reason = "a benchmark starts one of them only")]
macro_rules! on_each_server {
    ($check:path) => {
        #[test]
        fn on_openssh() {
            $check(&$crate::publish::servers::openssh());
        }

        #[test]
        fn on_proftpd_by_sftp_and_password() {
            $check(&$crate::publish::servers::proftpd($crate::publish::servers::Speech::Sftp));
        }

        #[test]
        fn on_proftpd_with_tls() {
            $check(&$crate::publish::servers::proftpd($crate::publish::servers::Speech::Ftps));
        }

        #[test]
        fn on_proftpd_without_tls() {
            $check(&$crate::publish::servers::proftpd($crate::publish::servers::Speech::Ftp));
        }

        #[test]
        fn on_nginx() {
            $check(&$crate::publish::servers::nginx());
        }

        #[test]
        fn on_nginx_with_tls() {
            $check(&$crate::publish::servers::nginx_with_tls());
        }
    };
}
#[allow(unused_imports, reason = "as above")]
pub(crate) use on_each_server;

/// Reads what servers show.
static CLIENT: LazyLock<ureq::Agent> = LazyLock::new(client);

/// Files by their path below the target.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The password of the one user of servers that want one.
pub const PASSWORD: &str = "公开-2026";

/// A running server.
pub struct Server {
    child: Child,
    folder: tempfile::TempDir,
    /// The URL of its folder.
    pub url: String,
    /// The fingerprint that its key or certificate has.
    pub fingerprint: Option<String>,
    /// A private key that it lets in.
    pub key: Option<PathBuf>,
    /// Where its files are served over plain HTTP.
    pub public: Option<String>,
    /// The bucket that the files lie in, for a store.
    pub bucket: Option<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // By its group: some servers start others.
        let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

impl Server {
    /// The target's folder, as this machine sees it.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("www/xxgk")
    }

    /// What a reader gets: over HTTP where the server speaks it, else from its disk.
    pub fn get(&self, path: &str) -> Option<Vec<u8>> {
        let Some(public) = &self.public else { return std::fs::read(self.root().join(path)).ok() };
        let reply = fetch(&CLIENT, &format!("{public}{path}")).ok()?;
        (reply.status == 200).then_some(reply.body)
    }

    /// Every file of the target outside its `.gongkai/`.
    pub fn files(&self) -> Files {
        let Some(bucket) = &self.bucket else { return files_below(&self.root(), &[".gongkai"]) };
        let listed = fetch(&CLIENT, &format!("{bucket}?list-type=2&prefix=xxgk/")).unwrap();
        let listed = String::from_utf8(listed.body).unwrap();
        assert!(listed.contains("<IsTruncated>false"), "{listed}");
        let keys = listed.split("<Key>xxgk/").skip(1).map(|rest| rest.split('<').next().unwrap());
        let public = keys.filter(|key| !key.starts_with(".gongkai/"));
        public.map(|key| (key.to_owned(), self.get(key).unwrap_or_else(|| panic!("{key} is listed")))).collect()
    }

    /// Puts a file of somebody else there.
    pub fn put_foreign(&self, path: &str, text: &str) {
        match &self.bucket {
            Some(bucket) => drop(CLIENT.put(format!("{bucket}/xxgk/{path}")).send(text).unwrap()),
            None => {
                let path = self.root().join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
    }
}

/// The files below a folder, apart from those in folders of these names.
pub fn files_below(folder: &Path, apart: &[&str]) -> Files {
    let mut found = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(&inner).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            match path.is_dir() {
                true if !apart.contains(&name.as_str()) => folders.push(path),
                true => {}
                false => _ = found.insert(name, std::fs::read(&path).unwrap()),
            }
        }
    }
    found
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed (tests/run installs it): {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn start(program: &str, arguments: &[&str], ports: &[u16], log: &Path) -> Child {
    use std::os::unix::process::CommandExt;
    let log_file = std::fs::File::create(log).unwrap();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log_file.try_clone().unwrap())
        .stderr(log_file)
        .process_group(0);
    let mut child =
        command.spawn().unwrap_or_else(|error| panic!("{program} is needed (tests/run installs it): {error}"));
    let began = Instant::now();
    while !ports.iter().all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok()) {
        let ended = child.try_wait().unwrap();
        let said = || std::fs::read_to_string(log).unwrap_or_default();
        assert!(ended.is_none(), "{program} ended: {}", said());
        assert!(began.elapsed() < Duration::from_secs(20), "{program} does not listen: {}", said());
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

/// A folder for a server, in memory where that can be had: a disk on which ten thousand files were just removed is many
/// times slower to make the next, and whoever comes second in a benchmark would pay for the first.
fn place() -> (tempfile::TempDir, String) {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    std::fs::create_dir_all(folder.path().join("www/xxgk")).unwrap();
    let name = folder.path().to_str().unwrap().to_owned();
    (folder, name)
}

fn me() -> String {
    run("id", &["-un"])
}

fn ssh_key(path: &str) -> String {
    run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", path]);
    let print = run("ssh-keygen", &["-l", "-E", "sha256", "-f", path]);
    print.split(' ').nth(1).unwrap().to_owned()
}

/// OpenSSH, which lets this user in by key.
pub fn openssh() -> Server {
    let (folder, at) = place();
    let port = free_port();
    let fingerprint = ssh_key(&format!("{at}/host"));
    ssh_key(&format!("{at}/user"));
    if me() == "root" {
        std::fs::create_dir_all("/run/sshd").unwrap();
    }
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nAuthorizedKeysFile {at}/user.pub\nStrictModes no\n\
         UsePAM no\nPermitRootLogin yes\nPidFile none\nMaxStartups 100\nSubsystem sftp internal-sftp\n"
    );
    std::fs::write(folder.path().join("sshd_config"), config).unwrap();
    let log = folder.path().join("log");
    // sshd wants its own whole path, and that of its settings.
    let child = start("/usr/sbin/sshd", &["-D", "-e", "-f", &format!("{at}/sshd_config")], &[port], &log);
    let url = format!("sftp://{}@127.0.0.1:{port}{at}/www/xxgk", me());
    let key = Some(folder.path().join("user"));
    Server { child, folder, url, fingerprint: Some(fingerprint), key, public: None, bucket: None }
}

/// How ProFTPD speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    Ftp,
    Ftps,
    Sftp,
}

/// ProFTPD, which lets a user of its own in by password.
pub fn proftpd(speech: Speech) -> Server {
    let (folder, at) = place();
    let port = free_port();
    let (uid, gid) = (run("id", &["-u"]), run("id", &["-g"]));
    let mut ftpasswd = Command::new("ftpasswd");
    ftpasswd.args(["--passwd", "--name", "clerk", "--uid", &uid, "--gid", &gid, "--home", &format!("{at}/www")]);
    ftpasswd.args(["--shell", "/bin/false", "--file", &format!("{at}/users"), "--stdin"]);
    let mut child = ftpasswd.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let (scheme, modules, settings, fingerprint) = match speech {
        Speech::Ftp => ("ftp", String::new(), String::new(), None),
        Speech::Ftps => {
            let print = certificate(&at);
            let settings = format!(
                "TLSEngine on\nTLSRequired on\nTLSRSACertificateFile {at}/cert.pem\nTLSRSACertificateKeyFile {at}/key.pem\n\
                 TLSLog {at}/tls.log\n"
            );
            ("ftps", "LoadModule mod_tls.c\n".to_owned(), settings, Some(print))
        }
        Speech::Sftp => {
            let print = ssh_key(&format!("{at}/host"));
            let settings =
                format!("SFTPEngine on\nSFTPHostKey {at}/host\nSFTPAuthMethods password\nSFTPLog {at}/sftp.log\n");
            ("sftp", "LoadModule mod_sftp.c\n".to_owned(), settings, Some(print))
        }
    };
    let group = run("id", &["-gn"]);
    let config = format!(
        "ModulePath /usr/lib/proftpd\n{modules}ServerName test\nServerType standalone\nDefaultAddress 127.0.0.1\n\
         Port {port}\nUseIPv6 off\nUser {}\nGroup {group}\nAuthUserFile {at}/users\nAuthOrder mod_auth_file.c\n\
         RequireValidShell off\nRootLogin on\nPidFile {at}/pid\nScoreboardFile {at}/scoreboard\nDelayEngine off\n\
         AllowOverwrite on\nWtmpLog off\nUseReverseDNS off\n{settings}",
        me()
    );
    std::fs::write(folder.path().join("proftpd.conf"), config).unwrap();
    let log = folder.path().join("log");
    let child = start("/usr/sbin/proftpd", &["-n", "-q", "-c", &format!("{at}/proftpd.conf")], &[port], &log);
    // Where nobody is shut in, the user's folder is the whole path.
    let url = format!("{scheme}://clerk@127.0.0.1:{port}{at}/www/xxgk");
    Server { child, folder, url, fingerprint, key: None, public: None, bucket: None }
}

/// A certificate that no authority knows; its fingerprint.
fn certificate(at: &str) -> String {
    let (key, certificate) = (format!("{at}/key.pem"), format!("{at}/cert.pem"));
    let subject = "/CN=ftp.example.gov.cn";
    run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "30",
            "-subj",
            subject,
            "-keyout",
            &key,
            "-out",
            &certificate,
        ],
    );
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let print = run("openssl", &["x509", "-noout", "-fingerprint", "-sha256", "-in", &certificate]);
    format!("SHA256:{}", print.split('=').nth(1).unwrap())
}

/// nginx with WebDAV at one port, and the same files for the public at another.
pub fn nginx() -> Server {
    let (folder, at) = place();
    webdav((folder, at), "http", "", None)
}

/// The same with TLS on the port of WebDAV.
pub fn nginx_with_tls() -> Server {
    let (folder, at) = place();
    let print = certificate(&at);
    let settings = format!("ssl_certificate {at}/cert.pem; ssl_certificate_key {at}/key.pem;");
    webdav((folder, at), "https", &settings, Some(print))
}

fn webdav((folder, at): (tempfile::TempDir, String), scheme: &str, tls: &str, fingerprint: Option<String>) -> Server {
    let listens = if tls.is_empty() { "" } else { " ssl" };
    let (port, public) = (free_port(), free_port());
    let user = if me() == "root" { "user root;" } else { "" };
    let config = format!(
        "{user}\nworker_processes 2;\ndaemon off;\npid {at}/pid;\nerror_log {at}/error.log;\n\
         events {{ worker_connections 256; }}\nhttp {{\n  access_log off;\n  types {{ text/html html; text/css css; }}\n  \
         client_body_temp_path {at}/body;\n  proxy_temp_path {at}/proxy;\n  fastcgi_temp_path {at}/fastcgi;\n  \
         uwsgi_temp_path {at}/uwsgi;\n  scgi_temp_path {at}/scgi;\n  client_max_body_size 100m;\n  server {{\n    \
         listen 127.0.0.1:{port}{listens}; {tls}\n    root {at}/www;\n    location / {{ dav_methods PUT DELETE MKCOL COPY MOVE; \
         auth_basic test; auth_basic_user_file {at}/users; }}\n  }}\n  server {{ listen 127.0.0.1:{public}; root \
         {at}/www; }}\n}}\n"
    );
    std::fs::write(folder.path().join("nginx.conf"), config).unwrap();
    let hash = run("openssl", &["passwd", "-apr1", PASSWORD]);
    std::fs::write(folder.path().join("users"), format!("clerk:{hash}\n")).unwrap();
    let log = folder.path().join("log");
    let settings = format!("{at}/nginx.conf");
    let child = start("/usr/sbin/nginx", &["-e", &format!("{at}/error.log"), "-c", &settings], &[port, public], &log);
    let url = format!("{scheme}://clerk@127.0.0.1:{port}/xxgk");
    let public = Some(format!("http://127.0.0.1:{public}/xxgk/"));
    Server { child, folder, url, fingerprint, key: None, public, bucket: None }
}

/// What `tests/run` puts below `target/peers`.
#[cfg(feature = "cloud")]
fn installed(program: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    let places = [folder.join("venv/bin").join(program), folder.join("node_modules/.bin").join(program)];
    let found = places.into_iter().find(|place| place.exists());
    found.map_or_else(|| program.to_owned(), |place| place.display().to_string())
}

#[cfg(feature = "cloud")]
fn store(child: Child, folder: tempfile::TempDir, port: u16) -> Server {
    let endpoint = format!("http://127.0.0.1:{port}");
    let url = store_url(port);
    let (public, bucket) = (Some(format!("{endpoint}/gongkai/xxgk/")), Some(format!("{endpoint}/gongkai")));
    Server { child, folder, url, fingerprint: None, key: None, public, bucket }
}

/// The target in the store, or in whatever stands before it, at this port.
#[cfg(feature = "cloud")]
pub fn store_url(port: u16) -> String {
    format!("s3://gongkai/xxgk?region=us-east-1&endpoint=http://127.0.0.1:{port}")
}

/// moto: an S3 that honours conditions. Whoever reads need not sign.
#[cfg(feature = "cloud")]
pub fn moto() -> Server {
    let (folder, _) = place();
    let port = free_port();
    let log = folder.path().join("log");
    let program = installed("moto_server");
    let child = start(&program, &["-H", "127.0.0.1", "-p", &port.to_string()], &[port], &log);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
        "Resource":"arn:aws:s3:::gongkai/*"}]}"#;
    let bucket_url = format!("http://127.0.0.1:{port}/gongkai");
    run("curl", &["-sf", "-X", "PUT", &bucket_url]);
    let json = "Content-Type: application/json";
    run("curl", &["-sf", "-X", "PUT", "-H", json, "--data-binary", policy, &format!("{bucket_url}?policy")]);
    store(child, folder, port)
}

/// s3rver: an S3 that ignores every condition.
#[cfg(feature = "cloud")]
pub fn s3rver() -> Server {
    let (folder, at) = place();
    let port = free_port();
    let log = folder.path().join("log");
    let (program, number) = (installed("s3rver"), port.to_string());
    let arguments = ["-d", &format!("{at}/data"), "-a", "127.0.0.1", "-p", &number, "--configure-bucket", "gongkai"];
    let child = start(&program, &arguments, &[port], &log);
    store(child, folder, port)
}
