//! Which cases are meant.

use mip6_dissect::rules::REQUIREMENTS;

use crate::case::topology::Role;
use crate::case::{Case, Suite};
use crate::run::suite::Job;

/// Which cases are meant: those that suit every kind of condition that is given,
/// by one of its words.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Parts of ids.
    pub words: Vec<String>,
    /// Whole ids, of instances or of cases with all their rows.
    pub ids: Vec<String>,
    /// Roles under test.
    pub roles: Vec<Role>,
    /// Requirements, or what their ids begin with.
    pub requirements: Vec<String>,
    /// Parts of the sources of requirements: `RFC6275 10.3`.
    pub sections: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
}

impl Selection {
    /// The instances that are meant, in the order of the suite.
    pub fn jobs<'s>(&self, suite: &'s Suite) -> Vec<Job<'s>> {
        suite
            .instances()
            .filter(|(case, instance)| self.suits(case, &instance.id))
            .map(|(case, instance)| Job { case, instance })
            .collect()
    }

    /// What no case of the suite suits, whatever else is asked for: mistyped, or of a case
    /// that is gone, which nobody shall take for run.
    pub fn unknown(&self, suite: &Suite) -> Option<String> {
        let alone = |one: Self| suite.instances().any(|(case, i)| one.suits(case, &i.id));
        let none = Self::default;
        let each = |list: &[String], of: &dyn Fn(Vec<String>) -> Self, what: &str| {
            let unknown = list.iter().find(|w| !alone(of(vec![(*w).clone()])))?;
            Some(format!("no case {what} `{unknown}`"))
        };
        each(&self.words, &|words| Self { words, ..none() }, "has an id with")
            .or_else(|| each(&self.ids, &|ids| Self { ids, ..none() }, "has the id"))
            .or_else(|| {
                let of = |requirements| Self { requirements, ..none() };
                each(&self.requirements, &of, "is about requirement")
            })
            .or_else(|| {
                let of = |sections| Self { sections, ..none() };
                each(&self.sections, &of, "is about section")
            })
            .or_else(|| each(&self.tags, &|tags| Self { tags, ..none() }, "has the tag"))
    }

    fn suits(&self, case: &Case, id: &str) -> bool {
        let one = |words: &[String], suits: &dyn Fn(&str) -> bool| {
            words.is_empty() || words.iter().any(|w| suits(w))
        };
        let source = |id: &str| REQUIREMENTS.iter().find(|r| r.id == id).map_or("", |r| r.source);
        let case_id = id.split_once('/').map_or(id, |(case, _)| case);
        one(&self.words, &|w| id.contains(w))
            && one(&self.ids, &|w| w == id || w == case_id)
            && (self.roles.is_empty() || self.roles.contains(&case.role))
            && one(&self.requirements, &|w| case.requirements.iter().any(|r| r.starts_with(w)))
            && one(&self.sections, &|w| case.requirements.iter().any(|r| source(r).contains(w)))
            && one(&self.tags, &|w| case.tags.iter().any(|t| t == w))
    }
}
