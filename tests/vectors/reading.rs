//! Holding claims against what is read from a packet.

use std::net::IpAddr;
use std::ops::Range;

use libtest_mimic::Failed;
use mip6_dissect::capture::{Frame, Timestamp};
use mip6_dissect::fields::{Found, Registry, Wanted};
use mip6_dissect::packet::{Dissector, Packet, Proto};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Verdicts, judge};
use mip6_dissect::tree::{Node, NodeKind, Tree};
use mip6_testkit::exercise::Exerciser;
use mip6_wire::layout::{Field, UNREAD, Value};
use smallvec::SmallVec;

use crate::claim::{Claim, Rule, Vector, Want};
use crate::tally::{Counts, Tally};
use crate::{exceptions, json};

/// Exercises a vector and holds its claims against what is read from it, but
/// for the exceptions; those must be needed.
pub(crate) fn hold(vector: &Vector, tally: &Tally) -> Result<(), Failed> {
    for profile in [Profile::auto(), Profile::rfc6275(), Profile::lke01()] {
        Exerciser::new(&profile).octets(&vector.octets, vector.link);
    }
    let profile = Profile::auto();
    let mut dissector = Dissector::new(&profile);
    let packet = dissector.dissect(Frame {
        number: 1,
        time: Timestamp::default(),
        len: vector.octets.len() as u32,
        data: &vector.octets,
        link: vector.link,
        interface: 0,
        comment: &[],
    });
    let reading = Reading { tree: Tree::new(&packet), packet };
    let mut counts = Counts { vectors: 1, ..Counts::default() };
    let mut wrong = Vec::new();
    if !vector.claims.iter().any(|c| matches!(c.rule, Rule::Unreadable)) {
        match (reading.unreadable(), exceptions::damaged(vector)) {
            (Some(what), None) => wrong.push(format!("cannot be read to its end: {what}")),
            (None, Some(why)) => wrong.push(format!("in DAMAGED ({why}), yet read to its end")),
            _ => {}
        }
    }
    for claim in &vector.claims {
        let theirs = &claim.theirs;
        match (reading.check(claim), exceptions::differs(vector, claim)) {
            (Outcome::Unmapped(_), Some(why)) => {
                wrong.push(format!("{theirs}: in DIFFERS ({why}), yet nothing here says it"));
            }
            (Outcome::Unmapped(why), None) => *counts.unmapped.entry(why).or_default() += 1,
            (Outcome::Equal, None) => counts.equal += 1,
            (Outcome::Differs(_), Some(_)) => counts.differing += 1,
            (Outcome::Equal, Some(why)) => {
                wrong.push(format!("{theirs}: in DIFFERS ({why}), yet {:?}", claim.want));
            }
            (Outcome::Differs(have), None) => wrong.push(format!(
                "{theirs}: wanted {:?} of {:?}, found {have}",
                claim.want, claim.rule
            )),
        }
    }
    match (counts.equal + counts.differing, exceptions::bare(vector)) {
        (0, None) => wrong.push("nothing to compare, and not in BARE".into()),
        (1.., Some(why)) => wrong.push(format!("in BARE ({why}), yet something to compare")),
        _ => {}
    }
    tally.add(&vector.file, &counts);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// How a claim fares.
enum Outcome {
    Equal,
    /// What there is instead.
    Differs(String),
    /// Why nothing here says it.
    Unmapped(&'static str),
}

impl Outcome {
    fn new(equal: bool, have: impl FnOnce() -> String) -> Self {
        if equal { Self::Equal } else { Self::Differs(have()) }
    }
}

/// A packet as a user sees it.
struct Reading<'a> {
    packet: Packet<'a>,
    tree: Tree<'a>,
}

/// A value and the field it is of.
struct Seen<'a> {
    field: &'static Field,
    /// Which of the names looked for it has.
    name: usize,
    found: Found<'a>,
}

impl<'a> Reading<'a> {
    fn check(&self, claim: &Claim) -> Outcome {
        let want = &claim.want;
        match claim.rule {
            Rule::Unmapped(why) => Outcome::Unmapped(why),
            Rule::Missing => Outcome::Differs("no line for it in the mapping".into()),
            Rule::Is(names) => one(self.seen(names).get(claim.nth), want),
            Rule::Last(names) => one(self.seen(names).last(), want),
            Rule::All(names) => {
                let seen = self.seen(names);
                let equal = match want {
                    Want::Many(all) => {
                        all.len() == seen.len() && all.iter().zip(&seen).all(|(w, s)| s.is(w))
                    }
                    want => seen.len() == 1 && seen[0].is(want),
                };
                Outcome::new(equal, || shown(&seen))
            }
            Rule::Among(names) => {
                let seen = self.seen(names);
                let Want::Many(all) = want else {
                    return Outcome::new(seen.iter().any(|s| s.is(want)), || shown(&seen));
                };
                let mut left = seen.iter();
                Outcome::new(all.iter().all(|w| left.any(|s| s.is(w))), || shown(&seen))
            }
            Rule::Count(names) => number(self.seen(names).len() as u64, want),
            Rule::Units(units, names) => match self.seen(names).get(claim.nth) {
                Some(s) => number(s.found.value.as_u64().unwrap_or(0) * units, want),
                None => Outcome::Differs("nothing".into()),
            },
            Rule::Flags(names) => {
                let bit = |n, s: &Seen<'_>| n << 1 | s.found.value.as_u64().unwrap_or(0);
                let seen = self.seen(names);
                let all = seen.len() == names.split(' ').count();
                number(if all { seen.iter().fold(0, bit) } else { u64::MAX }, want)
            }
            Rule::Part(names, from, 0) => self.part(names, claim.nth, want, |raw| from..raw.len()),
            Rule::Part(names, from, len) => self.part(names, claim.nth, want, |_| from..from + len),
            Rule::SecondPart(names, from, len) => self.part(names, 1, want, |_| from..from + len),
            Rule::Item(names, len) => {
                self.part(names, 0, want, |_| claim.nth * len..(claim.nth + 1) * len)
            }
            Rule::Begins(names) => {
                let wanted = octets_of(want, 0);
                self.part(names, claim.nth, want, |_| 0..wanted.len().max(1))
            }
            Rule::Ends(names) => {
                let wanted = octets_of(want, 0);
                self.part(names, claim.nth, want, |raw| {
                    raw.len().saturating_sub(wanted.len().max(1))..raw.len()
                })
            }
            Rule::Octets(names) => match self.seen(names).get(claim.nth) {
                Some(s) => number(s.found.raw.len() as u64, want),
                None => number(0, want),
            },
            Rule::Listed(names) => {
                let text = self.text(names);
                let have: Vec<&str> = text.split(',').filter(|name| !name.is_empty()).collect();
                let equal = match want {
                    Want::Many(all) => {
                        all.len() == have.len()
                            && all.iter().zip(&have).all(|(w, h)| is_domain(h, w))
                    }
                    want => have.get(claim.nth).is_some_and(|h| is_domain(h, want)),
                };
                Outcome::new(equal, || text.clone())
            }
            Rule::ListedCount(names) => {
                let text = self.text(names);
                number(text.split(',').filter(|name| !name.is_empty()).count() as u64, want)
            }
            Rule::Named(names) => {
                let seen = self.seen(names);
                let name = seen
                    .get(claim.nth)
                    .and_then(|s| s.field.name_of(s.found.value.as_u64()?))
                    .unwrap_or_default();
                Outcome::new(*want == Want::from(name), || format!("{name:?}"))
            }
            Rule::Width(names) => match self.seen(names).get(claim.nth) {
                Some(s) => number(u64::from(s.field.mask.count_ones()), want),
                None => Outcome::Differs("nothing".into()),
            },
            Rule::NextAfter(kind) => {
                let seen = self.seen("isakmp.typepayload isakmp.nextpayload");
                let payload = |s: &Seen<'_>| s.name == 0 && s.is(&Want::Number(kind));
                let mut rest = seen.iter().skip_while(|s| !payload(s));
                one(rest.find(|s| s.name == 1), want)
            }
            Rule::Padding => {
                let padn = |n: &&Node<'_>| matches!(n.kind, NodeKind::Group("PadN"));
                let data = self.tree.nodes.iter().filter(padn).nth(claim.nth).and_then(|n| {
                    let source = self.packet.source(self.packet.layers[n.layer?].source);
                    // Type and length stand in front.
                    source.get(n.offset + 2..n.offset + n.len)
                });
                let Some(data) = data else { return Outcome::Differs("nothing".into()) };
                Outcome::new(octets_of(want, data.len()) == data, || Value::Bytes(data).to_string())
            }
            Rule::Titled => {
                let titles = self.mobility().filter_map(|n| match n.kind {
                    NodeKind::Layer(title) | NodeKind::Group(title) => Some(title),
                    _ => None,
                });
                let titles: Vec<&str> = titles.collect();
                let Want::Text(text) = want else { return Outcome::Differs(titles.join(", ")) };
                let equal = titles.iter().any(|t| bare_title(t) == bare_title(text));
                Outcome::new(equal, || titles.join(", "))
            }
            Rule::OptionOctets => {
                let mut options = self
                    .mobility()
                    .filter(|n| n.depth == 1 && matches!(n.kind, NodeKind::Group(_)));
                number(options.nth(claim.nth).map_or(0, |n| n.len as u64), want)
            }
            Rule::MessageOctets => {
                let mut layers = self.mobility().filter(|n| n.depth == 0);
                number(layers.next().map_or(0, |n| n.len as u64), want)
            }
            Rule::Unreadable => number(u64::from(self.unreadable().is_some()), want),
            Rule::Breaks => {
                let mut verdicts = Verdicts::new();
                judge(&self.packet, &mut verdicts);
                let ids: Vec<&str> =
                    verdicts.findings.iter().map(|f| f.requirement.get().id).collect();
                Outcome::new(ids.iter().any(|id| *want == Want::from(*id)), || ids.join(", "))
            }
        }
    }

    /// Values of fields, in the order of the packet.
    fn seen(&self, names: &str) -> Vec<Seen<'a>> {
        let mut wanted = Wanted::default();
        let fields: Vec<_> = names
            .split(' ')
            .map(|name| Registry::get().lookup(name).unwrap_or_else(|e| panic!("{e}")))
            .collect();
        for fields in &fields {
            wanted.add(fields);
        }
        let mut found = SmallVec::new();
        wanted.seek(&self.packet, &mut found);
        let seen = |f: Found<'a>| Seen { field: fields[f.slot][0], name: f.slot, found: f };
        found.into_iter().map(seen).collect()
    }

    /// Holds a claim against some octets of a value.
    fn part(
        &self,
        names: &str,
        nth: usize,
        want: &Want,
        range: impl Fn(&[u8]) -> Range<usize>,
    ) -> Outcome {
        let seen = self.seen(names);
        let raw = seen.get(nth).map_or(&[][..], |s| s.found.raw);
        let Some(part) = raw.get(range(raw)) else { return Outcome::Differs(shown(&seen)) };
        Outcome::new(octets_of(want, part.len()) == part, || Value::Bytes(part).to_string())
    }

    /// What is printed for a field that has one value.
    fn text(&self, names: &str) -> String {
        self.seen(names).first().map(|s| s.found.value.to_string()).unwrap_or_default()
    }

    /// The field tree of Mobility Headers.
    fn mobility(&self) -> impl Iterator<Item = &Node<'a>> {
        let proto = |n: &Node<'_>| n.layer.map(|i| self.packet.layers[i].proto);
        self.tree.nodes.iter().filter(move |n| proto(n) == Some(Proto::Mobility))
    }

    /// What cannot be read, if anything.
    fn unreadable(&self) -> Option<String> {
        let stop = self.packet.problem.map(|p| p.stop.to_string());
        stop.or_else(|| {
            self.tree.nodes.iter().find_map(|node| match &node.kind {
                NodeKind::Stop(stop) => Some(stop.to_string()),
                // What follows the last header is nobody's damage.
                NodeKind::Leaf(f, raw)
                    if **f == UNREAD
                        && node
                            .layer
                            .is_some_and(|i| self.packet.layers[i].proto != Proto::Data) =>
                {
                    Some(format!("{} is left over", Value::Bytes(raw)))
                }
                _ => None,
            })
        })
    }
}

impl Seen<'_> {
    /// Whether what is printed says what is wanted.
    fn is(&self, want: &Want) -> bool {
        let text = self.found.value.to_string();
        match (self.found.value, want) {
            (Value::Bytes(raw), Want::Number(n)) => {
                raw.len() <= 8 && raw.iter().fold(0, |w, b| w << 8 | u64::from(*b)) == *n
            }
            (Value::Ntp(stamp) | Value::Send(stamp), Want::Number(n)) => stamp == *n,
            (_, Want::Number(n)) => match text.strip_prefix("0x") {
                Some(digits) => u64::from_str_radix(digits, 16) == Ok(*n),
                None => text.parse() == Ok(*n),
            },
            (Value::Bytes(_), Want::Octets(octets)) => text == Value::Bytes(octets).to_string(),
            (Value::Bytes(_), Want::Text(ascii)) => {
                text == Value::Bytes(ascii.as_bytes()).to_string()
            }
            (Value::Uint { hex_digits: 1.., .. }, Want::Octets(octets)) => {
                text == format!("0x{}", Value::Bytes(octets))
            }
            (Value::Text(_), Want::Octets(octets)) => text.as_bytes() == octets,
            (Value::Domain(_), want) => is_domain(&text, want),
            // With colons between the octets, or without.
            (Value::Link(_), Want::Text(wanted)) => {
                text == *wanted || text.replace(':', "") == *wanted
            }
            (_, Want::Text(wanted)) => text == *wanted,
            _ => false,
        }
    }
}

/// A domain name; others end it with the root's dot.
fn is_domain(have: &str, want: &Want) -> bool {
    match want {
        Want::Text(text) => text.trim_end_matches('.') == have,
        Want::Octets(ascii) => {
            ascii.trim_ascii_end().strip_suffix(b".").unwrap_or(ascii) == have.as_bytes()
        }
        _ => false,
    }
}

/// A value as `len` octets; an address or text has its own number.
fn octets_of(want: &Want, len: usize) -> Vec<u8> {
    match want {
        // A number that does not fit is as long as it is, and equals nothing.
        Want::Number(n) => {
            let least = (8 - n.leading_zeros() as usize / 8).max(1);
            n.to_be_bytes()[8 - least.max(len).min(8)..].to_vec()
        }
        Want::Octets(octets) => octets.clone(),
        Want::Many(all) => all.iter().flat_map(|w| octets_of(w, len / all.len())).collect(),
        Want::Text(text) => {
            // A link-layer address or a UUID.
            let bare = json::octets(&text.replace([':', '-'], ""));
            match (text.parse(), bare) {
                (Ok(IpAddr::V6(a)), _) => a.octets().to_vec(),
                (Ok(IpAddr::V4(a)), _) => a.octets().to_vec(),
                (_, Ok(bare)) if matches!((bare.len(), text.len()), (6, 17) | (16, 36)) => bare,
                _ => text.as_bytes().to_vec(),
            }
        }
    }
}

/// A title without what writers set differently.
fn bare_title(title: &str) -> String {
    let bare: String = title.chars().filter(char::is_ascii_alphanumeric).collect();
    let bare = bare.to_ascii_lowercase();
    bare.strip_suffix("option").map(str::to_owned).unwrap_or(bare)
}

fn one(seen: Option<&Seen<'_>>, want: &Want) -> Outcome {
    match seen {
        Some(s) => Outcome::new(s.is(want), || s.found.value.to_string()),
        None => Outcome::Differs("nothing".into()),
    }
}

fn number(have: u64, want: &Want) -> Outcome {
    Outcome::new(*want == Want::Number(have), || have.to_string())
}

fn shown(seen: &[Seen<'_>]) -> String {
    let values: Vec<String> = seen.iter().map(|s| s.found.value.to_string()).collect();
    format!("[{}]", values.join(", "))
}
