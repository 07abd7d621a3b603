//! Which language is spoken, and the help of every verb in Chinese: the texts of [`mod@super::chinese`] in the place of ours
//! and of clap's own.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

use super::chinese::CHINESE;
use crate::diagnostic::Language;

/// `--lang` wins, then `LC_ALL`, `LC_MESSAGES`, `LANG`; where none says otherwise, Chinese.
pub(super) fn language(arguments: &[OsString], environment: &dyn Fn(&str) -> Option<String>) -> Language {
    let mut typed = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = typed.next() {
        let value = if argument == "--lang" { typed.next() } else { argument.strip_prefix("--lang=") };
        match value {
            Some("zh") => return Language::Chinese,
            Some("en") => return Language::English,
            _ => {}
        }
    }
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()));
    match set.as_deref() {
        Some(locale) if locale.starts_with("en") => Language::English,
        _ => Language::Chinese,
    }
}

/// The heading over the options.
const OPTIONS: &str = "选项";
/// How help is laid out in Chinese.
const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}";

fn about(verb: &str, argument: &str) -> Option<&'static str> {
    CHINESE.iter().find(|(of, name, _)| *of == verb && *name == argument).map(|(_, _, text)| *text)
}

fn translate(verb: &str, argument: Arg) -> Arg {
    let text = about(verb, argument.get_id().as_str()).or_else(|| about("", argument.get_id().as_str()));
    // What clap adds of its own is English: our texts name values and defaults themselves.
    let takes_value = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let argument = argument.hide_possible_values(takes_value).hide_default_value(takes_value);
    match text {
        Some(text) => argument.help(text),
        None => argument,
    }
}

/// `--help` and `--version` in the place of those that clap makes.
fn with_own_flags(command: Command) -> Command {
    let flag = |name: &'static str, short, action| {
        let flag = Arg::new(name).short(short).long(name).action(action);
        flag.help(about("", name).unwrap_or_default()).help_heading(OPTIONS)
    };
    let command = command.disable_help_flag(true).disable_version_flag(true);
    command.arg(flag("help", 'h', ArgAction::Help)).arg(flag("version", 'V', ArgAction::Version))
}

/// The line that says what is typed, for the verb of this name.
fn usage(verb: &Command, name: &str) -> String {
    let usage = verb.clone().bin_name(format!("gongkai {name}").trim_end()).render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).trim_end();
    usage.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>")
}

/// The command with all of its help in Chinese.
pub(super) fn chinese(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let mut command = command
        .about(about("", ""))
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .disable_help_subcommand(true)
        .mut_args(move |argument| translate("", argument).help_heading(OPTIONS));
    for name in names {
        command = command.mut_subcommand(&name, |verb| chinese_verb(verb, &name));
    }
    let usage = usage(&command, "");
    with_own_flags(command).override_usage(usage)
}

/// A verb, and the verbs below it: `name` is `archive seal` for the second of two.
fn chinese_verb(verb: Command, name: &str) -> Command {
    let of = name.to_owned();
    let mut verb = verb.help_template(TEMPLATE).mut_args(move |argument| {
        let heading = if argument.is_positional() { "参数" } else { OPTIONS };
        translate(&of, argument).help_heading(heading)
    });
    if let Some(text) = about(name, "") {
        verb = verb.about(text);
    }
    let below: Vec<String> = verb.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    if !below.is_empty() {
        verb = verb.subcommand_help_heading("命令").disable_help_subcommand(true);
    }
    for own in below {
        let whole = format!("{name} {own}");
        verb = verb.mut_subcommand(&own, |verb| chinese_verb(verb, &whole));
    }
    let usage = usage(&verb, name);
    with_own_flags(verb).override_usage(usage)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// The help of a verb and of all below it.
    fn helps(mut command: Command) -> Vec<String> {
        let own = command.render_long_help().to_string();
        let below = command.get_subcommands().flat_map(|verb| helps(verb.clone()));
        below.chain([own]).collect()
    }

    #[test]
    fn help_in_chinese_has_no_words_of_clap() {
        let helps = helps(chinese(Cli::command()));
        assert!(helps.len() > 15, "{}", helps.len());
        for help in helps {
            for word in ["Options", "OPTIONS", "COMMAND>", "Print", "Possible", "[default", "Usage"] {
                let known = help.replace("--editor <COMMAND>", "");
                assert!(!known.contains(word), "{word}:\n{help}");
            }
        }
    }
}
