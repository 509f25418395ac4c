//! The bench at which rules sit: they say whether a requirement holds, it
//! keeps count and takes down what does not.

use std::fmt::Display;

use mip6_security::mobility::local::Reading;
use mip6_wire::codes::Codes;
use mip6_wire::layout::Field;

use super::requirement::REQUIREMENTS;
use super::{Finding, Level, Req, Undecided};
use crate::packet::{Chain, Layer, Packet, Proto};

/// What has been judged: findings of the last packet, and how often each
/// requirement applied since the beginning.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// Findings; clear them when they have been dealt with.
    pub findings: Vec<Finding>,
    applied: Vec<u64>,
    /// How often each could not be judged, by reason.
    undecided: Vec<[u64; Undecided::ALL.len()]>,
    disabled: Vec<bool>,
}

impl Default for Verdicts {
    fn default() -> Self {
        let n = REQUIREMENTS.len();
        Self {
            findings: Vec::new(),
            applied: vec![0; n],
            undecided: vec![[0; Undecided::ALL.len()]; n],
            disabled: vec![false; n],
        }
    }
}

impl Verdicts {
    /// Nothing judged yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does not judge requirements for which `keep` says no.
    pub fn select(&mut self, keep: impl Fn(&str) -> bool) {
        for (disabled, r) in self.disabled.iter_mut().zip(&REQUIREMENTS) {
            *disabled = !keep(r.id);
        }
    }

    /// Forgets what has been judged; what is not to be judged stays.
    pub fn reset(&mut self) {
        self.findings.clear();
        self.applied.fill(0);
        self.undecided.fill(Default::default());
    }

    /// Requirements that applied, and how often.
    pub fn all_applied(&self) -> impl Iterator<Item = (Req, u64)> {
        (0..self.applied.len() as u16)
            .map(Req)
            .map(|r| (r, self.applied(r)))
            .filter(|(_, n)| *n > 0)
    }

    /// Requirements that applied and could not be judged: why, and how often.
    pub fn all_undecided(&self) -> impl Iterator<Item = ((Req, Undecided), u64)> {
        let each = self.undecided.iter().zip(&self.disabled).enumerate();
        each.filter(|(_, (_, disabled))| !**disabled).flat_map(|(i, (counts, _))| {
            let by_reason = Undecided::ALL.into_iter().zip(counts);
            by_reason.filter(|(_, n)| **n > 0).map(move |(why, n)| ((Req(i as u16), why), *n))
        })
    }

    /// How often a requirement applied to a packet and was judged.
    pub fn applied(&self, r: Req) -> u64 {
        if self.disabled[usize::from(r.0)] { 0 } else { self.applied[usize::from(r.0)] }
    }
}

/// Judges one layer of a packet.
pub(crate) struct Judge<'j, 'a> {
    pub(crate) packet: &'j Packet<'a>,
    /// Its index, the layer itself and its chain, which every rule asks for.
    pub(crate) layer: usize,
    here: &'j Layer,
    chain: Option<&'j Chain>,
    /// The options of the layer end where it does: what is not among them is
    /// not there.
    pub(crate) list_whole: bool,
    verdicts: &'j mut Verdicts,
}

impl<'j, 'a> Judge<'j, 'a> {
    /// At the layer of this index.
    #[inline]
    pub(crate) fn new(packet: &'j Packet<'a>, layer: usize, verdicts: &'j mut Verdicts) -> Self {
        let here = &packet.layers[layer];
        Self { packet, layer, here, chain: packet.chain(here), list_whole: true, verdicts }
    }

    /// The layer being judged.
    #[inline]
    pub(crate) fn here(&self) -> &'j Layer {
        self.here
    }

    /// The chain of the layer being judged.
    #[inline]
    pub(crate) fn chain(&self) -> Option<&'j Chain> {
        self.chain
    }

    /// A Type 2 routing header in front of the layer being judged, in the same
    /// chain.
    pub(crate) fn home_route(&self) -> Option<usize> {
        let own = self.here().chain;
        let before = &self.packet.layers[..self.layer];
        before.iter().position(|l| l.chain == own && l.is_home_route())
    }

    /// ESP and AH headers in front of the layer, the nearest first, in its own
    /// packet and in those around it.
    pub(crate) fn protection(&self) -> impl Iterator<Item = &'j Layer> {
        let (packet, before) = (self.packet, self.layer);
        std::iter::successors(self.chain(), |c| Some(&packet.chains[usize::from(c.outer?)]))
            .filter_map(move |c| Some(&packet.layers[c.ipsec.filter(|l| *l < before)?]))
    }

    /// Whether ESP or AH stands in front of the layer.
    pub(crate) fn is_protected(&self) -> bool {
        self.protection().next().is_some()
    }

    /// Whether a wrong integrity check value stands in front of the layer.
    pub(crate) fn is_forged(&self) -> bool {
        self.packet.keys.is_some()
            && self.protection().any(|l| {
                let known = self.packet.protection(l);
                known.is_some_and(|(p, _)| p.verdict.integrity() == Some(false))
            })
    }

    /// Whether AH stands in front of the layer, which protects the addresses
    /// of the packet too.
    pub(crate) fn is_under_ah(&self) -> bool {
        self.protection().any(|l| l.proto == Proto::Authentication)
    }

    /// The code points of the layer being judged.
    #[inline]
    pub(crate) fn codes(&self) -> &'a Codes {
        self.packet.profile.codes(self.here().dialect)
    }

    /// A requirement applies; unless it holds, `describe` says what was found.
    #[inline]
    pub(crate) fn holds(&mut self, r: Req, ok: bool, describe: impl FnOnce(Draft) -> Draft) {
        self.verdicts.applied[usize::from(r.0)] += 1;
        if !ok {
            self.take_down(r, describe);
        }
    }

    /// An option must be there. Nothing is said of a list that is damaged.
    #[inline]
    pub(crate) fn contains(&mut self, r: Req, it: bool, describe: impl FnOnce(Draft) -> Draft) {
        if it || self.list_whole {
            self.holds(r, it, describe);
        }
    }

    /// A requirement applies, and cannot be judged for want of something.
    pub(crate) fn undecided(&mut self, r: Req, why: Undecided) {
        self.verdicts.undecided[usize::from(r.0)][why.place()] += 1;
    }

    #[cold]
    fn take_down(&mut self, r: Req, describe: impl FnOnce(Draft) -> Draft) {
        if self.verdicts.disabled[usize::from(r.0)] {
            return;
        }
        let draft = describe(Draft {
            layer: self.layer,
            field: None,
            at: 0,
            level: r.get().level.severity(),
            found: String::new(),
            wanted: String::new(),
            readings: Vec::new(),
        });
        let layer = &self.packet.layers[draft.layer];
        self.verdicts.findings.push(Finding {
            requirement: r,
            level: draft.level,
            layer: draft.layer,
            proto: layer.proto,
            field: draft.field,
            offset: layer.offset as usize + draft.at,
            found: draft.found,
            wanted: draft.wanted,
            readings: draft.readings,
        });
    }
}

/// A finding being written.
pub(crate) struct Draft {
    layer: usize,
    field: Option<&'static Field>,
    at: usize,
    level: Level,
    found: String,
    wanted: String,
    readings: Vec<String>,
}

impl Draft {
    /// The field, and its offset in the layer.
    pub(crate) fn field(mut self, f: &'static Field, at: usize) -> Self {
        self.field = Some(f);
        self.at = at;
        self
    }

    /// An offset in the layer, where no single field is at fault.
    pub(crate) fn at(mut self, at: usize) -> Self {
        self.at = at;
        self
    }

    /// Another layer than the one being judged.
    pub(crate) fn layer(mut self, layer: usize) -> Self {
        self.layer = layer;
        self
    }

    /// Less bad than the requirement says.
    pub(crate) fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// What was found.
    pub(crate) fn found(mut self, v: impl Display) -> Self {
        self.found = v.to_string();
        self
    }

    /// By which readings of Local Key Exchange it holds, with the number of those that
    /// have one; the defaults were wanted.
    pub(crate) fn read_by(mut self, readings: &[(Reading, Option<u8>)]) -> Self {
        let said = |r: Reading, name: &str| format!("{} (reading {name})", r.text());
        let all = |texts: Vec<String>| texts.join(", ");
        self.readings = readings.iter().map(|(r, number)| r.name(*number)).collect();
        let each = readings.iter().zip(&self.readings);
        self.found = all(each.map(|((r, _), name)| said(*r, name)).collect());
        self.wanted = all(readings.iter().map(|(r, _)| r.default_of().to_string()).collect());
        self
    }

    /// What was wanted.
    pub(crate) fn wanted(mut self, v: impl Display) -> Self {
        self.wanted = v.to_string();
        self
    }
}
