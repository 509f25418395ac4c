//! Scripts become frames.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use mip6_security::Associations;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::link::Ethernet;

use super::{Item, LinkLayer, Script, ScriptError, Single, Values, What};
use crate::craft::{CraftError, Crafter};
use crate::datum::Datum;
use crate::seal::{Keyring, Sealing};
use crate::term::{Scope, Term};

/// Link-layer addresses of frames whose packets name none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stations {
    /// Where they come from.
    pub from: [u8; 6],
    /// Where they go, unless to a multicast group; `None` if nobody knows.
    pub to: Option<[u8; 6]>,
}

impl Default for Stations {
    /// Addresses for documentation, administered locally.
    fn default() -> Self {
        Self { from: [2, 0, 0x5e, 0x10, 0, 1], to: Some([2, 0, 0x5e, 0x10, 0, 2]) }
    }
}

/// A frame that a script makes.
#[derive(Clone, Copy, Debug)]
pub struct Made<'m> {
    /// When it goes out, from the beginning of the script.
    pub at: Duration,
    /// The frame, from its link layer on.
    pub octets: &'m [u8],
}

/// Why a script did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError<E> {
    /// Something is wrong with it.
    Script(ScriptError),
    /// Whoever took the frames wants no more.
    Taker(E),
}

impl<E> From<ScriptError> for RunError<E> {
    fn from(e: ScriptError) -> Self {
        Self::Script(e)
    }
}

impl Script {
    /// Makes the frames, one after the other, and hands them to `take`. `keys`
    /// seal packets; each association counts its sequence numbers from 1.
    pub fn run<E>(
        &self,
        keys: &Associations,
        stations: Stations,
        take: impl FnMut(Made<'_>) -> Result<(), E>,
    ) -> Result<(), RunError<E>> {
        let names = self.names()?;
        let stations = self.stations(&names, stations)?;
        let counters = HashMap::new();
        let mut run =
            Run { script: self, keys, stations, names, counters, now: Duration::ZERO, take };
        run.sequence(&self.file.packets, "packets")
    }

    /// The values of names, which may use each other.
    fn names(&self) -> Result<BTreeMap<String, Datum>, ScriptError> {
        let mut known = BTreeMap::new();
        let mut left: Vec<_> = self.file.names.iter().collect();
        while !left.is_empty() {
            let count = left.len();
            let mut fault = None;
            left.retain(|(name, term)| match term.resolve(&known) {
                Ok(value) => {
                    known.insert((*name).clone(), value.datum);
                    false
                }
                Err(e) => {
                    fault.get_or_insert((*name, e.to_string()));
                    true
                }
            });
            if let Some((name, message)) = fault.filter(|_| left.len() == count) {
                return Err(self.error(&format!("names.{name}"), &message));
            }
        }
        Ok(known)
    }

    fn stations(&self, names: &dyn Scope, default: Stations) -> Result<Stations, ScriptError> {
        let one = |term: &Option<Term>, key: &str| {
            let Some(term) = term else { return Ok(None) };
            let path = format!("stations.{key}");
            let datum = term.resolve(names).map_err(|e| self.error(&path, &e.to_string()))?.datum;
            let octets = datum.octets().and_then(|o| <[u8; 6]>::try_from(o).ok());
            let message = format!("{datum}, expected a link-layer address of 6 octets");
            octets.map(Some).ok_or_else(|| self.error(&path, &message))
        };
        let file = &self.file.stations;
        Ok(Stations {
            from: one(&file.from, "from")?.unwrap_or(default.from),
            to: one(&file.to, "to")?.or(default.to),
        })
    }
}

struct Run<'r, T> {
    script: &'r Script,
    keys: &'r Associations,
    stations: Stations,
    /// Names and what loops give them now.
    names: BTreeMap<String, Datum>,
    /// Packets that each association has sealed.
    counters: HashMap<String, u64>,
    now: Duration,
    take: T,
}

impl<T, E> Run<'_, T>
where
    T: FnMut(Made<'_>) -> Result<(), E>,
{
    fn sequence(&mut self, items: &[Item], path: &str) -> Result<(), RunError<E>> {
        for (i, item) in items.iter().enumerate() {
            self.item(item, &format!("{path}[{i}]"))?;
        }
        Ok(())
    }

    fn item(&mut self, item: &Item, path: &str) -> Result<(), RunError<E>> {
        if let Some(after) = item.after {
            self.now = self.now.saturating_add(after.0);
        }
        let begin = self.now;
        let mut round = 0;
        for _ in 0..item.times {
            let Some(each) = &item.each else {
                self.round(item, path, begin, &mut round)?;
                continue;
            };
            let outer = self.names.get(&each.name).cloned();
            match &each.values {
                Values::Range(from, to) => {
                    for n in *from..=*to {
                        self.names.insert(each.name.clone(), Datum::Number(n.into()));
                        self.round(item, path, begin, &mut round)?;
                    }
                }
                Values::List(terms) => {
                    for (i, term) in terms.iter().enumerate() {
                        let value = term.resolve(&self.names).map_err(|e| {
                            let at = format!("{path}.for.{}[{i}]", each.name);
                            self.script.error(&at, &e.to_string())
                        })?;
                        self.names.insert(each.name.clone(), value.datum);
                        self.round(item, path, begin, &mut round)?;
                    }
                }
            }
            match outer {
                Some(value) => self.names.insert(each.name.clone(), value),
                None => self.names.remove(&each.name),
            };
        }
        Ok(())
    }

    fn round(
        &mut self,
        item: &Item,
        path: &str,
        begin: Duration,
        round: &mut u32,
    ) -> Result<(), RunError<E>> {
        if let Some(every) = item.every {
            // A round that takes longer than that delays the next.
            self.now = self.now.max(begin.saturating_add(every.0.saturating_mul(*round)));
        }
        *round = round.saturating_add(1);
        match &item.what {
            What::Sequence(items) => self.sequence(items, &format!("{path}.packets")),
            What::Packet(single) => self.packet(single, path),
        }
    }

    fn packet(&mut self, single: &Single, path: &str) -> Result<(), RunError<E>> {
        let frames = self.frames(single, path)?;
        for octets in &frames {
            (self.take)(Made { at: self.now, octets }).map_err(RunError::Taker)?;
        }
        Ok(())
    }

    /// The frames of one packet.
    fn frames(&mut self, single: &Single, path: &str) -> Result<Vec<Vec<u8>>, ScriptError> {
        for name in single.packet.associations() {
            *self.counters.entry(name.to_owned()).or_default() += 1;
        }
        let script = self.script;
        let codes = single.profile.unwrap_or(script.file.profile).codes();
        let ring = Ring { keys: self.keys, counters: &self.counters };
        let fault = |key: &str, message: &str| script.error(&format!("{path}.{key}"), message);
        let crafted = |e: CraftError| {
            let at = if single.bare { e.at.trim_start_matches("packet") } else { &e.at };
            fault(at, &e.fault.to_string())
        };
        let crafter = Crafter::new(&self.names, codes).with_keys(&ring);
        let mut headers = crafter.craft_open(&single.packet).map_err(crafted)?;
        if let Some(authorize) = &single.authorize {
            authorize
                .apply(&mut headers, &self.names, codes)
                .map_err(|(key, message)| fault(&format!("authorize.{key}"), &message))?;
        }
        crafter.seal(&single.packet, &mut headers).map_err(crafted)?;
        self.link_layer(&mut headers);
        let mut copies = 1;
        if let Some(alter) = &single.alter {
            let altered = alter.apply(&mut headers, &self.names, codes).map_err(|e| {
                let message = e.to_string();
                // What went wrong says where, in front.
                let (at, said) = message.split_once(": ").unwrap_or(("", &message));
                fault(&format!("alter.{at}"), if at.contains(' ') { &message } else { said })
            })?;
            copies = altered.copies();
        }
        let frames = match &single.fragment {
            None => vec![write_packet(&headers, codes)],
            Some(f) => f.apply(&headers, codes).map_err(|e| fault("fragment", &e.to_string()))?,
        };
        Ok((0..copies).flat_map(|_| frames.iter().cloned()).collect())
    }

    /// Puts Ethernet in front, where the packet has none and its link has.
    fn link_layer(&self, headers: &mut Vec<Header<'static>>) {
        let given = matches!(headers.first(), Some(Header::Ethernet(_) | Header::Raw(_)) | None);
        if self.script.link() != LinkLayer::Ethernet || given {
            return;
        }
        let group = headers.iter().find_map(|h| match h {
            Header::Ipv6(ip) if ip.destination.is_multicast() => Some(ip.destination.octets()),
            _ => None,
        });
        let destination = match group {
            // RFC 2464 7: the last four octets of the group.
            Some(o) => [0x33, 0x33, o[12], o[13], o[14], o[15]],
            None => self.stations.to.unwrap_or([0xff; 6]),
        };
        let ethernet = Ethernet { destination, source: self.stations.from, ..Ethernet::default() };
        headers.insert(0, Header::Ethernet(ethernet));
    }
}

/// Associations by name, with the sequence numbers that come next.
struct Ring<'r> {
    keys: &'r Associations,
    counters: &'r HashMap<String, u64>,
}

impl Keyring for Ring<'_> {
    fn sealing(&self, name: &str) -> Option<Sealing<'_>> {
        let association = self.keys.iter().find(|a| a.name == name)?;
        let sequence = self.counters.get(name).copied().unwrap_or(1);
        Some(Sealing { association, sequence })
    }
}
