//! ESP and AH of packets from YAML, opened again.

use mip6_inject::{Crafter, Fault, Keyring, Sealing};
use mip6_security::{Association, Encryption, Integrity, ah, esp};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_payload, write_packet};

use crate::{octets, spec, values};

struct Ring(Association, Association);

impl Ring {
    fn new() -> Self {
        let esp = Association::esp(
            0x1000,
            (Encryption::AesCbc, &[7; 16]),
            (Integrity::HmacSha1_96, &[9; 20]),
        );
        let ah = Association::ah(0x2000, (Integrity::HmacSha1_96, &[9; 20]));
        Self(esp.unwrap(), ah.unwrap())
    }
}

impl Keyring for Ring {
    fn sealing(&self, name: &str) -> Option<Sealing<'_>> {
        let association = match name {
            "esp" => &self.0,
            "ah" => &self.1,
            _ => return None,
        };
        Some(Sealing { association, sequence: 5 })
    }
}

fn sealed(header: &str) -> Result<Vec<Header<'static>>, Fault> {
    let yaml = format!(
        "
- ipv6: {{ipv6.src: 2001:db8::1, ipv6.dst: 2001:db8::2}}
- {header}
- mobility: {{mip6.mhtype: 6, mip6.ba.status: 135}}
"
    );
    let ring = Ring::new();
    let crafter = Crafter::new(&(), &RFC6275).with_keys(&ring);
    crafter.craft(&spec(&yaml)).map_err(|e| {
        assert!(e.at.starts_with("packet[1]."), "{e}");
        e.fault
    })
}

#[test]
fn esp_is_opened_by_its_association() {
    let headers = sealed("esp: {association: esp}").unwrap();
    let packet = octets(&headers);
    assert_eq!(values(&headers, "esp.spi"), ["0x00001000"]);
    assert_eq!(values(&headers, "esp.sequence"), ["5"]);
    let mut plain = Vec::new();
    let opened = esp::open(&Ring::new().0, &packet[40..], 0, &mut plain).unwrap();
    let inside = read_payload(opened.next, &plain[..opened.payload], &RFC6275);
    assert_eq!(values(&inside, "mip6.ba.status"), ["135"]);
    // The checksum is that of the same packet without ESP.
    let clear = spec(
        "
- ipv6: {ipv6.src: 2001:db8::1, ipv6.dst: 2001:db8::2}
- mobility: {mip6.mhtype: 6, mip6.ba.status: 135}
",
    );
    let clear = Crafter::new(&(), &RFC6275).craft(&clear).unwrap();
    assert_eq!(write_packet(&clear, &RFC6275)[40..], plain[..opened.payload]);
}

#[test]
fn number_and_index_that_are_set_are_authentic() {
    let headers = sealed("esp: {association: esp, esp.sequence: 2, esp.spi: 0x3000}").unwrap();
    let packet = octets(&headers);
    assert_eq!(packet[40..48], [0, 0, 0x30, 0, 0, 0, 0, 2]);
    assert!(esp::open(&Ring::new().0, &packet[40..], 0, &mut Vec::new()).is_ok());
}

#[test]
fn a_wrong_value_is_not_opened() {
    for icv in ["wrong", "'000102030405060708090a0b'"] {
        let headers = sealed(&format!("esp: {{association: esp, icv: {icv}}}")).unwrap();
        let packet = octets(&headers);
        let opened = esp::open(&Ring::new().0, &packet[40..], 0, &mut Vec::new());
        assert_eq!(opened.err(), Some(esp::Unopened::Icv), "{icv}");
    }
}

#[test]
fn ah_is_verified_by_its_association() {
    let association = Ring::new().1;
    let right = octets(&sealed("ah: {association: ah}").unwrap());
    assert!(ah::verify(&association, &right, 40, 0, &mut Vec::new()).is_ok());
    let wrong = octets(&sealed("ah: {association: ah, icv: wrong}").unwrap());
    assert!(ah::verify(&association, &wrong, 40, 0, &mut Vec::new()).is_err());
}

#[test]
fn what_cannot_be_sealed_is_told() {
    for (header, wanted) in [
        ("esp: {association: ah}", "security association ah is for ah, expected one for esp"),
        ("esp: {association: none}", "no security association is called none"),
        ("esp: {association: esp, iv: '00'}", "an initialization vector of 1 octets, expected 16"),
        ("esp: {association: esp, icv: '00'}", "an integrity check value of 1 octets, expected 12"),
        (
            "esp: {association: esp, esp.data: '00'}",
            "both `association` and `esp.data`, expected one",
        ),
    ] {
        assert_eq!(sealed(header).unwrap_err().to_string(), wanted);
    }
}
