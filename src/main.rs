//! Parse the arguments, run the verb, say how it ended.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    human_panic::setup_panic!();
    gongkai::command::run(std::env::args_os())
}
