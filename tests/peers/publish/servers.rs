//! Servers on loopback, each with a folder of its own; they end with the test that started them.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
}

impl Drop for Server {
    fn drop(&mut self) {
        // By its group: some servers start others.
        let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

impl Server {
    /// The folder that it serves, as this machine sees it.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("www")
    }
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

fn place() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("www")).unwrap();
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
    let url = format!("sftp://{}@127.0.0.1:{port}{at}/www", me());
    let key = Some(folder.path().join("user"));
    Server { child, folder, url, fingerprint: Some(fingerprint), key, public: None }
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
    let url = format!("{scheme}://clerk@127.0.0.1:{port}{at}/www");
    Server { child, folder, url, fingerprint, key: None, public: None }
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
    let (port, public) = (free_port(), free_port());
    let user = if me() == "root" { "user root;" } else { "" };
    let config = format!(
        "{user}\nworker_processes 2;\ndaemon off;\npid {at}/pid;\nerror_log {at}/error.log;\n\
         events {{ worker_connections 256; }}\nhttp {{\n  access_log off;\n  types {{ text/html html; text/css css; }}\n  \
         client_body_temp_path {at}/body;\n  proxy_temp_path {at}/proxy;\n  fastcgi_temp_path {at}/fastcgi;\n  \
         uwsgi_temp_path {at}/uwsgi;\n  scgi_temp_path {at}/scgi;\n  client_max_body_size 100m;\n  server {{\n    \
         listen 127.0.0.1:{port};\n    root {at}/www;\n    location / {{ dav_methods PUT DELETE MKCOL COPY MOVE; \
         auth_basic test; auth_basic_user_file {at}/users; }}\n  }}\n  server {{ listen 127.0.0.1:{public}; root \
         {at}/www; }}\n}}\n"
    );
    std::fs::write(folder.path().join("nginx.conf"), config).unwrap();
    let hash = run("openssl", &["passwd", "-apr1", PASSWORD]);
    std::fs::write(folder.path().join("users"), format!("clerk:{hash}\n")).unwrap();
    let log = folder.path().join("log");
    let settings = format!("{at}/nginx.conf");
    let child = start("/usr/sbin/nginx", &["-e", &format!("{at}/error.log"), "-c", &settings], &[port, public], &log);
    let url = format!("http://clerk@127.0.0.1:{port}/xxgk");
    let public = Some(format!("http://127.0.0.1:{public}/xxgk/"));
    let server = Server { child, folder, url, fingerprint: None, key: None, public };
    std::fs::create_dir(server.root().join("xxgk")).unwrap();
    server
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
fn bucket(port: u16) -> (String, Option<String>) {
    let endpoint = format!("http://127.0.0.1:{port}");
    let url = format!("s3://gongkai/xxgk?region=us-east-1&endpoint={endpoint}");
    (url, Some(format!("{endpoint}/gongkai/xxgk/")))
}

/// moto: an S3 that honours conditions. Whoever reads need not sign.
#[cfg(feature = "cloud")]
pub fn moto() -> Server {
    let (folder, _) = place();
    let port = free_port();
    let log = folder.path().join("log");
    let program = installed("moto_server");
    let child = start(&program, &["-H", "127.0.0.1", "-p", &port.to_string()], &[port], &log);
    let (url, public) = bucket(port);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
        "Resource":"arn:aws:s3:::gongkai/*"}]}"#;
    let bucket_url = format!("http://127.0.0.1:{port}/gongkai");
    run("curl", &["-sf", "-X", "PUT", &bucket_url]);
    let json = "Content-Type: application/json";
    run("curl", &["-sf", "-X", "PUT", "-H", json, "--data-binary", policy, &format!("{bucket_url}?policy")]);
    Server { child, folder, url, fingerprint: None, key: None, public }
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
    let (url, public) = bucket(port);
    Server { child, folder, url, fingerprint: None, key: None, public }
}
