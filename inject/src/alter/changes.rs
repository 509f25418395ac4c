//! New values and options on their way into a packet.

use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::items;
use mip6_wire::layout::{Bytes, Field, Filler, Fix, Given, Misfit, Space};

use super::{AlterError, Alteration};
use crate::craft::{Fault, given, title};
use crate::list::{self, List, Place};
use crate::spec::{OptionSpec, Padding};
use crate::term::Scope;

/// The list of options in a header, if it has one.
pub(super) fn spaces(header: &Header<'static>, codes: &'static Codes) -> Option<Space> {
    let mut probe = Probe(None);
    header.clone().fill(&mut probe, codes);
    probe.0
}

struct Probe(Option<Space>);

impl<'a> Filler<'a> for Probe {
    fn give(&mut self, _: &'static Field) -> Option<Given> {
        None
    }

    fn has(&self, _: &'static Field) -> bool {
        false
    }

    fn misfit(&mut self, _: &'static Field, _: Misfit) {}

    fn area(&mut self, space: Space, _: usize, _: &mut Bytes<'a>) {
        self.0 = Some(space);
    }
}

/// An option to add.
struct Added<'s> {
    header: usize,
    front: bool,
    option: &'s OptionSpec,
    at: String,
}

/// Everything an alteration sets, adds and removes in the headers of a packet.
pub(super) struct Changes<'s> {
    alteration: &'s Alteration,
    scope: &'s dyn Scope,
    codes: &'static Codes,
    added: Vec<Added<'s>>,
    set: Vec<bool>,
    removed: Vec<bool>,
    /// The header being changed.
    header: usize,
    title: &'static str,
    /// Whether its options may be added and removed.
    meant: bool,
    /// Lists around what is being changed.
    depth: usize,
    /// Whether lengths are to be computed anew.
    resized: bool,
    error: Option<AlterError>,
}

impl<'s> Changes<'s> {
    pub(super) fn new(
        alteration: &'s Alteration,
        scope: &'s dyn Scope,
        codes: &'static Codes,
    ) -> Self {
        Self {
            alteration,
            scope,
            codes,
            added: Vec::new(),
            set: vec![false; alteration.set.len()],
            removed: vec![false; alteration.options.remove.len()],
            header: 0,
            title: "",
            meant: false,
            depth: 0,
            resized: false,
            error: None,
        }
    }

    /// Adds an option to the list in a header.
    pub(super) fn add(&mut self, header: usize, front: bool, option: &'s OptionSpec, at: String) {
        self.added.push(Added { header, front, option, at });
    }

    /// Whether anything is to be changed.
    pub(super) fn any(&self) -> bool {
        !self.added.is_empty() || !self.set.is_empty() || !self.removed.is_empty()
    }

    /// Changes one header.
    pub(super) fn header(
        &mut self,
        i: usize,
        header: &mut Header<'static>,
    ) -> Result<(), AlterError> {
        self.header = i;
        self.title = title(header);
        self.meant = self.alteration.list_in(header, self.codes).is_some();
        self.resized = false;
        let before = header.to_bytes(self.codes).len();
        header.fill(self, self.codes);
        if header.to_bytes(self.codes).len() != before {
            // Once more, for the length, which stands in front of what it counts.
            self.resized = true;
            self.meant = false;
            header.fill(self, self.codes);
        }
        self.error.take().map_or(Ok(()), Err)
    }

    /// An error if something had no use.
    pub(super) fn finish(self) -> Result<(), AlterError> {
        let unused = |names: &[bool]| names.iter().position(|used| !used);
        if let Some(i) = unused(&self.set) {
            return Err(AlterError::NoField(self.alteration.set[i].0.clone()));
        }
        if let Some(i) = unused(&self.removed) {
            return Err(AlterError::NoOption(self.alteration.options.remove[i].clone()));
        }
        Ok(())
    }

    fn fault(&mut self, f: &Field, fault: Fault) {
        self.error.get_or_insert_with(|| fault.at(&format!("set.{}", f.id)).into());
    }

    /// Removes and adds options of a list. `items` are those that it had.
    fn rearrange(&mut self, space: Space, at: usize, items: Vec<Vec<u8>>, same: bool) -> Vec<u8> {
        let options = &self.alteration.options;
        let count = items.len();
        let mut kept = items;
        if self.meant {
            kept.retain(|item| {
                let named = |name: &String| list::is_named(space, item, name, self.codes);
                let found = options.remove.iter().position(named);
                if let Some(i) = found {
                    self.removed[i] = true;
                }
                found.is_none()
            });
        }
        let adds = self.meant && self.added.iter().any(|a| a.header == self.header);
        if same && !adds && kept.len() == count {
            return kept.concat();
        }
        let place = Place {
            space,
            at,
            padding: options.padding == Padding::Aligned,
            scope: self.scope,
            codes: self.codes,
            title: self.title,
            path: "options",
        };
        let mut list = List::new(&place);
        let mut error = None;
        let mut put = |list: &mut List<'_>, front: bool| {
            for added in self.added.iter().filter(|a| a.header == self.header && a.front == front) {
                match list::one(added.option, &place, &added.at) {
                    Ok(octets) => list.push(&octets, matches!(added.option, OptionSpec::Raw(_))),
                    Err(e) => error = Some(e.into()),
                }
            }
        };
        if adds {
            put(&mut list, true);
        }
        for item in &kept {
            // Padding is put anew, unless nobody wants any.
            if !(place.padding && list::is_padding(space, item)) {
                list.push(item, false);
            }
        }
        if adds {
            put(&mut list, false);
        }
        if let Some(e) = error {
            self.error.get_or_insert(e);
        }
        list.finish()
    }
}

impl<'a> Filler<'a> for Changes<'_> {
    fn give(&mut self, f: &'static Field) -> Option<Given> {
        let i = self.alteration.set.iter().position(|(name, _)| name == f.id)?;
        self.set[i] = true;
        let setting = &self.alteration.set[i].1;
        given(setting, f, self.scope).map_err(|fault| self.fault(f, fault)).ok()
    }

    /// Fields that are not there are not made.
    fn has(&self, _: &'static Field) -> bool {
        false
    }

    fn misfit(&mut self, f: &'static Field, why: Misfit) {
        self.fault(f, Fault::Misfit(why));
    }

    fn release(&self, fix: Fix) -> bool {
        match fix {
            Fix::Checksum | Fix::Payload | Fix::Whole => true,
            // An option that was read has the length it says.
            Fix::Own { .. } => self.resized || self.depth > 0,
            Fix::Next | Fix::EtherType => false,
        }
    }

    fn area(&mut self, space: Space, at: usize, octets: &mut Bytes<'a>) {
        let meant = std::mem::replace(&mut self.meant, false);
        self.depth += 1;
        let items = items::refill(space, octets, self, self.codes);
        self.depth -= 1;
        self.meant = meant;
        let same = items.iter().map(Vec::len).sum::<usize>() == octets.len();
        *octets = if self.depth == 0 && !self.resized {
            self.rearrange(space, at, items, same).into()
        } else {
            items.concat().into()
        };
    }
}
