//! Text on a terminal: how wide it is, and cut to what there is room for.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The beginning of a text that fits into so many columns.
pub fn clip(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The text without as many columns at its beginning.
pub fn skip(text: &str, columns: usize) -> &str {
    let head = clip(text, columns);
    text.get(head.len()..).unwrap_or_default()
}

/// A text cut to so many columns, with an ellipsis in place of its end.
pub fn end_cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    format!("{}…", clip(text, columns - 1))
}

/// A text cut to so many columns, with an ellipsis in place of its middle: of an
/// address, both ends tell.
pub fn middle_cut(text: &str, columns: usize) -> String {
    let all = width(text);
    if all <= columns || columns < 3 {
        return clip(text, columns).to_owned();
    }
    let head = (columns - 1) / 2;
    let tail = columns - 1 - head;
    format!("{}…{}", clip(text, head), skip(text, all - tail))
}

/// Breaks a text into lines of so many columns, at spaces where it can.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let indent = paragraph.len() - paragraph.trim_start().len();
        let indent = indent.min(columns / 2);
        let mut line = " ".repeat(indent);
        let mut empty = true;
        for mut word in paragraph.split_whitespace() {
            if !empty && width(&line) + 1 + width(word) > columns {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                empty = true;
            }
            while width(&line) + width(word) > columns {
                let head = clip(word, (columns - width(&line)).max(2));
                line.push_str(head);
                word = word.get(head.len()..).unwrap_or_default();
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        lines.push(line);
    }
    lines
}

/// A number with its thousands apart: `1,000,000`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// So many of something: `1 packet`, `2 packets`.
pub fn counted(n: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(clip("東京都", 5), "東京");
        assert_eq!(end_cut("東京都", 5), "東京…");
        assert_eq!(end_cut("abc", 3), "abc");
        assert_eq!(end_cut("abc", 0), "");
        assert_eq!(skip("東京都", 3), "京都");
    }

    #[test]
    fn both_ends_of_an_address_stay() {
        assert_eq!(middle_cut("2001:db8:1::10:3", 9), "2001…10:3");
        assert_eq!(middle_cut("2001:db8::1", 20), "2001:db8::1");
    }

    #[test]
    fn lines_are_no_wider_than_asked() {
        let text = "  one two three aVeryLongWordThatDoesNotFit 東京都東京都東京都\n\nend";
        for columns in 8..30 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|l| width(l) <= columns), "{columns}: {lines:?}");
            let joined: String = lines.concat().split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>());
        }
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(123_456), "123,456");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
