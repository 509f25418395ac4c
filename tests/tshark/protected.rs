//! Captures under ESP with the keys beside them: what both programs find inside,
//! and what they say of integrity check values.

use std::fmt::Write as _;
use std::path::Path;

use super::Compare;

/// Captures with a table of Wireshark's own.
const TABLES: [(&str, &str); 3] = [
    (
        "third-party/wireshark-wiki/ipsec_esp_capture_1__capture.pcap",
        "third-party/wireshark-wiki/keys/ipsec_esp_capture_1.esp_sa",
    ),
    (
        "third-party/wireshark-wiki/ipsec_ikev2+esp_aes-gcm_aes-ctr_aes-cbc__capture.pcapng",
        "third-party/wireshark-wiki/keys/ipsec_ikev2_aes.esp_sa",
    ),
    (
        "third-party/wireshark/esp-bug-12671.pcapng.gz",
        "third-party/wireshark/keys/esp-bug-12671.pcapng.gz.keys",
    ),
];

/// The captures of real mobile nodes, whose README has the keys.
const UMIP: [&str; 3] = ["umip/08-esp-brA.pcap", "umip/08-esp-brB.pcap", "umip/08-esp-brC.pcap"];

pub(super) fn captures(collection: &Path, keys: &Path) -> Vec<Compare> {
    let mut captures = Vec::new();
    let mut add = |capture: &str, table: String| {
        let settings = keys.join(captures.len().to_string());
        std::fs::create_dir_all(settings.join("wireshark")).expect("a folder for settings");
        std::fs::write(settings.join("wireshark/esp_sa"), table).expect("a table of keys");
        let name = format!("protected/{capture}");
        captures.push(Compare::new(name, collection.join(capture), Some(settings)));
    };
    for (capture, table) in TABLES {
        let table = std::fs::read_to_string(collection.join(table)).expect("a table of keys");
        // As an option on the command line has it.
        let table = table.lines().map(|l| l.strip_prefix("esp_sa: ").unwrap_or(l));
        add(capture, table.collect::<Vec<_>>().join("\n") + "\n");
    }
    let mut umip = String::new();
    for spi in 0x1000..=0x1005 {
        let _ = writeln!(
            umip,
            "\"IPv6\",\"*\",\"*\",\"{spi:#x}\",\"AES-CBC [RFC3602]\",\
             \"0x000102030405060708090a0b0c0d0e0f\",\"HMAC-SHA-1-96 [RFC2404]\",\
             \"0x1112131415161718191a1b1c1d1e1f2021222324\""
        );
    }
    for capture in UMIP {
        add(capture, umip.clone());
    }
    captures
}
