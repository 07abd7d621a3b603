//! Why a run did not begin, or did not come to its end: what happened, and what to do.

use std::time::Duration;

use super::target::Fault;
use crate::diagnostic::{Text, cause};
use crate::error::Error;
use crate::text;

/// Why a run stopped. The old site still stands, except after [`Stop::Faults`] in a late stage, where some new files
/// stand beside old ones and the next run goes on.
#[derive(Debug)]
pub enum Stop {
    /// This machine is at fault.
    Machine(Error),
    /// Requests failed; all of one stage.
    Faults(Vec<Fault>),
    /// Somebody else is publishing.
    Held {
        /// Who.
        by: String,
        /// When they last gave a sign of life.
        ago: Option<Duration>,
    },
    /// Another run on this machine is publishing there.
    Busy,
    /// The generation was taken in the very moment; holds it. Looking again tells by whom.
    Contended(u64),
    /// Somebody else has begun a newer generation meanwhile.
    TakenOver,
    /// The target does not keep two publishers apart.
    NoClaims,
    /// What the target says of itself cannot be read.
    Damaged(String),
    /// There is no earlier generation to go back to; holds those that there are.
    NothingToRestore(Vec<u64>),
    /// The network targets or stores are not in this program; holds the feature that they come with.
    NotInThisBuild(&'static str),
    /// The settings of the target do not suffice.
    Settings(Text),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Machine(error)
    }
}

impl Stop {
    /// What happened.
    pub fn message(&self) -> Text {
        match self {
            Self::Machine(error) => cause::of_machine(error),
            Self::Faults(faults) => {
                let shown = faults.iter().take(5).map(Fault::message);
                let (zh, en): (Vec<String>, Vec<String>) = shown.map(|text| (text.zh, text.en)).unzip();
                let (zh, en, more) = (zh.join("\n"), en.join("\n"), faults.len().saturating_sub(5));
                match more {
                    0 => text!("{zh}", "{en}"),
                    _ => text!("{zh}\n还有 {more} 个", "{en}\nand {more} more"),
                }
            }
            Self::Held { by, ago } => {
                let seconds = ago.map(|ago| ago.as_secs()).unwrap_or_default();
                text!(
                    "{by} 正在发布到这里（{seconds} 秒前还在进行）",
                    "{by} is publishing there (last sign {seconds} s ago)"
                )
            }
            Self::Busy => text!(
                "这台电脑上另一个 gongkai 正在发布到同一个地方",
                "another gongkai on this machine is publishing to the same place"
            ),
            Self::Contended(_) | Self::TakenOver => {
                text!("别人已经开始了更新的一次发布", "somebody else has begun a newer publish")
            }
            Self::NoClaims => text!(
                "这台服务器不能防止两个人同时发布（它不理会“只在没有时创建”的条件）",
                "this server cannot keep two publishers apart (it ignores conditions on what it creates)"
            ),
            Self::Damaged(path) => text!(
                "目标上的记录 {path} 损坏，或由更新版本的 gongkai 写成",
                "the target's record {path} is damaged, or was written by a newer gongkai"
            ),
            Self::NothingToRestore(kept) if kept.is_empty() => {
                text!("没有以前的版本可以恢复", "there is no earlier publish to go back to")
            }
            Self::NothingToRestore(kept) => {
                let kept: Vec<String> = kept.iter().map(u64::to_string).collect();
                let kept = kept.join(" ");
                text!("没有可以恢复的版本（保留的版本：{kept}）", "nothing to go back to (kept: {kept})")
            }
            Self::NotInThisBuild(_) => {
                text!("这个 gongkai 程序不含这种发布方式", "this gongkai was built without that kind of target")
            }
            Self::Settings(text) => text.clone(),
        }
    }

    /// What to do.
    pub fn help(&self) -> Text {
        match self {
            Self::Machine(_) => text!("改好后再运行一次", "mend it, then run this again"),
            Self::Faults(faults) => faults[0].help(),
            Self::Held { .. } => text!(
                "等对方完成后再运行；如果对方已经断开，两分钟后再运行就会接手",
                "run this again when they are done; if their run has died, run this again in two minutes"
            ),
            Self::Busy => text!("等它完成，或先结束它", "wait for it, or end it first"),
            Self::Contended(_) | Self::TakenOver => {
                text!("等对方完成后再运行一次", "run this again when they are done")
            }
            Self::NoClaims => text!(
                "确定只有你一个人在发布时，加 --unlocked",
                "if you are sure that nobody else publishes there, add --unlocked"
            ),
            Self::Damaged(_) => text!(
                "先更新 gongkai；还不行的话，加 --adopt 重新发布全部文件（以前发布、现在没有的文件不会被删除）",
                "update gongkai first; otherwise --adopt publishes all files anew (what was published before and is no \
                 longer wanted then stays)"
            ),
            Self::NothingToRestore(kept) if kept.is_empty() => {
                text!("那里发布过两次以后才能恢复", "after a second publish there will be one")
            }
            Self::NothingToRestore(_) => text!("用 --to 选一个保留的版本", "choose a kept one with --to"),
            Self::NotInThisBuild(feature) => text!(
                "换用带这种方式的 gongkai，或者重新编译：cargo build --release --features {feature}",
                "use a gongkai that has it, or build it again: cargo build --release --features {feature}"
            ),
            Self::Settings(_) => text!("改好后再运行一次", "mend it, then run this again"),
        }
    }
}
