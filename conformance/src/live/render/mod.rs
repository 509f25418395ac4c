//! A node of a case as other programs are told what to be: the same addresses,
//! advertisements, policies and keys as the reference node has.

mod ip;
mod radvd;
#[cfg(test)]
mod tests;
mod xfrm;
mod zebra;

use thiserror::Error;

use crate::roles::router::RouterConfig;
use crate::run::{Described, DescribedInterface};

/// For which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `ip` commands: link-layer and other addresses, routes, forwarding.
    Ip,
    /// Configuration of radvd.
    Radvd,
    /// Configuration of FRR's zebra.
    Zebra,
    /// `ip xfrm` commands: policies, and associations with their keys.
    Xfrm,
}

/// Why a node cannot be put so.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RenderError {
    /// An interface has no name.
    #[error(
        "the interface on link {0} has no name: name it in `interface`, `further` or \
         `interfaces` (of a node under test: in `its-interfaces`)"
    )]
    NoName(String),
    /// It is no node for that program.
    #[error("{0}")]
    NotFor(String),
    /// The program cannot do what the node is to do.
    #[error("{program} cannot be told this: {what}")]
    Beyond {
        /// The program.
        program: &'static str,
        /// What it cannot do.
        what: String,
    },
}

/// A node in a form.
pub fn render(node: &Described, form: Form) -> Result<String, RenderError> {
    match form {
        Form::Ip => ip::render(node),
        Form::Radvd => radvd::render(node),
        Form::Zebra => zebra::render(node),
        Form::Xfrm => xfrm::render(node),
    }
}

/// The name of an interface.
fn name(interface: &DescribedInterface) -> Result<&str, RenderError> {
    let link = || interface.link.clone().unwrap_or_else(|| "(none)".to_owned());
    interface.name.as_deref().ok_or_else(|| RenderError::NoName(link()))
}

/// What a router advertises, with the names of its interfaces; in order, as it can be
/// used.
fn advertised<'n>(
    node: &'n Described,
    program: &'static str,
) -> Result<Vec<(&'n str, RouterConfig)>, RenderError> {
    if node.advertised.is_empty() {
        return Err(RenderError::NotFor(format!(
            "{} is a {}: {program} is for routers and home agents",
            node.name,
            node.role.name()
        )));
    }
    if node.host.filters_type0 {
        let what = "to let no routing header of type 0 through".to_owned();
        return Err(RenderError::Beyond { program, what });
    }
    let named = node.advertised.iter().filter_map(|config| {
        let interface = node.interfaces.get(config.interface.index())?;
        Some(name(interface).map(|name| (name, config.clone().limited())))
    });
    named.collect()
}

/// On or off.
const fn switch(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}
