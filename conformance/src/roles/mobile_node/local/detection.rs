//! Duplicate address detection by the access router, draft 2.1, 3.1.3 and 5.3.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption, NdOptions};
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags, kind};

use super::super::{MobileNode, has};
use super::faults;
use crate::roles::host::{ALL_NODES, Received, Sign};
use crate::roles::local::{LocalSign, verify};
use crate::roles::node::Context;

/// How long answers to a solicitation are waited for: RetransTimer of RFC 4861 10, and
/// some for their way.
const DETECTION: Duration = Duration::from_millis(1500);

/// What an authentication option says.
#[derive(Clone, Copy, Debug)]
struct Authentication {
    nonce: u32,
    router: Ipv6Addr,
}

/// The authentication option of a solicitation or an advertisement.
fn authentication(p: &Received, cx: &Context<'_>, wanted: NdFormat) -> Option<Authentication> {
    let message = p.icmpv6(cx.codes())?;
    let options = message.body.nd_options()?;
    NdOptions::new(options, message.kind, cx.codes()).flatten().find_map(|o| match o.body() {
        NdBody::DadAuthentication { format, nonce, ar_address, .. } if format == wanted => {
            Some(Authentication { nonce, router: ar_address })
        }
        _ => None,
    })
}

impl MobileNode {
    /// Somebody asks whether a care-of address is in use, one of Local Key Exchange:
    /// the host has left the answer to this.
    pub(in super::super) fn address_solicited(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        target: Ipv6Addr,
    ) {
        let own = cx
            .host
            .addresses()
            .iter()
            .any(|a| a.address == target && a.interface == Some(p.interface) && !a.tentative);
        if !own || !p.source.is_unspecified() || !cx.host.tables.local.contains(&target) {
            return;
        }
        let key = match authentication(p, cx, NdFormat::DadAuthenticationRequest) {
            Some(asked) => self.key_of_solicitation(cx, p, target, asked).map(|k| (k, asked)),
            // The fault: an answer to a question that nobody asked.
            None if has(cx, &faults::ALWAYS_AUTHENTICATES) => self
                .local
                .of(target)
                .map(|a| (a.key, Authentication { nonce: 0, router: a.router })),
            // The host answers.
            None => return,
        };
        if let Some(a) = self.local.of_mut(target).filter(|_| key.is_some()) {
            a.asked = Some(cx.now);
        }
        let key = key.filter(|_| !has(cx, &faults::NO_AUTHENTICATION));
        let Some((key, mut asked)) = key else {
            // Its address is defended whoever asks (RFC 4862 5.4.3).
            let mut plain = cx.host.advertisement(p.interface, ALL_NODES, target, NaFlags::O);
            plain.source = Some(target);
            return cx.send(plain);
        };
        if has(cx, &faults::OWN_NONCE) {
            asked.nonce = asked.nonce.wrapping_add(1);
        }
        let mut out = cx.host.advertisement(p.interface, ALL_NODES, target, NaFlags::O);
        out.source = Some(target);
        let format = NdFormat::DadAuthenticationReply;
        let option = NdOption {
            within: kind::NEIGHBOR_ADVERTISEMENT,
            ..NdOption::new(
                cx.codes().nd_number(format).unwrap_or_default(),
                NdBody::DadAuthentication {
                    format,
                    reserved: 0,
                    nonce: asked.nonce,
                    ar_address: asked.router,
                    front: vec![].into(),
                    hmac: [0; 20],
                    padding: vec![0; 4].into(),
                },
            )
        };
        if let Some(Header::Icmpv6(m)) = out.upper.first_mut()
            && let Icmpv6Body::NeighborAdvertisement { options, .. } = &mut m.body
        {
            options.to_mut().extend(option.to_padded(cx.codes()));
        }
        let readings = self.config.local.as_ref().map(|c| c.readings).unwrap_or_default();
        out.local = Some(readings);
        out.sign = Some(Sign::Local(LocalSign { key, readings }));
        cx.event(format!("{target} answers {} by the key that they share", asked.router));
        cx.send(out);
    }

    /// The key that a solicitation was authenticated by, of an access router that is
    /// known by the address in it (draft 5.3).
    fn key_of_solicitation(
        &self,
        cx: &mut Context<'_>,
        p: &Received,
        target: Ipv6Addr,
        asked: Authentication,
    ) -> Option<mip6_security::mobility::local::LocalKey> {
        let codes = cx.codes();
        let believes = has(cx, &faults::BELIEVES_SOLICITATIONS);
        let right = |key| believes || verify(&p.octets, key, codes);
        let any = has(cx, &faults::ANSWERS_ANY_ROUTER);
        let association = self.local.of(target).filter(|a| any || a.router == asked.router);
        if let Some(a) = association.filter(|a| right(&a.key)) {
            return Some(a.key);
        }
        // The acknowledgement may be still on its way.
        let fresh = self.local.exchange.as_ref().filter(|e| e.careof == target);
        let fresh = fresh.filter(|e| !e.done && verify(&p.octets, &e.key, codes));
        if fresh.is_none() {
            cx.event(format!("a solicitation for {target} is not authenticated by its router"));
        }
        fresh.map(|e| e.key)
    }

    /// Somebody claims an address. In answer to an authenticated solicitation that
    /// ends the association, unless it is the mobile node's own advertisement, which
    /// the access router has kept (draft 5.3 and 4.3).
    pub(in super::super) fn address_claimed(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        target: Ipv6Addr,
    ) {
        let Some(a) = self.local.of(target) else { return };
        let recent = a.asked.is_some_and(|t| cx.now.since(t) < DETECTION);
        let own = authentication(p, cx, NdFormat::DadAuthenticationReply).is_some()
            && verify(&p.octets, &a.key, cx.codes());
        if !recent || own || has(cx, &faults::IGNORES_CLAIMS) {
            return;
        }
        cx.event(format!("somebody else claims {target}: its association is given up"));
        self.restart_with(cx, target);
    }
}
