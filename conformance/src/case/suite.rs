//! A suite: all cases of a folder, or those in the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use thiserror::Error;

use super::check;
use super::document::{Case, CaseFile, Instance};
use super::merge::{Fragments, check_circles, check_fragment, merge, rows};
use super::names::Names;
use super::place::{Mistake, Mistakes, Place, Source, Sources};
use super::read::read;
use super::tree::{self, Node};

/// Where fragments stand, below the folder of the cases.
const FRAGMENTS: &str = "fragments/";

include!(concat!(env!("OUT_DIR"), "/cases.rs"));

static EMBEDDED: LazyLock<Result<Suite, Mistakes>> =
    LazyLock::new(|| Suite::from_sources(FILES.iter().copied()));

/// Cases without mistakes, in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The cases.
    pub cases: Vec<Case>,
    /// The files, for places.
    pub sources: Sources,
}

/// Why there is no suite.
#[derive(Debug, Error)]
pub enum SuiteError {
    /// A folder or file could not be read.
    #[error("{path}: cannot read cases: {source}")]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There are mistakes in cases.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
}

impl Suite {
    /// The suite in the program.
    pub fn embedded() -> Result<&'static Self, &'static Mistakes> {
        EMBEDDED.as_ref()
    }

    /// The suite of a folder: all `.yaml` files below it, those below
    /// `fragments/` as fragments. A folder without fragments of a name has those
    /// in the program.
    pub fn from_dir(dir: &Path) -> Result<Self, SuiteError> {
        let mut files = Vec::new();
        collect(dir, "", &mut files)?;
        files.sort();
        let known = |path: &str| files.iter().any(|(p, _)| p == path);
        let built_in = FILES
            .iter()
            .filter(|(path, _)| path.starts_with(FRAGMENTS) && !known(path))
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect::<Vec<_>>();
        files.extend(built_in);
        Ok(Self::from_sources(files)?)
    }

    /// The suite of files: their paths with slashes, their texts.
    pub fn from_sources(
        files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<Self, Mistakes> {
        let files = files.into_iter();
        let files: Vec<_> =
            files.map(|(path, text)| Source { path: path.into(), text: text.into() }).collect();
        let sources = Sources::new(files);
        let mut mistakes = Vec::new();
        let cases = load(&sources, &mut mistakes);
        if mistakes.is_empty() {
            return Ok(Self { cases, sources });
        }
        // A fragment's mistake comes with every case that uses it, and a case's
        // with every row.
        let mut said = BTreeSet::new();
        mistakes.retain(|m| said.insert(m.clone()));
        mistakes.sort_by_key(|m| m.place);
        Err(Mistakes { list: mistakes, sources })
    }

    /// The case of an id.
    pub fn find(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|c| c.id == id)
    }

    /// All cases with all their instances.
    pub fn instances(&self) -> impl Iterator<Item = (&Case, &Instance)> {
        self.cases.iter().flat_map(|c| c.instances.iter().map(move |i| (c, i)))
    }
}

fn collect(dir: &Path, below: &str, files: &mut Vec<(String, String)>) -> Result<(), SuiteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SuiteError::Read { path, source }
    };
    for entry in std::fs::read_dir(dir).map_err(failed(dir))? {
        let entry = entry.map_err(failed(dir))?;
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed(&path))?.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else if path.extension().is_some_and(|e| e == "yaml") {
            let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
            files.push((name, text));
        }
    }
    Ok(())
}

fn load(sources: &Sources, mistakes: &mut Vec<Mistake>) -> Vec<Case> {
    let mut fragments = Fragments::new();
    let mut trees = Vec::new();
    for (i, source) in sources.iter().enumerate() {
        let tree = match tree::parse(i as u32, &source.text) {
            Ok(tree) => tree,
            Err(mistake) => {
                mistakes.push(mistake);
                continue;
            }
        };
        match source.path.strip_prefix(FRAGMENTS).and_then(|p| p.strip_suffix(".yaml")) {
            Some(name) => {
                check_fragment(&tree, mistakes);
                fragments.insert(name.to_owned(), tree);
            }
            None => trees.push((source, tree)),
        }
    }
    check_circles(&fragments, mistakes);
    for fragment in fragments.values() {
        merge(&mut fragment.clone(), &fragments, mistakes);
    }
    let mut cases = Vec::new();
    let mut ids: BTreeMap<String, Place> = BTreeMap::new();
    for (source, mut tree) in trees {
        let before = mistakes.len();
        merge(&mut tree, &fragments, mistakes);
        if mistakes.len() > before {
            continue;
        }
        let Some(case) = one(source, &tree, mistakes) else { continue };
        let place = tree.get("id").map_or(tree.place, |n| n.place);
        if let Some(first) = ids.insert(case.id.clone(), place) {
            let first = sources.show(first);
            let message = format!("id `{}` is taken: it is that of {first}", case.id);
            mistakes.push(Mistake::new(place, message));
        }
        cases.push(case);
    }
    cases
}

/// A file that is no case, with the fragments of the program, which it may use.
pub(super) fn with_fragments(file: Source, mistakes: &mut Vec<Mistake>) -> (Sources, Fragments) {
    let built_in = FILES.iter().filter(|(path, _)| path.starts_with(FRAGMENTS));
    let built_in =
        built_in.map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() });
    let sources = Sources::new(std::iter::once(file).chain(built_in).collect());
    let mut fragments = Fragments::new();
    for (i, source) in sources.iter().enumerate().skip(1) {
        let name = source.path.strip_prefix(FRAGMENTS).and_then(|p| p.strip_suffix(".yaml"));
        match (name, tree::parse(i as u32, &source.text)) {
            (Some(name), Ok(tree)) => {
                fragments.insert(name.to_owned(), tree);
            }
            (_, Err(mistake)) => mistakes.push(mistake),
            (None, Ok(_)) => {}
        }
    }
    (sources, fragments)
}

/// The case of a tree, with all its instances.
fn one(source: &Source, tree: &Node, mistakes: &mut Vec<Mistake>) -> Option<Case> {
    let before = mistakes.len();
    let names = Names::new(tree);
    let rows = rows(tree, &names, mistakes);
    if mistakes.len() > before {
        return None;
    }
    let trees: Vec<(Option<&str>, Node)> = match rows.as_slice() {
        [] => vec![(None, tree.clone())],
        rows => rows.iter().map(|r| (Some(r.name.as_str()), r.put_in(tree))).collect(),
    };
    let mut case: Option<Case> = None;
    for (row, tree) in trees {
        let named = mistakes.len();
        Names::new(&tree).check(&tree, mistakes);
        let mut shape = Vec::new();
        let file = read::<CaseFile>(&tree, &mut shape);
        // A name that means nothing is of no type either.
        shape.retain(|m| !mistakes[named..].iter().any(|n| n.place == m.place));
        mistakes.append(&mut shape);
        let Some(file) = file else { continue };
        let Some((head, mut instance)) = check::case(file, &source.path, row, tree.place, mistakes)
        else {
            continue;
        };
        for part in ["topology", "security"] {
            let Some(node) = tree.get(part) else { continue };
            instance.setting.push_str("\n  \"");
            instance.setting.push_str(part);
            instance.setting.push_str("\": ");
            node.json(&mut instance.setting);
            instance.setting.push(',');
        }
        instance.setting.pop();
        case.get_or_insert(head).instances.push(instance);
    }
    if mistakes.len() > before { None } else { case }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_in_the_program_has_no_mistakes() {
        let suite = Suite::embedded().unwrap_or_else(|e| panic!("{e}"));
        assert!(suite.find("ha.registration.sequence-window").is_some());
    }

    #[test]
    fn a_folder_has_the_fragments_of_the_program() {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/home-agent/registration");
        let suite = Suite::from_dir(&cases).unwrap_or_else(|e| panic!("{e}"));
        let case = suite.find("ha.registration.accept").unwrap();
        assert_eq!(case.path, "accept.yaml");
        assert_eq!(case.instances[0].topology.nodes.len(), 4);
        let error = Suite::from_dir(&cases.join("none")).unwrap_err().to_string();
        assert!(error.contains("none: cannot read cases"), "{error}");
    }
}
