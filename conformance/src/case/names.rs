//! What cases call things: attributes behind `$`, what nodes may need to
//! support, and whether a `$name` means anything.

use mip6_wire::names::nearest;

use super::place::Mistake;
use super::topology::Role;
use super::tree::{Node, Value};

/// An attribute of a node or a link: `$mn.home`.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Its name: `home`.
    pub name: &'static str,
    /// Roles that have it; empty is all.
    pub of: &'static [Role],
    /// The name of a link may stand behind it: `$router.link-local.foreign`.
    pub on_link: bool,
    /// What it is.
    pub what: &'static str,
}

/// Attributes of nodes.
pub const NODE_ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "address",
        of: &[],
        on_link: true,
        what: "global address on the link, or on the first link it is on",
    },
    Attribute {
        name: "link-local",
        of: &[],
        on_link: true,
        what: "link-local address on the link, or on the first link it is on",
    },
    Attribute {
        name: "mac",
        of: &[],
        on_link: true,
        what: "link-layer address on the link, or on the first link it is on",
    },
    Attribute {
        name: "anycast",
        of: &[Role::HomeAgent],
        on_link: true,
        what: "anycast address of the home agents of its link (RFC 6275 8.4)",
    },
    Attribute { name: "home", of: &[Role::MobileNode], on_link: false, what: "home address" },
    Attribute {
        name: "home-link-local",
        of: &[Role::MobileNode],
        on_link: false,
        what: "link-local address with the interface identifier of the home address",
    },
    Attribute {
        name: "careof",
        of: &[Role::MobileNode],
        on_link: true,
        what: "care-of address that it has now; that it has or would have on the link",
    },
    Attribute {
        name: "home-agent",
        of: &[Role::MobileNode],
        on_link: false,
        what: "address of its home agent",
    },
];

/// Attributes of links.
pub const LINK_ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "prefix",
        of: &[],
        on_link: false,
        what: "first prefix, with its length behind a slash",
    },
    Attribute {
        name: "network",
        of: &[],
        on_link: false,
        what: "first prefix as an address, zero behind the prefix",
    },
    Attribute { name: "prefix-length", of: &[], on_link: false, what: "bits of the first prefix" },
];

/// What a case may need a node to support, and what it means.
pub const NEEDS: &[(&str, &str)] = &[
    ("ipsec", "IPsec for the signalling of mobile nodes and home agents (RFC 3776)"),
    ("payload-protection", "IPsec for what goes through the tunnel (RFC 3776 3.4)"),
    ("ikev1", "keys by IKE (RFC 3776 4.4)"),
    ("ikev2", "keys by IKEv2 (RFC 4877)"),
    ("route-optimization", "bindings with correspondents (RFC 6275 5.2)"),
    ("no-mobility", "the node knows nothing of mobility (RFC 6275 8.1)"),
    ("home-agent-discovery", "dynamic home agent address discovery (RFC 6275 10.5, 11.4.1)"),
    ("prefix-discovery", "mobile prefix discovery (RFC 6275 10.6, 11.4.2)"),
    ("key-management-mobility", "flag K (RFC 6275 10.3.1)"),
    ("multicast", "relay of multicast to mobile nodes (RFC 6275 10.4.3)"),
    ("dhcpv6", "DHCPv6 for mobile nodes (RFC 6275 10.4.4)"),
    ("local-key-exchange", "draft-liu-mobileip-lke-01"),
    ("state", "the node says what bindings it has"),
];

/// Names that may stand behind `$` in a tree.
#[derive(Debug, Default)]
pub(super) struct Names {
    nodes: Vec<(String, Option<Role>)>,
    links: Vec<String>,
    /// Parameters, and fields saved so far.
    known: Vec<String>,
}

impl Names {
    /// The names of nodes and links of a case.
    pub(super) fn new(case: &Node) -> Self {
        let part =
            |name| case.get("topology").and_then(|t| t.get(name)).map_or(&[][..], Node::entries);
        let nodes = part("nodes").iter().map(|(key, node)| {
            let role = node.get("role").and_then(Node::text);
            (key.name.clone(), ROLES.into_iter().find(|r| Some(r.name()) == role))
        });
        let links = part("links").iter().map(|(key, _)| key.name.clone());
        Self { nodes: nodes.collect(), links: links.collect(), known: Vec::new() }
    }

    /// Whether a node or link has the name.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.nodes.iter().any(|(n, _)| n == name) || self.links.iter().any(|n| n == name)
    }

    /// Checks all names in the steps, in order, and those in `topology` and
    /// `security`.
    pub(super) fn check(&mut self, case: &Node, mistakes: &mut Vec<Mistake>) {
        for part in ["topology", "security"] {
            if let Some(part) = case.get(part) {
                self.check_all(part, mistakes);
            }
        }
        for phase in ["setup", "steps", "cleanup"] {
            for step in case.get(phase).map_or(&[][..], Node::elements) {
                self.check_all(step, mistakes);
                for (key, _) in step.entries().iter().flat_map(|(_, n)| saves(n)) {
                    self.known.push(key.name.clone());
                }
            }
        }
    }

    fn check_all(&self, part: &Node, mistakes: &mut Vec<Mistake>) {
        part.walk(&mut |node| {
            if let Some(Err(message)) = node.name().map(|name| self.resolve(name)) {
                mistakes.push(Mistake::new(node.place, message));
            }
        });
    }

    fn resolve(&self, name: &str) -> Result<(), String> {
        if self.known.iter().any(|n| n == name) {
            return Ok(());
        }
        let (head, rest) = name.split_once('.').unwrap_or((name, ""));
        if let Some((_, role)) = self.nodes.iter().find(|(n, _)| n == head) {
            return self.attribute(name, rest, NODE_ATTRIBUTES, *role);
        }
        if self.links.iter().any(|n| n == head) {
            return self.attribute(name, rest, LINK_ATTRIBUTES, None);
        }
        let nodes = self.nodes.iter().map(|(n, _)| n.as_str());
        let all = nodes.chain(self.links.iter().chain(&self.known).map(String::as_str));
        let all: Vec<_> = all.collect();
        let near: Vec<_> =
            nearest(head, all.iter().copied()).iter().map(|n| format!("${n}")).collect();
        let hint = match near.as_slice() {
            [] if all.is_empty() => String::new(),
            [] => format!("; there are {}", all.join(", ")),
            near => format!("; did you mean {}?", near.join(" or ")),
        };
        Err(format!("`${name}` is no parameter, no field saved before, no node and no link{hint}"))
    }

    fn attribute(
        &self,
        name: &str,
        rest: &str,
        attributes: &[Attribute],
        role: Option<Role>,
    ) -> Result<(), String> {
        let (attribute, link) = match rest.split_once('.') {
            Some((attribute, link)) => (attribute, Some(link)),
            None => (rest, None),
        };
        let has = |a: &&Attribute| a.of.is_empty() || role.is_none_or(|r| a.of.contains(&r));
        let known: Vec<_> = attributes.iter().filter(has).map(|a| a.name).collect();
        let found = attributes.iter().filter(has).find(|a| a.name == attribute);
        let Some(found) = found else {
            let wanted = match nearest(attribute, known.iter().copied()).as_slice() {
                [] => format!("expected one of {}", known.join(", ")),
                near => format!("did you mean {}?", near.join(" or ")),
            };
            let whose = name.split('.').next().unwrap_or_default();
            return Err(match attribute {
                "" => format!("`${name}` lacks an attribute: {wanted}"),
                _ => format!("`{whose}` has no attribute `{attribute}`; {wanted}"),
            });
        };
        match link {
            None => Ok(()),
            Some(_) if !found.on_link => {
                Err(format!("`{}` is of the whole node: expected no link behind it", found.name))
            }
            Some(link) if self.links.iter().any(|l| l == link) => Ok(()),
            Some(link) => Err(unknown("link", link, self.links.iter().map(String::as_str))),
        }
    }
}

/// What a step saves.
fn saves(step: &Node) -> &[(super::tree::Key, Node)] {
    match step.get("save") {
        Some(Node { value: Value::Map(map), .. }) => map,
        _ => &[],
    }
}

const ROLES: [Role; 7] = [
    Role::HomeAgent,
    Role::MobileNode,
    Role::Correspondent,
    Role::Router,
    Role::AccessRouter,
    Role::Host,
    Role::Puppet,
];

/// A name that nothing of its kind has, with what there is.
pub(super) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let known: Vec<_> = known.into_iter().collect();
    let near = nearest(name, known.iter().copied());
    match (near.as_slice(), known.as_slice()) {
        ([], []) => format!("no {what} is called `{name}`; there is none"),
        ([], known) if known.len() <= 12 => {
            format!("no {what} is called `{name}`; there are {}", known.join(", "))
        }
        ([], _) => format!("no {what} is called `{name}`"),
        (near, _) => format!("no {what} is called `{name}`; did you mean {}?", near.join(" or ")),
    }
}

/// Whether a name is of small letters and digits with hyphens between:
/// `sequence-window`.
pub(super) fn is_kebab(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}
