//! `satchel-server`: see [`satchel_server::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    satchel_server::cli::main()
}
