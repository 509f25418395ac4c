//! Binding Acknowledgements, RFC 6275 11.7.3.

use mip6_wire::codes::OptionFormat;
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, Mobility, OptionBody};

use super::list::{Key, Outstanding};
use super::{MobileNode, faults, has};
use crate::roles::host::Received;
use crate::roles::node::Context;

/// Sequence number out of window.
const OUT_OF_WINDOW: u8 = 135;

impl MobileNode {
    /// A Binding Acknowledgement has come in.
    pub(super) fn acknowledged(&mut self, cx: &mut Context<'_>, p: &Received, m: &Mobility<'_>) {
        let Message::BindingAcknowledgement { status, sequence, lifetime, flags } = m.message
        else {
            return;
        };
        if has(cx, &faults::IGNORES_ACK) {
            return;
        }
        let mut key = (p.destination, p.source);
        if has(cx, &faults::ACK_WITHOUT_ROUTE)
            && !p.home_route
            && let Some(home) = self.config.homes.first()
        {
            key.0 = *home;
        }
        let codes = cx.codes();
        let options = || Options::new(&m.options, m.format(), codes);
        if options().any(|o| o.is_err()) {
            return;
        }
        if has(cx, &faults::REJECTS_UNKNOWN)
            && options().flatten().any(|o| o.format == OptionFormat::Unknown)
            || has(cx, &faults::CHECKS_RESERVED) && (m.reserved != 0 || flags.bits() & 0x7f != 0)
        {
            return;
        }
        let Some(entry) = self.list.get(key) else { return };
        let (home_agent, bound) = (entry.home_agent, entry.bound(cx.now).is_some());
        let Some(sent) = entry.outstanding else { return };
        // A home agent's is protected by IPsec, which the host has seen to.
        if !home_agent && !authentic(cx, p, m, key, &sent) {
            return;
        }
        if status == OUT_OF_WINDOW {
            // An answer that has been followed already comes again.
            if sent.sequence == sequence.wrapping_add(1) {
                return;
            }
            return self.out_of_window(cx, key, sequence);
        }
        if sequence != sent.sequence && !has(cx, &faults::IGNORES_ACK_SEQUENCE) {
            return;
        }
        if let Some(entry) = self.list.get_mut(key) {
            entry.outstanding = None;
            entry.attempts = 0;
        }
        let accepted = match status {
            2..=127 if has(cx, &faults::REJECTS_UNKNOWN_SUCCESS) => false,
            0..128 => true,
            140..=173 | 175.. if has(cx, &faults::ACCEPTS_UNKNOWN_REFUSAL) => true,
            _ => false,
        };
        let advice = options().flatten().find_map(|o| match o.body() {
            OptionBody::BindingRefreshAdvice { interval } => Some(interval),
            _ => None,
        });
        match (home_agent, accepted) {
            (true, true) => self.home_accepted(cx, key, &sent, lifetime, (status, advice)),
            (true, false) => self.home_refused(cx, key, status),
            (false, true) => self.correspondent_accepted(cx, key, &sent, lifetime, advice),
            (false, false) => self.correspondent_refused(cx, key, (status, bound)),
        }
    }

    /// Status 135: the next Binding Update has the number after the one given.
    fn out_of_window(&mut self, cx: &mut Context<'_>, key: Key, last: u16) {
        cx.event(format!("{} has sequence number {last}", key.1));
        if !has(cx, &faults::IGNORES_SEQUENCE_ANSWER) {
            self.list.set_sequence(key, last);
        }
        if !self.automatic() {
            // About its own number it may be the answer to a copy of the Binding
            // Update, and that to the Binding Update itself be still to come.
            let stale = |sent: &Outstanding| sent.sequence != last;
            if let Some(entry) = self.list.get_mut(key)
                && entry.outstanding.as_ref().is_some_and(stale)
            {
                entry.outstanding = None;
            }
            return;
        }
        // At once, as far as the rate allows: the cause is known and mended.
        let home_agent = self.list.get(key).is_some_and(|e| e.home_agent);
        if home_agent {
            self.resend_home(cx, key);
        } else {
            self.send_correspondent_update(cx, key);
        }
    }
}

/// Whether the Binding Authorization Data option of a correspondent's
/// acknowledgement is there, last, without padding behind it, and right.
fn authentic(
    cx: &Context<'_>,
    p: &Received,
    m: &Mobility<'_>,
    (_, peer): Key,
    sent: &Outstanding,
) -> bool {
    let mut list = Options::new(&m.options, m.format(), cx.codes()).flatten();
    let found = list.find(|o| o.format == OptionFormat::BindingAuthorization);
    if has(cx, &faults::ACCEPTS_BAD_AUTHENTICATOR) {
        return true;
    }
    let (Some(option), Some(key)) = (found, sent.key) else { return false };
    let last = option.offset + option.octets().len() == m.options.len();
    if !last && !has(cx, &faults::ACCEPTS_MISPLACED_AUTHENTICATOR) {
        return false;
    }
    let at = m.fixed_octets() + option.offset + 2;
    let len = (usize::from(m.len.get()) + 1) * 8;
    let Some(message) = p.upper().get(..len) else { return false };
    let wanted = key.authenticator(sent.careof, peer, message, at);
    wanted.is_some_and(|w| option.data == w)
}
