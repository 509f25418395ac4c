//! Registrations: what a Binding Update and its acknowledgement need beside
//! their format. RFC 6275 5.1, 5.2.6, 9.5.4, 11.7.1 and 11.7.2.

use mip6_wire::codes::OptionFormat;
use mip6_wire::mobility::options::fields as option_field;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags, message_fields as field};

use crate::rules::Level;
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;

/// `MAX_RR_BINDING_LIFETIME`, 420 seconds, in units of 4 seconds.
const MAX_RR_LIFETIME: u16 = 105;
/// Status: home registration not supported.
const NO_HOME_REGISTRATION: u8 = 131;
/// Status: registration type change disallowed.
const TYPE_CHANGE: u8 = 139;
/// Octets of the fixed part of a Binding Update or Acknowledgement.
const OPTIONS_AT: usize = 12;
const LIFETIME_AT: usize = 10;

/// What the options say about how the message is authorized.
#[derive(Default)]
struct Authorization {
    authenticator: bool,
    /// Offset and care-of index of Nonce Indices.
    nonces: Option<(usize, u16)>,
    rfc4285: bool,
    alternate: bool,
}

fn authorization(h: &Listed<'_>) -> Authorization {
    let mut a = Authorization::default();
    for o in h.list() {
        match o.format {
            OptionFormat::BindingAuthorization => a.authenticator = true,
            // What subtypes to come authenticate is not known.
            OptionFormat::Authentication => {
                a.rfc4285 |= matches!(o.body(), OptionBody::Authentication { subtype: 1 | 2, .. });
            }
            OptionFormat::AlternateCareof => a.alternate = true,
            OptionFormat::NonceIndices => {
                if let OptionBody::NonceIndices { careof, .. } = o.body() {
                    a.nonces = Some((OPTIONS_AT + o.offset, careof));
                }
            }
            _ => {}
        }
    }
    a
}

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    match &h.message {
        Message::BindingUpdate { flags, lifetime, .. } => {
            // Proxy registrations have rules of their own (RFC 5213).
            if flags.contains(UpdateFlags::P) {
                return;
            }
            let a = authorization(h);
            if flags.contains(UpdateFlags::H) {
                home(j, *flags, *lifetime, &a);
            } else {
                correspondent(j, *flags, *lifetime, &a);
            }
        }
        Message::BindingAcknowledgement { status, flags, lifetime, .. }
            if !flags.contains(AckFlags::P) =>
        {
            acknowledgement(j, h, *status, *lifetime);
        }
        _ => {}
    }
}

fn home(j: &mut Judge<'_, '_>, flags: UpdateFlags, lifetime: u16, a: &Authorization) {
    j.holds(MIP6_MN_BU_002, flags.contains(UpdateFlags::A), |d| {
        d.field(&field::BU_A, 8).found("clear").wanted("set in a home registration")
    });
    let protected = j.is_protected();
    // Local Key Exchange authorizes by an authenticator what goes to the home
    // agent under IPsec (reading F18).
    let local = a.authenticator && a.nonces.is_none() && j.packet.profile.may_speak_lke();
    j.contains(MIP6_SEC_001, protected || a.rfc4285 || local, |d| {
        d.field(&field::BU_H, 8)
            .found("a home registration in the clear")
            .wanted("ESP or AH around it (or the authentication option of RFC 4285)")
    });
    // In a tunnel the home address is the inner source (RFC 4877 3).
    let tunnelled = j.chain().is_some_and(|c| c.outer.is_some());
    if let (true, Some(chain)) = (lifetime > 0 && !tunnelled && !a.rfc4285, j.chain()) {
        j.holds(MIP6_MN_BU_003, chain.home.is_some(), |d| {
            d.found("no Home Address option").wanted("one with the home address in a registration")
        });
        // AH and the authenticators protect the source address themselves.
        if !local && !j.is_under_ah() {
            j.contains(MIP6_MN_BU_004, a.alternate, |d| {
                d.at(OPTIONS_AT)
                    .found("no Alternate Care-of Address option")
                    .wanted("one in every home registration that AH does not protect")
            });
        }
    }
}

fn correspondent(j: &mut Judge<'_, '_>, flags: UpdateFlags, lifetime: u16, a: &Authorization) {
    // Registrations with an anchor point, under IPsec, by RFC 4285 or by Local
    // Key Exchange are not authorized by return routability.
    let other = flags.contains(UpdateFlags::M)
        || a.rfc4285
        || j.is_protected()
        || (j.packet.profile.may_speak_lke() && a.authenticator && a.nonces.is_none());
    if other {
        return;
    }
    j.contains(MIP6_MN_CREG_007, a.authenticator && a.nonces.is_some(), |d| {
        // A key that both nodes were given has no nonces (RFC 4449).
        let d = if a.authenticator { d.level(Level::Should) } else { d };
        let found = match (a.authenticator, a.nonces.is_some()) {
            (false, false) => "neither Nonce Indices nor Binding Authorization Data",
            (false, true) => "no Binding Authorization Data",
            _ => "no Nonce Indices",
        };
        d.at(OPTIONS_AT).found(found).wanted("both towards a correspondent")
    });
    if !(a.authenticator && a.nonces.is_some()) {
        return;
    }
    // The correspondent may grant less than what is asked for (9.5.2).
    j.holds(MIP6_MN_CREG_012, lifetime <= MAX_RR_LIFETIME, |d| {
        d.level(Level::May)
            .field(&field::BU_LIFETIME, LIFETIME_AT)
            .found(lifetime)
            .wanted(format!("at most {MAX_RR_LIFETIME} (420 s)"))
    });
    if let (0, Some((at, careof))) = (lifetime, a.nonces) {
        j.holds(MIP6_MN_CREG_006, careof == 0, |d| {
            d.field(&option_field::CAREOF_INDEX, at + 4).found(careof).wanted("0 in a deletion")
        });
    }
}

fn acknowledgement(j: &mut Judge<'_, '_>, h: &Listed<'_>, status: u8, lifetime: u16) {
    let a = authorization(h);
    let expired_nonce = matches!(status, 136..=138);
    if expired_nonce {
        j.holds(MIP6_CN_BA_006, !a.authenticator, |d| {
            d.field(&field::BA_STATUS, 6)
                .found(format!("{status} with Binding Authorization Data"))
                .wanted("none, for there is no key to compute it with")
        });
    } else {
        // From a home agent it is under IPsec, from a correspondent it has an
        // authenticator. An access router that speaks Local Key Exchange may
        // have no key for a refusal (reading F21), nor has a node that is no
        // home agent (10.3.1), not even if the mobile node has another binding
        // with it (9.5.1).
        let excused = a.rfc4285
            || matches!(status, NO_HOME_REGISTRATION | TYPE_CHANGE)
            || (status >= 128 && j.packet.profile.is_lke());
        let protected = j.is_protected();
        j.contains(MIP6_SEC_001, protected || a.authenticator || excused, |d| {
            d.field(&field::BA_STATUS, 6)
                .found("an acknowledgement without IPsec and without authenticator")
                .wanted(
                    "ESP or AH from a home agent, Binding Authorization Data from a correspondent",
                )
        });
    }
    // Local Key Exchange grants longer lifetimes under the same option.
    if a.authenticator && status < 128 && !j.packet.profile.may_speak_lke() {
        j.holds(MIP6_RR_017, lifetime <= MAX_RR_LIFETIME, |d| {
            d.field(&field::BA_LIFETIME, LIFETIME_AT)
                .found(lifetime)
                .wanted(format!("at most {MAX_RR_LIFETIME} (420 s)"))
        });
    }
}
