//! Vectors from the tests of yaklang: Mobility Headers, to which its tests put
//! the right checksum, and whether it takes them. The file's `key_fact` is about
//! a capture that is not there.

use std::path::Path;

use mip6_dissect::capture::LinkType;

use crate::claim::{Claim, Mapping, Rule, Vector, rule_of};
use crate::json::{self, Bad};
use crate::{frames, statements};
use Rule::{Is, Unmapped, Unreadable};

const NAMES: Mapping = &[
    ("result", Unreadable),
    ("reason", Unmapped("yaklang's words for why it is not taken")),
    ("mh_type", Is("mip6.mhtype")),
    ("reserved", Is("mip6.reserved")),
    ("seq", Is("mip6.bu.seqnr")),
    ("lifetime", Is("mip6.bu.lifetime")),
    ("option.type", Is("mip6.mobility_opt")),
    ("option.data", Is("mip6.mobility_opt.data")),
    ("option.refresh_interval", Is("mip6.bra.interval")),
];

pub(crate) fn load(_: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let mut vectors = Vec::new();
    for vector in json::list(&json, "vectors")? {
        let hex = json::text(vector, "hex")?;
        let mut claims = Vec::new();
        let expect = vector.get("expect").unwrap_or(vector);
        for (key, value) in json::members(vector, "expect")? {
            if key == "option" {
                for (inner, value) in json::members(expect, key)? {
                    let theirs = format!("option.{inner}");
                    let rule = rule_of(NAMES, &theirs);
                    let want = match value.as_str() {
                        Some(hex) => json::octets(hex)?.into(),
                        None => json::want(value)?,
                    };
                    claims.push(Claim::new(theirs, rule, want));
                }
            } else if key == "result" {
                let error = json::text(expect, key)? != "ok";
                claims.push(Claim::new(key, rule_of(NAMES, key), u64::from(error)));
                if !error {
                    claims.push(Claim::new("checksum", Is("mip6.csum.status"), 1));
                }
            } else {
                claims.push(Claim::new(key, rule_of(NAMES, key), json::want(value)?));
            }
        }
        vectors.push(Vector {
            file: json::file_name(file),
            name: hex.to_owned(),
            octets: frames::with_checksum(&json::octets(hex)?),
            link: LinkType::RAW,
            claims,
        });
    }
    vectors.extend(statements::yaklang(&json, &json::file_name(file))?);
    Ok(vectors)
}
