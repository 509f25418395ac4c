//! Packets that other projects test themselves with, and the values that their
//! tests expect, held against what a user of `mip6 dissect -T fields` reads.
//!
//! Each vector is a test: it is exercised as every packet is (decode, encode,
//! compare), then each value that its source asserts is compared with the
//! field of ours that says the same. What differs, what cannot be read to its
//! end and what has nothing to compare stands in `exceptions`, each with its
//! reason; what has no field here stands as `Rule::Unmapped` in the mapping of
//! its source. An entry that is not needed any more fails.
//!
//! The vectors are found as the captures of the collection are: the folder
//! that `MIP6_CAPTURES` names, or `../shared/captures`. Those of ESP and AH are
//! tested where keys are, in `security/tests/vectors/`; those of IKE's ciphers
//! (`wireshark_decrypt_expect.json`) wait for the part that knows IKE's keys.

mod captures;
mod claim;
mod exceptions;
mod frames;
mod json;
mod oracle;
mod pypcapkit;
mod reading;
mod scapy;
mod smoltcp;
mod statements;
mod tally;
mod yaklang;
mod zeek;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use mip6_testkit::collection;

use claim::Vector;
use json::Bad;
use tally::Tally;

/// Where the vectors of a source stand, and who reads them. The path is that
/// of the file below the folder; captures are looked up in the folder.
type Source = (&'static str, fn(folder: &Path, file: &Path) -> Result<Vec<Vector>, Bad>);

const SOURCES: &[Source] = &[
    ("third-party/vectors/dev/scapy_inet6_mip6.json", scapy::load),
    ("third-party/vectors/dev/scapy_dhcp6.json", scapy::load),
    ("third-party/vectors/dev/scapy_ikev2.json", scapy::load),
    ("third-party/vectors/dev/scapy_isakmp.json", scapy::load),
    ("third-party/vectors/dev/pypcapkit_mh.json", pypcapkit::load),
    ("third-party/vectors/dev/yaklang_mh.json", yaklang::load),
    ("third-party/vectors/dev/smoltcp_rh2.json", smoltcp::load),
    ("third-party/vectors/dev/pcap4j_icmp6_mip.json", captures::load_pcap4j),
    ("third-party/vectors/dev/inet_mipv6_fields.json", captures::load_inet),
    ("third-party/zeek/expected/core.ipv6_esp__output", zeek::load),
    ("peers/scapy-mip6-oracle.json", oracle::load),
];

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let tally = Arc::new(Tally::default());
    let mut trials = Vec::new();
    let mut vectors = Vec::new();
    let mut skip = |what: &str| {
        trials.push(Trial::test(format!("skipped: no {what}"), || Ok(())).with_ignored_flag(true));
    };
    let folder = collection::folder();
    if folder.is_none() {
        skip("captures");
    }
    for (folder, (path, load)) in folder.iter().flat_map(|f| SOURCES.iter().map(move |s| (f, s))) {
        let file = folder.join(path);
        if !file.is_file() {
            eprintln!("skipped: no {}", file.display());
            skip(path);
            continue;
        }
        match load(folder, &file) {
            Ok(more) => vectors.extend(more),
            Err(e) => {
                eprintln!("{}: {e}", file.display());
                return ExitCode::from(2);
            }
        }
    }
    let stale = exceptions::stale(&vectors);
    trials.push(Trial::test("exceptions: each is about a vector", move || {
        if stale.is_empty() { Ok(()) } else { Err(stale.join("\n").into()) }
    }));
    for vector in vectors {
        let tally = Arc::clone(&tally);
        let name = format!("{}: {}", vector.file, vector.name);
        trials.push(Trial::test(name, move || reading::hold(&vector, &tally)));
    }
    let listing = args.list;
    let conclusion = libtest_mimic::run(&args, trials);
    if !listing {
        eprint!("{tally}");
    }
    conclusion.exit_code()
}
