//! Local Key Exchange in cases: keys of access routers, and how nodes that speak it
//! are set up.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use mip6_security::mobility::local::RouterKey;

use crate::case::options::MobileLocalOptions;
use crate::case::texts;
use crate::case::topology::{Node, Topology};
use crate::roles::local::Readings;
use crate::roles::local::keys::{BITS, router_key};
use crate::roles::mobile_node::{LocalConfig, Way};

/// The keys of the access routers of a case, by the names of these.
pub(super) fn router_keys(topology: &Topology) -> Result<BTreeMap<String, Arc<RouterKey>>, String> {
    let mut keys = BTreeMap::new();
    for (name, node) in topology.nodes.iter() {
        let Some(options) = node.access_router_options().local_key_exchange else { continue };
        let key = if let Some(pem) = &options.key {
            RouterKey::from_pem(&pem.value).map(Arc::new).map_err(|e| e.to_string())?
        } else {
            let bits = options.key_bits.map_or(BITS, |b| b.value as usize);
            // Each router has a key of its own, the same ones in each case.
            let seed = keys.len() as u64 + 1;
            router_key(bits, seed).ok_or_else(|| format!("no key of {bits} bits"))?
        };
        keys.insert(name.to_owned(), key);
    }
    Ok(keys)
}

/// By which readings a node speaks Local Key Exchange.
pub(super) fn readings(doc: &Node, otherwise: Readings) -> Readings {
    let mobile = doc.mobile_node.as_ref().and_then(|o| o.value.local_key_exchange.as_ref());
    let router = doc.access_router.as_ref().and_then(|o| o.value.local_key_exchange.as_ref());
    let named = mobile.map(|o| &o.readings).into_iter().chain(router.map(|o| &o.readings));
    named.fold(otherwise, |all, names| all.by(texts(names)))
}

/// How a mobile node speaks Local Key Exchange.
pub(super) fn mobile_node(options: &MobileLocalOptions, readings: Readings) -> LocalConfig {
    let defaults = LocalConfig::by(readings);
    let temporary = options.temporary_home_agent.unwrap_or(false);
    LocalConfig {
        lifetime: options.lifetime.as_ref().map(|l| l.value.0.as_secs() as u32),
        way: if temporary { Way::Temporary } else { Way::Both },
        first_sequence: options.sequence,
        initial_timeout: options.initial_timeout.map_or(defaults.initial_timeout, |p| p.0),
        max_timeout: options.max_timeout.map_or(defaults.max_timeout, |p| p.0),
        readings,
    }
}

/// The same keys as a section of a key file; empty if there are none.
pub(super) fn key_file(keys: &BTreeMap<String, Arc<RouterKey>>) -> Result<String, String> {
    let mut text = String::new();
    for (name, key) in keys {
        if text.is_empty() {
            text.push_str("local-keys:\n");
        }
        let pem = key.to_pem().ok_or_else(|| format!("the key of {name} cannot be written"))?;
        let _ = writeln!(text, "  # {name}\n  - pem: |");
        for line in pem.lines() {
            let _ = writeln!(text, "      {line}");
        }
    }
    Ok(text)
}
