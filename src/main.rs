//! Parse the arguments, run the verb, say how it ended.

use std::panic::{self, PanicHookInfo};
use std::process::{self, ExitCode};

use gongkai::command::Ending;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    human_panic::setup_panic!();
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        // Whoever reads has closed the pipe, as `head` does: there is nobody left to print for. It may be in the middle
        // of its work, so that this is no good end.
        if is_unread(fault) {
            process::exit(Ending::Failed as i32);
        }
        told(fault);
    }));
    gongkai::command::run(std::env::args_os())
}

/// Whether a print failed, which the standard library takes for a fault of ours.
fn is_unread(fault: &PanicHookInfo<'_>) -> bool {
    fault.payload_as_str().is_some_and(|words| words.starts_with("failed printing to"))
}
