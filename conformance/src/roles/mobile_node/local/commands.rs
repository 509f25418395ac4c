//! What a mobile node can be told to do of Local Key Exchange.

use std::net::Ipv6Addr;

use super::super::MobileNode;
use super::binding::{ToldFinish, ToldUpdate};
use super::exchange::Told;
use crate::roles::command::{ExchangeKey, Finish, Update};
use crate::roles::node::Context;

impl MobileNode {
    /// Begins an exchange with the router in use.
    pub(in super::super) fn exchange_told(&mut self, cx: &mut Context<'_>, told: &ExchangeKey) {
        let ExchangeKey { sequence, lifetime, same_key } = *told;
        self.begin_exchange(cx, Told { sequence, lifetime, same_key });
    }

    /// A Binding Update under a local association, if it is one: to the access router of
    /// one, or for its care-of address.
    pub(in super::super) fn update_locally(&mut self, cx: &mut Context<'_>, u: &Update) -> bool {
        let Some(previous) = self.association_with(u.to, u.home) else { return false };
        if let Some(a) = self.local.of_mut(previous) {
            a.outstanding = None;
        }
        let told = ToldUpdate {
            sequence: u.sequence,
            lifetime: u.lifetime,
            flags: u.flags,
            source: u.careof,
            home: u.home,
            alternate: u.alternate,
            without_home: u.send_home == Some(false),
            unauthorized: u.send_authenticator == Some(false),
        };
        self.send_local_update(cx, previous, told);
        true
    }

    /// The care-of address of the association that an access router or a home address
    /// belongs to; of several the one before the current one.
    fn association_with(&self, to: Option<Ipv6Addr>, home: Option<Ipv6Addr>) -> Option<Ipv6Addr> {
        let current = self.careof.map(|(c, _)| c);
        let all = self.local.associations.iter();
        let fits = all
            .filter(|a| if to.is_some() { to == Some(a.router) } else { home == Some(a.careof) });
        let order =
            |a: &&super::Association| (home == Some(a.careof), current != Some(a.careof), a.since);
        fits.max_by_key(order).map(|a| a.careof)
    }

    /// Sends a Finished message for the last Binding Acknowledgement of an access
    /// router.
    pub(in super::super) fn finish_told(&mut self, cx: &mut Context<'_>, told: &Finish) {
        let all = self.local.associations.iter().filter(|a| a.granted.is_some());
        let fits = all.filter(|a| told.to.is_none_or(|to| to == a.router));
        let Some(previous) = fits.max_by_key(|a| a.since).map(|a| a.careof) else {
            return cx.event("no access router has acknowledged anything");
        };
        let ToldFinish { nonce, sequence } =
            ToldFinish { nonce: told.nonce, sequence: told.sequence };
        self.send_finished(cx, previous, ToldFinish { nonce, sequence });
    }
}
