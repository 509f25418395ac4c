//! Many mobile nodes.

use mip6_conformance::roles::{Input, Output};
use mip6_conformance::time::Instant;

use super::*;

/// Bindings of one home agent.
const MANY: u32 = 5_000;

fn nth(n: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(HOME_PREFIX.to_bits() | 0x1_0000_0000 | u128::from(n))
}

#[test]
fn a_home_agent_serves_many_and_forgets_them_all() {
    let config = HomeAgentConfig { detection: None, room: MANY as usize, ..config() };
    let modules: Vec<Box<dyn Module>> =
        vec![Box::new(Checks::default()), Box::new(HomeAgent::new(config))];
    let serving = HostConfig { forwards: true, ..host(2, agent()) };
    let mut node = Node::new(Config { host: serving, modules, ..Config::default() });
    node.handle(Instant::START, &Input::Link { interface: PLACE, up: true });
    let now = Instant::START + secs(2);
    node.handle(now, &Input::Timer);
    let mut answers = 0;
    for n in 0..=MANY {
        let bu = Bu {
            home: nth(n),
            careof: foreign(0xa),
            option: true,
            sequence: 1,
            lifetime: 100,
            flags: UpdateFlags::A | UpdateFlags::H | UpdateFlags::L,
            alternate: None,
        };
        let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd];
        frame.extend(write_packet(&update(&bu), &RFC6275));
        node.handle(now, &Input::Frame { interface: PLACE, octets: &frame });
        while let Some(output) = node.poll() {
            let Output::Event(event) = output else { continue };
            let full = event.0.contains("status 130");
            assert_eq!(full, event.0.contains("Binding Acknowledgement") && n == MANY);
            answers += usize::from(event.0.contains("Binding Acknowledgement"));
        }
    }
    assert_eq!(answers, MANY as usize + 1);
    assert_eq!(node.host().tables.registrations.len(), MANY as usize);
    assert_eq!(node.host().tables.proxied.len(), 2 * MANY as usize);
    let end = now + secs(400);
    node.handle(end, &Input::Timer);
    assert!(node.host().tables.registrations.is_empty() && node.host().tables.proxied.is_empty());
}
