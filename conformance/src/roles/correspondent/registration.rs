//! Binding Updates to a correspondent, RFC 6275 9.5.1 to 9.5.4.

use mip6_security::mobility::BindingKey;

use super::routability::made_for;
use super::{Correspondent, MAX_RR_BINDING_LIFETIME, faults};
use crate::roles::Context;
use crate::roles::host::Received;
use crate::roles::mobility::acknowledgements::status;
use crate::roles::mobility::faults as any;
use crate::roles::mobility::{Acknowledgement, Update};
use crate::time::Instant;

/// What authorizes a Binding Update: the key, and until when the last of the nonces
/// that it is made of is accepted.
#[derive(Clone, Copy, Debug)]
struct Authority {
    key: Option<BindingKey>,
    until: Instant,
}

/// What becomes of a Binding Update without authority.
#[derive(Clone, Copy, Debug)]
enum Unauthorized {
    /// Silently discarded, and why.
    Discarded(&'static str),
    /// Refused for nonces that are not known.
    Expired(u8),
}

impl Correspondent {
    /// A Binding Update whose addresses and options are sound.
    pub(super) fn update(&mut self, cx: &mut Context<'_>, p: &Received, update: &Update) {
        let faults = cx.host.faults.clone();
        let existing = cx.host.tables.entry(update.correspondent, update.home).copied();
        let other = existing.is_some_and(|b| !b.deleted && !b.home);
        let changes = other && faults.has(&any::CHANGES_TYPE);
        if update.is_home() && !changes && !faults.has(&faults::ACCEPTS_HOME_REGISTRATION) {
            // No home agent has taken it (RFC 6275 10.3.1), or it would turn the
            // binding into another (9.5.1).
            let status = if other { status::TYPE_CHANGE } else { status::NO_HOME_REGISTRATION };
            return Self::acknowledge(cx, update, &Acknowledgement::of(update, status));
        }
        if p.destination.is_multicast() {
            return Self::discard(cx, p, Some(update), "it is for many");
        }
        if faults.has(&faults::MINDS_KEY_FLAG)
            && update.flags.contains(mip6_wire::mobility::UpdateFlags::K)
        {
            return Self::discard(cx, p, Some(update), "flag K is set");
        }
        let authority = match self.authorize(cx, p, update) {
            Ok(authority) => authority,
            Err(Unauthorized::Discarded(why)) => return Self::discard(cx, p, Some(update), why),
            Err(Unauthorized::Expired(status)) => {
                // Without keys there is no authenticator (RFC 6275 9.5.4).
                let mut ack = Acknowledgement::of(update, status);
                if faults.has(&faults::SIGNS_NONCE_REFUSALS) {
                    ack.key = Some(BindingKey::new(0, None));
                }
                return Self::acknowledge(cx, update, &ack);
            }
        };
        let answer = |status| Acknowledgement {
            key: authority.key.filter(|_| !faults.has(&faults::UNSIGNED)),
            key_mobility: faults.has(&faults::SETS_KEY_FLAG),
            ..Acknowledgement::of(update, status)
        };
        let key = cx.host.tables.key(update.correspondent, update.home);
        self.stop_requests(cx, key);
        if let Err(refusal) = update.check(existing.as_ref(), &faults) {
            let ack = Acknowledgement { sequence: refusal.sequence, ..answer(refusal.status) };
            return Self::acknowledge(cx, update, &ack);
        }
        if update.deletes() {
            if faults.has(&faults::CREATES_ON_DELETION) && existing.is_none() {
                let binding = update.binding(cx.now, MAX_RR_BINDING_LIFETIME, &faults);
                self.keep(cx, update, binding, authority.until);
            } else if cx.host.tables.bindings.contains_key(&key)
                && !faults.has(&faults::KEEPS_DELETED)
            {
                self.delete(cx, update, authority.until);
            }
            return Self::acknowledge(cx, update, &answer(status::ACCEPTED));
        }
        if existing.is_none_or(|b| b.deleted) && !self.has_room(cx) {
            if faults.has(&faults::SILENT_WHEN_FULL) {
                return;
            }
            return Self::acknowledge(cx, update, &answer(status::RESOURCES));
        }
        let lifetime = self.grant(update, &faults);
        if !faults.has(&faults::BINDS_NOTHING) {
            let mut binding = update.binding(cx.now, lifetime, &faults);
            if faults.has(&faults::KEEPS_FIRST_CAREOF)
                && let Some(old) = existing.filter(|b| !b.deleted)
            {
                binding.careof = old.careof;
            }
            if faults.has(&faults::KEEPS_SEQUENCE)
                && let Some(old) = existing.filter(|b| !b.deleted)
            {
                binding.sequence = old.sequence;
            }
            self.keep(cx, update, binding, authority.until);
        }
        let ack = Acknowledgement { lifetime, ..answer(status::ACCEPTED) };
        Self::acknowledge(cx, update, &ack);
    }

    /// The lifetime for a binding: what is asked for, no more than return
    /// routability is good for (RFC 6275 5.2.6 and 9.5.2).
    fn grant(&self, update: &Update, faults: &crate::roles::Faults) -> u16 {
        if faults.has(&faults::GRANTS_MORE) {
            return update.lifetime.saturating_add(10);
        }
        let most = if faults.has(&faults::GRANTS_LONG) {
            u16::MAX
        } else {
            self.config.max_lifetime.min(MAX_RR_BINDING_LIFETIME)
        };
        update.lifetime.min(most)
    }

    /// Makes the tokens again from the nonces, and verifies the authenticator.
    fn authorize(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        update: &Update,
    ) -> Result<Authority, Unauthorized> {
        use Unauthorized::{Discarded, Expired};
        let faults = cx.host.faults.clone();
        let unproven = Authority { key: None, until: cx.now + self.nonces.lifetime() };
        let Some((home, careof)) = update.indices else {
            if faults.has(&faults::ACCEPTS_MISSING_INDICES) {
                return Ok(unproven);
            }
            return Err(Discarded("it has no nonce indices"));
        };
        let Some(authorization) = update.authorization else {
            if faults.has(&faults::ACCEPTS_MISSING_AUTHENTICATOR) {
                return Ok(unproven);
            }
            return Err(Discarded("it has no authenticator"));
        };
        if authorization.len != 12 {
            return Err(Discarded("its authenticator has not 12 octets"));
        }
        if !authorization.last && !faults.has(&faults::ACCEPTS_TRAILING_PADDING) {
            return Err(Discarded("its authenticator is not its end"));
        }
        if home == careof && !update.deletes() && faults.has(&faults::REFUSES_EQUAL_INDICES) {
            return Err(Discarded("its nonce indices are equal"));
        }
        let careof_address =
            if faults.has(&faults::AUTHENTICATES_SOURCE) { update.source } else { update.careof };
        let (whose, careof_address) =
            (made_for(update.home, &faults), made_for(careof_address, &faults));
        let proof = self.nonces.get(cx.now, home, &faults).cloned();
        let home_token = proof.as_ref().map(|n| n.key.home_token(whose, &n.octets));
        let inspects = !update.deletes() || faults.has(&faults::CHECKS_DELETION_INDEX);
        let second = self.nonces.get(cx.now, careof, &faults).cloned().filter(|_| inspects);
        let token = second.as_ref().map(|n| {
            if faults.has(&faults::EQUAL_TOKENS) {
                n.key.home_token(careof_address, &n.octets)
            } else {
                n.key.careof_token(careof_address, &n.octets)
            }
        });
        let expired = match (home_token, token) {
            (Some(_), None) if inspects => Some(status::CAREOF_NONCE),
            (None, None) if inspects => Some(status::NONCES),
            (None, _) => Some(status::HOME_NONCE),
            _ => None,
        };
        if let Some(status) = expired {
            let vague = faults.has(&faults::VAGUE_ABOUT_NONCES);
            return Err(Expired(if vague { status::UNSPECIFIED } else { status }));
        }
        let Some(home_token) = home_token else { return Err(Expired(status::HOME_NONCE)) };
        let key = BindingKey::new(home_token, token.filter(|_| !update.deletes()));
        let covered = match (update.deletes(), faults.has(&faults::AUTHENTICATES_SOURCE)) {
            (false, true) => update.source,
            _ => update.registered(),
        };
        let made = mobility_octets(p).and_then(|message| {
            let made =
                key.authenticator(covered, update.correspondent, message, authorization.at)?;
            let sent = message.get(authorization.at..authorization.at + 12)?;
            Some(made.as_slice() == sent)
        });
        if made != Some(true) && !faults.has(&faults::ACCEPTS_BAD_AUTHENTICATOR) {
            return Err(Discarded("its authenticator is wrong"));
        }
        let until = [&proof, &second].into_iter().flatten().map(|n| self.nonces.until(n)).max();
        Ok(Authority { key: Some(key), until: until.unwrap_or(cx.now) })
    }

    /// Discards a Binding Update, silently (RFC 6275 9.5.1).
    pub(super) fn discard(cx: &mut Context<'_>, p: &Received, update: Option<&Update>, why: &str) {
        cx.event(format!("Binding Update from {} discarded: {why}", p.wire_source));
        if let Some(update) = update
            && cx.host.faults.has(&faults::ANSWERS_DISCARDED)
        {
            Acknowledgement::of(update, status::UNSPECIFIED).send(cx, update);
        }
    }

    fn acknowledge(cx: &mut Context<'_>, update: &Update, ack: &Acknowledgement) {
        if ack.is_due(update, &cx.host.faults) {
            ack.send(cx, update);
        }
    }
}

/// The Mobility Header of a packet, as long as it says.
fn mobility_octets(p: &Received) -> Option<&[u8]> {
    let upper = p.upper();
    upper.get(..(usize::from(*upper.get(1)?) + 1) * 8)
}
