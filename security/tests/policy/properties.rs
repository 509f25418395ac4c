//! What holds of every policy and every text.

use std::path::Path;

use mip6_security::policy::*;
use mip6_security::{Mode, Protocol, keys};
use proptest::prelude::*;

fn read(text: &str) -> Written {
    parse_notation(Path::new("policy"), text).unwrap_or_else(|e| panic!("{e}:\n{text}"))
}

/// Names, some of which look like something else.
fn word() -> impl Strategy<Value = Word> {
    let odd = prop_oneof![
        Just("THEN"),
        Just("if"),
        Just("SA"),
        Just("not"),
        Just("AND"),
        Just("tunnel"),
        Just("IPv6"),
        Just("a b"),
        Just("x."),
        Just("::"),
        Just("a:"),
        Just(":a"),
        Just("-"),
        Just("#1"),
        Just(""),
        Just("a=b"),
        Just("2001:db8::/32"),
        Just("n SAD:"),
        Just("ESP"),
        Just("é\u{2028}ü"),
    ];
    prop_oneof![4 => "[a-zA-Z0-9_.:/@-]{1,12}", 1 => odd.prop_map(str::to_owned)]
        .prop_map(Word::new)
}

fn selector() -> impl Strategy<Value = Condition<WrittenSelector>> {
    let field = prop_oneof![
        Just(Field::TunnelTo),
        Just(Field::TunnelFrom),
        Just(Field::Source),
        Just(Field::Destination),
        Just(Field::Proto),
        Just(Field::MhType),
        Just(Field::IcmpType),
        Just(Field::SourcePort),
        Just(Field::DestinationPort),
    ];
    let any = WrittenSelector { field: Field::Interface, value: Word::new("any") };
    prop_oneof![
        9 => (field, word()).prop_map(|(field, value)| WrittenSelector { field, value }),
        1 => Just(any),
    ]
    .prop_map(Condition::Is)
}

fn condition() -> impl Strategy<Value = Condition<WrittenSelector>> {
    selector().prop_recursive(4, 24, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            parts().prop_map(Condition::All),
            parts().prop_map(Condition::Any),
            inner.clone().prop_map(|c| Condition::Not(Box::new(c))),
        ]
    })
}

fn protocol() -> impl Strategy<Value = Protocol> {
    prop_oneof![Just(Protocol::Esp), Just(Protocol::Ah)]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Transport), Just(Mode::Tunnel), Just(Mode::Any)]
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Out), Just(Direction::In)]
}

fn action() -> impl Strategy<Value = WrittenAction> {
    let some = || prop::option::of(word());
    let pattern = (protocol(), mode(), some(), some(), some()).prop_map(
        |(protocol, mode, gateway, local_identity, peer_identity)| {
            WrittenAction::Create(WrittenPattern {
                protocol,
                mode,
                gateway,
                local_identity,
                peer_identity,
            })
        },
    );
    prop_oneof![
        word().prop_map(WrittenAction::Use),
        pattern,
        Just(WrittenAction::Bypass),
        Just(WrittenAction::Discard),
    ]
}

fn block() -> impl Strategy<Value = Block> {
    let rule =
        (condition(), action()).prop_map(|(condition, action)| WrittenRule { condition, action });
    let association = (word(), direction(), word(), word(), protocol(), mode(), condition());
    let association =
        association.prop_map(|(name, direction, spi, destination, protocol, mode, selectors)| {
            WrittenAssociation { name, direction, spi, destination, protocol, mode, selectors }
        });
    let part = prop_oneof![
        (direction(), prop::collection::vec(rule, 0..4)).prop_map(|(d, rules)| Part::Spd(d, rules)),
        prop::collection::vec(association, 0..4).prop_map(Part::Sad),
    ];
    ("[a-zA-Z0-9]{1,8}( [a-zA-Z0-9&=|():.]{1,8}){0,2}", part)
        .prop_map(|(node, part)| Block { node: Word::new(node), part })
}

/// Pieces of the notation in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("n SPD OUT:\n"),
        Just("n SPD IN:\n"),
        Just("n SAD:\n"),
        Just("- "),
        Just("IF "),
        Just("THEN USE SA SA1\n"),
        Just("SA1(OUT, 7, ::1, ESP, TUNNEL): "),
        Just("source = ::1 "),
        Just("proto = MH "),
        Just("& "),
        Just("| "),
        Just("not "),
        Just("("),
        Just(")"),
        Just("\""),
        Just("interface = tunnel to any "),
        Just("THEN CREATE ESP TUNNEL SA: "),
        Just("gateway = "),
        Just("mh_type = BU "),
        Just("THEN DISCARD\n"),
        Just(": "),
        Just("# "),
        Just("\n"),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|p| p.concat())
}

/// Pieces of what kernels print.
fn kernels() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("src ::1/128 dst ::2/128 proto 135 "),
        Just("type 5\n"),
        Just("sport 5 dport 7\n"),
        Just("\n\tdir out priority 10\n"),
        Just("\tdir fwd action block\n"),
        Just("dev lo\n"),
        Just("\ttmpl src ::1 dst ::2\n"),
        Just("\t\tproto esp spi 0x9 reqid 1 mode tunnel\n"),
        Just("\t\tproto esp reqid 1 mode transport\n"),
        Just("src ::1 dst ::2\n"),
        Just("\tsocket in\n"),
        Just("\tsel src ::1/128 dst ::2/128\n"),
        Just("\tenc cipher_null \"\"\n"),
        Just("src\n"),
        Just("spdadd ::1 ::2 any -P out "),
        Just("ipsec esp/transport//require;\n"),
        Just("prio low - 5 "),
        Just("ipsec esp/tunnel/::1-::2/unique:7;\n"),
        Just("none;\n"),
        Just("spdadd -6 ::1[5] ::2[any] 135 "),
        Just("-P in prio 7 discard;\n"),
        Just("add ::1 ::2 esp 7 -u 7 -E null;\n"),
        Just(";"),
        Just("esp/tunnel/"),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn every_policy_prints_and_reads_back(blocks in prop::collection::vec(block(), 0..4)) {
        let written = Written { blocks };
        prop_assert_eq!(read(&written.to_string()), written);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}", pieces in pieces()) {
        for text in [&text, &pieces] {
            drop(parse_notation(Path::new("policy"), text));
            drop(parse(Path::new("policy"), text));
            let block = text.replace('\n', "\n  ");
            drop(parse(Path::new("policy"), &format!("policy: |\n  {block}\nnames: {{a: b}}\n")));
        }
    }

    #[test]
    fn nothing_of_a_kernel_panics(text in kernels()) {
        drop(keys::parse_file(Path::new("policy"), &text));
    }

    /// A policy that is taken decides the same when its printed form is read.
    #[test]
    fn pieces_that_are_taken_print_back(text in pieces()) {
        if let Ok(written) = parse_notation(Path::new("policy"), &text) {
            prop_assert_eq!(read(&written.to_string()), written);
        }
    }
}
