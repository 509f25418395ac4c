//! The field tree and the summary line as text.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use mip6_wire::codes::MhFormat;
use mip6_wire::layout::{Field, Kind, Value, escape};
use mip6_wire::mobility::header_fields;

use super::info::Columns;
use super::{Node, NodeKind, Tree};
use crate::packet::{Layer, Packet};
use crate::rules::Finding;

/// Text from a packet or a file name, fit for a terminal: one line, nothing
/// that controls it.
pub fn escape_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = escape(text.as_bytes(), &mut out);
    out
}

/// Writes the line that sums a packet up: number, time, addresses, protocol,
/// length, information.
pub fn write_summary(out: &mut impl Write, c: &Columns) -> io::Result<()> {
    let (negative, secs, nanos) = c.relative;
    let sign = if negative { "-" } else { "" };
    let time = format!("{sign}{secs}.{:06}", nanos / 1_000);
    writeln!(
        out,
        "{:>5} {time:>11} {} → {} {} {} {}",
        c.number, c.source, c.destination, c.protocol, c.len, c.info
    )
}

/// Writes the field tree.
pub fn write_tree(out: &mut impl Write, packet: &Packet<'_>, tree: &Tree<'_>) -> io::Result<()> {
    for node in &tree.nodes {
        let indent = 4 * usize::from(node.depth);
        writeln!(out, "{:indent$}{}", "", node_line(packet, node))?;
    }
    Ok(())
}

/// A node of the field tree as a line, without the indentation that its depth
/// asks for.
pub fn node_line(packet: &Packet<'_>, node: &Node<'_>) -> String {
    let mut line = String::new();
    // Writing to a String cannot fail.
    let _ = match &node.kind {
        NodeKind::Layer(title) => match node.layer {
            None => write!(
                line,
                "Frame {}: {} octets on the wire, {} captured",
                packet.frame.number,
                packet.frame.len,
                packet.frame.data.len()
            ),
            Some(i) => {
                let head = packet.layers[i].proto.title();
                if *title == head { line.write_str(head) } else { write!(line, "{head}: {title}") }
            }
        },
        NodeKind::Group(title) => line.write_str(title),
        NodeKind::Leaf(f, raw) => {
            let name = node.layer.and_then(|i| code_point(packet, &packet.layers[i], f, raw));
            match name {
                Some(name) => write!(line, "{}: {name} ({})", f.label, raw[0]),
                None => leaf(&mut line, f, raw),
            }
        }
        NodeKind::Derived(f, v) => write!(line, "[{}: ", f.label)
            .and_then(|()| value(&mut line, f, v))
            .and_then(|()| line.write_str("]")),
        NodeKind::Stop(stop) => write!(line, "[Malformed: {stop}]"),
    };
    line
}

/// The name of a number that means what the profile says it means. Options are
/// named by the group they are in.
fn code_point(
    packet: &Packet<'_>,
    layer: &Layer,
    f: &'static Field,
    raw: &[u8],
) -> Option<&'static str> {
    if f.id != header_fields::MH_TYPE.id {
        return None;
    }
    let format = packet.profile.codes(layer.dialect).mh(*raw.first()?);
    (format != MhFormat::Unknown).then(|| format.title())
}

fn leaf(line: &mut String, f: &'static Field, raw: &[u8]) -> fmt::Result {
    if f.mask != 0 && raw.len() <= 8 {
        bits(line, f.mask, raw);
        line.write_str(" = ")?;
    }
    write!(line, "{}: ", f.label)?;
    value(line, f, &f.value(raw))
}

/// `1... .... = `: the bits of a field where they stand in their word.
fn bits(line: &mut String, mask: u64, raw: &[u8]) {
    let word = raw.iter().fold(0u64, |w, b| w << 8 | u64::from(*b));
    let width = raw.len() * 8;
    for i in (0..width).rev() {
        let c = match (mask >> i & 1, word >> i & 1) {
            (0, _) => '.',
            (_, 0) => '0',
            _ => '1',
        };
        line.push(c);
        if i > 0 && i % 4 == 0 {
            line.push(' ');
        }
    }
}

fn value(line: &mut String, f: &'static Field, v: &Value<'_>) -> fmt::Result {
    match (v, v.as_u64().and_then(|n| f.name_of(n))) {
        (_, Some(name)) => write!(line, "{name} ({v})"),
        (Value::Bool(b), None) => line.write_str(if *b { "Set" } else { "Not set" }),
        (Value::Bytes(b), None) if b.len() > 64 => {
            write!(line, "{}… ({} octets)", Value::Bytes(&b[..64]), b.len())
        }
        (Value::None, None) if f.kind == Kind::None => line.write_str("present"),
        _ => write!(line, "{v}"),
    }
}

/// Writes what rules found, below the field tree.
pub fn write_findings(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    for f in findings {
        let r = f.requirement.get();
        let message = escape_line(&f.message());
        writeln!(out, "[{} {}, {}: {message}]", f.level.name().to_uppercase(), r.id, r.source)?;
    }
    Ok(())
}
