//! `mip6`: dissector and conformance test harness for Mobile IPv6.

#![forbid(unsafe_code)]

mod args;
mod commands;
mod exit;
mod output;
mod privilege;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit::Exit;
use output::{Stop, complain};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // A panic is a fault of ours: it has said so on standard error, and gets
    // an exit code of its own.
    let result = std::panic::catch_unwind(|| run(cli)).unwrap_or(Ok(Exit::Internal));
    match result {
        Ok(exit) => exit.into(),
        Err(Stop::ReaderGone) => Exit::Clean.into(),
        Err(Stop::Failed(exit, message)) => {
            complain(&message);
            exit.into()
        }
    }
}

fn run(cli: Cli) -> Result<Exit, Stop> {
    match cli.command {
        Command::Dissect(args) => commands::dissect::run(&args),
        Command::Bindings(args) => commands::bindings::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Conform(args) => commands::conform::run(&args),
        Command::Craft(args) => commands::craft::run(&args),
        Command::Inject(args) => commands::inject::inject(&args),
        Command::Replay(args) => commands::inject::replay(&args),
        Command::Node(args) => commands::node::run(&args),
        Command::Ask(args) => commands::node::ask(&args),
        Command::Rules(args) => commands::rules::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Tui(args) => commands::tui::run(args),
        Command::Completions(args) => commands::completions::run(&args),
        Command::Man(args) => commands::man::run(&args),
    }
}
