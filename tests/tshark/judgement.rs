//! What tshark thinks of the packets that roles send: none is malformed, every
//! checksum and integrity check value that it can judge is right, and it has no
//! warning. It does not judge checksums of Mobility Headers. And that every kind of
//! message was there to be judged.

use libtest_mimic::Trial;

use super::{Compare, none};

/// Fields that are asked for; values of one are divided by `|`.
const FIELDS: [&str; 18] = [
    "_ws.malformed",
    "_ws.expert.severity",
    "_ws.expert.message",
    "icmpv6.checksum.status",
    "udp.checksum.status",
    "ip.checksum.status",
    "esp.icv_bad",
    "mip6.mhtype",
    "icmpv6.type",
    "esp.spi",
    "ah.spi",
    "ipv6.src",
    "ipv6.dst",
    "ipv6.opt.mipv6.home_address",
    "ipv6.routing.mipv6.home_address",
    "icmpv6.opt.type",
    "icmpv6.opt.prefix.flag.r",
    "ipv6.fragment",
];

/// Expert information from here on is a warning.
const WARNING: u32 = 0x0060_0000;

/// Warnings that say nothing of the packet.
const NO_FAULTS: [&str; 1] = [
    // An answer that a case lets be lost, or that is to be withheld.
    "No response seen to ICMPv6 request",
];

/// What tshark prints of a frame.
struct Row(Vec<String>);

impl Row {
    fn all(&self, field: &str) -> impl Iterator<Item = &str> {
        let at = FIELDS.iter().position(|f| *f == field).expect("a field that is asked for");
        self.0.get(at).map_or("", String::as_str).split('|').filter(|v| !v.is_empty())
    }

    fn has(&self, field: &str, value: &str) -> bool {
        self.all(field).any(|v| v == value)
    }

    fn any(&self, field: &str) -> bool {
        self.all(field).next().is_some()
    }

    fn message(&self, kind: &str) -> bool {
        self.has("mip6.mhtype", kind)
    }

    fn icmpv6(&self, kind: &str) -> bool {
        self.has("icmpv6.type", kind)
    }

    fn esp(&self) -> bool {
        self.any("esp.spi")
    }

    fn tunnelled(&self) -> bool {
        self.all("ipv6.src").count() > 1
    }

    fn home_option(&self) -> bool {
        self.any("ipv6.opt.mipv6.home_address")
    }

    fn home_route(&self) -> bool {
        self.any("ipv6.routing.mipv6.home_address")
    }

    /// What is wrong with it.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.any("_ws.malformed") {
            faults.push("malformed".to_owned());
        }
        for field in ["icmpv6.checksum.status", "udp.checksum.status", "ip.checksum.status"] {
            // 0 is bad.
            if self.has(field, "0") {
                faults.push(format!("{field} is bad"));
            }
        }
        if self.has("esp.icv_bad", "1") {
            faults.push("the integrity check value of ESP is bad".to_owned());
        }
        let severities = self.all("_ws.expert.severity");
        for (severity, message) in severities.zip(self.all("_ws.expert.message")) {
            let warns = severity.parse().is_ok_and(|s: u32| s >= WARNING);
            if warns && !NO_FAULTS.contains(&message) {
                faults.push(message.to_owned());
            }
        }
        faults
    }
}

/// A kind of packet that roles send.
type Kind = (&'static str, fn(&Row) -> bool);

const KINDS: &[Kind] = &[
    ("Binding Refresh Request", |r| r.message("0")),
    ("Home Test Init in a tunnel of ESP", |r| r.message("1") && r.esp() && r.tunnelled()),
    ("Home Test Init at the correspondent", |r| r.message("1") && !r.tunnelled()),
    ("Care-of Test Init", |r| r.message("2") && !r.tunnelled()),
    ("Home Test in a tunnel of ESP", |r| r.message("3") && r.esp() && r.tunnelled()),
    ("Home Test from the correspondent", |r| r.message("3") && !r.tunnelled()),
    ("Care-of Test", |r| r.message("4") && !r.tunnelled()),
    ("Binding Update under ESP", |r| r.message("5") && r.esp() && r.home_option()),
    ("Binding Update under AH", |r| r.message("5") && r.any("ah.spi") && r.home_option()),
    ("Binding Update from home", |r| r.message("5") && !r.home_option()),
    ("Binding Update to a correspondent", |r| r.message("5") && !r.esp() && r.home_option()),
    ("Binding Acknowledgement under ESP", |r| r.message("6") && r.esp() && r.home_route()),
    ("Binding Acknowledgement under AH", |r| r.message("6") && r.any("ah.spi") && r.home_route()),
    ("Binding Acknowledgement of a correspondent", |r| {
        r.message("6") && !r.esp() && r.home_route()
    }),
    ("Binding Error", |r| r.message("7") && !r.home_route()),
    ("Home Agent Address Discovery Request", |r| r.icmpv6("144")),
    ("Home Agent Address Discovery Reply", |r| r.icmpv6("145")),
    ("Mobile Prefix Solicitation under ESP", |r| r.icmpv6("146") && r.esp() && r.home_option()),
    ("Mobile Prefix Advertisement under ESP", |r| r.icmpv6("147") && r.esp() && r.home_route()),
    ("Router Advertisement with interval", |r| r.icmpv6("134") && r.has("icmpv6.opt.type", "7")),
    ("Router Advertisement of a home agent", |r| {
        r.icmpv6("134") && r.has("icmpv6.opt.type", "8") && r.has("icmpv6.opt.prefix.flag.r", "1")
    }),
    ("proxy Neighbor Advertisement", |r| r.icmpv6("136") && r.has("ipv6.dst", "ff02::1")),
    ("Home Address option with payload", |r| r.icmpv6("128") && r.home_option() && !r.esp()),
    ("Type 2 routing header with payload", |r| r.icmpv6("129") && r.home_route() && !r.esp()),
    ("tunnel to the mobile node", |r| r.icmpv6("128") && r.tunnelled() && !r.esp()),
    ("tunnel to the home agent", |r| r.icmpv6("129") && r.tunnelled() && !r.esp()),
    ("payload in a tunnel of ESP", |r| r.icmpv6("129") && r.tunnelled() && r.esp()),
    ("fragments, or Packet Too Big", |r| r.any("ipv6.fragment") || r.icmpv6("2")),
];

/// Tests of the evidence among the captures; `failed` are cases that were to have
/// every message and did not run to their end.
pub(super) fn trials(captures: &[Compare], failed: Vec<String>, filtered: bool) -> Vec<Trial> {
    let evidence = captures.iter().filter(|c| !c.origins.is_empty());
    let (mut wrong, mut lacking) = (Vec::new(), KINDS.to_vec());
    let mut any = false;
    for capture in evidence {
        any = true;
        match capture.columns(&FIELDS) {
            Ok(rows) => judge(capture, rows, &mut wrong, &mut lacking),
            Err(e) => wrong.push(e),
        }
    }
    if !any && filtered {
        return Vec::new();
    }
    let lacking: Vec<String> = lacking.iter().map(|k| format!("no {}", k.0)).collect();
    vec![
        Trial::test("evidence: cases with every message pass", move || none(&failed)),
        Trial::test("evidence: tshark finds nothing wrong with what roles send", move || {
            none(&wrong)
        }),
        Trial::test("evidence: every kind of message that roles send is compared", move || {
            none(&lacking)
        }),
    ]
}

fn judge(
    capture: &Compare,
    rows: Vec<Vec<String>>,
    wrong: &mut Vec<String>,
    lacking: &mut Vec<Kind>,
) {
    for (i, row) in rows.into_iter().map(Row).enumerate() {
        lacking.retain(|(_, is)| !is(&row));
        if capture.whole {
            let (case, frame) = capture.origin(i + 1);
            // tshark takes the numbers of Local Key Exchange for what they have been
            // registered as since, and finds the rest of its options too much.
            if speaks_local_keys(&case) {
                continue;
            }
            wrong.extend(row.faults().iter().map(|f| format!("{case}, frame {frame}: {f}")));
        }
    }
}

/// Whether nodes of a case speak Local Key Exchange, by its name:
/// `evidence/mn.local.handover`.
fn speaks_local_keys(case: &str) -> bool {
    case.rsplit('/').any(|part| part.split('.').nth(1) == Some("local"))
}
