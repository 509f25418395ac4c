//! Turns `requirements/*.txt` into a table and one constant per requirement.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FAMILIES: [&str; 5] = ["mip6", "ipsec", "lke", "bootstrapping", "nemo"];

fn main() {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("requirements");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut table = String::new();
    let mut constants = String::new();
    let mut groups = String::new();
    let mut count = 0usize;
    for family in FAMILIES {
        let path = folder.join(format!("{family}.txt"));
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (i, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), i + 1);
            if let Some(group) = line.strip_prefix("# ") {
                let (id, title) = group.split_once(' ').unwrap_or((group, ""));
                writeln!(groups, "({id:?}, {title:?}),").expect("a String takes it");
            } else if !line.trim().is_empty() {
                entry(line, &place, count, &mut table, &mut constants);
                count += 1;
            }
        }
    }
    let code = format!(
        "/// Every requirement, in order of the files.\n\
         pub static REQUIREMENTS: [Requirement; {count}] = [\n{table}];\n\
         /// Groups and their titles.\n\
         pub static GROUPS: &[(&str, &str)] = &[\n{groups}];\n\
         /// Requirements by name.\n\
         pub mod id {{\n    use super::Req;\n{constants}}}\n"
    );
    fs::write(out.join("requirements.rs"), code).expect("OUT_DIR can be written");
}

fn entry(line: &str, place: &str, index: usize, table: &mut String, constants: &mut String) {
    let columns: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let [id, role, level, source, text, observe, checked] = columns[..] else {
        panic!("{place}: expected 7 columns separated by ` | `, found {}", columns.len());
    };
    let level_variant = match level {
        "MUST" => "Must",
        "MUST NOT" => "MustNot",
        "SHOULD" => "Should",
        "SHOULD NOT" => "ShouldNot",
        "MAY" => "May",
        "INFO" => "Info",
        other => panic!("{place}: unknown level `{other}`"),
    };
    // A reason ends the column: it may have commas of its own.
    let (words, reason) = match checked.split_once("not: ") {
        Some((words, reason)) => (words, Some(reason)),
        None => (checked, None),
    };
    let checks: Vec<String> = words
        .split(',')
        .filter(|word| reason.is_none() || !word.trim().is_empty())
        .map(|word| match word.trim() {
            "passive" => "Check::Passive".to_owned(),
            "stimulus" => "Check::Stimulus".to_owned(),
            "configuration" => "Check::Configuration".to_owned(),
            "internals" => "Check::Internals".to_owned(),
            "information" => "Check::Information".to_owned(),
            other => match other.strip_prefix("see ") {
                Some(id) => format!("Check::See({id:?})"),
                None => panic!("{place}: `{other}` is no word of the last column"),
            },
        })
        .chain(reason.map(|reason| format!("Check::Not({reason:?})")))
        .collect();
    writeln!(
        table,
        "Requirement {{ id: {id:?}, role: {role:?}, level: RequirementLevel::{level_variant}, \
         source: {source:?}, text: {text:?}, observe: {observe:?}, checks: &[{}] }},",
        checks.join(", ")
    )
    .expect("a String takes it");
    let name = Path::new(id).display().to_string().replace('-', "_");
    // Markdown would take them for markup.
    let text = text.replace('<', "\\<").replace('[', "\\[");
    writeln!(constants, "    #[doc = {text:?}]\n    pub const {name}: Req = Req({index});")
        .expect("a String takes it");
}
