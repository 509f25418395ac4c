//! Vectors from the tests of pypcapkit: Mobility Headers of many extensions,
//! without a packet around them, with their checksums left out.

use std::path::Path;

use mip6_dissect::capture::LinkType;
use mip6_wire::ip::proto;
use serde_json::Value;

use crate::claim::{Claim, Mapping, Rule, Vector, Want, rule_of};
use crate::json::{self, Bad};
use crate::{frames, statements};
use Rule::{Count, Is, MessageOctets, Named, OptionOctets, Part, Titled, Unmapped};

pub(crate) fn load(_: &Path, file: &Path) -> Result<Vec<Vector>, Bad> {
    let json = json::read(file)?;
    let mut vectors = Vec::new();
    for vector in json::list(&json, "vectors")? {
        let mut claims = Vec::new();
        let place = place(vector);
        for (key, value) in json::members(vector, "expect")? {
            claim(&mut claims, key, 0, value, place)?;
        }
        vectors.push(Vector {
            file: json::file_name(file),
            name: json::text(vector, "name")?.to_owned(),
            octets: frames::ipv6(proto::MOBILITY, &json::hex(vector, "hex")?),
            link: LinkType::RAW,
            claims,
        });
    }
    vectors.extend(statements::pypcapkit(&json, &json::file_name(file))?);
    Ok(vectors)
}

const NAMES: Mapping = &[
    ("next_header", Is("mip6.proto")),
    ("total_length", MessageOctets),
    ("mh_type", Is("mip6.mhtype")),
    ("reserved", Is("mip6.reserved")),
    ("message_reserved", Is("mip6.binding_refresh_request")),
    ("unknown_message", Count("mip6.unknown_type_data")),
    ("A", Is("mip6.fbu.a_flag")),
    ("H", Is("mip6.fbu.h_flag")),
    ("L", Is("mip6.fbu.l_flag")),
    ("K", Is("mip6.fbu.k_flag mip6.fback.k_flag")),
    ("seq", Is("mip6.bu.seqnr mip6.fbu.seqnr mip6.fback.seqnr")),
    // RFC 5568 6.2.2 and 6.2.3 count seconds.
    ("lifetime_s", Is("mip6.fbu.lifetime mip6.fback.lifetime")),
    ("lifetime_raw", Is("mip6.bu.lifetime")),
    ("status", Is("mip6.fback.status")),
    ("status_name", Named("mip6.fback.status")),
    ("flags_true.A", Is("mip6.bu.a_flag")),
    ("flags_true.H", Is("mip6.bu.h_flag")),
    ("flags_true.L", Is("mip6.bu.l_flag")),
    ("flags_true.K", Is("mip6.bu.k_flag")),
    ("flags_true.M", Is("mip6.bu.m_flag")),
    ("flags_true.R", Is("mip6.nemo.bu.r_flag")),
    ("flags_true.P", Is("mip6.bu.p_flag")),
    ("flags_true.F", Is("mip6.bu.f_flag")),
    ("flags_true.T", Is("mip6.bu.t_flag")),
    ("flags_true.B", Is("mip6.bu.b_flag")),
    ("flags_true.S", Is("mip6.bu.s_flag")),
    ("flags_true.D", Is("mip6.bu.d_flag")),
    ("flags_reserved", Is("mip6.bu.reserved")),
    ("option.type", Is("mip6.mobility_opt")),
    ("option.total_length", OptionOctets),
    ("option.name", Titled),
    ("option.unknown", Count("mip6.mobility_opt.data")),
    ("option.interval", Is("mip6.bra.interval")),
    ("option.data", Is("mip6.padn")),
    ("option.address", Is("mip6.acoa.acoa mip6.ipv4ha.ha")),
    ("option.spi", Is("mip6.badff.spi")),
    ("option.authenticator", Is("mip6.badff.auth")),
    ("option.code", Is("mip6.mhipv6ap.opt_code mip6.lla.optcode")),
    ("option.code_name", Named("mip6.mhipv6ap.opt_code")),
    ("option.lla", Is("mip6.lla")),
    ("option.prefix_length", Is("mip6.ipv4ha.preflen")),
    ("option.P", Is("mip6.ipv4ha.p_flag")),
    ("option.reserved", Is("mip6.ipv4ha.reserved_bits")),
    ("option.suboption.type", Is("mip6.acc_net_id.ani")),
    ("option.suboption.E_utf8", Is("mip6.acc_net_id.e_bit")),
    ("option.suboption.reserved", Is("mip6.acc_net_id.reserved")),
    ("option.suboption.net_name", Is("mip6.acc_net_id.net_name")),
    ("option.suboption.ap_name", Is("mip6.acc_net_id.ap_name")),
    ("code_name", Titled),
    // Shown as octets, of which the first is the type.
    ("code_name.attribute", Part("mip6.qos.attributes", 0, 1)),
    ("carrier.option", Is("mip6.mobility_opt")),
    ("carrier.message", Is("mip6.mhtype")),
    ("carrier", Unmapped("the message itself, which code_name names")),
    ("option.remark", Unmapped("a remark on total_length")),
    ("asserts", Unmapped("that the octets come back is tried with every vector")),
    ("site", Unmapped("names the place of reserved_value")),
];

/// Where the reserved bits are that a vector sets, by the name it has for the
/// place.
const PLACES: &[(&str, Rule)] = &[
    ("BindingRevocationMessage", Is("mip6.bri_res")),
    ("HandoverInitiateMessage", Is("mip6.hi.reserved_bits")),
    ("HandoverAcknowledgeMessage", Is("mip6.hack.reserved_bits")),
    ("FlowBindingMessage", Is("mip6.fb.reserved")),
    ("FastBindingAcknowledgmentMessage", Is("mip6.fback.reserved")),
    ("TransientBindingOption", Is("mip6.transient.reserved")),
    ("IPv4AddressAcknowledgementOption", Is("mip6.ipv4aa.reserved")),
    ("IPv4HomeAddressRequestOption", Is("mip6.ipv4hareq.reserved")),
    ("IPv4TrafficOffloadSelectorOption", Is("mip6.offload.reserved")),
    ("IPv4DHCPSupportModeOption", Is("mip6.ipv4dsm.reserved")),
    ("NATDetectionOption", Is("mip6.natd.reserved")),
    ("MAGIdentifierOption", Is("mip6.mag_id.reserved")),
    ("PreviousMAAROption", Is("mip6.maar.reserved")),
    ("MNLLIdentifierOption", Is("mip6.mnlli.reserved")),
    ("CareofTestInitMessage", Is("mip6.coti.reserved")),
    ("HomeTestInitMessage", Is("mip6.hoti.reserved")),
    ("QualityOfServiceOption", Is("mip6.qos.reserved")),
    // Attributes are shown as octets: type, length, then what is reserved.
    ("QoSVendorSpecificAttribute", Part("mip6.qos.attributes", 2, 2)),
    ("QoSTrafficSelectorAttribute", Part("mip6.qos.attributes", 2, 1)),
    ("LMAUserPlaneAddressOption", Is("mip6.lma_up.reserved")),
    ("AnchoredPrefixOption", Is("mip6.nemo.mnp.reserved")),
    ("HomeNetworkPrefixOption", Is("mip6.nemo.mnp.reserved")),
    ("LocalPrefixOption", Is("mip6.nemo.mnp.reserved")),
    ("IPv4DefaultRouterAddressOption", Is("mip6.ipv4dra.reserved")),
    ("MulticastMobilityOption", Is("mip6.mcast.status")),
    ("MAGIPv6AddressOption", Is("mip6.mag_ipv6.reserved")),
    ("SubscriptionQueryMessage", Is("mip6.subq.reserved")),
    ("MNGroupIdentifierOption", Is("mip6.mng.reserved")),
    ("DLIFLinkLayerAddressOption", Is("mip6.dlif.reserved")),
    ("LocalizedRoutingInitiationMessage", Is("mip6.lri.reserved")),
    ("TrafficSelectorSuboption", Is("mip6.flow.sub.reserved")),
    ("RedirectCapabilityOption", Is("mip6.recap.reserved")),
    ("IPv4CareofAddressOption", Is("mip6.ipv4coa.reserved")),
    ("ContextRequestOption", Is("mip6.cr.reserved")),
    ("UpdateNotificationAcknowledgementMessage", Is("mip6.upa.reserved")),
    // Shown as octets: format, then what is reserved.
    ("ANICivicLocationSuboption", Part("mip6.acc_net_id.data", 1, 1)),
];

/// Names of values and of options: theirs and ours.
const VALUES: &[(&str, &str)] = &[
    ("MH-LLA", "Mobility Header Link-Layer Address"),
    ("Redirect_Capability_Mobility_Option", "Redirect-Capability"),
    ("Unassigned", ""),
    ("FBU accepted", "Fast Binding Update accepted"),
    ("FBU accepted but NCoA is invalid", "Accepted but new care-of address is invalid"),
    ("Old Care-of Address", "Old care-of address"),
    ("NAR IP address", "New access router address"),
    ("NAR Prefix", "New access router prefix"),
];

/// Options and attributes (RFC 7222 4.2) by name where we show the number.
const TYPES: &[(&str, u64)] = &[
    ("Pad1", 0),
    ("PadN", 1),
    ("Binding Refresh Advice (interval 10)", 2),
    ("QoS_Traffic_Selector", 10),
    ("QoS_Vendor_Specific_Attribute", 11),
];

fn type_of(name: &str) -> u64 {
    TYPES.iter().find(|(n, _)| *n == name).map_or(u64::MAX, |(_, n)| *n)
}

fn place(vector: &Value) -> Rule {
    let name = json::text(vector, "name").unwrap_or_default();
    PLACES.iter().find(|(place, _)| *place == name).map_or(Rule::Missing, |(_, rule)| *rule)
}

/// The claims of one member; those of an option are called `option.…`, whether
/// it stands alone or in a list.
fn claim(
    claims: &mut Vec<Claim>,
    key: &str,
    nth: usize,
    value: &Value,
    place: Rule,
) -> Result<(), Bad> {
    match (key, value) {
        ("options", Value::Array(options)) => {
            for (nth, option) in options.iter().enumerate() {
                claim(claims, "option", nth, option, place)?;
            }
        }
        (_, Value::Object(members)) => {
            for (inner, value) in members {
                claim(claims, &format!("{key}.{inner}"), nth, value, place)?;
            }
        }
        ("flags_true", Value::Array(flags)) => {
            for flag in flags.iter().filter_map(Value::as_str) {
                let theirs = format!("flags_true.{flag}");
                let rule = rule_of(NAMES, &theirs);
                claims.push(Claim::new(theirs, rule, 1));
            }
        }
        ("option.type", Value::String(name)) => {
            claims.push(Claim::new(key, rule_of(NAMES, key), type_of(name)).nth(nth));
            if let Some((_, interval)) = name.split_once(" (interval ") {
                let interval = interval.trim_end_matches(')').parse().unwrap_or(u64::MAX);
                let rule = rule_of(NAMES, "option.interval");
                claims.push(Claim::new("option.interval", rule, interval));
            }
        }
        ("code_name", Value::String(name)) if name.starts_with("QoS_") => {
            let theirs = "code_name.attribute";
            claims.push(Claim::new(theirs, rule_of(NAMES, theirs), type_of(name)));
        }
        ("status_name" | "option.code_name" | "option.name" | "code_name", Value::String(name)) => {
            let ours = VALUES.iter().find(|(n, _)| n == name).map_or(name.as_str(), |(_, o)| o);
            claims.push(Claim::new(key, rule_of(NAMES, key), ours));
        }
        ("carrier", Value::String(carrier)) => {
            let number = carrier
                .split_once("option ")
                .and_then(|(_, n)| n.trim_end_matches(')').parse::<u64>().ok());
            let (theirs, number) = match number {
                Some(number) => ("carrier.option", number),
                None if carrier.ends_with("Binding Refresh Request") => ("carrier.message", 0),
                None => ("carrier", 0),
            };
            claims.push(Claim::new(theirs, rule_of(NAMES, theirs), number));
        }
        ("reserved_value", value) => claims.push(Claim::new(key, place, json::want(value)?)),
        ("reserved_bits_all_set_width", value) => {
            let rule = match place {
                Is(names) => Rule::Width(names),
                other => other,
            };
            claims.push(Claim::new(key, rule, json::want(value)?));
        }
        ("reserved_octets_set_to", Value::String(hex)) => {
            let octets = json::octets(hex)?;
            let number = octets.iter().fold(0, |n, o| n << 8 | u64::from(*o));
            let want = match place {
                Part(..) => Want::Octets(octets),
                _ => Want::Number(number),
            };
            claims.push(Claim::new(key, place, want));
        }
        ("option.data" | "option.authenticator", Value::String(hex)) => {
            claims.push(Claim::new(key, rule_of(NAMES, key), json::octets(hex)?));
        }
        _ => {
            // Every option has these; what else there is occurs once.
            let nth = if matches!(key, "option.type" | "option.total_length") { nth } else { 0 };
            claims.push(Claim::new(key, rule_of(NAMES, key), json::want(value)?).nth(nth));
        }
    }
    Ok(())
}
