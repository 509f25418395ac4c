//! Makes what tests and benches read: `testkit traffic PACKETS FILE`.

use std::fs::File;
use std::io::BufWriter;
use std::process::ExitCode;

use mip6_testkit::traffic;

const USAGE: &str = "usage: mip6-testkit traffic PACKETS FILE";

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
        ["traffic", packets, path] => {
            let packets =
                packets.parse().map_err(|e| format!("{packets} is no number of packets: {e}"))?;
            File::create(path)
                .and_then(|f| traffic::write(BufWriter::new(f), packets))
                .map_err(|e| format!("{path}: {e}"))
        }
        _ => Err(USAGE.into()),
    }
}
