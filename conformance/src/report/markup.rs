//! Text in HTML and SVG.

use std::fmt::{self, Write as _};

use mip6_dissect::tree::escape_line;

/// Text as content or as the value of an attribute in quotes: a line without
/// control characters, none of it markup.
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Markup(&escape_line(self.0)).fmt(f)
    }
}

/// Text that has been made a line without control characters before.
pub(super) struct Markup<'a>(pub(super) &'a str);

impl fmt::Display for Markup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // XML has no place for them (XML 1.0, 2.2).
                '\u{fffe}' | '\u{ffff}' => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A path as a link. Every octet but letters, digits and `-._~/` is encoded, so
/// it has no scheme, and leads away from no host (RFC 3986 4.2).
pub(super) struct Link<'a>(pub(super) &'a str);

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Two slashes would begin the name of a host.
        if self.0.starts_with("//") {
            f.write_str(".")?;
        }
        for b in self.0.bytes() {
            if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
                f.write_char(char::from(b))?;
            } else {
                write!(f, "%{b:02X}")?;
            }
        }
        Ok(())
    }
}
