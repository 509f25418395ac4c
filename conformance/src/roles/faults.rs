//! Faults: named defects that a node can be given, so that cases can be seen to
//! fail for the right reason.

use std::collections::BTreeSet;

/// A defect, what it does wrong and which requirements it breaks.
#[derive(Debug)]
pub struct Fault {
    /// Its name, `any.ignores-sequence`: the role in front, `any` for all.
    pub name: &'static str,
    /// What the node does wrong, in a sentence.
    pub does: &'static str,
    /// Requirements that it breaks.
    pub breaks: &'static [&'static str],
}

impl PartialEq for Fault {
    /// Faults are statics: the same fault is the same address.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The faults that a node has.
#[derive(Clone, Debug, Default)]
pub struct Faults(BTreeSet<&'static str>);

impl Faults {
    /// No faults: the honest node.
    pub fn none() -> Self {
        Self::default()
    }

    /// With a fault more.
    #[must_use]
    pub fn with(mut self, fault: &'static Fault) -> Self {
        self.0.insert(fault.name);
        self
    }

    /// With a fault, or without it.
    #[must_use]
    pub fn switched(mut self, fault: &'static Fault, on: bool) -> Self {
        if !on {
            self.0.remove(fault.name);
            return self;
        }
        self.with(fault)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().copied()
    }

    /// Whether the node has a fault.
    pub fn has(&self, fault: &'static Fault) -> bool {
        !self.0.is_empty() && self.0.contains(fault.name)
    }
}

/// The faults of all roles.
pub fn all() -> impl Iterator<Item = &'static Fault> + Clone {
    let modules = [
        super::correspondent::faults::FAULTS,
        super::home_agent::faults::FAULTS,
        super::host::faults::FAULTS,
        super::mobile_node::faults::FAULTS,
        super::mobile_node::local::faults::FAULTS,
        super::mobility::faults::FAULTS,
        super::router::faults::FAULTS,
        super::router::local::faults::FAULTS,
    ];
    modules.into_iter().flatten().copied()
}

/// The fault of a name.
pub fn find(name: &str) -> Option<&'static Fault> {
    all().find(|f| f.name == name)
}

/// Declares the faults of a module as statics, and `FAULTS`, the list of them.
///
/// ```text
/// faults! {
///     /// RFC 6275 9.5.1.
///     IGNORES_SEQUENCE = "any.ignores-sequence",
///         "accepts any sequence number", ["MIP6-CN-BU-011"];
/// }
/// ```
macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $does:literal, [$($req:literal),+ $(,)?];)*) => {
        $(
            $(#[$doc])*
            #[doc = concat!("`", $id, "`: ", $does, ".")]
            pub static $name: $crate::roles::Fault =
                $crate::roles::Fault { name: $id, does: $does, breaks: &[$($req),+] };
        )*
        /// The faults of this module.
        pub static FAULTS: &[&$crate::roles::Fault] = &[$(&$name),*];
    };
}

pub(crate) use faults;
