//! Neighbor Discovery for home addresses: the home agent while the mobile node
//! is away, the mobile node when it returns.

use std::net::Ipv6Addr;

use mip6_wire::codes::{NdFormat, OptionFormat};
use mip6_wire::icmpv6::{NaFlags, RaFlags};
use mip6_wire::mobility::options::AnyAddr;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::links::{
    AGENT, AWAY, EVERYBODY, MOBILE, NONE, ROUTER, advertise, answer, down, from_home, neighbor,
    prefix, solicit, solicit_router, station, to_home, up, up_with, update,
};
use super::{Scene, Station};
use crate::build::{
    ACCESS_ROUTER_LOCAL, ALL_NODES, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, HOME_AGENT_LOCAL,
    MOBILE_LOCAL, Packet, ah, home_option, home_route, ip, mobility, mobility_with,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![
        home_agent(),
        hasty(),
        patient(),
        announcements(),
        same_identifier(),
        untested(),
        return_home(),
        hasty_return(),
        unseen_return(),
        two_careof_addresses(),
        refusals(),
        at_home(),
        mobile_network(),
    ]
}

const ANY: Ipv6Addr = Ipv6Addr::UNSPECIFIED;
const IN: (Station, Station) = (ROUTER, AGENT);
const OUT: (Station, Station) = (AGENT, ROUTER);
const HOME_ALL: (Station, Station) = (AGENT, EVERYBODY);
const MOBILE_ALL: (Station, Station) = (MOBILE, EVERYBODY);
const LOCAL: UpdateFlags = AWAY.union(UpdateFlags::L);

fn register(sequence: u16, flags: UpdateFlags) -> Packet {
    up(CAREOF, HOME_AGENT, update(sequence, flags, 100))
}

fn accept(sequence: u16) -> Packet {
    down(CAREOF, HOME_AGENT, answer(sequence, 0, NONE, 100))
}

/// What the home agent announces.
fn announce(flags: NaFlags) -> Packet {
    neighbor(HOME_AGENT, ALL_NODES, flags, HOME, Some(AGENT))
}

fn announce_local(destination: Ipv6Addr) -> Packet {
    neighbor(HOME_AGENT, destination, NaFlags::O, MOBILE_LOCAL, Some(AGENT))
}

/// The home agent's advertisement; the Retrans Timer is left open, if 0.
fn router(retrans: u32) -> Packet {
    let options = [station(NdFormat::SourceLinkLayer, AGENT), prefix(HOME_AGENT, true)];
    advertise(HOME_AGENT_LOCAL, RaFlags::H, 1_800, retrans, &options)
}

/// A home agent as it should be.
fn home_agent() -> Scene {
    Scene::new("conversations/home-agent-neighbors", "A home agent takes over, and answers.")
        .conversation(1_100)
        .on(HOME_ALL, "the home agent", router(0), &[])
        .on(IN, "a registration", register(1, LOCAL), &[])
        .on(HOME_ALL, "is the home address free?", solicit(ANY, HOME), &[])
        .on(HOME_ALL, "and the link-local one?", solicit(ANY, MOBILE_LOCAL), &[])
        .on(HOME_ALL, "it is the home agent's now", announce(NaFlags::O), &[])
        .on(HOME_ALL, "both are", announce_local(ALL_NODES), &[])
        .on(OUT, "accepted", accept(1), &[])
        .on(HOME_ALL, "announced again", announce(NaFlags::O), &[])
        .on((ROUTER, EVERYBODY), "somebody asks", solicit(ACCESS_ROUTER_LOCAL, HOME), &[])
        .on(
            OUT,
            "and is answered",
            neighbor(HOME_AGENT_LOCAL, ACCESS_ROUTER_LOCAL, NaFlags::S, HOME, Some(AGENT)),
            &[],
        )
        .on((ROUTER, EVERYBODY), "somebody wants the address", solicit(ANY, HOME), &[])
        .on(HOME_ALL, "and does not get it", announce(NaFlags::empty()), &[])
        .on(IN, "another update", register(2, LOCAL), &[])
        .on(OUT, "accepted at once", accept(2), &[])
}

fn hasty() -> Scene {
    Scene::new("conversations/hasty-home-agent", "Accepted before the address is known to be free.")
        .conversation(300)
        .on(IN, "a registration", register(1, LOCAL), &[])
        .on(HOME_ALL, "is the home address free?", solicit(ANY, HOME), &[])
        .on(HOME_ALL, "and the link-local one?", solicit(ANY, MOBILE_LOCAL), &[])
        .on(OUT, "accepted", accept(1), &["MIP6-HA-BU-011", "MIP6-HA-BU-014"])
        .on(IN, "de-registered", up(CAREOF, HOME_AGENT, update(2, AWAY, 0)), &[])
        .on(OUT, "gone", down(CAREOF, HOME_AGENT, answer(2, 0, NONE, 0)), &[])
        .on(HOME_ALL, "a question before the registration", solicit(ANY, HOME), &[])
        .on(IN, "a registration", register(3, AWAY), &[])
        .on(OUT, "accepted, by a test that was not captured", accept(3), &[])
        .on(IN, "another update", register(4, AWAY), &[])
        .on(HOME_ALL, "a question that need not be", solicit(ANY, HOME), &[])
        .on(OUT, "accepted at once", accept(4), &[])
}

/// Less than a second is enough where the link says so.
fn patient() -> Scene {
    Scene::new("conversations/short-timer", "A link with a short Retrans Timer.")
        .conversation(300)
        .on(HOME_ALL, "the home agent", router(250), &[])
        .on((ROUTER, EVERYBODY), "somebody else asks", solicit(ANY, HOME), &[])
        .on(IN, "a registration", register(1, AWAY), &[])
        .on(HOME_ALL, "is the home address free?", solicit(ANY, HOME), &[])
        .on(OUT, "accepted", accept(1), &[])
        .on(IN, "another update", register(2, AWAY), &[])
        .on((ROUTER, EVERYBODY), "somebody else asks", solicit(ANY, HOME), &[])
        .on(OUT, "accepted", accept(2), &[])
}

fn announcements() -> Scene {
    let to_router =
        |target| neighbor(HOME_AGENT, ACCESS_ROUTER_LOCAL, NaFlags::O, target, Some(AGENT));
    let by = |source, link_layer| neighbor(source, ALL_NODES, NaFlags::O, HOME, link_layer);
    let all = "announced to one node alone";
    Scene::new("conversations/announcements", "What a home agent announces, right and wrong.")
        .conversation(1_100)
        .on(HOME_ALL, "the home agent", router(0), &[])
        .on(IN, "a registration", register(1, LOCAL), &[])
        .on(HOME_ALL, "is the home address free?", solicit(ANY, HOME), &[])
        .on(HOME_ALL, "and the link-local one?", solicit(ANY, MOBILE_LOCAL), &[])
        .on(OUT, "accepted", accept(1), &[])
        .on(HOME_ALL, "announced", announce(NaFlags::O), &[])
        .on(OUT, all, to_router(HOME), &["MIP6-HA-ND-001"])
        .on(OUT, all, to_router(MOBILE_LOCAL), &["MIP6-HA-ND-002"])
        .on(
            OUT,
            "answered as a router",
            neighbor(HOME_AGENT, ACCESS_ROUTER_LOCAL, NaFlags::S | NaFlags::R, HOME, Some(AGENT)),
            &["MIP6-HA-ND-007"],
        )
        .on(HOME_ALL, "without the station", by(HOME_AGENT, None), &["MIP6-HA-ND-003"])
        .on(HOME_ALL, "with another's", by(HOME_AGENT, Some(MOBILE)), &["MIP6-HA-ND-003"])
        .on(HOME_ALL, "from the home address", by(HOME, Some(AGENT)), &["MIP6-HA-ND-005"])
        .on(
            HOME_ALL,
            "as a router, for the fifth time",
            announce(NaFlags::O | NaFlags::R),
            &["MIP6-HA-ND-004", "MIP6-HA-ND-006"],
        )
        .on(IN, "another update, without L", register(2, AWAY), &[])
        .on(HOME_ALL, "not accepted yet", announce_local(ALL_NODES), &[])
        .on(OUT, "accepted", accept(2), &[])
        .on(
            HOME_ALL,
            "as if it had been asked",
            announce(NaFlags::O | NaFlags::S),
            &["MIP6-HA-ND-004"],
        )
        .on(HOME_ALL, "without override", announce(NaFlags::empty()), &["MIP6-HA-ND-004"])
        .on(HOME_ALL, "for the link-local address", announce_local(ALL_NODES), &["MIP6-HA-BU-013"])
        .on(
            MOBILE_ALL,
            "somebody else of that link-local address",
            neighbor(MOBILE_LOCAL, ALL_NODES, NaFlags::O, MOBILE_LOCAL, Some(MOBILE)),
            &[],
        )
}

/// The link-local address of one may be that of the other.
fn same_identifier() -> Scene {
    let other = Ipv6Addr::new(0x2001, 0xdb8, 0, 0x101, 0, 0, 0, 0x99);
    let alternate = [OptionBody::AlternateCareof { address: CAREOF }];
    let register_other = vec![
        ip(CAREOF, HOME_AGENT),
        home_option(other),
        ah(1, 1),
        mobility_with(update(1, AWAY, 100), &alternate),
    ];
    let accept_other = vec![
        ip(HOME_AGENT, CAREOF),
        home_route(other),
        ah(2, 1),
        mobility(answer(1, 0, NONE, 100)),
    ];
    Scene::new("conversations/same-identifier", "Two home addresses of one interface identifier.")
        .conversation(1_100)
        .on(HOME_ALL, "the home agent", two_prefixes(), &[])
        .on(IN, "a registration with L", register(1, LOCAL), &[])
        .on(OUT, "accepted", accept(1), &[])
        .on(IN, "another without", register_other, &[])
        .on(OUT, "accepted", accept_other, &[])
        .on(HOME_ALL, "the link-local address of the first", announce_local(ALL_NODES), &[])
}

fn two_prefixes() -> Packet {
    let options = [
        station(NdFormat::SourceLinkLayer, AGENT),
        prefix(HOME_AGENT, true),
        prefix(Ipv6Addr::new(0x2001, 0xdb8, 0, 0x101, 0, 0, 0, 0), false),
    ];
    advertise(HOME_AGENT_LOCAL, RaFlags::H, 1_800, 0, &options)
}

/// A test that was not captured may have been made.
fn untested() -> Scene {
    Scene::new("conversations/untested", "An address that nobody was seen to test.")
        .conversation(1_100)
        .inconclusive("MIP6-HA-BU-011", 1)
        .on(IN, "a registration", register(1, AWAY), &[])
        .on(HOME_ALL, "announced", announce(NaFlags::O), &[])
        .on(OUT, "accepted", accept(1), &[])
}

/// A registration, seen on the home link.
fn registered(scene: Scene) -> Scene {
    scene
        .on(HOME_ALL, "the home agent", router(0), &[])
        .on(IN, "a registration", register(1, AWAY), &[])
        .on(OUT, "accepted", accept(1), &[])
}

fn leave(sequence: u16, lifetime: u16) -> Packet {
    from_home(update(sequence, AWAY, lifetime))
}

fn here(flags: NaFlags, link_layer: Option<Station>) -> Packet {
    neighbor(HOME, ALL_NODES, flags, HOME, link_layer)
}

fn return_home() -> Scene {
    let scene = Scene::new("conversations/return", "A mobile node returns home.");
    registered(scene.conversation(1_100))
        .on(MOBILE_ALL, "it looks for routers", solicit_router(ANY), &[])
        .on((MOBILE, AGENT), "it de-registers", leave(2, 0), &[])
        .on(MOBILE_ALL, "it may ask for a neighbor now", solicit(HOME, HOME_AGENT), &[])
        .on(HOME_ALL, "where is it?", solicit(HOME_AGENT, HOME), &[])
        .on(
            (MOBILE, AGENT),
            "here",
            neighbor(HOME, HOME_AGENT, NaFlags::S | NaFlags::O, HOME, Some(MOBILE)),
            &[],
        )
        .on((AGENT, MOBILE), "acknowledged", to_home(answer(2, 0, NONE, 0)), &[])
        .on(MOBILE_ALL, "it is at home", here(NaFlags::O, Some(MOBILE)), &[])
        .on(MOBILE_ALL, "again", here(NaFlags::O, Some(MOBILE)), &[])
        .on(MOBILE_ALL, "it asks for a neighbor", solicit(HOME, HOME_AGENT), &[])
        .on(MOBILE_ALL, "is its address free?", solicit(ANY, HOME), &[])
}

fn hasty_return() -> Scene {
    let scene = Scene::new("conversations/hasty-return", "A mobile node that returns too fast.");
    registered(scene.conversation(1_100))
        .on(
            MOBILE_ALL,
            "it looks for routers by its home address",
            solicit_router(HOME),
            &["MIP6-MN-MOV-008"],
        )
        .on(
            MOBILE_ALL,
            "it asks for a neighbor by its home address",
            solicit(HOME, HOME_AGENT),
            &["MIP6-MN-HOME-013"],
        )
        .on(MOBILE_ALL, "is its address free?", solicit(ANY, HOME), &[])
        .on(
            (MOBILE, ROUTER),
            "it had no right to ask, and the home agent is another",
            leave(2, 0),
            &["MIP6-MN-HOME-004", "MIP6-MN-HOME-005"],
        )
        .on(MOBILE_ALL, "it asks again", solicit(ANY, HOME), &["MIP6-MN-HOME-005"])
        .on(
            (MOBILE, AGENT),
            "it wants a binding at home",
            leave(3, 50),
            // By its lifetime it registers, and lacks the Home Address option.
            &["IPSEC-FMT-001", "MIP6-MN-BU-003", "MIP6-MN-HOME-002"],
        )
        .on(
            (MOBILE, AGENT),
            "it de-registers as if at a correspondent",
            vec![ip(HOME, HOME_AGENT), ah(1, 1), mobility(update(4, UpdateFlags::A, 0))],
            &["MIP6-MN-BU-001", "MIP6-MN-HOME-002"],
        )
}

/// The de-registration was not captured, but its answer.
fn unseen_return() -> Scene {
    let scene = Scene::new("conversations/unseen-return", "A return of which a part is missing.");
    registered(scene.conversation(1_100))
        .inconclusive("MIP6-MSG-026", 1)
        .on((AGENT, MOBILE), "acknowledged", to_home(answer(2, 0, NONE, 0)), &[])
        .on(MOBILE_ALL, "it looks for routers", solicit_router(HOME), &[])
        .on(MOBILE_ALL, "it asks for a neighbor", solicit(HOME, HOME_AGENT), &[])
        .on((MOBILE, AGENT), "it de-registers again", leave(3, 0), &[])
}

/// With several care-of addresses, a node is away and at home (RFC 5648 5.6).
fn two_careof_addresses() -> Scene {
    let identifier =
        OptionBody::BindingIdentifier { bid: 1, status: 0, flags: 0, careof: AnyAddr::None };
    let scene = Scene::new("conversations/two-care-of-addresses", "A node that is in two places.");
    registered(scene.conversation(1_100))
        .on(IN, "another", up_with(CAREOF, HOME_AGENT, update(2, AWAY, 100), &[identifier]), &[])
        .on(OUT, "accepted", accept(2), &[])
        .on(MOBILE_ALL, "it asks for a neighbor", solicit(HOME, HOME_AGENT), &[])
}

fn refusals() -> Scene {
    let no = |sequence| to_home(answer(sequence, 133, NONE, 0));
    Scene::new("conversations/refusals-at-home", "Where refusals to a node at home go.")
        .conversation(1_100)
        .on((MOBILE, AGENT), "it de-registers", leave(1, 0), &[])
        .on((AGENT, MOBILE), "refused", no(1), &[])
        .on((MOBILE, AGENT), "it de-registers", leave(2, 0), &[])
        .on((AGENT, ROUTER), "refused to another", no(2), &["MIP6-HA-DEREG-007"])
        .on((MOBILE, ROUTER), "through a router", leave(3, 0), &[])
        .on((AGENT, ROUTER), "refused through it", no(3), &[])
}

fn at_home() -> Scene {
    let careof_test = |source| {
        vec![
            ip(source, CORRESPONDENT),
            mobility(Message::CareofTestInit { reserved: 0, cookie: 0x0102_0304_0506_0708 }),
        ]
    };
    let home_test = {
        let init = Message::HomeTestInit { reserved: 0, cookie: 0x1112_1314_1516_1718 };
        vec![ip(HOME, CORRESPONDENT), mobility(init)]
    };
    let scene = Scene::new("conversations/at-home", "What a mobile node says at home.");
    registered(scene.conversation(1_100))
        .on((MOBILE, ROUTER), "a test while it is away", careof_test(CAREOF), &[])
        .on((MOBILE, AGENT), "it de-registers", leave(2, 0), &[])
        .on((AGENT, MOBILE), "acknowledged", to_home(answer(2, 0, NONE, 0)), &[])
        .on(
            MOBILE_ALL,
            "as if it had been asked",
            here(NaFlags::O | NaFlags::S, Some(MOBILE)),
            &["MIP6-MN-HOME-008"],
        )
        .on(
            MOBILE_ALL,
            "without override",
            here(NaFlags::empty(), Some(MOBILE)),
            &["MIP6-MN-HOME-008"],
        )
        .on(MOBILE_ALL, "without its station", here(NaFlags::O, None), &["MIP6-MN-HOME-008"])
        .on(MOBILE_ALL, "as it should be", here(NaFlags::O, Some(MOBILE)), &[])
        .on(
            MOBILE_ALL,
            "with another's, and too often",
            here(NaFlags::O, Some(ROUTER)),
            &["MIP6-MN-HOME-008", "MIP6-MN-HOME-010"],
        )
        .on((MOBILE, ROUTER), "the home address is tested", home_test, &[])
        .on((MOBILE, ROUTER), "and once more", careof_test(HOME), &["MIP6-MN-HOME-011"])
}

fn mobile_network() -> Scene {
    let flags = AWAY | UpdateFlags::R;
    let network = || OptionBody::Prefix {
        format: OptionFormat::MobileNetworkPrefix,
        reserved: 0,
        len: 48,
        prefix: Ipv6Addr::new(0x2001, 0xdb8, 0x77, 0, 0, 0, 0, 0),
    };
    let explicit = |sequence, lifetime| {
        up_with(CAREOF, HOME_AGENT, update(sequence, flags, lifetime), &[network()])
    };
    let accept_r = |sequence| down(CAREOF, HOME_AGENT, answer(sequence, 0, AckFlags::R, 100));
    let gone = |sequence| down(CAREOF, HOME_AGENT, answer(sequence, 0, NONE, 0));
    Scene::new("conversations/mobile-network", "A mobile router and its home agent.")
        .conversation(1_100)
        .on(HOME_ALL, "the home agent", router(0), &[])
        .on(IN, "a registration with a prefix", explicit(1, 100), &[])
        .on(HOME_ALL, "is the home address free?", solicit(ANY, HOME), &[])
        .on(OUT, "accepted", accept_r(1), &[])
        .on(HOME_ALL, "a router", announce(NaFlags::O | NaFlags::R), &[])
        .on(HOME_ALL, "or not", announce(NaFlags::O), &["NEMO-009"])
        .on(IN, "the prefix again", explicit(2, 100), &[])
        .on(OUT, "accepted", accept_r(2), &[])
        .on(IN, "and no more", register(3, flags), &["NEMO-003"])
        .on(IN, "de-registered with the prefix", explicit(4, 0), &["NEMO-014"])
        .on(OUT, "gone", gone(4), &[])
        .on(IN, "a registration without", register(5, flags), &[])
        .on(OUT, "of a host, as the home agent sees it", accept(5), &[])
        .on(HOME_ALL, "of which it says nothing", announce(NaFlags::O), &[])
        .on(IN, "de-registered", up(CAREOF, HOME_AGENT, update(6, flags, 0)), &[])
        .on(OUT, "gone", gone(6), &[])
        .on(IN, "a registration", register(7, flags), &[])
        .on(OUT, "accepted", accept_r(7), &[])
        .on(IN, "de-registered", up(CAREOF, HOME_AGENT, update(8, AWAY, 0)), &[])
        .on(HOME_ALL, "a router until that is done", announce(NaFlags::O | NaFlags::R), &[])
        .on(OUT, "gone", gone(8), &[])
        .on(IN, "a mobile node", register(9, AWAY), &[])
        .on(OUT, "taken for a router", accept_r(9), &["NEMO-004"])
}
