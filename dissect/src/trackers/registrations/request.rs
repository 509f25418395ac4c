//! What peers say of bindings unasked: Binding Refresh Requests and Binding
//! Errors, RFC 6275 9.3.3 and 9.5.5.

use mip6_wire::mobility::{Message, message_fields as field};

use super::Registrations;
use crate::rules::id::*;
use crate::rules::{Judge, Listed};
use crate::trackers::table::remember;
use crate::trackers::time::{PATIENCE, SECOND, TWICE, now};

/// Status of a Binding Error: a Home Address option without a binding.
const UNKNOWN_BINDING: u8 = 1;

impl Registrations {
    /// A Binding Refresh Request.
    pub(in crate::trackers) fn request(&mut self, j: &mut Judge<'_, '_>) {
        let Some(chain) = j.chain() else { return };
        let time = now(j);
        let Some(known) = self.bindings.get_mut(&(chain.destination(), chain.source())) else {
            return;
        };
        let requests = known.requests.get_or_insert_default();
        if requests.last().is_some_and(|t| time - t < TWICE) {
            return;
        }
        if requests.len() == requests.inline_size() {
            let span = time - requests[0];
            j.holds(MIP6_CN_BA_014, span >= SECOND, |d| {
                d.found(format!("{} in {} ms", requests.len() + 1, span / 1_000_000))
                    .wanted("no more of them in a second than of other messages")
            });
        }
        // Answered by an update that was accepted, the binding has a long life
        // again: to ask on is to retransmit.
        if let Some(accepted) = known.accepted
            && let Some(asked) = requests.last().filter(|t| time - **t < PATIENCE)
        {
            let answered =
                accepted.since > *asked && accepted.until() - time > time - accepted.since;
            j.holds(MIP6_CN_BA_013, !answered, |d| {
                d.found("again, though a Binding Update answered the one before")
                    .wanted("no more until the binding ends")
            });
        }
        remember(requests, time);
    }

    /// A Binding Error.
    pub(in crate::trackers) fn error(&self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingError { status: UNKNOWN_BINDING, home_address, .. } = h.message else {
            return;
        };
        let Some(chain) = j.chain() else { return };
        let Some(known) = self.with(home_address, chain.source()) else { return };
        let Some(accepted) = known.accepted else {
            if known.gone {
                j.holds(MIP6_MSG_022, true, |d| d);
            }
            return;
        };
        // What is on its way when the binding changes or ends is no fault.
        let time = now(j);
        let settled = accepted.since + SECOND < time && time + SECOND < accepted.until();
        let asked = known.updates.last().is_some_and(|u| !u.answered);
        if settled && !asked && accepted.careof == chain.destination() {
            j.holds(MIP6_MSG_022, false, |d| {
                d.field(&field::BE_STATUS, 6)
                    .found(format!(
                        "no binding, {} s before it ends",
                        (accepted.until() - time) / SECOND
                    ))
                    .wanted("the binding of the mobile node kept while it is used")
            });
        }
    }
}
