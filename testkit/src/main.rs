//! Makes what tests, benches and fuzzers read: the captures in `pcaps/`,
//! traffic, and seeds.

#![forbid(unsafe_code)]

use std::fs::File;
use std::io::BufWriter;
use std::process::ExitCode;

use mip6_testkit::{fuzz, scenes, traffic};

const USAGE: &str = "usage: mip6-testkit pcaps FOLDER | traffic PACKETS FILE | \
                     registrations NODES FILE | seeds FOLDER";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("mip6-testkit: {e}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[&str]) -> Result<(), String> {
    match args {
        ["pcaps", folder] => {
            let n = scenes::write(folder.as_ref()).map_err(|e| format!("{folder}: {e}"))?;
            eprintln!("{n} captures written to {folder}");
            Ok(())
        }
        ["traffic", packets, path] => {
            let packets =
                packets.parse().map_err(|e| format!("{packets} is no number of packets: {e}"))?;
            File::create(path)
                .and_then(|f| traffic::write(BufWriter::new(f), packets))
                .map_err(|e| format!("{path}: {e}"))
        }
        ["registrations", nodes, path] => {
            let nodes = nodes.parse().map_err(|e| format!("{nodes} is no number of nodes: {e}"))?;
            File::create(path)
                .and_then(|f| traffic::write_registrations(BufWriter::new(f), nodes))
                .map_err(|e| format!("{path}: {e}"))
        }
        ["seeds", folder] => {
            let n = fuzz::write_seeds(folder.as_ref()).map_err(|e| format!("{folder}: {e}"))?;
            eprintln!("{n} seeds written to {folder}");
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}
