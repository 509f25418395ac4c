//! Answering Home Test Init and Care-of Test Init, RFC 6275 9.4.

use std::net::Ipv6Addr;

use mip6_wire::codes::MhFormat;
use mip6_wire::header::Header;
use mip6_wire::mobility::{Message, Mobility};

use super::{Correspondent, faults};
use crate::roles::host::{Outgoing, Received};
use crate::roles::{Context, Faults};

/// Test Init messages that the fault which counts them answers.
const PATIENCE: u32 = 64;

/// The address that a token is made for.
pub(super) fn made_for(address: Ipv6Addr, faults: &Faults) -> Ipv6Addr {
    let anyone = faults.has(&faults::TOKENS_FOR_ANYONE);
    if anyone { Ipv6Addr::UNSPECIFIED } else { address }
}

impl Correspondent {
    /// Answers to the home address, RFC 6275 9.4.1 and 9.4.3. Nothing is remembered
    /// of it.
    pub(super) fn home_test_init(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        reserved: u16,
        cookie: u64,
    ) {
        let faults = cx.host.faults.clone();
        if !self.answers(cx, p, reserved) || faults.has(&faults::NO_HOME_TEST) {
            return;
        }
        let Some(nonce) = self.nonces.current(cx.now, &mut cx.host.rng, &faults) else { return };
        let index = nonce.index;
        let whose = made_for(p.source, &faults);
        let mut token = nonce.key.home_token(whose, &nonce.octets);
        if faults.has(&faults::RANDOM_TOKENS) {
            token ^= cx.now.micros();
        }
        let cookie = if faults.has(&faults::WRONG_COOKIE) { !cookie } else { cookie };
        let message = Message::HomeTest { nonce_index: index, cookie, token };
        Self::test(cx, p, MhFormat::HomeTest, message);
    }

    /// Answers to the care-of address, RFC 6275 9.4.2 and 9.4.4.
    pub(super) fn careof_test_init(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        reserved: u16,
        cookie: u64,
    ) {
        let faults = cx.host.faults.clone();
        if !self.answers(cx, p, reserved) || faults.has(&faults::NO_CAREOF_TEST) {
            return;
        }
        let Some(nonce) = self.nonces.current(cx.now, &mut cx.host.rng, &faults) else { return };
        let index = nonce.index;
        let whose = made_for(p.source, &faults);
        let token = if faults.has(&faults::EQUAL_TOKENS) {
            nonce.key.home_token(whose, &nonce.octets)
        } else {
            nonce.key.careof_token(whose, &nonce.octets)
        };
        let cookie = if faults.has(&faults::WRONG_COOKIE) { !cookie } else { cookie };
        let message = Message::CareofTest { nonce_index: index, cookie, token };
        Self::test(cx, p, MhFormat::CareofTest, message);
    }

    /// Whether a Test Init message is answered: not with a Home Address option, nor
    /// where an answer would not go back the same way.
    fn answers(&mut self, cx: &mut Context<'_>, p: &Received, reserved: u16) -> bool {
        let faults = &cx.host.faults;
        if faults.has(&faults::REMEMBERS_INITS) {
            self.inits += 1;
            if self.inits > PATIENCE {
                return false;
            }
        }
        if p.home_option && !faults.has(&faults::ANSWERS_HOME_OPTION) {
            cx.event(format!("Test Init with a Home Address option from {}", p.wire_source));
            return false;
        }
        if reserved != 0 && faults.has(&faults::MINDS_RESERVED) {
            return false;
        }
        !p.source.is_unspecified() && !p.destination.is_multicast()
    }

    /// Sends a test to where its request came from.
    fn test(cx: &mut Context<'_>, p: &Received, format: MhFormat, message: Message<'static>) {
        let kind = cx.codes().mh_number(format).unwrap_or_default();
        let header = Header::Mobility(Mobility::new(kind, message, Vec::new()));
        let mut to = p.source;
        if cx.host.faults.has(&faults::TESTS_CAREOF)
            && let Some(binding) = cx.host.tables.binding(p.destination, to)
        {
            to = binding.careof;
        }
        cx.send(Outgoing::new(to, vec![header]).from(p.destination));
    }
}
