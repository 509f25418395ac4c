//! What the roles of the conformance suite send: the evidence of cases on honest
//! nodes, put together into a few captures, since a start of tshark takes longer
//! than a case.
//!
//! Of each case in the program one instance is run, of those in `cases/`, which
//! have every message that roles send, all. Where a case sends packets of its own
//! or alters some, only those of the node under test are looked at: the others are
//! wrong on purpose.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use mip6_conformance::case::step::Action;
use mip6_conformance::case::{Case, Instance, Suite};
use mip6_conformance::run::suite::{Job, run_all, threads};
use mip6_conformance::run::verdict::{Outcome, Verdict};
use mip6_conformance::run::{self, Options};
use mip6_dissect::capture::{Capture, CaptureWriter, LinkType, Timestamp};
use mip6_security::{Encryption, Integrity};
use serde::Deserialize;

use super::{Compare, FRAMES};

/// What names of evidence begin with, instead of a folder.
const PREFIX: &str = "evidence/";

/// Frames of a case that are looked at: lifetimes bring thousands that are alike.
const OF_A_CASE: usize = 250;

/// Seconds between the beginnings of two cases in a capture.
const APART: i64 = 1_000_000;

/// Evidence under the same keys.
#[derive(Default)]
struct Group {
    /// Captures of whole cases, and of nodes under test alone.
    parts: Vec<Part>,
}

/// A capture that is being put together.
struct Part {
    octets: Vec<u8>,
    /// The first frame of each case, and its name.
    origins: Vec<(usize, String)>,
    frames: usize,
    whole: bool,
}

/// Runs the cases and writes captures with keys into a folder; then what went
/// wrong, a line each.
pub(super) fn captures(cases: &Path, folder: &Path) -> (Vec<Compare>, Vec<String>) {
    let own = Suite::from_dir(cases).unwrap_or_else(|e| panic!("{e}"));
    let embedded = Suite::embedded().unwrap_or_else(|e| panic!("{e}"));
    let mut jobs: Vec<(&Suite, Job<'_>, bool)> =
        own.instances().map(|(case, instance)| (&own, Job { case, instance }, true)).collect();
    let first = |case: &'static Case| {
        let instance = case.instances.first()?;
        Some((embedded, Job { case, instance }, false))
    };
    jobs.extend(embedded.cases.iter().filter_map(first));
    let mut wrong = Vec::new();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let work = |i: usize| {
        let (suite, job, _) = &jobs[i];
        run::run(job.case, job.instance, &suite.sources, &Options::default())
    };
    run_all(jobs.len(), threads(), work, |i, outcome| {
        let (_, job, ours) = &jobs[i];
        // Whether those in the program pass is for tests of the suite.
        if *ours && outcome.verdict != Verdict::Pass {
            wrong.push(format!("{}: {:?}", outcome.case, outcome.message));
        }
        let whole = *ours || !crafts(job.instance);
        groups.entry(outcome.key_file.clone()).or_default().add(&outcome, whole);
        ControlFlow::Continue(())
    });
    let mut captures = Vec::new();
    for (keys, group) in groups {
        for part in group.parts {
            let n = captures.len() + 1;
            let path = folder.join(format!("evidence-{n}.pcapng"));
            std::fs::write(&path, part.octets).expect("a capture is written");
            let table = table(&keys).unwrap_or_else(|e| panic!("{e}"));
            let settings = (!table.is_empty()).then(|| {
                let settings = folder.join(format!("evidence-{n}"));
                std::fs::create_dir_all(settings.join("wireshark")).expect("a folder for settings");
                std::fs::write(settings.join("wireshark/esp_sa"), table).expect("a table of keys");
                settings
            });
            captures.push(Compare {
                name: format!("{PREFIX}{n}{}", if part.whole { "" } else { "-own" }),
                path,
                keys: settings,
                origins: part.origins,
                whole: part.whole,
            });
        }
    }
    (captures, wrong)
}

/// Whether a case has packets that no role sends.
fn crafts(instance: &Instance) -> bool {
    instance.all_steps().any(|(_, s)| matches!(s.value, Action::Send(_) | Action::Alter(_)))
}

impl Group {
    fn add(&mut self, outcome: &Outcome, whole: bool) {
        let stations: Vec<[u8; 6]> = outcome
            .nodes
            .iter()
            .filter(|n| whole || n.under_test)
            .flat_map(|n| n.stations.iter().copied())
            .collect();
        let mut evidence = Capture::from_reader(Cursor::new(outcome.evidence.clone()))
            .unwrap_or_else(|e| panic!("{}: {e}", outcome.case));
        let mut frames: Vec<(Timestamp, Vec<u8>)> = Vec::new();
        while let Some(frame) = evidence.next_frame().expect("evidence can be read") {
            if frame.data.get(6..12).is_some_and(|s| stations.iter().any(|n| n == s)) {
                frames.push((frame.time, frame.data.to_vec()));
            }
        }
        let most = FRAMES.parse().expect("a number");
        frames.truncate(OF_A_CASE);
        let fits = |p: &&mut Part| p.whole == whole && p.frames + frames.len() <= most;
        if !self.parts.iter_mut().any(|p| fits(&p)) {
            self.parts.push(Part::new(whole));
        }
        let part = self.parts.iter_mut().find(fits).expect("one was pushed");
        part.add(&outcome.case, &frames);
    }
}

impl Part {
    fn new(whole: bool) -> Self {
        Self { octets: Vec::new(), origins: Vec::new(), frames: 0, whole }
    }

    /// Each case has a section of its own.
    fn add(&mut self, case: &str, frames: &[(Timestamp, Vec<u8>)]) {
        let later = APART * self.origins.len() as i64;
        self.origins.push((self.frames + 1, case.to_owned()));
        let mut writer = CaptureWriter::pcapng(&mut self.octets).expect("memory takes everything");
        let interface = writer.interface(LinkType::ETHERNET).expect("memory takes everything");
        for (time, octets) in frames {
            let time = Timestamp { secs: time.secs + later, ..*time };
            writer
                .frame(interface, time, octets, octets.len() as u32)
                .expect("memory takes everything");
        }
        self.frames += frames.len();
    }
}

/// The keys of a case as the runner writes them.
#[derive(Deserialize)]
struct KeyFile {
    #[serde(default)]
    names: BTreeMap<String, String>,
    associations: Vec<KeyEntry>,
}

#[derive(Deserialize)]
struct KeyEntry {
    /// `SA3_1`: number and pair.
    name: String,
    encryption: Option<KeyOf>,
    integrity: Option<KeyOf>,
}

#[derive(Deserialize)]
struct KeyOf {
    /// `null` is none.
    algorithm: Option<String>,
    #[serde(default)]
    key: String,
}

impl KeyOf {
    fn name(&self) -> &str {
        self.algorithm.as_deref().unwrap_or("null")
    }
}

/// The associations of ESP of a key file as Wireshark's table.
fn table(keys: &str) -> Result<String, String> {
    let mut table = String::new();
    if keys.is_empty() {
        return Ok(table);
    }
    let file: KeyFile = serde_yaml::from_str(keys).map_err(|e| e.to_string())?;
    for entry in file.associations {
        let Some(encryption) = entry.encryption else { continue };
        let name = entry.name.strip_prefix("SA").and_then(|n| n.split_once('_'));
        let (number, pair) = name.ok_or_else(|| format!("{}: no such name", entry.name))?;
        let spi = file.names.get(&format!("spi_{pair}_{number}")).ok_or("an SPI is missing")?;
        let integrity = match &entry.integrity {
            Some(i) => (i.name(), i.key.as_str()),
            None => ("null", ""),
        };
        let (Some(cipher), Some(mac)) = (cipher(encryption.name())?, mac(integrity.0)?) else {
            continue;
        };
        let hex = |key: &str| if key.is_empty() { String::new() } else { format!("0x{key}") };
        let _ = writeln!(
            table,
            "\"IPv6\",\"*\",\"*\",\"{spi}\",\"{cipher}\",\"{}\",\"{mac}\",\"{}\"",
            hex(&encryption.key),
            hex(integrity.1)
        );
    }
    Ok(table)
}

/// Wireshark's name of an algorithm, if it knows it.
fn cipher(name: &str) -> Result<Option<&'static str>, String> {
    Ok(Some(match Encryption::parse(name).map_err(|e| e.to_string())? {
        Encryption::Null => "NULL",
        Encryption::DesCbc => "DES-CBC [RFC2405]",
        Encryption::TripleDesCbc => "TripleDES-CBC [RFC2451]",
        Encryption::AesCbc => "AES-CBC [RFC3602]",
        Encryption::AesCtr => "AES-CTR [RFC3686]",
        Encryption::AesGcm8 => "AES-GCM with 8 octet ICV [RFC4106]",
        Encryption::AesGcm12 => "AES-GCM with 12 octet ICV [RFC4106]",
        Encryption::AesGcm16 => "AES-GCM with 16 octet ICV [RFC4106]",
        Encryption::ChaCha20Poly1305 => return Ok(None),
    }))
}

fn mac(name: &str) -> Result<Option<&'static str>, String> {
    Ok(Some(match Integrity::parse(name).map_err(|e| e.to_string())? {
        Integrity::Null => "NULL",
        Integrity::HmacMd5_96 => "HMAC-MD5-96 [RFC2403]",
        Integrity::HmacSha1_96 => "HMAC-SHA-1-96 [RFC2404]",
        Integrity::HmacSha256_96 => "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]",
        Integrity::HmacSha256_128 => "HMAC-SHA-256-128 [RFC4868]",
        Integrity::HmacSha384_192 => "HMAC-SHA-384-192 [RFC4868]",
        Integrity::HmacSha512_256 => "HMAC-SHA-512-256 [RFC4868]",
        Integrity::AesXcbc96 | Integrity::Unchecked(_) => return Ok(None),
    }))
}
