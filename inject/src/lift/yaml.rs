//! Specs as YAML.

use std::io::{self, Write};
use std::time::Duration;

use crate::datum::Datum;
use crate::script::{CodeTable, LinkLayer, Span};
use crate::spec::{
    Body, HeaderSpec, IcvSpec, OptionSpec, PacketSpec, Padding, RawSpec, SealSpec, Setting,
};
use crate::term::Term;

/// Octets on a line that is still easy to read.
const WIDTH: usize = 96;

/// Writes the beginning of a script whose frames begin with `link`; items follow.
pub fn write_head(out: &mut impl Write, link: LinkLayer) -> io::Result<()> {
    if link != LinkLayer::default() {
        writeln!(out, "link: {}", link.name())?;
    }
    writeln!(out, "packets:")
}

/// Writes a packet as an item of a script. `number` is a comment, for people.
pub fn write_item(
    out: &mut impl Write,
    spec: &PacketSpec,
    number: u64,
    after: Duration,
    profile: CodeTable,
) -> io::Result<()> {
    writeln!(out, "  # {number}")?;
    let mut lead = "- ";
    if !after.is_zero() {
        writeln!(out, "  {lead}after: {}", Span(after))?;
        lead = "  ";
    }
    if profile != CodeTable::default() {
        writeln!(out, "  {lead}profile: {}", profile.name())?;
        lead = "  ";
    }
    writeln!(out, "  {lead}packet:")?;
    for header in &spec.headers {
        match header {
            HeaderSpec::Raw(raw) => writeln!(out, "      - raw: {}", octets(raw))?,
            HeaderSpec::Of(kind, body) => entry(out, kind.name(), body, 6)?,
        }
    }
    Ok(())
}

/// `- name: body`, on one line if it fits.
fn entry(out: &mut impl Write, name: &str, body: &Body, indent: usize) -> io::Result<()> {
    let lead = " ".repeat(indent);
    let seal = body.seal.iter().flat_map(seal);
    let fields = body.fields.iter().map(|(name, s)| format!("{name}: {}", setting(s)));
    let fields: Vec<String> = seal.chain(fields).collect();
    let padding = body.padding == Padding::None;
    let one = fields.join(", ");
    if fields.is_empty() && body.options.is_empty() && !padding {
        return writeln!(out, "{lead}- {name}");
    }
    if body.options.is_empty() && !padding && indent + name.len() + one.len() + 6 <= WIDTH {
        return writeln!(out, "{lead}- {name}: {{{one}}}");
    }
    writeln!(out, "{lead}- {name}:")?;
    for field in fields {
        writeln!(out, "{lead}    {field}")?;
    }
    if padding {
        writeln!(out, "{lead}    padding: none")?;
    }
    if !body.options.is_empty() {
        writeln!(out, "{lead}    options:")?;
    }
    for option in &body.options {
        match option {
            OptionSpec::Raw(raw) => writeln!(out, "{lead}      - raw: {}", octets(raw))?,
            OptionSpec::Unknown { kind, data } => {
                let data = data.as_ref().map(|d| format!(", data: {}", term(d)));
                let data = data.unwrap_or_default();
                writeln!(out, "{lead}      - unknown: {{type: {}{data}}}", term(kind))?;
            }
            OptionSpec::Of(name, body) => entry(out, name, body, indent + 6)?,
        }
    }
    Ok(())
}

/// How a header is sealed.
fn seal(seal: &SealSpec) -> Vec<String> {
    let mut said = vec![format!("association: {}", quoted(&seal.association))];
    said.extend(seal.iv.as_ref().map(|iv| format!("iv: {}", term(iv))));
    said.extend(seal.icv.as_ref().map(|icv| match icv {
        IcvSpec::Wrong => "icv: wrong".to_owned(),
        IcvSpec::Octets(octets) => format!("icv: {}", term(octets)),
    }));
    said
}

fn octets(raw: &RawSpec) -> String {
    match raw {
        RawSpec::Octets(t) => term(t),
        RawSpec::Count(t) => format!("{{octets: {}}}", term(t)),
    }
}

fn setting(setting: &Setting) -> String {
    match setting {
        Setting::One(t) => term(t),
        Setting::Many(terms) => {
            format!("[{}]", terms.iter().map(term).collect::<Vec<_>>().join(", "))
        }
    }
}

fn term(term: &Term) -> String {
    match term {
        Term::Literal(datum) => literal(datum),
        Term::Reference(name) => format!("${name}"),
        Term::Sum { value, plus } => {
            format!("{{value: {}, plus: {}}}", self::term(value), self::term(plus))
        }
    }
}

fn literal(datum: &Datum) -> String {
    match datum {
        Datum::Number(n) => n.to_string(),
        Datum::Bool(b) => b.to_string(),
        Datum::Octets(_) => format!("'{datum}'"),
        Datum::Address(a) => {
            let text = a.to_string();
            // A colon at either end means something else in YAML.
            if text.starts_with(':') || text.ends_with(':') { format!("'{text}'") } else { text }
        }
        Datum::Text(t) => quoted(t),
    }
}

/// Text in double quotes, where YAML would else take it for something else.
fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'.');
    let is_link = text.len() == 17 && text.bytes().all(plain);
    if is_link && text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    // `$` in front would be a name.
    if text.starts_with('$') {
        out.push('$');
    }
    out.extend(text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if (' '..='~').contains(&c) => c.to_string(),
        c => format!("\\U{:08x}", u32::from(c)),
    }));
    out.push('"');
    out
}
