//! Crafted packets: what is computed with keys.

use mip6_security::mobility::BindingKey;
use mip6_security::mobility::local::{Envelope, LocalKey, Passage, RouterPublicKey};
use mip6_wire::header::Header;
use mip6_wire::layout::Auto;
use mip6_wire::lke::checksum;
use mip6_wire::mobility::Message;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::engine::{Engine, Failure};
use crate::case::step::{Authorize, LocalKeyDoc, octets_of};
use crate::network::NodeId;
use crate::roles::host::{BindingSign, Sign};
use crate::roles::local::{LocalSign, Readings, codes, sum_up};

impl Engine<'_> {
    /// What a crafted Binding Update is authorized with.
    pub(super) fn sign(&self, a: &Authorize, headers: &[Header<'_>]) -> Result<Sign, Failure> {
        let ends = headers.iter().find_map(|h| match h {
            Header::Ipv6(ip) => Some((ip.source, ip.destination)),
            _ => None,
        });
        let (source, destination) =
            ends.ok_or_else(|| Failure::undone("an IPv6 packet to authorize", "another"))?;
        let address =
            |t: &Option<mip6_inject::Term>| t.as_ref().map(|t| self.address(t)).transpose();
        let careof_token = a.careof_token.as_ref().map(|t| self.number(t)).transpose()?;
        Ok(Sign::Binding(BindingSign {
            key: BindingKey::new(self.number(&a.home_token)?, careof_token),
            careof: address(&a.careof)?.unwrap_or(source),
            correspondent: address(&a.correspondent)?.unwrap_or(destination),
        }))
    }

    /// Fills in what the key of an association makes of a packet.
    pub(super) fn sign_locally(
        &self,
        local: &LocalKeyDoc,
        headers: &mut [Header<'static>],
    ) -> Result<(), Failure> {
        let octets = octets_of(&local.key.value).unwrap_or_default();
        let readings = self.lab.readings(Some(local));
        readings.check().map_err(|e| Failure::undone("readings of one mind", e.to_string()))?;
        let codes = codes(&readings);
        if let Some(Header::Mobility(m)) = headers.last_mut()
            && let Message::KeyExchangeRequest { data, .. } = &mut m.message
            && data.is_empty()
        {
            *data = self.exchange_data(local, &octets, readings)?.into();
        }
        if let Ok(octets) = <[u8; LocalKey::OCTETS]>::try_from(octets) {
            let sign = LocalSign { key: LocalKey::new(octets), readings };
            Sign::Local(sign).apply(headers, codes);
        }
        sum_up(headers, &readings, codes);
        // It is sent by the numbers of the run, which may not know what is covered.
        let sum = checksum(headers, codes);
        if let (Some(sum), Some(Header::Mobility(m))) = (sum, headers.last_mut()) {
            m.checksum = Auto::Fixed(sum);
        }
        Ok(())
    }

    /// A secret, encrypted for an access router of the case.
    fn exchange_data(
        &self,
        local: &LocalKeyDoc,
        secret: &[u8],
        readings: Readings,
    ) -> Result<Vec<u8>, Failure> {
        let routers = &self.lab.routers;
        let found = match (&local.router, routers.len()) {
            (Some(name), _) => routers.get_key_value(&name.value),
            (None, 1) => routers.iter().next(),
            (None, _) => None,
        };
        let (name, own) = found.ok_or_else(|| {
            Failure::undone("the access router that a key is encrypted for", "none is named")
        })?;
        let key = self.advertised(name).unwrap_or_else(|| own.public());
        // Other chance in each packet, the same in each run.
        let mut rng = StdRng::seed_from_u64(self.lab.network.sent().len() as u64);
        let random: Vec<u8> = (0..key.octets()).map(|_| rng.random_range(1..=u8::MAX)).collect();
        let envelope = Envelope { reading: readings.of(Passage::Padding), random: &random };
        key.seal_octets(secret, &envelope).ok_or_else(|| {
            Failure::undone("a key that can be encrypted", "it is too long for the modulus")
        })
    }

    /// The public key that an access router has advertised last, as a mobile node
    /// knows it.
    fn advertised(&self, router: &str) -> Option<RouterPublicKey> {
        let node = NodeId(self.lab.plan.node(router)?);
        let sent = self.lab.network.sent();
        let mut own = (0..sent.len()).rev().filter(|i| sent[*i].from.node == node);
        let key = own.find_map(|i| self.observer.frame(i)?.octets("lke.cap.public_key"))?;
        RouterPublicKey::read(key)
    }
}
