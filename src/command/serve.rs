//! `gongkai serve`: show the site while it is written, and say after each save what was noticed.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use super::{Ending, failed};
use crate::cli::Serve;
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Diagnostic, Language, Severity};
use crate::serve::{self, Options, Running, Shown, Subject, SystemEyes};
use crate::source::{Clock, RealDisk};
use crate::text;

/// Runs the verb. It ends with the program: what Ctrl-C does without anybody's help is all that is needed.
pub(super) fn run(asked: &Serve, language: Language) -> Ending {
    let folder = match RealDisk.whole_path(&asked.site) {
        Ok(folder) => folder,
        Err(error) => return failed(&error, language),
    };
    let subject = Subject { disk: Arc::new(RealDisk), folder, base_url: asked.base_url.clone(), clock: Clock::system };
    let options =
        Options { port: asked.port, lan: asked.lan, follow: asked.follow, editor: asked.editor.clone(), language };
    let log = Log { language, said: std::sync::Mutex::default() };
    let running = match serve::start(subject, Box::new(SystemEyes::default()), &options, move |shown| log.say(shown)) {
        Ok(running) => running,
        Err(error) => {
            let port = asked.port;
            let said = text!("不能在端口 {port} 上开始：{error}", "cannot start at port {port}: {error}");
            eprintln!("{}", said.in_language(language));
            return Ending::Failed;
        }
    };
    welcome(asked, &running, language);
    if asked.open {
        // Where there is no browser, the address has been printed all the same.
        let _ = open::that_detached(format!("http://{}/", running.address));
    }
    loop {
        std::thread::park();
    }
}

fn welcome(asked: &Serve, running: &Running, language: Language) {
    let address = running.address;
    let (wanted, port) = (asked.port, address.port());
    if wanted != port && wanted != 0 {
        let said = text!("端口 {wanted} 已被占用，改用 {port}", "port {wanted} is taken; using {port}");
        println!("{}", said.in_language(language));
    }
    let said = text!("预览：http://{address}/ （按 Ctrl-C 结束）", "Preview: http://{address}/ (Ctrl-C ends it)");
    println!("{}", said.in_language(language));
    if let Some(address) = running.lan {
        let link = format!("http://{address}/");
        let said = text!("同一网络：{link}", "In this network: {link}");
        println!("{}\n{}", said.in_language(language), serve::code(&link).unwrap_or_default());
    } else if asked.lan {
        let said = text!("没有找到网络，只能在本机看", "no network was found; only this machine can look");
        println!("{}", said.in_language(language));
    }
    // Whoever reads this through a pipe waits for the address.
    let _ = io::stdout().flush();
}

/// Says what was noticed, and nothing twice.
struct Log {
    language: Language,
    said: std::sync::Mutex<Vec<Diagnostic>>,
}

impl Log {
    fn say(&self, shown: &Shown) {
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let new: Vec<Diagnostic> = shown.faults.iter().filter(|fault| !said.contains(fault)).cloned().collect();
        let colour = if io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
        eprint!("{}", show::all(&new, self.language, colour));
        if let Some(machine) = &shown.machine {
            eprintln!("{}", machine.in_language(self.language));
        }
        let is_error = |fault: &&Diagnostic| fault.severity == Severity::Error;
        if said.iter().any(|fault| is_error(&fault)) && !shown.faults.iter().any(|fault| is_error(&fault)) {
            eprintln!("{}", text!("错误已全部改好", "all errors are mended").in_language(self.language));
        }
        said.clone_from(&shown.faults);
    }
}
