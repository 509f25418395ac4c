//! Packets that others make up: what a mobile node must not believe, and the
//! faults that make it.

use std::net::Ipv6Addr;

use mip6_conformance::network::{NodeId, Place};
use mip6_conformance::roles::mobile_node::faults;
use mip6_conformance::roles::{Command, Fault, Interface};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::{Ipv6, Routing};
use mip6_wire::layout::Auto;
use mip6_wire::link::Ethernet;
use mip6_wire::mobility::{AckFlags, Message, Mobility};

use super::scene::*;

pub(super) const STRANGER: u16 = 0xbad;

pub(super) fn message(kind: u8, message: Message<'static>) -> Header<'static> {
    Header::Mobility(Mobility::new(kind, message, Vec::new()))
}

fn error(status: u8) -> Header<'static> {
    message(7, Message::BindingError { status, reserved: 0, home_address: home() })
}

pub(super) fn acknowledgement(status: u8, sequence: u16, lifetime: u16) -> Header<'static> {
    let flags = AckFlags::empty();
    let m = Message::BindingAcknowledgement { status, flags, sequence, lifetime };
    let options = mip6_wire::mobility::options::OptionsBuilder::new(12).build();
    Header::Mobility(Mobility::new(6, m, options))
}

pub(super) fn echo() -> Header<'static> {
    let body = Icmpv6Body::Echo { identifier: 77, sequence: 1, data: vec![1; 8].into() };
    Header::Icmpv6(Icmpv6::new(kind::ECHO_REQUEST, body))
}

impl Scene {
    /// A mobile node that is registered, optimized with its correspondent if so
    /// wanted.
    pub(super) fn settled(fault: Option<&'static Fault>, optimized: bool) -> Self {
        let mut setup = Setup::default();
        if let Some(fault) = fault {
            setup = setup.faulty(fault);
        }
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(10_000);
        if optimized {
            s.datagram();
            s.wait(3_000);
        }
        s
    }

    /// A packet comes from the router of the foreign link.
    pub(super) fn put(&mut self, headers: Vec<Header<'static>>) {
        self.put_on(FOREIGN, headers);
    }

    /// A packet comes from the router of a link.
    pub(super) fn put_on(&mut self, link: u16, headers: Vec<Header<'static>>) {
        let ethernet = Ethernet {
            destination: STATION,
            source: [2, 0, 0, 0, 1, link as u8],
            kind: Auto::Fixed(0x86dd),
        };
        let mut all = vec![Header::Ethernet(ethernet)];
        all.extend(headers);
        let octets = write_packet(&all, &RFC6275);
        let place = Place { node: NodeId(0), interface: Interface(link - 1) };
        self.network.inject(place, &octets);
        self.wait(900);
    }

    /// The sequence number of the last Binding Update.
    pub(super) fn last_sequence(&self) -> u16 {
        let all = self.mobility(0, 5);
        all.last().map_or(0, |(_, m)| u16::from_be_bytes([m[6], m[7]]))
    }
}

pub(super) fn ip(from: Ipv6Addr, to: Ipv6Addr) -> Header<'static> {
    Header::Ipv6(Ipv6::new(from, to))
}

pub(super) fn routed(
    from: Ipv6Addr,
    home: Ipv6Addr,
    upper: Header<'static>,
) -> Vec<Header<'static>> {
    vec![ip(from, careof(FOREIGN)), Header::Routing(Routing::home(home)), upper]
}

/// What is seen with the fault must not be seen without.
#[track_caller]
pub(super) fn shows<T: PartialEq + std::fmt::Debug>(
    fault: &'static Fault,
    honest: &T,
    f: impl Fn(Option<&'static Fault>) -> T,
) {
    assert_eq!(f(None), *honest, "without {}", fault.name);
    assert_ne!(f(Some(fault)), *honest, "with {}", fault.name);
}

#[test]
fn binding_errors_of_strangers_and_of_correspondents() {
    let bound = |s: &Scene| s.binding(peer()).is_some();
    shows(&faults::BELIEVES_STRANGER, &true, |f| {
        let mut s = Scene::settled(f, true);
        s.put(vec![ip(on(PEERS, STRANGER), careof(FOREIGN)), error(1)]);
        bound(&s)
    });
    shows(&faults::IGNORES_BINDING_ERROR, &false, |f| {
        let mut s = Scene::settled(f, true);
        s.put(vec![ip(peer(), careof(FOREIGN)), error(1)]);
        bound(&s)
    });
    shows(&faults::OBEYS_UNEXPECTED, &1, |f| {
        let mut s = Scene::settled(f, true);
        s.put(vec![ip(peer(), careof(FOREIGN)), error(2)]);
        let before = s.mark();
        s.echo(peer(), None);
        s.wait(500);
        s.sent(before).iter().filter(|(_, p)| p[6] == 60).count()
    });
    shows(&faults::IGNORES_AGENT_ERROR, &1, |f| {
        let mut s = Scene::settled(f, false);
        let before = s.mark();
        s.put(vec![ip(agent(), careof(FOREIGN)), error(1)]);
        s.mobility(before, 5).len()
    });
}

#[test]
fn routing_headers_and_tunnels() {
    let replies = |s: &Scene, from| s.icmp(from, kind::ECHO_REPLY).len();
    shows(&faults::IGNORES_ROUTING_HEADER, &1, |f| {
        let mut s = Scene::settled(f, true);
        let before = s.mark();
        s.put(routed(peer(), home(), echo()));
        replies(&s, before)
    });
    shows(&faults::FOREIGN_ROUTE, &0, |f| {
        let mut s = Scene::settled(f, true);
        let before = s.mark();
        s.put(routed(peer(), on(OTHER, 5), echo()));
        replies(&s, before)
    });
    let through = |s: &mut Scene, end| {
        let before = s.mark();
        s.put(vec![ip(end, careof(FOREIGN)), ip(on(PEERS, 9), home()), echo()]);
        s.icmp(before, kind::ECHO_REPLY).len()
    };
    shows(&faults::FOREIGN_TUNNEL, &0, |f| {
        through(&mut Scene::settled(f, false), on(PEERS, STRANGER))
    });
    shows(&faults::NO_DECAPSULATION, &1, |f| through(&mut Scene::settled(f, false), agent()));
}

#[test]
fn acknowledgements_that_answer_nothing() {
    // An outstanding Binding Update, and no home agent to answer it.
    let lonely = |f: Option<&'static Fault>| {
        let mut setup = Setup::default();
        if let Some(fault) = f {
            setup = setup.faulty(fault);
        }
        let mut s = setup.build();
        s.lose(HOME, true);
        s.go(FOREIGN);
        s.wait(5_000);
        s
    };
    let registered = |s: &Scene| s.binding(agent()).is_some();
    shows(&faults::IGNORES_ACK_SEQUENCE, &false, |f| {
        let mut s = lonely(f);
        let wrong = s.last_sequence().wrapping_sub(7);
        s.put(routed(agent(), home(), acknowledgement(0, wrong, 100)));
        registered(&s)
    });
    shows(&faults::ACK_WITHOUT_ROUTE, &false, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        s.put(vec![ip(agent(), careof(FOREIGN)), acknowledgement(0, right, 100)]);
        registered(&s)
    });
    shows(&faults::REJECTS_UNKNOWN_SUCCESS, &true, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        s.put(routed(agent(), home(), acknowledgement(100, right, 100)));
        registered(&s)
    });
    shows(&faults::ACCEPTS_UNKNOWN_REFUSAL, &false, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        s.put(routed(agent(), home(), acknowledgement(200, right, 100)));
        registered(&s)
    });
    shows(&faults::IGNORES_GRANTED_LIFETIME, &false, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        s.put(routed(agent(), home(), acknowledgement(0, right, 2)));
        s.wait(10_000);
        registered(&s)
    });
    shows(&faults::NO_PREFIX_SOLICITATION, &1, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        s.put(routed(agent(), home(), acknowledgement(1, right, 100)));
        s.icmp(0, kind::PREFIX_SOLICITATION).len()
    });
    // Somebody else has the home address: it is not registered again.
    shows(&faults::REUSES_DUPLICATE, &0, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        s.put(routed(agent(), home(), acknowledgement(134, right, 0)));
        let before = s.mark();
        s.wait(60_000);
        s.go(OTHER);
        s.wait(20_000);
        s.mobility(before, 5).len()
    });
    shows(&faults::REPEATS_REFUSED, &0, |f| {
        let mut s = lonely(f);
        let right = s.last_sequence();
        let before = s.mark();
        s.put(routed(agent(), home(), acknowledgement(129, right, 0)));
        s.mobility(before, 5).len()
    });
    // A correspondent's without authenticator.
    shows(&faults::ACCEPTS_BAD_AUTHENTICATOR, &true, |f| {
        let mut s = Scene::settled(f, false);
        s.lose(PEERS, true);
        s.tell(&Command::Update(mip6_conformance::roles::command::Update {
            to: Some(peer()),
            ..Default::default()
        }));
        let right = s.last_sequence();
        s.put(routed(peer(), home(), acknowledgement(0, right, 10)));
        s.binding(peer()).is_none()
    });
}

#[test]
fn tests_that_were_not_asked_for() {
    let in_progress = |f: Option<&'static Fault>| {
        let mut s = Scene::settled(f, false);
        s.lose(PEERS, true);
        s.tell(&Command::Optimize { peer: peer(), lifetime: None });
        s.wait(100);
        s
    };
    let cookie = |s: &Scene, kind: u8| {
        let all = s.mobility(0, kind);
        all.last().map_or(0, |(_, m)| u64::from_be_bytes(m[8..16].try_into().unwrap()))
    };
    let home_test = |cookie| message(3, Message::HomeTest { nonce_index: 1, cookie, token: 5 });
    let careof_test = |cookie| message(4, Message::CareofTest { nonce_index: 1, cookie, token: 6 });
    shows(&faults::IGNORES_HOME_COOKIE, &false, |f| {
        let mut s = in_progress(f);
        let c = cookie(&s, 2);
        s.put(vec![ip(peer(), careof(FOREIGN)), careof_test(c)]);
        let before = s.mark();
        s.put(vec![ip(agent(), careof(FOREIGN)), ip(peer(), home()), home_test(99)]);
        !s.mobility(before, 5).is_empty()
    });
    shows(&faults::IGNORES_CAREOF_COOKIE, &false, |f| {
        let mut s = in_progress(f);
        let h = cookie(&s, 1);
        s.put(vec![ip(agent(), careof(FOREIGN)), ip(peer(), home()), home_test(h)]);
        let before = s.mark();
        s.put(vec![ip(peer(), careof(FOREIGN)), careof_test(99)]);
        !s.mobility(before, 5).is_empty()
    });
    shows(&faults::HOME_TEST_OUTSIDE_TUNNEL, &false, |f| {
        let mut s = in_progress(f);
        let c = cookie(&s, 2);
        s.put(vec![ip(peer(), careof(FOREIGN)), careof_test(c)]);
        let h = cookie(&s, 1);
        let before = s.mark();
        s.put(vec![ip(peer(), careof(FOREIGN)), home_test(h)]);
        !s.mobility(before, 5).is_empty()
    });
    shows(&faults::CAREOF_TEST_ELSEWHERE, &false, |f| {
        let mut s = in_progress(f);
        let h = cookie(&s, 1);
        s.put(vec![ip(agent(), careof(FOREIGN)), ip(peer(), home()), home_test(h)]);
        let c = cookie(&s, 2);
        let before = s.mark();
        s.put(vec![ip(agent(), careof(FOREIGN)), ip(peer(), home()), careof_test(c)]);
        !s.mobility(before, 5).is_empty()
    });
    // A refresh is asked for by one that has a binding, and by a stranger.
    let request = || message(0, Message::BindingRefreshRequest { reserved: 0 });
    shows(&faults::IGNORES_REFRESH_REQUEST, &1, |f| {
        let mut s = Scene::settled(f, true);
        let before = s.mark();
        s.put(vec![ip(agent(), careof(FOREIGN)), ip(peer(), home()), request()]);
        s.mobility(before, 1).len()
    });
    shows(&faults::ANSWERS_STRANGER, &0, |f| {
        let mut s = Scene::settled(f, false);
        let before = s.mark();
        let stranger = on(PEERS, STRANGER);
        s.put(vec![ip(agent(), careof(FOREIGN)), ip(stranger, home()), request()]);
        s.mobility(before, 1).len()
    });
    shows(&faults::TESTS_FOR_TESTS, &0, |f| {
        let mut s = Scene::settled(f, false);
        let before = s.mark();
        s.put(vec![
            ip(agent(), careof(FOREIGN)),
            ip(on(PEERS, 9), home()),
            message(1, Message::HomeTestInit { reserved: 0, cookie: 4 }),
        ]);
        s.mobility(before, 1).len()
    });
}
