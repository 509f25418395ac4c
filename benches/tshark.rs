//! mip6 against tshark on the same traffic in the same run: CPU seconds as
//! medians, memory at its peak. Absolute times say little on a shared machine;
//! the ratios are what counts.
//!
//! `MIP6_BENCH_PACKETS` sets the number of packets (1,000,000), `MIP6_BENCH_RUNS`
//! how often each program runs (3).

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use mip6_testkit::{protected, traffic};
use wait4::Wait4;

/// What is compared: a name, arguments of mip6 and of tshark, and how many times
/// faster mip6 is to be.
struct Task {
    name: &'static str,
    mip6: &'static [&'static str],
    tshark: &'static [&'static str],
    goal: f64,
}

const FILTER: &str = "mip6.mhtype == 5";

const TASKS: [Task; 4] = [
    Task {
        name: "check --alone | phs",
        mip6: &["check", "--alone", "--format", "json"],
        tshark: &["-q", "-z", "io,phs"],
        goal: 30.0,
    },
    Task {
        name: "check | -z io,phs",
        mip6: &["check", "--format", "json"],
        tshark: &["-q", "-z", "io,phs"],
        goal: 30.0,
    },
    Task {
        name: "-Y … -T fields",
        mip6: &["dissect", "-Y", FILTER, "-T", "fields", "-e", "frame.number", "-e", "mip6.mhtype"],
        tshark: &["-Y", FILTER, "-T", "fields", "-e", "frame.number", "-e", "mip6.mhtype"],
        goal: 50.0,
    },
    Task {
        name: "-T json",
        mip6: &["dissect", "-T", "json", "-e", "frame.number", "-e", "mip6.mhtype"],
        tshark: &["-T", "json", "-e", "frame.number", "-e", "mip6.mhtype"],
        goal: 20.0,
    },
];

/// What a run took.
#[derive(Clone, Copy)]
struct Cost {
    cpu: Duration,
    /// Octets of memory at the peak.
    memory: u64,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let packets = number("MIP6_BENCH_PACKETS", 1_000_000);
    let runs = number("MIP6_BENCH_RUNS", 3).max(1);
    let folder = tempfile::tempdir()?;
    let traffic_of = |packets: u64| -> Result<_, Box<dyn std::error::Error>> {
        let path = folder.path().join(format!("{packets}.pcap"));
        let file = std::io::BufWriter::new(std::fs::File::create(&path)?);
        traffic::write(file, packets as usize)?;
        Ok(path)
    };
    let (few, many) = (traffic_of(packets / 10)?, traffic_of(packets)?);
    let octets = std::fs::metadata(&many)?.len();
    println!("{packets} packets, {} octets each on average", octets / packets - 16);
    let tshark = Command::new("tshark").arg("--version").output().is_ok();
    if !tshark {
        println!("tshark is not installed: nothing to compare with");
    }
    println!(
        "{:20}{:>10}{:>10}{:>8}{:>7}{:>12}{:>12}",
        "", "mip6", "tshark", "ratio", "goal", "memory", "a tenth"
    );
    for task in &TASKS {
        let mip6 = |path: &Path| median(runs, || cost(env!("CARGO_BIN_EXE_mip6"), task.mip6, path));
        let (small, ours) = (mip6(&few)?, mip6(&many)?);
        let mib = |c: Cost| format!("{:.1} MiB", c.memory as f64 / 1_048_576.0);
        let (memory, tenth) = (mib(ours), mib(small));
        let own = ours.cpu.as_secs_f64();
        if tshark {
            let arguments = [&["-n"], task.tshark].concat();
            let theirs = median(runs, || cost("tshark", &arguments, &many))?.cpu.as_secs_f64();
            let ratio = theirs / own;
            println!(
                "{:20}{own:>8.3} s{theirs:>8.2} s{ratio:>8.1}{:>7}{memory:>12}{tenth:>12}",
                task.name, task.goal
            );
        } else {
            println!(
                "{:20}{own:>8.3} s{:>10}{:>8}{:>7}{memory:>12}{tenth:>12}",
                task.name, "", "", ""
            );
        }
    }
    bindings(folder.path())?;
    protected(folder.path(), runs, tshark)
}

/// Memory of many bindings, each with two security associations.
fn bindings(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    const GOAL: u32 = 64;
    println!();
    for nodes in [1_000, 100_000] {
        let path = folder.join(format!("bindings-{nodes}.pcap"));
        traffic::write_registrations(
            std::io::BufWriter::new(std::fs::File::create(&path)?),
            nodes,
        )?;
        let memory = cost(env!("CARGO_BIN_EXE_mip6"), &["check"], &path)?.memory as f64;
        let memory = memory / 1_048_576.0;
        println!("{nodes:>7} bindings: {memory:.1} MiB at the peak (goal {GOAL} for 100000)");
    }
    Ok(())
}

/// Opening ESP, with few associations and with many.
fn protected(folder: &Path, runs: u64, tshark: bool) -> Result<(), Box<dyn std::error::Error>> {
    let packets = number("MIP6_BENCH_ESP_PACKETS", 100_000);
    println!("\n{packets} packets under ESP (AES-CBC, HMAC-SHA1-96)");
    const SHOWN: [&str; 7] = ["-T", "fields", "-e", "esp.icv_good", "-e", "mip6.mhtype", "-r"];
    for (associations, goal) in [(20, 8.0), (2_000, 80.0)] {
        let capture = folder.join(format!("esp-{associations}.pcap"));
        let file = std::io::BufWriter::new(std::fs::File::create(&capture)?);
        protected::write(file, packets as usize, associations)?;
        // tshark finds its table in the folder of its settings.
        let settings = folder.join(format!("settings-{associations}"));
        std::fs::create_dir_all(settings.join("wireshark"))?;
        let keys = settings.join("wireshark/esp_sa");
        std::fs::write(&keys, protected::esp_sa(associations))?;
        let ours = median(runs, || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_mip6"));
            command.arg("dissect").args(SHOWN).arg(&capture).arg("--keys").arg(&keys);
            cost_of(&mut command)
        })?;
        let own = ours.cpu.as_secs_f64();
        let name = format!("{associations} associations");
        if !tshark {
            println!("{name:20}{own:>8.3} s");
            continue;
        }
        let theirs = median(runs.min(if associations > 100 { 1 } else { runs }), || {
            let mut command = Command::new("tshark");
            command.env("XDG_CONFIG_HOME", &settings).arg("-n");
            for option in ["enable_encryption_decode", "enable_authentication_check"] {
                command.args(["-o", &format!("esp.{option}:TRUE")]);
            }
            cost_of(command.args(SHOWN).arg(&capture))
        })?;
        let theirs = theirs.cpu.as_secs_f64();
        println!("{name:20}{own:>8.3} s{theirs:>8.2} s{:>8.1}{goal:>7}", theirs / own);
    }
    Ok(())
}

/// The run of median CPU time.
fn median(runs: u64, mut run: impl FnMut() -> std::io::Result<Cost>) -> std::io::Result<Cost> {
    let mut costs = (0..runs).map(|_| run()).collect::<Result<Vec<_>, _>>()?;
    costs.sort_by_key(|c| c.cpu);
    Ok(costs[costs.len() / 2])
}

fn cost(program: &str, arguments: &[&str], capture: &Path) -> std::io::Result<Cost> {
    let mut command = Command::new(program);
    // Both take the capture as tshark does, but for `check`.
    command.args(arguments);
    if arguments.first() != Some(&"check") {
        command.arg("-r");
    }
    cost_of(command.arg(capture))
}

fn cost_of(command: &mut Command) -> std::io::Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let used = command.spawn()?.wait4()?.rusage;
    Ok(Cost { cpu: used.utime + used.stime, memory: used.maxrss })
}
