//! Each fault changes what a mobile node sends in a conversation where it matters.

use std::net::Ipv6Addr;

use mip6_conformance::network::Place;
use mip6_conformance::roles::mobile_node::faults::*;
use mip6_conformance::roles::{Command, Fault, Interface};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};

use super::scene::*;
use super::strangers::*;

/// Every one of the faults makes a difference to a conversation.
#[track_caller]
fn differ(list: &[&'static Fault], talk: impl Fn(Setup) -> Scene) {
    let honest = talk(Setup::default()).sent(0);
    for fault in list {
        let sent = talk(Setup::default().faulty(fault)).sent(0);
        assert!(sent != honest, "{} makes no difference", fault.name);
    }
}

#[test]
fn on_a_journey() {
    let list: &[&Fault] = &[
        &SOURCES_CAREOF,
        &NEVER_DIRECT,
        &DOES_NOT_KNOW_HOME,
        &KEEPS_UNREACHABLE_CAREOF,
        &USES_HOME_EARLY,
        &TUNNELS_AT_HOME,
        &REPEATS_SEQUENCE,
        &NO_HOME_FLAG,
        &NO_ACKNOWLEDGE_FLAG,
        &NO_ALTERNATE,
        &SETS_KEY_FLAG,
        &FORGETS_CORRESPONDENTS,
        &LONG_CORRESPONDENT_LIFETIME,
        &CAREOF_INDEX_IN_DELETION,
        &NO_AUTHENTICATOR,
        &FIXED_FIRST_TIMEOUT,
        &SILENT_RETURNING,
    ];
    differ(list, |setup| {
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.datagram();
        s.wait(3_000);
        s.echo(peer(), None);
        s.wait(1_000);
        s.go(OTHER);
        s.wait(10_000);
        s.go(HOME);
        s.wait(10_000);
        s.echo(peer(), None);
        s.wait(5_000);
        s
    });
}

#[test]
fn where_nobody_answers() {
    differ(&[&REPEATS_COOKIES], |setup| {
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.lose(PEERS, true);
        s.tell(&Command::Optimize { peer: peer(), lifetime: None });
        s.wait(30_000);
        s
    });
    differ(&[&KEEPS_UNANSWERED_ROUTE], |setup| {
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.tell(&Command::Optimize { peer: peer(), lifetime: None });
        s.wait(5_000);
        s.lose(PEERS, true);
        s.tell(&Command::Optimize { peer: peer(), lifetime: None });
        s.wait(30_000);
        s.echo(peer(), None);
        s
    });
    differ(&[&NO_DISCOVERY, &HASTY_DISCOVERY, &ENDLESS_DISCOVERY], |setup| {
        let mut s = setup.with(|c| c.agent = None).build();
        s.lose(HOME, true);
        s.go(FOREIGN);
        s.wait(200_000);
        s
    });
}

#[test]
fn with_several_home_agents() {
    let list: &[&Fault] = &[&REVERSES_AGENTS, &FORGETS_AGENTS, &LEAVES_AGENT, &STICKS_TO_AGENT];
    differ(list, |setup| {
        let mut s = Setup { agents: 2, ..setup }.with(|c| c.agent = None).build();
        s.go(FOREIGN);
        s.wait(20_000);
        let place = Place { node: s.agents[0], interface: Interface(0) };
        s.network.attach(place, None);
        s.go(OTHER);
        s.wait(120_000);
        s
    });
    shows(&IGNORES_DISCOVERY_IDENTIFIER, &None, |f| {
        let mut setup = Setup::default().with(|c| c.agent = None);
        if let Some(f) = f {
            setup = setup.faulty(f);
        }
        let mut s = setup.build();
        s.lose(HOME, true);
        s.go(FOREIGN);
        s.wait(10_000);
        let addresses = agent().octets().to_vec().into();
        let tail = Vec::new().into();
        let wanted = s.icmp(0, kind::HOME_AGENT_REQUEST)[0].1[4];
        let identifier = u16::from(wanted ^ 1) << 8;
        let body = Icmpv6Body::HomeAgentReply { identifier, reserved: 0, addresses, tail };
        let reply = Header::Icmpv6(Icmpv6::new(kind::HOME_AGENT_REPLY, body));
        s.put(vec![ip(agent(), careof(FOREIGN)), reply]);
        s.state("home-agent")
    });
}

/// A Mobile Prefix Advertisement of the home prefix, and of others.
fn prefixes(identifier: u16, valid: u32, prefix: Ipv6Addr) -> Header<'static> {
    let flags = 0xc0;
    let preferred = valid;
    let body = NdBody::PrefixInformation { len: 64, flags, valid, preferred, reserved: 0, prefix };
    let within = kind::PREFIX_ADVERTISEMENT;
    let option = NdOption { within, ..NdOption::new(3, body) };
    let options = option.to_padded(&mip6_wire::codes::RFC6275).into();
    let body = Icmpv6Body::PrefixAdvertisement { identifier, flags: 0, options };
    Header::Icmpv6(Icmpv6::new(within, body))
}

#[test]
fn when_prefixes_are_advertised() {
    // A solicitation is under way, the home agent does not answer.
    let asked = |f: Option<&'static Fault>, optimized| {
        let mut s = Scene::settled(f, optimized);
        s.lose(HOME, true);
        s.tell(&Command::SolicitPrefixes);
        s.wait(500);
        let all = s.icmp(0, kind::PREFIX_SOLICITATION);
        let (_, m) = all.last().unwrap();
        let identifier = u16::from_be_bytes([m[4], m[5]]);
        (s, identifier)
    };
    let home_prefix = prefix(HOME);
    let known = |s: &Scene| s.told("home prefix");
    shows(&IGNORES_PREFIXES, &true, |f| {
        let (mut s, id) = asked(f, false);
        s.put(routed(agent(), home(), prefixes(id, 5000, home_prefix)));
        known(&s)
    });
    shows(&FOREIGN_PREFIXES, &false, |f| {
        let (mut s, id) = asked(f, false);
        s.put(routed(on(PEERS, STRANGER), home(), prefixes(id, 5000, home_prefix)));
        known(&s)
    });
    shows(&PREFIXES_WITHOUT_ROUTE, &false, |f| {
        let (mut s, id) = asked(f, false);
        s.put(vec![ip(agent(), careof(FOREIGN)), prefixes(id, 5000, home_prefix)]);
        known(&s)
    });
    shows(&UNSOLICITED_PREFIXES, &false, |f| {
        let mut s = Scene::settled(f, false);
        s.put(routed(agent(), home(), prefixes(7, 5000, home_prefix)));
        s.told("valid for 5000 s")
    });
    shows(&IGNORES_UNSOLICITED, &1, |f| {
        let mut s = Scene::settled(f, false);
        s.put(routed(agent(), home(), prefixes(7, 5000, home_prefix)));
        s.icmp(0, kind::PREFIX_SOLICITATION).len()
    });
    shows(&PREFIXES_TWICE, &false, |f| {
        let (mut s, id) = asked(f, false);
        s.put(routed(agent(), home(), prefixes(id, 5000, home_prefix)));
        s.put(routed(agent(), home(), prefixes(id, 6000, home_prefix)));
        s.told("valid for 6000 s")
    });
    shows(&KEEPS_PAST_PREFIX, &true, |f| {
        let (mut s, id) = asked(f, true);
        let before = s.mark();
        s.put(routed(agent(), home(), prefixes(id, 100, home_prefix)));
        !s.mobility(before, 5).is_empty() && !s.mobility(before, 1).is_empty()
    });
    shows(&LETS_HOME_END, &true, |f| {
        let (mut s, id) = asked(f, false);
        s.put(routed(agent(), home(), prefixes(id, 100, home_prefix)));
        let before = s.mark();
        s.wait(80_000);
        !s.icmp(before, kind::PREFIX_SOLICITATION).is_empty()
    });
    shows(&REFRESHES_BEFORE_PREFIXES, &0, |f| {
        let mut setup = Setup::default();
        if let Some(f) = f {
            setup = setup.faulty(f);
        }
        let mut s = setup.build();
        s.lose(HOME, true);
        s.go(FOREIGN);
        s.wait(5_000);
        let right = s.last_sequence();
        s.put(routed(agent(), home(), acknowledgement(1, right, 20)));
        let before = s.mark();
        s.wait(75_000);
        s.mobility(before, 5).len()
    });
    // A home address more, and its registration.
    shows(&ONE_HOME, &2, |f| {
        let other = on(HOME, 0x77);
        let mut setup = Setup::default().with(|c| c.homes.push(other));
        if let Some(f) = f {
            setup = setup.faulty(f);
        }
        let mut s = setup.build();
        s.go(FOREIGN);
        s.wait(10_000);
        s.network.get(s.agents[0]).unwrap().host().tables.registrations.len()
    });
}

/// A Parameter Problem about the last packet that the mobile node has sent.
fn problem(s: &Scene, code: u8) -> Header<'static> {
    let sent = s.sent(0);
    let (_, mut quoted) = sent.last().cloned().unwrap();
    if quoted[6] == 41 {
        quoted.drain(..40);
    }
    let body = Icmpv6Body::ParameterProblem { pointer: 40, quoted: quoted.into() };
    Header::Icmpv6(Icmpv6 { code, ..Icmpv6::new(kind::PARAMETER_PROBLEM, body) })
}

#[test]
fn when_errors_come() {
    shows(&IGNORES_PARAMETER_PROBLEM, &0, |f| {
        let mut s = Scene::settled(f, false);
        s.lose(PEERS, true);
        s.tell(&Command::Optimize { peer: peer(), lifetime: None });
        s.wait(100);
        let p = problem(&s, 1);
        s.put(vec![ip(peer(), careof(FOREIGN)), p]);
        let before = s.mark();
        s.wait(10_000);
        s.mobility(before, 2).len()
    });
    shows(&STOPS_ON_OPTION_PROBLEM, &1, |f| {
        let mut s = Scene::settled(f, true);
        s.echo(peer(), None);
        let p = problem(&s, 2);
        s.put(vec![ip(peer(), careof(FOREIGN)), p]);
        let before = s.mark();
        s.echo(peer(), None);
        s.sent(before).iter().filter(|(_, p)| p[6] == 60).count()
    });
    shows(&IGNORES_UNRECOGNIZED, &0, |f| {
        let mut s = Scene::settled(f, false);
        s.lose(PEERS, true);
        s.tell(&Command::Optimize { peer: peer(), lifetime: None });
        s.wait(100);
        let error = mip6_wire::mobility::Message::BindingError {
            status: 2,
            reserved: 0,
            home_address: Ipv6Addr::UNSPECIFIED,
        };
        s.put(vec![ip(peer(), careof(FOREIGN)), message(7, error)]);
        let before = s.mark();
        s.wait(10_000);
        s.mobility(before, 2).len()
    });
}
