//! Text to entries and back.

use std::path::Path;

use mip6_security::Mode;
use mip6_security::policy::{Part, Written, WrittenAction, parse_notation};

use crate::{manual, plain};

fn read(text: &str) -> Written {
    parse_notation(Path::new("policy"), text).unwrap_or_else(|e| panic!("{e}:\n{text}"))
}

fn error(text: &str) -> String {
    parse_notation(Path::new("policy"), text).unwrap_err().to_string()
}

/// One rule with this action.
fn action(text: &str) -> WrittenAction {
    let written = read(&format!("n SPD OUT:\n- IF proto = MH THEN {text}\n"));
    let Part::Spd(_, rules) = &written.blocks[0].part else { panic!() };
    rules[0].action.clone()
}

/// The condition of a rule, printed.
fn condition(text: &str) -> String {
    let printed = read(&format!("n SPD OUT:\n- IF {text} THEN BYPASS\n")).to_string();
    let printed = plain(&printed);
    let condition = printed.strip_prefix("n SPD OUT: - IF ").unwrap();
    condition.strip_suffix(" THEN BYPASS").unwrap().to_owned()
}

#[test]
fn what_is_printed_reads_the_same() {
    let written = read(&manual());
    let printed = written.to_string();
    assert_eq!(read(&printed), written);
    assert_eq!(plain(&printed), plain(&manual()));
    assert!(printed.lines().all(|l| l.chars().count() <= 72), "{printed}");
    assert!(printed.starts_with("mobile node SPD OUT:\n  - IF source = home_address_1 &"));
}

#[test]
fn associations_are_named_as_draft_and_rfc_do() {
    for text in ["USE SA1", "USE SA SA1", "USE SA1.", "use sa SA1.", "USE \"SA1\"", "USE SA1 # x."]
    {
        assert_eq!(action(text), action("USE SA1"), "{text}");
    }
    let WrittenAction::Use(name) = action("USE SA") else { panic!() };
    assert_eq!(name.text, "SA");
    let WrittenAction::Use(name) = action("USE \"SA1.\"") else { panic!() };
    assert_eq!(name.text, "SA1.");
    assert_ne!(action("USE sa1"), action("USE SA1"));
}

#[test]
fn patterns_are_written_as_draft_and_rfc_do() {
    let draft = "CREATE ESP TUNNEL SA: gateway = home_agent_1 & local phase 1 identity = user_1";
    let rfc =
        "USE SA ESP TUNNEL: outer destination = home_agent_1 &\n local phase 1 identity = user_1";
    let WrittenAction::Create(pattern) = action(draft) else { panic!() };
    assert_eq!(pattern.mode, Mode::Tunnel);
    assert_eq!(pattern.gateway.as_ref().unwrap().text, "home_agent_1");
    assert_eq!(pattern.local_identity.as_ref().unwrap().text, "user_1");
    assert_eq!(pattern.peer_identity, None);
    assert_eq!(action(rfc), WrittenAction::Create(pattern));
    action("CREATE AH TRANSPORT SA");
}

#[test]
fn interfaces_are_written_as_draft_and_rfc_do() {
    for text in ["tunnel to a", "IPv6 tunnel to a", "IPv6 IPv6 tunnel to a"] {
        assert_eq!(condition(&format!("interface = {text}")), "interface = tunnel to a");
    }
    assert_eq!(condition("interface = any"), "interface = any");
}

#[test]
fn and_binds_more_tightly_than_or() {
    for (text, printed) in [
        ("proto = a & proto = b | proto = c", "proto = a & proto = b | proto = c"),
        ("proto = a & (proto = b | proto = c)", "proto = a & (proto = b | proto = c)"),
        ("(proto = a)", "proto = a"),
        ("not not ! proto = a", "not not not proto = a"),
        ("!(proto = a and mh type = BU)", "not (proto = a & mh_type = BU)"),
        ("(proto = a & proto = b) & proto = c", "(proto = a & proto = b) & proto = c"),
        ("source = 2001:db8:: or source=::/0", "source = 2001:db8:: | source = ::/0"),
        ("source = \"a b\"", "source = \"a b\""),
        ("source = \"if\" & ICMPv6 type = MPS", "source = \"if\" & icmp6_type = MPS"),
    ] {
        assert_eq!(condition(text), printed);
        assert_eq!(condition(printed), printed);
    }
}

#[test]
fn values_in_quotes_are_no_headings() {
    let text = "n SPD OUT:\n- IF\n  source = \"n SAD:#1\"\n  THEN BYPASS";
    let printed = "n SPD OUT: - IF source = \"n SAD:#1\" THEN BYPASS";
    assert_eq!(plain(&read(text).to_string()), printed);
}

#[test]
fn nodes_have_free_names_and_comments_are_left_out() {
    let text = "# everything\nMN of   user 1 (SPD) SPD OUT: # out\n\n  - IF proto = MH # why\n\tTHEN USE SA1\n";
    let written = read(text);
    assert_eq!(written.blocks[0].node.text, "MN of user 1 (SPD)");
    assert_eq!((written.blocks[0].node.line, written.blocks[0].node.column), (2, 1));
    assert_eq!(read("n SPD IN:\nn SAD:\n").blocks.len(), 2);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let out = "n SPD OUT:\n- IF ";
    for (text, place, part) in [
        ("- IF proto = MH THEN USE SA1".to_owned(), "1:1", "heading"),
        ("SPD OUT:\n".to_owned(), "1:1", "name of the node"),
        (format!("{out}proto MH THEN USE SA1"), "2:12", "expected `=`, not `MH`"),
        (format!("{out}colour = MH THEN USE SA1"), "2:6", "a selector"),
        (format!("{out}proto = MH USE SA1"), "2:17", "THEN"),
        (format!("{out}proto = MH THEN"), "2:21", "USE, CREATE"),
        (format!("{out}proto = THEN USE SA1"), "2:14", "a value"),
        (format!("{out}proto = MH &\nn SAD:\n"), "3:1", "before this heading"),
        (format!("{out}(proto = MH THEN USE SA1"), "2:18", "`)`"),
        (format!("{out}interface = eth0 THEN USE SA1"), "2:18", "tunnel to"),
        (format!("{out}proto = MH THEN USE SA1 SA2"), "2:30", "next entry"),
        (format!("{out}source = \"a THEN USE SA1"), "2:15", "not closed"),
        (format!("{out}proto = MH THEN CREATE ESP SA"), "2:33", "TRANSPORT or TUNNEL"),
        (
            format!("{out}proto = MH THEN CREATE ESP TUNNEL SA: gateway = a & gateway = b"),
            "2:58",
            "twice",
        ),
        ("n SAD:\n  - A(UP, 7, b, ESP, TUNNEL): proto = MH".to_owned(), "2:7", "IN or OUT"),
        ("n SAD:\n  - A(IN, 7, b, TCP, TUNNEL): proto = MH".to_owned(), "2:17", "ESP or AH"),
        ("n SAD:\n  - A(IN, 7, b, ESP, TUNNEL)".to_owned(), "2:29", "selectors"),
        (format!("{out}{}proto = MH", "(".repeat(100)), "2:70", "less deeply"),
        (format!("{out}{} proto = MH", "!".repeat(100)), "2:70", "less deeply"),
    ] {
        let e = error(&text);
        assert!(e.starts_with(&format!("policy:{place}: ")) && e.contains(part), "{e}\n{text}");
    }
}
