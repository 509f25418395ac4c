//! The messages of roles against those that scapy made: of every packet of scapy's
//! that is right, roles send one with the same headers, options and fixed fields,
//! except where `scapy.txt` says why not. tshark reads both.

use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Trial;
use serde_json::Value;

use super::differences::Differences;
use super::{Compare, none};

/// What the protocol fixes of a message, whoever sends it.
const FIXED: [&str; 25] = [
    "ipv6.nxt",
    "ipv6.dstopts.nxt",
    "ipv6.dstopts.len",
    "ipv6.opt.type",
    "ipv6.opt.length",
    "ipv6.routing.nxt",
    "ipv6.routing.len",
    "ipv6.routing.type",
    "ipv6.routing.segleft",
    "ah.next_header",
    "ah.length",
    "esp.protocol",
    "mip6.proto",
    "mip6.hlen",
    "mip6.mhtype",
    "mip6.reserved",
    "mip6.bu.h_flag",
    "mip6.ba.k_flag",
    "mip6.ba.status",
    "mip6.be.status",
    "mip6.mobility_opt",
    "mip6.mobility_opt.len",
    "icmpv6.type",
    "icmpv6.code",
    "icmpv6.opt.type",
];

/// One test, where the packets are at hand.
pub(super) fn trial(
    collection: &Path,
    folder: &Path,
    evidence: &[Compare],
    known: &Differences,
) -> Trial {
    let wrong = compare(collection, folder, evidence, known).unwrap_or_else(|e| vec![e]);
    Trial::test("evidence: roles send what scapy makes", move || none(&wrong))
}

fn compare(
    collection: &Path,
    folder: &Path,
    evidence: &[Compare],
    known: &Differences,
) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(collection.join("peers/scapy-mip6-oracle.json"))
        .map_err(|e| e.to_string())?;
    let json: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let vectors = json["vectors"].as_array().ok_or("no vectors")?;
    let settings = folder.join("scapy");
    std::fs::create_dir_all(settings.join("wireshark")).map_err(|e| e.to_string())?;
    std::fs::write(settings.join("wireshark/esp_sa"), table(vectors)).map_err(|e| e.to_string())?;
    let path = collection.join("peers/scapy-mip6-oracle.pcap");
    let oracle = Compare::new("scapy".to_owned(), path, Some(settings));
    let theirs = oracle.columns(&FIXED)?;
    let mut ours = Vec::new();
    for capture in evidence.iter().filter(|c| c.whole) {
        ours.extend(capture.columns(&FIXED)?);
    }
    let mut wrong = Vec::new();
    for (vector, theirs) in vectors.iter().zip(&theirs) {
        let name = vector["name"].as_str().unwrap_or_default();
        // Wrong on purpose.
        if name.ends_with("INVALID") {
            continue;
        }
        let differs = |field: &str| known.find(name, field).is_some();
        let closest = ours.iter().min_by_key(|row| unlike(row, theirs, &differs).count());
        let Some(closest) = closest else { return Err("roles send nothing".to_owned()) };
        for i in unlike(closest, theirs, &differs) {
            let (scapy, role) = (&theirs[i], &closest[i]);
            wrong.push(format!("{name}: {}: scapy {scapy:?}, roles {role:?}", FIXED[i]));
        }
        for (i, field) in FIXED.iter().enumerate().filter(|(_, f)| differs(f)) {
            let alone = |f: &str| f != *field && differs(f);
            if ours.iter().any(|row| unlike(row, theirs, &alone).next().is_none()) {
                wrong.push(format!("{name} {}: listed in scapy.txt for no reason", FIXED[i]));
            }
        }
    }
    Ok(wrong)
}

/// Which fields differ, but for those that are to.
fn unlike<'r>(
    row: &'r [String],
    theirs: &'r [String],
    differs: &'r dyn Fn(&str) -> bool,
) -> impl Iterator<Item = usize> + 'r {
    (0..FIXED.len()).filter(|i| row.get(*i) != theirs.get(*i) && !differs(FIXED[*i]))
}

/// The associations of the packets as Wireshark's table.
fn table(vectors: &[Value]) -> String {
    let mut table = String::new();
    for sa in vectors.iter().map(|v| &v["sa"]).filter(|sa| sa["proto"] == 50) {
        let cipher = match sa["enc"].as_str() {
            Some("AES-CBC") => "AES-CBC [RFC3602]",
            Some("3DES") => "TripleDES-CBC [RFC2451]",
            _ => "NULL",
        };
        let key = |name: &str| match sa[name].as_str() {
            Some("") | None => String::new(),
            Some(key) => format!("0x{key}"),
        };
        let _ = writeln!(
            table,
            "\"IPv6\",\"*\",\"*\",\"{}\",\"{cipher}\",\"{}\",\"HMAC-SHA-1-96 [RFC2404]\",\"{}\"",
            sa["spi"],
            key("enc_key"),
            key("auth_key")
        );
    }
    table
}
