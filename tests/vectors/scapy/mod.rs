//! Vectors from the tests of scapy: octets that it takes apart, with values by
//! scapy's names, and expressions with the octets that it makes of them.

mod expression;
mod names;

use std::collections::BTreeMap;
use std::path::Path;

use mip6_dissect::capture::LinkType;
use mip6_wire::ip::proto;
use serde_json::Value;

use crate::claim::{Claim, Rule, Vector, Want, rule_of};
use crate::json::{self, Bad};
use crate::{frames, statements};
use expression::{Call, Expression};
use names::{CLASSES, DEFAULTS, NAMES};

pub(crate) fn load(_: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let mut vectors = Vec::new();
    for vector in json::list(&json, "vectors")? {
        let octets = json::hex(vector, "hex")?;
        let (name, class, claims) = match json::text(vector, "kind")? {
            "build" => {
                let expression = json::text(vector, "build_from")?;
                let layers = expression::parse(expression)?;
                let class = layers[0].class.clone();
                (expression, class, Built::claims(&layers)?)
            }
            "dissect" => {
                let class = json::text(vector, "parse_as")?;
                (json::text(vector, "test")?, class.to_owned(), dissected(vector, class)?)
            }
            kind => return Err(Bad::Shape(format!("a vector of kind {kind}"))),
        };
        let (octets, link) = frame(&class, &octets)?;
        vectors.push(Vector {
            file: json::file_name(file),
            name: name.to_owned(),
            octets,
            link,
            claims,
        });
    }
    if let Some(builds) = json.get("field_level") {
        vectors.extend(statements::scapy(builds, &json::file_name(file))?);
    }
    Ok(vectors)
}

/// A frame around octets that begin with a layer or an option of a class.
fn frame(class: &str, octets: &[u8]) -> Result<(Vec<u8>, LinkType), Bad> {
    let packet = match class {
        "Ether" => return Ok((octets.to_vec(), LinkType::ETHERNET)),
        "IPv6" => octets.to_vec(),
        "UDP" => frames::ipv6(proto::UDP, octets),
        "IPv6ExtHdrHopByHop" => frames::ipv6(proto::HOP_BY_HOP, octets),
        "HAO" | "PadN" | "Pad1" | "HBHOptUnknown" => frames::ipv6_option(octets),
        _ if class.starts_with("MIP6MH_") => frames::ipv6(proto::MOBILITY, octets),
        _ if class.starts_with("MIP6Opt") => frames::mobility_option(octets),
        _ if class.starts_with("ICMPv6NDOpt") => frames::nd_option(octets),
        _ if class.starts_with("DHCP6_") => frames::dhcpv6(octets),
        _ if class.starts_with("DHCP6Opt") => frames::dhcpv6_option(octets),
        _ if class.starts_with("DUID_") => frames::dhcpv6_option_data(1, octets),
        // Suboptions of the NTP Server option, RFC 5908 4.
        _ if class.starts_with("DHCP6NTPSubOpt") => frames::dhcpv6_option_data(56, octets),
        _ => return Err(Bad::Shape(format!("no frame for scapy's {class}"))),
    };
    Ok((packet, LinkType::RAW))
}

/// What a class says by itself: the field over its number, and the number.
fn class(name: &str) -> (Rule, u64) {
    let known = CLASSES.iter().find(|(class, _, _)| *class == name);
    known.map_or((Rule::Missing, 0), |(_, rule, number)| (*rule, *number))
}

/// The claims of a dissection: `["pkt.payload.res", "==", 119]`.
fn dissected(vector: &Value, parse_as: &str) -> Result<Vec<Claim>, Bad> {
    let shape = || Bad::Shape(format!("{vector} is no dissection"));
    let mut claims = Vec::new();
    let mut payload = None;
    for line in json::list(vector, "expect")? {
        let [Value::String(path), Value::String(operator), value] =
            line.as_array().ok_or_else(shape)?.as_slice()
        else {
            return Err(shape());
        };
        let (name, nth) = name_of(path, parse_as, payload.as_deref());
        match (operator.as_str(), value) {
            ("isinstance", Value::String(what)) => {
                if path == "pkt.payload" {
                    payload = Some(what.clone());
                }
                // The second of a class is behind the first.
                let (rule, number) = class(what);
                let numbers = vec![Want::Number(number); nth + 1];
                let want = match rule {
                    Rule::Among(_) => Want::Many(numbers),
                    _ => Want::Number(number),
                };
                claims.push(Claim::new(format!("{name} isinstance {what}"), rule, want));
            }
            ("==", value) => {
                let rule = rule_of(NAMES, &name);
                claims.push(Claim::new(name, rule, json::want(value)?).nth(nth));
            }
            _ => return Err(shape()),
        }
    }
    Ok(claims)
}

/// `pkt[MIP6MH_BU].options[1].otype` is `MIP6MH_BU.options[].otype` and 1;
/// `pkt` alone is of the class that the packet is taken for.
fn name_of(path: &str, parse_as: &str, payload: Option<&str>) -> (String, usize) {
    let mut name = path.to_owned();
    while let Some((before, rest)) = name.split_once("pkt[") {
        let (class, after) = rest.split_once(']').unwrap_or((rest, ""));
        name = format!("{before}{class}{after}");
    }
    if let Some(payload) = payload {
        name = name.replace("pkt.payload.", &format!("{payload}."));
    }
    name = name.replace("pkt", parse_as);
    let Some((before, rest)) = name.rsplit_once('[') else { return (name, 0) };
    let (index, after) = rest.split_once(']').unwrap_or((rest, ""));
    match index.parse() {
        Ok(nth) => (format!("{before}[]{after}"), nth),
        Err(_) => (name, 0),
    }
}

/// The claims of an expression.
#[derive(Default)]
struct Built {
    claims: Vec<Claim>,
    /// How often a class occurred.
    seen: BTreeMap<String, usize>,
    /// Numbers of classes, by the fields over them.
    numbers: BTreeMap<&'static str, Vec<Want>>,
}

impl Built {
    fn claims(layers: &[Call]) -> Result<Vec<Claim>, Bad> {
        let mut built = Self::default();
        for layer in layers {
            built.call(layer, false)?;
        }
        let numbers = std::mem::take(&mut built.numbers);
        for (names, all) in numbers {
            let theirs = format!("classes over {names}");
            built.claims.push(Claim::new(theirs, Rule::Among(names), Want::Many(all)));
        }
        Ok(built.claims)
    }

    fn call(&mut self, call: &Call, in_mobility: bool) -> Result<(), Bad> {
        let Call { class: name, values } = call;
        let said = |key: &str| values.iter().find(|(k, _)| k == key).map(|(_, v)| v);
        let (rule, mut number) = class(name);
        if let Some(Expression::Number(n)) = said("otype") {
            number = *n;
        }
        match rule {
            // Padding is of IPv6 and of Mobile IPv6 alike.
            Rule::Among("ipv6.opt.type") if in_mobility => self.number("mip6.mobility_opt", number),
            Rule::Among(names) => self.number(names, number),
            rule => self.claims.push(Claim::new(format!("{name}()"), rule, number)),
        }
        let seen = self.seen.entry(name.clone()).or_default();
        let nth = *seen;
        *seen += 1;
        for (class, key, value) in DEFAULTS {
            if class == name && said(key).is_none() {
                let theirs = format!("{name}.{key}");
                let rule = rule_of(NAMES, &theirs);
                self.claims.push(Claim::new(theirs, rule, *value));
            }
        }
        let in_mobility = in_mobility || name.starts_with("MIP6MH_");
        for (key, value) in values {
            self.value(format!("{name}.{key}"), nth, value, in_mobility)?;
        }
        Ok(())
    }

    fn number(&mut self, names: &'static str, number: u64) {
        self.numbers.entry(names).or_default().push(Want::Number(number));
    }

    fn value(
        &mut self,
        theirs: String,
        nth: usize,
        value: &Expression,
        in_mobility: bool,
    ) -> Result<(), Bad> {
        match value {
            Expression::Call(call) => return self.call(call, in_mobility),
            Expression::List(items) if items.iter().any(|i| matches!(i, Expression::Call(_))) => {
                for item in items {
                    self.value(theirs.clone(), nth, item, in_mobility)?;
                }
                return Ok(());
            }
            _ => {}
        }
        let rule = rule_of(NAMES, &theirs);
        self.claims.push(Claim::new(theirs, rule, plain(value)?).nth(nth));
        Ok(())
    }
}

fn plain(value: &Expression) -> Result<Want, Bad> {
    Ok(match value {
        Expression::Number(n) => Want::Number(*n),
        Expression::Text(text) => Want::Text(text.clone()),
        Expression::Octets(octets) => Want::Octets(octets.clone()),
        Expression::List(items) => Want::Many(items.iter().map(plain).collect::<Result<_, _>>()?),
        Expression::Call(call) => return Err(Bad::Shape(format!("{call:?} is no value"))),
    })
}
