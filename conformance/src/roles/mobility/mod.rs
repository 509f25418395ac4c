//! What all nodes with mobility share: the checks of Mobility Headers (RFC 6275
//! 9.2), Binding Errors (9.3.3), validation of Binding Updates (9.5.1) and Binding
//! Acknowledgements (9.5.4).
//!
//! [`Mobility`] stands first among the modules of a node: what it discards, no
//! role gets to see.

pub mod acknowledgements;
mod errors;
pub mod faults;
pub mod updates;

pub use acknowledgements::Acknowledgement;
pub use errors::{UNKNOWN_BINDING, UNKNOWN_TYPE, binding_error};
pub use updates::{Authorization, Refusal, Update, units};

use std::collections::BTreeMap;
use std::time::Duration;

use mip6_wire::ip::proto;
use mip6_wire::lke::long_type;
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, Mobility as MobilityHeader, UpdateFlags};

use super::host::{Binding, Delivery, Problem, Received};
use super::{Context, Handled, Module};

/// MH Types of RFC 6275 with the least Header Len of each, 6.1.2 to 6.1.9.
const BASE: [(u8, u8); 8] = [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 1), (6, 1), (7, 2)];

/// The checks of Mobility Headers and of Home Address options.
#[derive(Clone, Debug)]
pub struct Mobility {
    /// Least Header Len by MH Type.
    known: BTreeMap<u8, u8>,
}

impl Default for Mobility {
    fn default() -> Self {
        Self { known: BASE.into() }
    }
}

impl Mobility {
    /// That knows a message more: its MH Type and the least Header Len that it may
    /// have, in units of 8 octets without the first 8.
    #[must_use]
    pub fn knowing(mut self, kind: u8, header_len: u8) -> Self {
        self.known.insert(kind, header_len);
        self
    }

    /// Whether a Mobility Header is fit to be looked at by others; the host has
    /// verified its checksum. One that is not has been answered.
    fn check(&self, cx: &mut Context<'_>, p: &Received) -> bool {
        let faults = cx.host.faults.clone();
        let [payload, len, kind, reserved, ..] = *p.upper() else { return false };
        // An MH Type of 16 bits (reading B1 of Local Key Exchange).
        let kind = match long_type(kind, reserved, cx.codes()) {
            Some(long) if len > 0 && self.known.contains_key(&long) => long,
            _ => kind,
        };
        let Some(least) = self.known.get(&kind) else {
            cx.event(format!("Mobility Header of unknown type {kind} from {}", p.wire_source));
            if !faults.has(&faults::IGNORES_UNKNOWN_TYPES) {
                binding_error(cx, p, UNKNOWN_TYPE);
            }
            return false;
        };
        if payload != proto::NONE && !faults.has(&faults::ACCEPTS_PAYLOAD) {
            cx.event(format!("Payload Proto {payload} from {}", p.wire_source));
            if !faults.has(&faults::SILENT_ON_PAYLOAD) {
                let wrong = usize::from(faults.has(&faults::POINTS_WRONG_AT_PAYLOAD));
                cx.host.problem(cx.now, &p.wire, Problem::Field(field(p, wrong * 2)));
            }
            return false;
        }
        if len < *least {
            cx.event(format!("Header Len {len} of type {kind} from {}", p.wire_source));
            if !faults.has(&faults::SILENT_ON_SHORT) {
                let at = if faults.has(&faults::POINTS_WRONG_AT_SHORT) { 0 } else { 1 };
                cx.host.problem(cx.now, &p.wire, Problem::Field(field(p, at)));
            }
            return false;
        }
        if reserved != 0 && faults.has(&faults::MINDS_RESERVED) {
            return false;
        }
        let codes = cx.codes();
        let Some(header) = p.mobility(codes) else { return false };
        if matches!(header.message, Message::BindingRefreshRequest { reserved } if reserved != 0)
            && faults.has(&faults::MINDS_REQUEST_RESERVED)
        {
            return false;
        }
        // Options that run past the end make the message malformed; what is not
        // known is skipped (RFC 6275 6.2.1).
        if !walks(&header, codes, &faults) {
            cx.event(format!("mobility options of type {kind} from {}", p.wire_source));
            if faults.has(&faults::DIES) {
                for interface in cx.host.interfaces() {
                    cx.host.link(cx.now, interface, false);
                }
            }
            return false;
        }
        true
    }
}

impl Module for Mobility {
    fn start(&mut self, cx: &mut Context<'_>) {
        cx.host.tables.mobility = true;
    }

    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        match p.delivery {
            Delivery::Unbound => {
                cx.event(format!("{} has no binding at {}", p.source, p.wire_source));
                if cx.host.faults.has(&faults::BINDS_BY_OPTION) {
                    bind(cx, p);
                }
                if !cx.host.faults.has(&faults::SILENT_ON_UNBOUND) {
                    binding_error(cx, p, UNKNOWN_BINDING);
                }
                Handled::Yes
            }
            Delivery::Own if p.protocol == proto::MOBILITY && !self.check(cx, p) => Handled::Yes,
            _ => Handled::No,
        }
    }
}

/// The fault: a Home Address option makes a binding.
fn bind(cx: &mut Context<'_>, p: &Received) {
    let binding = Binding {
        careof: p.wire_source,
        home: false,
        sequence: 0,
        flags: UpdateFlags::empty(),
        since: cx.now,
        until: cx.now + Duration::from_secs(60),
        deleted: false,
        used: cx.now,
        asked: None,
    };
    let key = cx.host.tables.key(p.destination, p.source);
    cx.host.tables.bindings.insert(key, binding);
}

/// Where a field of the Mobility Header stands in the packet as it was on the wire:
/// the header's beginning where ESP hides it.
fn field(p: &Received, at: usize) -> usize {
    if p.octets == p.wire { p.at + at } else { p.next_at }
}

/// Whether the options of a message fill it exactly.
fn walks(
    header: &MobilityHeader<'_>,
    codes: &mip6_wire::codes::Codes,
    faults: &super::Faults,
) -> bool {
    use mip6_wire::mobility::OptionBody;
    Options::new(&header.options, header.format(), codes).all(|option| {
        let Ok(option) = option else { return faults.has(&faults::ACCEPTS_OVERRUN) };
        match option.body() {
            OptionBody::Unknown(_) => !faults.has(&faults::DISCARDS_UNKNOWN_OPTIONS),
            OptionBody::PadN(data) => {
                data.iter().all(|o| *o == 0) || !faults.has(&faults::MINDS_PADDING)
            }
            _ => true,
        }
    })
}
