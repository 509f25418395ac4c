//! Binding Acknowledgements, RFC 6275 6.1.8 and 9.5.4.

use mip6_security::mobility::BindingKey;
use mip6_security::mobility::local::Readings;
use mip6_wire::codes::{MhFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{AckFlags, Message, Mobility, OptionBody, UpdateFlags};

use super::{Update, faults};
use crate::roles::host::{BindingSign, Outgoing, Sign};
use crate::roles::local::LocalSign;
use crate::roles::{Context, Faults, Interface};

/// Status values of Binding Acknowledgements, RFC 6275 6.1.8.
pub mod status {
    /// Accepted.
    pub const ACCEPTED: u8 = 0;
    /// Accepted, but prefix discovery is necessary.
    pub const PREFIX_DISCOVERY: u8 = 1;
    /// Reason unspecified.
    pub const UNSPECIFIED: u8 = 128;
    /// Administratively prohibited.
    pub const PROHIBITED: u8 = 129;
    /// Insufficient resources.
    pub const RESOURCES: u8 = 130;
    /// Home registration not supported.
    pub const NO_HOME_REGISTRATION: u8 = 131;
    /// Not home subnet.
    pub const NOT_HOME_SUBNET: u8 = 132;
    /// Not home agent for this mobile node.
    pub const NOT_HOME_AGENT: u8 = 133;
    /// Duplicate address detection failed.
    pub const DUPLICATE: u8 = 134;
    /// Sequence number out of window.
    pub const SEQUENCE: u8 = 135;
    /// Expired home nonce index.
    pub const HOME_NONCE: u8 = 136;
    /// Expired care-of nonce index.
    pub const CAREOF_NONCE: u8 = 137;
    /// Expired nonces.
    pub const NONCES: u8 = 138;
    /// Registration type change disallowed.
    pub const TYPE_CHANGE: u8 = 139;
    /// Invalid care-of address.
    pub const INVALID_CAREOF: u8 = 174;
    /// The least that refuses.
    pub const REFUSED: u8 = 128;
}

/// Octets from the beginning of a Binding Acknowledgement to its options.
const FIXED: usize = 12;

/// A Binding Acknowledgement.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledgement {
    /// Status.
    pub status: u8,
    /// Key Management Mobility Capability (K).
    pub key_mobility: bool,
    /// Sequence number.
    pub sequence: u16,
    /// Granted lifetime in units of 4 seconds.
    pub lifetime: u16,
    /// Refresh interval of a Binding Refresh Advice option, in units of 4 seconds.
    pub refresh: Option<u16>,
    /// Binding management key of a Binding Authorization Data option.
    pub key: Option<BindingKey>,
    /// Key of Local Key Exchange instead (draft-liu-mobileip-lke-01 2.1).
    pub local: Option<LocalSign>,
    /// By which readings it is laid out, of Local Key Exchange.
    pub readings: Option<Readings>,
    /// Nonce and flags of a Finished Message Request (draft-liu-mobileip-lke-01
    /// 3.2.3).
    pub finished: Option<(u32, u16)>,
    /// Link-layer address to send to, instead of asking for it: of a mobile node on
    /// its home link whose address is still defended (RFC 6275 10.3.2).
    pub station: Option<(Interface, [u8; 6])>,
    /// Sent past policy: what no honest node does.
    pub unprotected: bool,
}

impl Acknowledgement {
    /// Of a Binding Update, with a status; no lifetime, no options.
    pub fn of(update: &Update, status: u8) -> Self {
        Self {
            status,
            key_mobility: false,
            sequence: update.sequence,
            lifetime: 0,
            refresh: None,
            key: None,
            local: None,
            readings: None,
            finished: None,
            station: None,
            unprotected: false,
        }
    }

    /// Whether it is to be sent: when the mobile node has asked for it, to home
    /// registrations (RFC 6275 10.3.1), and to refuse.
    pub fn is_due(&self, update: &Update, faults: &Faults) -> bool {
        let asked = update.flags.contains(UpdateFlags::A);
        if faults.has(&faults::IGNORES_ACKNOWLEDGE) && self.status < status::REFUSED {
            return false;
        }
        if faults.has(&faults::ACKNOWLEDGES_ALL) {
            return true;
        }
        if faults.has(&faults::REFUSES_SILENTLY) {
            return asked;
        }
        asked || update.flags.contains(UpdateFlags::H) || self.status >= status::REFUSED
    }

    /// Sends it to where the Binding Update came from: through a routing header if
    /// that had a Home Address option, whatever the binding cache says.
    pub fn send(&self, cx: &mut Context<'_>, update: &Update) {
        let codes = cx.codes();
        let faults = cx.host.faults.clone();
        let flags = if self.key_mobility { AckFlags::K } else { AckFlags::empty() };
        let message = Message::BindingAcknowledgement {
            status: self.status,
            flags,
            sequence: self.sequence,
            lifetime: self.lifetime,
        };
        let mut options = OptionsBuilder::new(FIXED);
        if let Some(interval) = self.refresh {
            options = options.option(2, OptionBody::BindingRefreshAdvice { interval }, codes);
        }
        if let Some((nonce, flags)) = self.finished {
            let within = MhFormat::BindingAcknowledgement;
            let number = codes.option_number(within, OptionFormat::FinishedRequest).unwrap_or(6);
            options = options.option(number, OptionBody::FinishedRequest { flags, nonce }, codes);
        }
        if self.key.is_some() || self.local.is_some() {
            let authenticator = vec![0; 12].into();
            options = options.option(5, OptionBody::BindingAuthorization { authenticator }, codes);
        }
        let kind = codes.mh_number(MhFormat::BindingAcknowledgement).unwrap_or(6);
        let header = Header::Mobility(Mobility::new(kind, message, options.build()));
        let mut out = Outgoing::new(update.home, vec![header]).from(update.correspondent);
        let route = update.home_option || faults.has(&faults::ROUTES_ALL_ACKNOWLEDGEMENTS);
        if route && !faults.has(&faults::ACKNOWLEDGES_HOME) {
            let to_careof = faults.has(&faults::ACKNOWLEDGES_CAREOF);
            out.careof_destination = Some(if to_careof { update.careof } else { update.source });
        }
        let binding = self.key.map(|key| {
            let correspondent = update.correspondent;
            Sign::Binding(BindingSign { key, careof: update.registered(), correspondent })
        });
        out.sign = binding.or(self.local.map(Sign::Local));
        out.local = self.readings;
        out.direct = self.unprotected;
        if let Some((interface, station)) = self.station {
            out.interface = Some(interface);
            out.station = Some(station);
        }
        cx.event(format!(
            "Binding Acknowledgement to {} at {}: status {}, sequence number {}, {} s",
            update.home,
            update.source,
            self.status,
            self.sequence,
            u32::from(self.lifetime) * 4,
        ));
        cx.send(out);
    }
}
