//! Vectors from the tests of smoltcp: routing headers from the Routing Type
//! on.

use std::path::Path;

use mip6_dissect::capture::LinkType;
use mip6_wire::ip::proto;

use crate::claim::{Claim, Mapping, Rule, Vector, rule_of};
use crate::frames;
use crate::json::{self, Bad};

const NAMES: Mapping = &[("error", Rule::Unreadable)];

/// What stands in front: no next header, and the length that RFC 6275 6.4.1
/// wants of type 2.
const FRONT: [u8; 2] = [proto::NONE, 2];

pub(crate) fn load(_: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let mut vectors = Vec::new();
    for vector in json::list(&json, "vectors")? {
        let claims: Result<_, Bad> = json::members(vector, "expect")?
            .map(|(key, value)| Ok(Claim::new(key, rule_of(NAMES, key), json::want(value)?)))
            .collect();
        let octets = [FRONT.to_vec(), json::hex(vector, "hex")?].concat();
        vectors.push(Vector {
            file: json::file_name(file),
            name: json::text(vector, "name")?.to_owned(),
            octets: frames::ipv6(proto::ROUTING, &octets),
            link: LinkType::RAW,
            claims: claims?,
        });
    }
    Ok(vectors)
}
