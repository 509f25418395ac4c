//! Steps as text.

use std::io::{self, Write};

use mip6_security::steps::{Names, Section, Step};

use super::Steps;

/// Writes the steps of a packet, indented to stand below its summary, and what
/// their names stand for. Of packets without IPsec, messages of Mobile IPv6 alone
/// are remarked upon.
pub fn write_steps(out: &mut impl Write, steps: &Steps) -> io::Result<()> {
    let told = match steps {
        Steps::Unprotected { signalling: true } => {
            return writeln!(out, "    Not protected by IPsec.");
        }
        Steps::Unprotected { signalling: false } => return Ok(()),
        Steps::Unknown(why) => return writeln!(out, "    Protected by IPsec, but {why}."),
        Steps::Told(told) => told,
    };
    for (section, steps) in [&told.sending, &told.receiving] {
        write_section(out, section, steps, &told.names)?;
    }
    if let Some(why) = &told.unchecked {
        writeln!(out, "    The integrity check value has not been checked: {why}.\n")?;
    }
    for (name, value) in told.names.legend() {
        writeln!(out, "    {name} = {value}")?;
    }
    writeln!(out)
}

fn write_section(
    out: &mut impl Write,
    section: &Section,
    steps: &[Step],
    names: &Names,
) -> io::Result<()> {
    writeln!(out, "    {section}\n")?;
    for step in steps {
        writeln!(out, "    Step {}. {}\n", step.number, step.text)?;
        let Some(listing) = &step.packet else { continue };
        for line in listing.lines(names) {
            writeln!(out, "       {line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
