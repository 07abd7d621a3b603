//! The verbs. Each file reads like a story: what is asked, what is done, what is said.

mod archive;
mod build;
mod check;
mod export;
mod import;
mod init;
mod new;
mod progress;
mod publish;
mod published;
mod ready;
mod rollback;
mod search;
mod serve;
mod target;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::{self, Verb};
use crate::diagnostic::{Language, cause};
use crate::error::Error;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done; there may have been warnings.
    Done = 0,
    /// There are errors in the content, or warnings under `--strict`.
    Faulty = 1,
    /// It could not run: a wrong argument, a folder that is not there, a disk that is full.
    Failed = 2,
}

/// Parses, runs, and turns the ending into an exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (language, parsed) = cli::parse(arguments, &|name| std::env::var(name).ok());
    let ending = match parsed {
        Ok(cli) => match cli.verb {
            Verb::Init(asked) => init::run(&asked, language),
            Verb::New(asked) => new::run(&asked, language),
            Verb::Import(asked) => import::run(&asked, language),
            Verb::Build(asked) => build::run(&asked, language),
            Verb::Search(asked) => search::run(&asked, language),
            Verb::Export(asked) => export::run(&asked, language),
            Verb::Check(asked) => check::run(&asked, language),
            Verb::Serve(asked) => serve::run(&asked, language),
            Verb::Publish(asked) => publish::run(&asked, language),
            Verb::Rollback(asked) => rollback::run(&asked, language),
            Verb::Archive(asked) => archive::run(&asked, language),
        },
        Err(error) => refused(&error, language),
    };
    ExitCode::from(ending as u8)
}

/// Says something to a program, in one piece: line by line, each would be a call to the system.
fn say_json(value: &serde_json::Value) {
    let mut words = format!("{value:#}");
    words.push('\n');
    print!("{words}");
}

/// What clap has to say: help and versions are no fault; wrong arguments are said in the user's language.
fn refused(error: &clap::Error, language: Language) -> Ending {
    use clap::error::{ContextKind, ErrorKind};
    if !error.use_stderr() {
        print!("{error}");
        return Ending::Done;
    }
    if language == Language::English || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        eprint!("{error}");
        return Ending::Failed;
    }
    let named = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (argument, value) = (named(ContextKind::InvalidArg), named(ContextKind::InvalidValue));
    let said = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识参数 {argument}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", named(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{argument} 的值 `{value}` 不对"),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {argument}"),
        ErrorKind::ArgumentConflict => format!("{argument} 不能重复或与别的参数同用"),
        _ => error.to_string(),
    };
    eprintln!("错误：{said}");
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
        ContextKind::ValidValue,
    ];
    if let Some(near) = near.into_iter().map(named).find(|near| !near.is_empty()) {
        eprintln!("是不是：{near}");
    }
    eprintln!("用 `gongkai --help` 查看全部用法。");
    Ending::Failed
}

/// Says that the machine was at fault.
fn failed(error: &Error, language: Language) -> Ending {
    let said = cause::of_machine(error);
    match language {
        Language::Chinese => eprintln!("错误：{}", said.zh),
        Language::English => eprintln!("error: {}", said.en),
    }
    Ending::Failed
}
