//! What rules find in a capture, what becomes of bindings, and what keys open.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::Ipv6Addr;
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use mip6_dissect::capture::Timestamp;
use mip6_dissect::packet::{Packet, Proto};
use mip6_dissect::rules::{Finding, Verdicts, judge_policy, judge_with};
use mip6_dissect::trackers::{Event, LocalEvent, News, TestEvent, Trackers};
use mip6_wire::header::Header;

use super::sight::Sight;
use super::{Progress, Scan, Then};

/// How often the job tells what it has found.
const TELL: Duration = Duration::from_millis(250);
/// Findings, packets and events that are told earlier: they take room.
const MUCH: usize = 4_096;
/// Protected flows that are told apart.
const MAX_FLOWS: usize = 4_096;
/// Reasons that are kept of each.
const MAX_REASONS: usize = 8;

/// What the job has found since it last told.
#[derive(Clone, Debug, Default)]
pub struct JudgeNews {
    /// What rules found.
    pub findings: Vec<Noted>,
    /// What happened to bindings.
    pub happenings: Vec<Happening>,
    /// Packets of conversations.
    pub sights: Vec<Sight>,
    /// All protected flows so far; empty while nothing is new.
    pub protected: Vec<Protected>,
    /// Frames judged so far.
    pub judged: u64,
    /// Frames that were let go before they could be judged.
    pub missed: u64,
    /// All there are have been judged, and there will be no more.
    pub ended: bool,
}

impl JudgeNews {
    /// Whether more of it should not be held back.
    fn is_much(&self) -> bool {
        self.findings.len() + self.sights.len() + self.happenings.len() >= MUCH
    }
}

/// A finding and where it is.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Index of the frame.
    pub frame: u32,
    /// Who sent what is wrong: the source that upper layers see.
    pub node: Option<Ipv6Addr>,
    /// The finding.
    pub finding: Finding,
}

/// Something that happened to a binding, a test, or a local association.
#[derive(Clone, Debug)]
pub struct Happening {
    /// Index of the frame.
    pub frame: u32,
    /// When.
    pub time: Timestamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// To a binding.
    Binding(Event),
    /// To a test of return routability.
    Test(TestEvent),
    /// To an association of Local Key Exchange.
    Local(LocalEvent),
}

/// Packets under one security association, known or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// ESP or AH.
    pub protocol: Proto,
    /// Security Parameters Index.
    pub spi: u32,
    /// Source and destination, as upper layers see them.
    pub ends: (Ipv6Addr, Ipv6Addr),
    /// Its number among the keys.
    pub association: Option<usize>,
    /// What came of its packets.
    pub uses: Use,
}

/// What came of packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// How many there are.
    pub packets: u64,
    /// How many were opened or verified.
    pub opened: u64,
    /// Why others were not, how often, and the frame of the first (an index).
    pub reasons: Vec<(Box<str>, u64, u32)>,
    /// Frame of the first (an index).
    pub first: u32,
    /// When the first and the last came.
    pub times: (Timestamp, Timestamp),
}

/// Starts the job.
pub fn judge(scan: Scan, tell: impl Fn(JudgeNews) + Send + 'static) -> JoinHandle<()> {
    spawn(move || {
        let keys = scan.context.keys.clone();
        let mut trackers = Trackers::with_keys(&keys);
        let mut verdicts = Verdicts::new();
        let news = RefCell::new(JudgeNews::default());
        let flows = RefCell::new(Flows::default());
        let mut last = None;
        let mut told = Instant::now();
        scan.run(
            0,
            |packet| {
                judge_with(packet, &mut verdicts, Some(&mut trackers));
                if let Some(policy) = &keys.policy {
                    judge_policy(packet, &mut verdicts, policy);
                }
                let mut news = news.borrow_mut();
                let frame = (packet.frame.number - 1) as u32;
                for finding in verdicts.findings.drain(..) {
                    news.findings.push(Noted { frame, node: sender(packet, &finding), finding });
                }
                for what in trackers.news() {
                    let what = match what {
                        News::Registration(e) => What::Binding(*e),
                        News::Test(e) => What::Test(*e),
                        News::Local(e) => What::Local(*e),
                        News::Association(_) | News::Discovery(_) => continue,
                    };
                    news.happenings.push(Happening { frame, time: packet.frame.time, what });
                }
                news.sights.extend(Sight::new(packet));
                flows.borrow_mut().take(packet);
                if news.is_much() { Then::Tell } else { Then::Go }
            },
            |now| {
                let Progress { read: judged, missed, waiting, ended } = now;
                // What is new is put in order each time: not too often.
                let much = news.borrow().is_much();
                let early = !waiting && !much && told.elapsed() < TELL;
                if last != Some((judged, ended)) && (ended || !early) {
                    told = Instant::now();
                    last = Some((judged, ended));
                    let mut news = news.take();
                    news.protected = flows.borrow_mut().told();
                    tell(JudgeNews { judged, missed, ended, ..news });
                }
                Then::Go
            },
        );
    })
}

fn sender(packet: &Packet<'_>, finding: &Finding) -> Option<Ipv6Addr> {
    let layer = packet.layers.get(finding.layer)?;
    Some(packet.chain(layer)?.source()).filter(|a| !a.is_unspecified())
}

/// Protected flows by what tells them apart.
#[derive(Default)]
struct Flows {
    list: Vec<Protected>,
    by_key: HashMap<(Proto, u32, Ipv6Addr), usize>,
    changed: bool,
}

impl Flows {
    fn take(&mut self, packet: &Packet<'_>) {
        for layer in packet.layers.iter().filter(|l| l.is_protection()) {
            let Some(chain) = packet.chain(layer).filter(|c| !c.quoted) else { continue };
            let spi = match packet.header(layer) {
                Header::Esp(h) => h.spi,
                Header::Authentication(h) => h.spi,
                _ => continue,
            };
            let key = (layer.proto, spi, chain.destination());
            let at = match self.by_key.get(&key) {
                Some(at) => *at,
                None if self.list.len() >= MAX_FLOWS => continue,
                None => {
                    self.by_key.insert(key, self.list.len());
                    let time = packet.frame.time;
                    self.list.push(Protected {
                        protocol: layer.proto,
                        spi,
                        ends: (chain.source(), chain.destination()),
                        association: None,
                        uses: Use {
                            first: (packet.frame.number - 1) as u32,
                            times: (time, time),
                            ..Use::default()
                        },
                    });
                    self.list.len() - 1
                }
            };
            let Some(flow) = self.list.get_mut(at) else { continue };
            self.changed = true;
            flow.uses.packets += 1;
            flow.uses.times.1 = packet.frame.time;
            let why = match packet.protection(layer) {
                None => Some("no key"),
                Some((p, _)) => {
                    flow.association = flow.association.or(p.association);
                    p.why()
                }
            };
            match why {
                None => flow.uses.opened += 1,
                Some(why) => {
                    let reasons = &mut flow.uses.reasons;
                    if let Some((_, count, _)) = reasons.iter_mut().find(|r| *r.0 == *why) {
                        *count += 1;
                    } else if reasons.len() < MAX_REASONS {
                        reasons.push((why.into(), 1, (packet.frame.number - 1) as u32));
                    }
                }
            }
        }
    }

    /// All of them, if something is new.
    fn told(&mut self) -> Vec<Protected> {
        if std::mem::take(&mut self.changed) { self.list.clone() } else { Vec::new() }
    }
}
