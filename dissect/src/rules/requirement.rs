//! The registry of requirements.

use std::fmt;

/// Index of a requirement in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Req(pub u16);

impl Req {
    /// The requirement of an id.
    pub fn find(id: &str) -> Option<Self> {
        REQUIREMENTS.iter().position(|r| r.id == id).map(|i| Self(i as u16))
    }

    /// The requirement.
    pub fn get(self) -> &'static Requirement {
        &REQUIREMENTS[usize::from(self.0)]
    }
}

/// A requirement on a node.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// Its id, which never changes.
    pub id: &'static str,
    /// Which nodes it is on: MN, HA, CN, AR, any.
    pub role: &'static str,
    /// How binding it is.
    pub level: RequirementLevel,
    /// Document and section.
    pub source: &'static str,
    /// The requirement in our own words.
    pub text: &'static str,
    /// How it shows.
    pub observe: &'static str,
    /// What checks it, or why nothing does.
    pub checks: &'static [Check],
}

impl Requirement {
    /// The group of the id: `MIP6-MH` for `MIP6-MH-004`.
    pub fn group(&self) -> &'static str {
        self.id.rsplit_once('-').map_or(self.id, |(g, _)| g)
    }

    /// Whether a rule judges it from one packet.
    pub fn is_passive(&self) -> bool {
        self.checks.contains(&Check::Passive)
    }
}

/// How binding a requirement is, RFC 2119.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of RFC 2119")]
pub enum RequirementLevel {
    Must,
    MustNot,
    Should,
    ShouldNot,
    May,
    /// Not binding.
    Info,
}

impl RequirementLevel {
    /// The words of RFC 2119.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
            Self::Info => "INFO",
        }
    }

    /// How bad it is to break it.
    pub const fn severity(self) -> Level {
        match self {
            Self::Must | Self::MustNot => Level::Must,
            Self::Should | Self::ShouldNot => Level::Should,
            Self::May | Self::Info => Level::May,
        }
    }
}

/// Level of a finding, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For information.
    May,
    /// A recommendation was not followed.
    Should,
    /// A requirement was broken.
    Must,
}

impl Level {
    /// All levels, mildest first.
    pub const ALL: [Self; 3] = [Self::May, Self::Should, Self::Must];

    /// As it stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What checks a requirement, or what a check would need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A rule here, from one packet.
    Passive,
    /// The rule of another requirement reports it.
    See(&'static str),
    /// A node must be provoked.
    Stimulus,
    /// The node's configuration must be known.
    Configuration,
    /// It shows only inside the node.
    Internals,
    /// There is nothing to judge.
    Information,
    /// No packets show it to a bystander, for this reason.
    Not(&'static str),
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passive => "passive rule",
            Self::See(id) => return write!(f, "the rule of {id}"),
            Self::Stimulus => "a conformance case: the node must be provoked",
            Self::Configuration => "not checked: depends on how the node is configured",
            Self::Internals => "not checked: shows only inside the node",
            Self::Information => "not checked: nothing to judge",
            Self::Not(reason) => return write!(f, "not checked: {reason}"),
        })
    }
}

impl Check {
    /// The word of the registry's last column.
    pub fn word(self) -> String {
        match self {
            Self::Passive => "passive".into(),
            Self::See(id) => format!("see {id}"),
            Self::Stimulus => "stimulus".into(),
            Self::Configuration => "configuration".into(),
            Self::Internals => "internals".into(),
            Self::Information => "information".into(),
            Self::Not(reason) => format!("not: {reason}"),
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/requirements.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_point_somewhere() {
        let mut ids: Vec<_> = REQUIREMENTS.iter().map(|r| r.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|w| w[0] != w[1]));
        for r in &REQUIREMENTS {
            assert!(GROUPS.iter().any(|(g, _)| *g == r.group()), "{} has no group", r.id);
            assert!(!r.checks.is_empty(), "{}", r.id);
            for c in r.checks {
                if let Check::See(id) = c {
                    let seen = Req::find(id).expect(id).get();
                    assert!(seen.is_passive(), "{} points to {id}, which no rule checks", r.id);
                }
            }
        }
    }
}
