//! The key of a router on a wire, as its description gives it.

use mip6_conformance::case::setting::NodeFile;
use mip6_conformance::roles::local::keys::router_key;
use mip6_conformance::run::Described;

#[test]
fn a_key_that_is_given_counts_before_that_of_the_case() {
    let pem = router_key(512, 77).unwrap().to_pem().unwrap();
    let indented = pem.trim_end().replace('\n', "\n      ");
    let given = format!("nodes:\n  ar:\n    key: |\n      {indented}\n");
    let key_file = |more: &str| {
        let text = format!("play: ar\nuse: [topology/local]\n{more}");
        let file = NodeFile::parse("node.yaml", &text).unwrap_or_else(|e| panic!("{e}"));
        Described::new(&file).unwrap().key_file
    };
    let line = pem.lines().nth(1).unwrap();
    assert!(key_file(&given).contains(line));
    assert!(!key_file("").contains(line));
}

#[test]
fn a_key_that_cannot_be_read_is_told_by_the_name_of_its_router() {
    let text = "play: ar\nuse: [topology/local]\nnodes: {ar: {key: none}}\n";
    let file = NodeFile::parse("node.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    let why = Described::new(&file).unwrap_err();
    assert!(why.starts_with("the key of ar: ") && why.contains("PEM"), "{why}");
}
