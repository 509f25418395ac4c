//! A packet as one line: who to whom, the headers, and what the protocol fixes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Which node has which station, and whose an address is.
#[derive(Default)]
pub(super) struct Who {
    stations: BTreeMap<String, &'static str>,
    addresses: BTreeMap<String, String>,
}

impl Who {
    /// A node with its station, and names of addresses as `ADDRESS=NAME`.
    pub(super) fn node(&mut self, node: &'static str, station: &str, names: &[&str]) {
        self.stations.insert(station.to_owned(), node);
        for name in names {
            self.names(name);
        }
    }

    /// A name of an address, `ADDRESS=NAME`.
    pub(super) fn names(&mut self, name: &str) {
        let (address, name) = name.split_once('=').unwrap();
        let address: std::net::Ipv6Addr = address.parse().unwrap();
        self.addresses.insert(address.to_string(), name.to_owned());
    }

    fn name(&self, address: &Value) -> String {
        let address = address.as_str().unwrap_or_default();
        match self.addresses.get(address) {
            Some(name) => name.clone(),
            None if address == "::" => "none".to_owned(),
            None if address == "ff02::1" => "all".to_owned(),
            None if address.starts_with("ff02::1:ff") => "solicited".to_owned(),
            None => "other".to_owned(),
        }
    }
}

/// A packet that a node sent.
pub(super) struct Message {
    pub(super) node: &'static str,
    pub(super) text: String,
}

impl Message {
    /// Of a frame as `dissect -T json` prints it; none of what is noise: routers,
    /// neighbours, listeners, and what other nodes send.
    pub(super) fn of(frame: &Value, who: &Who) -> Option<Self> {
        let layers = frame["layers"].as_array()?;
        let station = layers.first()?["fields"]["eth.src"].as_str()?;
        let node = who.stations.get(station)?;
        let mut words = Vec::new();
        let mut done = false;
        for layer in layers.iter().skip(1) {
            let f = &layer["fields"];
            match layer["proto"].as_str()? {
                "ipv6" => {
                    words.push(format!(
                        "{}>{}",
                        who.name(&f["ipv6.src"]),
                        who.name(&f["ipv6.dst"])
                    ));
                }
                "ipv6.dstopts" => {
                    words.push(format!("HAO({})", who.name(&f["ipv6.opt.mipv6.home_address"])));
                }
                "ipv6.routing" => {
                    words.push(format!("RH2({})", who.name(&f["ipv6.routing.mipv6.home_address"])));
                }
                "esp" => words.push("ESP".to_owned()),
                "mipv6" => {
                    words.push(mobility(f, who));
                    done = true;
                }
                "icmpv6" => {
                    words.push(icmpv6(f, who)?);
                    done = true;
                }
                "udp" => {
                    words.push("UDP".to_owned());
                    done = true;
                }
                other => words.push(other.to_owned()),
            }
            if done {
                break;
            }
        }
        done.then(|| Self { node, text: words.join(" ") })
    }
}

fn number(f: &Value, name: &str) -> u64 {
    match &f[name] {
        Value::String(hex) => u64::from_str_radix(hex.trim_start_matches("0x"), 16).unwrap(),
        other => other.as_u64().unwrap_or_default(),
    }
}

fn mobility(f: &Value, who: &Who) -> String {
    const NAMES: [&str; 8] = [
        "Binding Refresh Request",
        "Home Test Init",
        "Care-of Test Init",
        "Home Test",
        "Care-of Test",
        "Binding Update",
        "Binding Acknowledgement",
        "Binding Error",
    ];
    let kind = number(f, "mip6.mhtype") as usize;
    let mut text = NAMES[kind].to_owned();
    match kind {
        5 => {
            text.push(' ');
            for (letter, field) in ["a", "h", "l", "k"].map(|l| (l, format!("mip6.bu.{l}_flag"))) {
                if f[&field] == true {
                    text.push_str(&letter.to_uppercase());
                }
            }
            let _ = write!(text, " lifetime {}", number(f, "mip6.bu.lifetime"));
        }
        6 => {
            let (status, lifetime) = (number(f, "mip6.ba.status"), number(f, "mip6.ba.lifetime"));
            let _ = write!(text, " status {status} lifetime {lifetime}");
        }
        7 => {
            let _ = write!(text, " status {}", number(f, "mip6.be.status"));
        }
        _ => {}
    }
    let options = match &f["mip6.mobility_opt"] {
        Value::Array(all) => all.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    // But for padding.
    for option in options.iter().filter_map(Value::as_u64).filter(|o| *o > 1) {
        let _ = match option {
            3 => write!(text, ", alternate {}", who.name(&f["mip6.acoa.acoa"])),
            4 => write!(text, ", nonce indices"),
            5 => write!(text, ", authorization"),
            other => write!(text, ", option {other}"),
        };
    }
    text
}

/// None of what is noise.
fn icmpv6(f: &Value, who: &Who) -> Option<String> {
    let kind = number(f, "icmpv6.type");
    Some(match kind {
        128 => "Echo Request".to_owned(),
        129 => "Echo Reply".to_owned(),
        135 if who.name(&f["icmpv6.nd.ns.target_address"]) == "home" => {
            "Neighbor Solicitation for home".to_owned()
        }
        136 if who.name(&f["icmpv6.nd.na.target_address"]) == "home" => {
            "Neighbor Advertisement for home".to_owned()
        }
        130..=137 | 143 => return None,
        _ => format!("ICMPv6 {kind} code {}", number(f, "icmpv6.code")),
    })
}
