//! A small town's site on this machine, and the program itself as its clerk runs it.

use std::process::{Command, Output, Stdio};

use super::servers::{PASSWORD, Server};

/// A small site with one target.
pub struct Town {
    pub folder: tempfile::TempDir,
}

impl Town {
    /// A site that is published to this server, by the address `url`.
    pub fn new(server: &Server, url: &str) -> Self {
        let line = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!("    {name}: \"{value}\"\n")).unwrap_or_default()
        };
        let key = server.key.as_ref().map(|key| key.display().to_string());
        Self::with(&format!("{url}\n{}{}", line("fingerprint", &server.fingerprint), line("key", &key)))
    }

    /// A site that is published to this address.
    #[cfg(feature = "cloud")]
    pub fn at(url: &str) -> Self {
        Self::with(&format!("{url}\n"))
    }

    /// A site with these words behind `to:` of its one target.
    fn with(target: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "name: 测试站\ncontact: {{ host: 测试县人民政府 }}\nsearch: false\npublish:\n  - name: county\n    to: {target}"
        );
        std::fs::write(folder.path().join("site.yaml"), settings).unwrap();
        std::fs::create_dir(folder.path().join("content")).unwrap();
        let town = Self { folder };
        for n in 0..4 {
            town.report(&format!("r{n}"), 2019 + n);
        }
        town
    }

    /// Writes a report about this year.
    pub fn report(&self, name: &str, year: u16) {
        let (after, body) = (year + 1, "正文。".repeat(300));
        let report =
            format!("---\ntitle: 丁市镇{year}年预算\ntown: 丁市镇\nyear: {year}\ndate: {after}-01-10\n---\n{body}\n");
        std::fs::write(self.folder.path().join(format!("content/{name}.md")), report).unwrap();
    }

    /// The program with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments).arg("--site").arg(self.folder.path());
        command.env("GONGKAI_PASSWORD", PASSWORD).stdin(Stdio::null());
        // The key that s3rver knows; moto takes any.
        command.env("GONGKAI_ACCESS_KEY", "S3RVER").env("GONGKAI_SECRET_KEY", "S3RVER");
        command
    }

    /// Runs it and wants it to end well.
    pub fn done(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        let said = || String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}", said());
        output
    }
}
