//! What a case means: whether its names are those of something, and its values
//! possible.

mod fields;
mod steps;
mod topology;

use mip6_dissect::rules::{REQUIREMENTS, Req};
use mip6_security::mobility::local::Readings;

use super::document::{Case, CaseFile, Instance};
use super::names::{NEEDS, is_kebab, unknown};
use super::place::{At, Mistake, Place};
use super::setting::{FASTEST, NodeFile};
use super::topology::Role;

/// Collects what is wrong with one file.
struct Checker<'m> {
    mistakes: &'m mut Vec<Mistake>,
}

impl Checker<'_> {
    fn say(&mut self, place: Place, message: impl Into<String>) {
        self.mistakes.push(Mistake::new(place, message));
    }

    /// Says so if nothing has a name.
    fn known<'a>(
        &mut self,
        what: &str,
        name: &At<String>,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        if !known.clone().into_iter().any(|n| n == name.value) {
            self.say(name.place, unknown(what, &name.value, known));
        }
    }

    /// Says so if a name chooses no reading of Local Key Exchange.
    fn readings<'n>(&mut self, names: impl IntoIterator<Item = &'n At<String>>) {
        let (mut all, mut last) = (Readings::default(), None);
        for name in names {
            match all.choose(&name.value) {
                Ok(more) => (all, last) = (more, Some(name.place)),
                Err(e) => self.say(name.place, e.to_string()),
            }
        }
        if let (Some(place), Err(e)) = (last, all.check()) {
            self.say(place, e.to_string());
        }
    }

    /// Says so if a name occurs twice.
    fn unique(&mut self, names: &[At<String>]) {
        for (i, name) in names.iter().enumerate() {
            if names[..i].iter().any(|n| n.value == name.value) {
                self.say(name.place, format!("`{}` twice: expected once", name.value));
            }
        }
    }

    /// Says so if a name is not of small letters, digits and hyphens.
    fn kebab(&mut self, name: &At<String>) {
        if !is_kebab(&name.value) {
            let message = "expected a name in small letters, digits and hyphens";
            self.say(name.place, message);
        }
    }
}

/// The case of a file and the instance of a row, if nothing is wrong. `root` is
/// the beginning of the file.
pub(super) fn case(
    file: CaseFile,
    path: &str,
    row: Option<&str>,
    root: Place,
    mistakes: &mut Vec<Mistake>,
) -> Option<(Case, Instance)> {
    let before = mistakes.len();
    let mut c = Checker { mistakes };
    let id = id(&mut c, file.id, root);
    let title = title(&mut c, file.title, root);
    requirements(&mut c, &file.requirements, root);
    c.unique(&file.tags);
    file.tags.iter().for_each(|tag| c.kebab(tag));
    c.unique(&file.needs);
    for need in &file.needs {
        c.known("need", need, NEEDS.iter().map(|(n, _)| *n));
    }
    let role = role(&mut c, file.role, root);
    topology::check(&mut c, &file.topology, &file.security, root);
    let under_test = role.and_then(|role| {
        topology::under_test(&mut c, &file.topology, file.under_test.as_ref(), role, root)
    });
    let instance = Instance {
        id: row.map_or_else(|| id.clone(), |row| format!("{id}/{row}")),
        setting: String::new(),
        topology: file.topology,
        under_test: under_test.unwrap_or_default(),
        security: file.security,
        readings: file.readings.iter().map(|name| name.value.clone()).collect(),
        setup: file.setup,
        steps: file.steps,
        cleanup: file.cleanup,
    };
    c.readings(&file.readings);
    steps::check(&mut c, &instance, &file.requirements, root);
    if c.mistakes.len() > before {
        return None;
    }
    let texts = |list: Vec<At<String>>| list.into_iter().map(|t| t.value).collect();
    let case = Case {
        place: root,
        path: path.to_owned(),
        id,
        title,
        role: role?,
        requirements: texts(file.requirements),
        tags: texts(file.tags),
        needs: texts(file.needs),
        instances: Vec::new(),
    };
    Some((case, instance))
}

/// Checks the file of a node that is played on real interfaces.
pub(super) fn node_file(file: &NodeFile, root: Place, mistakes: &mut Vec<Mistake>) {
    let mut c = Checker { mistakes };
    topology::check(&mut c, &file.topology, &file.security, root);
    match &file.play {
        None => c.say(root, "expected key `play`: the node of the topology that is played"),
        Some(play) => c.known("node", play, file.topology.nodes.names()),
    }
    for (place, name, _) in file.interfaces.placed() {
        let name = At { place, value: name.to_owned() };
        c.known("link", &name, file.topology.links.names());
    }
    for fault in &file.faults {
        c.known("fault", fault, crate::roles::faults::all().map(|f| f.name));
    }
    c.readings(&file.readings);
    for name in file.nodes.keys() {
        let name = At { place: root, value: name.clone() };
        c.known("node", &name, file.topology.nodes.names());
    }
    for name in file.links.keys() {
        let name = At { place: root, value: name.clone() };
        c.known("link", &name, file.topology.links.names());
    }
    if file.speed.is_some_and(|speed| !(1..=FASTEST).contains(&speed)) {
        c.say(root, format!("expected a `speed` from 1 to {FASTEST}"));
    }
}

fn id(c: &mut Checker<'_>, id: Option<At<String>>, root: Place) -> String {
    let Some(id) = id else {
        c.say(root, "expected key `id`: a name that never changes, like `ha.registration.accept`");
        return String::new();
    };
    let parts = id.value.split('.').count();
    if parts < 2 || !id.value.split('.').all(is_kebab) {
        let message = "expected an id like `ha.registration.accept`: two or more names with dots \
                       between, in small letters, digits and hyphens";
        c.say(id.place, message);
    }
    id.value
}

fn title(c: &mut Checker<'_>, title: Option<At<String>>, root: Place) -> String {
    let Some(title) = title else {
        c.say(root, "expected key `title`: what holds if the case passes, in a sentence");
        return String::new();
    };
    if title.value.trim().is_empty() || title.value.contains(char::is_control) {
        c.say(title.place, "expected one line of text");
    }
    title.value
}

fn role(c: &mut Checker<'_>, role: Option<At<Role>>, root: Place) -> Option<Role> {
    let Some(role) = role else {
        c.say(root, "expected key `role`: the role under test");
        return None;
    };
    if !role.value.is_judged() {
        let message = format!(
            "a {} is not judged: expected home-agent, mobile-node, correspondent or access-router",
            role.value.name()
        );
        c.say(role.place, message);
        return None;
    }
    Some(role.value)
}

fn requirements(c: &mut Checker<'_>, list: &[At<String>], root: Place) {
    if list.is_empty() {
        c.say(root, "expected key `requirements`: ids of what the case is about, one or more");
    }
    c.unique(list);
    for id in list {
        if Req::find(&id.value).is_none() {
            let message = unknown("requirement", &id.value, REQUIREMENTS.iter().map(|r| r.id));
            c.say(id.place, message);
        }
    }
}
