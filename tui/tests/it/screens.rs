//! Each view as it stands on a small terminal and on a large one.

use crate::stage::{SIZES, Stage, kept, pcap};

/// Presses keys in a capture and compares what stands there then.
fn shows(name: &str, capture: &str, keys: &str) {
    for (width, height) in SIZES {
        let mut stage = Stage::new(&pcap(capture), (width, height));
        let screen = stage.keys(keys).screen();
        kept(&format!("{name}-{width}x{height}"), &screen);
    }
}

const PROTECTED: &str = "ipsec/policy.pcapng";
const BINDINGS: &str = "conversations/registrations.pcapng";

#[test]
fn packets() {
    shows("packets", BINDINGS, "");
}

#[test]
fn a_field_lights_its_octets_up() {
    shows("field", BINDINGS, "j<Tab>GGkkkk");
}

#[test]
fn an_octet_leads_to_its_field() {
    shows("octet", BINDINGS, "<Tab><Tab>jjjjllllllllll");
}

#[test]
fn what_was_opened_has_octets_of_its_own() {
    shows("opened", PROTECTED, "oo<Tab>G");
}

#[test]
fn columns_are_chosen() {
    shows("columns", BINDINGS, "C<C-u>number mip6.mhtype mip6.bu.seqnr info<Enter>ttt");
}

#[test]
fn a_filter_is_completed() {
    shows("completion", BINDINGS, "/mip6.bu.l");
}

#[test]
fn the_word_at_fault_is_shown() {
    shows("fault", BINDINGS, "/mipv6 && mip6.mhtyp == 5<Enter>");
}

#[test]
fn a_filter_lets_through_what_matches() {
    shows("filtered", BINDINGS, "/mip6.mhtype == 6<Enter>j");
}

#[test]
fn help_is_the_table_of_keys() {
    shows("help", BINDINGS, "?");
}

#[test]
fn findings_by_severity() {
    shows("findings", PROTECTED, "2<Wait>j<Enter>j");
}

#[test]
fn findings_by_node() {
    shows("findings-by-node", PROTECTED, "2<Wait>oojj");
}

#[test]
fn a_finding_leads_to_its_field() {
    shows("finding-field", "mip6/checksums.pcapng", "2<Wait>j<Enter>j<Enter>");
}

#[test]
fn conversations() {
    shows("conversations", BINDINGS, "3");
}

#[test]
fn a_conversation_in_a_tunnel() {
    shows("conversations-protected", PROTECTED, "jjj3<Wait><Tab>");
}

#[test]
fn keys() {
    shows("keys", PROTECTED, "4<Wait>G");
}

#[test]
fn steps_under_ipsec() {
    shows("steps", PROTECTED, "i");
}

#[test]
fn a_terminal_that_is_too_small_is_told_so() {
    let mut stage = Stage::new(&pcap(BINDINGS), (39, 24));
    assert!(stage.text().starts_with("40x10 at least; q quits"));
    for size in [(0, 0), (1, 1), (40, 10), (41, 11), (200, 10), (40, 90), (500, 300)] {
        stage.resize(size.0, size.1);
        for view in ["1", "2", "3", "4", "?", "<Esc>", "1/mip6.b", "<Esc>"] {
            stage.keys(view).text();
        }
    }
}
