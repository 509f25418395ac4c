//! What security policy makes of Binding Updates.

use std::sync::Arc;

use mip6_conformance::roles::home_agent::faults as wrong;
use mip6_conformance::roles::host::Databases;
use mip6_security::keys;

use super::*;

/// Binding Updates and Acknowledgements under two associations in transport mode,
/// RFC 3776 5.2.1; tunnels and everything else in the clear.
const KEYS: &str = "policy: |
  ha SPD OUT:
    - IF source = agent & destination = home & proto = MH
      THEN USE SA2
  ha SPD IN:
    - IF source = home & destination = agent & proto = MH
      THEN USE SA1
  ha SAD:
    - SA2(OUT, spi_2, home, ESP, TRANSPORT):
      source = agent & destination = home & proto = MH
    - SA1(IN, spi_1, agent, ESP, TRANSPORT):
      source = home & destination = agent & proto = MH
names:
  home: 2001:db8:1::a
  agent: 2001:db8:1::2
  spi_1: 0x1001
  spi_2: 0x1002
associations:
  - {name: SA1, encryption: {algorithm: aes-cbc, key: 00000000000000000000000000000011},
     integrity: {algorithm: hmac-sha1-96, key: 0000000000000000000000000000000000000012}}
  - {name: SA2, encryption: {algorithm: aes-cbc, key: 00000000000000000000000000000021},
     integrity: {algorithm: hmac-sha1-96, key: 0000000000000000000000000000000000000022}}
";

fn databases() -> Arc<Databases> {
    let keys = keys::parse_file("keys".as_ref(), KEYS).unwrap();
    let (policy, associations) = (keys.policy.unwrap(), keys.associations);
    Arc::new(Databases { policy, node: "ha".into(), associations })
}

#[test]
fn binding_updates_in_the_clear_are_discarded() {
    let mut scene = Scene::with(config(), Some(databases()), None);
    let bindings =
        |scene: &Scene| scene.network.get(scene.agent).unwrap().host().tables.registrations.len();
    assert_eq!((scene.register(), bindings(&scene)), (vec![], 0));
    scene.assert_honest();
    let fault = Some(&wrong::ACCEPTS_UNPROTECTED);
    let mut scene = Scene::with(config(), Some(databases()), fault);
    // Its answer is protected all the same.
    assert_eq!((scene.register(), bindings(&scene)), (vec![], 1));
    let packets = scene.packets(scene.agent, scene.home);
    let answer = packets.iter().find_map(|p| match p.as_slice() {
        [Header::Ipv6(ip), Header::Routing(r), Header::Esp(_), ..] => {
            Some((ip.destination, r.final_destination()))
        }
        _ => None,
    });
    assert_eq!(answer, Some((foreign(0xa), Some(hoa()))));
}
