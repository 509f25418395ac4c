//! Packets against a policy, that of draft-ietf-mobileip-mipv6-ha-ipsec-04 5.2.1
//! to 5.2.3.

use mip6_security::{Association, Encryption, Integrity, KeyError};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::mobility::{AckFlags, Message, OptionBody};

use super::Scene;
use super::associations::{Damage, sealed, unknown};
use super::conversations::{answer, update};
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, home_option, home_route, icmpv6, ip, mobility,
    mobility_with, prefix_solicitation,
};

pub(super) fn scenes() -> Vec<Scene> {
    // The keys fit, or the scene would not be what it is called.
    associations().map_or_else(|_| Vec::new(), |all| vec![scene(&all)])
}

const ENCRYPTION: [u8; 16] = *b"mip6 test key  3";
const INTEGRITY: [u8; 20] = *b"mip6 test key      4";

/// SA1 to SA6.
fn associations() -> Result<Vec<Association>, KeyError> {
    (0x1001..=0x1006)
        .map(|spi| {
            Association::esp(
                spi,
                (Encryption::AesCbc, &ENCRYPTION),
                (Integrity::HmacSha1_96, &INTEGRITY),
            )
        })
        .collect()
}

/// Both nodes, by one block each; names stand for what `names:` says.
const POLICY: &str = "\
# Keys of no use but for the capture beside this file.
policy: |
  mobile node SPD OUT:
    - IF source = home_address_1 & destination = home_agent_1 & proto = MH
      THEN USE SA1
    - IF interface = tunnel to home_agent_1 & source = home_address_1 &
         destination = any & proto = MH
      THEN USE SA3
    - IF source = home_address_1 & destination = home_agent_1 & proto = ICMPv6
      THEN USE SA5
  mobile node SAD:
    - SA1(OUT, spi_a, home_agent_1, ESP, TRANSPORT):
      source = home_address_1 & destination = home_agent_1 & proto = MH
    - SA3(OUT, spi_c, home_agent_1, ESP, TUNNEL):
      source = home_address_1 & destination = any & proto = MH
    - SA5(OUT, spi_e, home_agent_1, ESP, TRANSPORT):
      source = home_address_1 & destination = home_agent_1 & proto = ICMPv6
  home agent SPD OUT:
    - IF source = home_agent_1 & destination = home_address_1 & proto = MH
      THEN USE SA2
    - IF interface = tunnel to home_address_1 & source = any &
         destination = home_address_1 & proto = MH
      THEN USE SA4
    - IF source = home_agent_1 & destination = home_address_1 & proto = ICMPv6
      THEN USE SA6
  home agent SAD:
    - SA2(OUT, spi_b, home_address_1, ESP, TRANSPORT):
      source = home_agent_1 & destination = home_address_1 & proto = MH
    - SA4(OUT, spi_d, home_address_1, ESP, TUNNEL):
      source = any & destination = home_address_1 & proto = MH
    - SA6(OUT, spi_f, home_address_1, ESP, TRANSPORT):
      source = home_agent_1 & destination = home_address_1 & proto = ICMPv6
names:
  home_address_1: 2001:db8:0:100::99
  home_agent_1: 2001:db8:0:100::1
  spi_a: 0x1001
  spi_b: 0x1002
  spi_c: 0x1003
  spi_d: 0x1004
  spi_e: 0x1005
  spi_f: 0x1006
associations:
";

fn key_file() -> String {
    use std::fmt::Write as _;

    use mip6_wire::layout::Value;

    let mut out = POLICY.to_owned();
    for i in 1..=6 {
        let _ = writeln!(
            out,
            "  - {{name: SA{i}, encryption: {{algorithm: aes-cbc, key: {}}}, \
             integrity: {{algorithm: hmac-sha1-96, key: {}}}}}",
            Value::Bytes(&ENCRYPTION),
            Value::Bytes(&INTEGRITY),
        );
    }
    out
}

fn scene(all: &[Association]) -> Scene {
    let [sa1, sa2, sa3, sa4, sa5, sa6] = all else {
        return Scene::new("ipsec/policy", "Packets against a policy.");
    };
    let away = [ip(CAREOF, HOME_AGENT), home_option(HOME)];
    let back = [ip(HOME_AGENT, CAREOF), home_route(HOME)];
    let (up, down) = ([ip(CAREOF, HOME_AGENT)], [ip(HOME_AGENT, CAREOF)]);
    let registration = |sequence| {
        vec![mobility_with(
            update(sequence, 600),
            &[OptionBody::AlternateCareof { address: CAREOF }],
        )]
    };
    let acknowledgement = |sequence| vec![mobility(answer(sequence, 0, AckFlags::empty(), 600))];
    let home_init = |cookie| {
        let init = mobility(Message::HomeTestInit { reserved: 0, cookie });
        vec![ip(HOME, CORRESPONDENT), init]
    };
    let home_test = |cookie| {
        let test = mobility(Message::HomeTest { nonce_index: 1, cookie, token: 7 });
        vec![ip(CORRESPONDENT, HOME), test]
    };
    let solicitation = || prefix_solicitation(1, 0);
    let echo =
        |of| icmpv6(of, Icmpv6Body::Echo { identifier: 1, sequence: 1, data: vec![0; 8].into() });
    let plain =
        |front: &[Header<'static>], inside: Vec<Header<'static>>| [front.to_vec(), inside].concat();
    let whole = Damage::None;
    Scene::new("ipsec/policy", "Packets against the policy in the key file.")
        .conversation(2_000)
        .keys(key_file())
        .inconclusive("IPSEC-SA-001", 1)
        .inconclusive("IPSEC-SPD-009", 1)
        .frame("SA1", sealed(sa1, 1, &away, &registration(1), whole), &[])
        .frame("SA2", sealed(sa2, 1, &back, &acknowledgement(1), whole), &[])
        .frame("SA3", sealed(sa3, 1, &up, &home_init(1), whole), &[])
        .frame("SA4", sealed(sa4, 1, &down, &home_test(1), whole), &[])
        .frame("SA5", sealed(sa5, 1, &away, &[solicitation()], whole), &[])
        .frame("SA6", sealed(sa6, 1, &back, &[echo(kind::ECHO_REQUEST)], whole), &[])
        .good(
            "a care-of test is not what the policy is about",
            vec![
                ip(CAREOF, CORRESPONDENT),
                mobility(Message::CareofTestInit { reserved: 0, cookie: 2 }),
            ],
        )
        .good(
            "nor are packets in the tunnel",
            plain(&up, vec![ip(HOME, CORRESPONDENT), echo(kind::ECHO_REQUEST)]),
        )
        .bad(
            "a registration in the clear",
            plain(&away, registration(2)),
            &["IPSEC-SPD-009", "MIP6-SEC-001"],
        )
        .bad(
            "acknowledged in the clear",
            plain(&back, acknowledgement(2)),
            &["IPSEC-SPD-009", "MIP6-SEC-001"],
        )
        .frame(
            "under the association for ICMPv6",
            sealed(sa5, 2, &away, &registration(3), whole),
            &["IPSEC-SPD-009"],
        )
        .frame("which is taken", sealed(sa2, 2, &back, &acknowledgement(3), whole), &[])
        .frame(
            "under that of the tunnel, not in it",
            sealed(sa3, 2, &away, &registration(4), whole),
            &["IPSEC-SPD-009"],
        )
        .frame("which is taken", sealed(sa2, 3, &back, &acknowledgement(4), whole), &[])
        .bad(
            "a home test in the tunnel, in the clear",
            plain(&up, home_init(3)),
            &["IPSEC-SPD-009", "MIP6-HA-RRP-003"],
        )
        .frame(
            "a packet that no rule is about, under SA3",
            sealed(sa3, 3, &up, &[ip(HOME, CORRESPONDENT), echo(kind::ECHO_REQUEST)], whole),
            &["IPSEC-SPD-009"],
        )
        .frame("no key: it may be anything", unknown(&away), &[])
}
