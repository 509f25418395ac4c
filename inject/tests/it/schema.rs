//! Schemas of specs know what the specs know.

use mip6_inject::{Alteration, HeaderKind, PacketSpec};
use schemars::schema_for;

#[test]
fn headers_and_options_are_named() {
    let schema = serde_json::to_value(schema_for!(PacketSpec)).unwrap();
    let header = &schema["$defs"]["Header"]["anyOf"][1]["properties"];
    for kind in HeaderKind::ALL {
        assert!(!header[kind.name()].is_null(), "{}", kind.name());
    }
    let option = &schema["$defs"]["Option"]["anyOf"][1]["properties"];
    for name in ["home-address", "nonce-indices", "prefix-information", "raw", "unknown"] {
        assert!(!option[name].is_null(), "{name}");
    }
}

#[test]
fn alterations_have_a_closed_schema() {
    let schema = serde_json::to_value(schema_for!(Alteration)).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    assert!(!schema["properties"]["options"].is_null());
}
