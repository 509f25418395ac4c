//! A diagram as SVG: self-contained, in light and dark, without scripts.

use std::fmt::Write as _;

use super::text::wrap;
use super::{Diagram, Folded, Hop, Note, Packet, Row, Step, To};
use crate::report::markup::Markup;

/// How a diagram looks. All of it is of the class `seq`.
pub(in crate::report) const STYLE: &str = include_str!("style.css");

/// Pixels that a character of a label takes, on average.
const CHARACTER: f64 = 6.2;
/// Height of a line of text.
const LINE: f64 = 15.0;
/// Between the arrows of a packet that goes over several links.
const HOP: f64 = 15.0;
/// Height of the boxes with the nodes' names, and where rows begin.
const HEAD: f64 = 44.0;
/// The time of a row ends here.
const TIME: f64 = 84.0;
/// The number of a frame ends here.
const NUMBER: f64 = 126.0;
/// Text across the columns begins here.
const TEXT: f64 = 140.0;
/// Middle of the first column.
const FIRST: f64 = 210.0;
/// Half the width of a node's box.
const HALF: f64 = 62.0;
/// Lines of a label, a note or a caption at most.
const LINES: usize = 3;

/// Draws a diagram as a document of its own.
pub fn svg(diagram: &Diagram) -> String {
    let mut out = String::new();
    write(&mut out, diagram, true);
    out
}

/// Draws a diagram; its style may stand in the page that it is part of.
pub(in crate::report) fn write(out: &mut String, diagram: &Diagram, style: bool) {
    let mut canvas = Canvas::new(diagram);
    for row in &diagram.rows {
        match row {
            Row::Step(s) => canvas.step(s),
            Row::Packet(p) => canvas.packet(diagram, p),
            Row::Folded(f) => canvas.folded(f),
        }
    }
    let (width, height) = (canvas.width, canvas.y + 12.0);
    let title = Markup(&diagram.title);
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"seq\" role=\"img\" \
         viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title>Sequence diagram of {title}</title>"
    );
    if style {
        let _ = writeln!(out, "<style>\n{STYLE}</style>");
    }
    let _ = writeln!(out, "<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>");
    for (i, column) in diagram.columns.iter().enumerate() {
        let x = canvas.x(i);
        let _ = writeln!(
            out,
            "<line class=\"life\" x1=\"{x}\" y1=\"{HEAD}\" x2=\"{x}\" y2=\"{height}\"/>"
        );
        let (class, left) = (if column.under_test { " under-test" } else { "" }, x - HALF);
        let (name, role) = (short(&column.name, 16), short(&column.role, 20));
        let tested = if column.under_test { " (node under test)" } else { "" };
        let _ = writeln!(
            out,
            "<g><title>{}{tested}</title><rect class=\"node{class}\" x=\"{left}\" y=\"4\" \
             width=\"{}\" height=\"{}\" rx=\"6\"/><text class=\"name\" x=\"{x}\" y=\"{}\">{}</text>",
            Markup(&column.name),
            2.0 * HALF,
            HEAD - 4.0,
            if role.is_empty() { 29 } else { 21 },
            Markup(&name),
        );
        let _ =
            writeln!(out, "<text class=\"role\" x=\"{x}\" y=\"37\">{}</text></g>", Markup(&role));
    }
    out.push_str(&canvas.out);
    out.push_str("</svg>\n");
}

/// The beginning of a text.
fn short(text: &str, width: usize) -> String {
    wrap(text, width, 1).pop().unwrap_or_default()
}

struct Canvas {
    out: String,
    /// Where the next row begins.
    y: f64,
    /// From column to column.
    gap: f64,
    width: f64,
}

impl Canvas {
    fn new(diagram: &Diagram) -> Self {
        let gaps = diagram.columns.len().saturating_sub(1).max(1) as f64;
        let gap = (720.0 / gaps).round().clamp(170.0, 360.0);
        let width = FIRST + gap * gaps + HALF + 60.0;
        Self { out: String::new(), y: HEAD + 8.0, gap, width }
    }

    fn x(&self, column: usize) -> f64 {
        FIRST + self.gap * column as f64
    }

    /// Characters that fit between `x` and the right edge.
    fn room(&self, x: f64) -> usize {
        ((self.width - x - 10.0) / CHARACTER) as usize
    }

    fn step(&mut self, s: &Step) {
        let left = TEXT;
        let place = format!("{}, line {}", s.phase, s.line);
        let lines = wrap(&s.text, self.room(left).saturating_sub(place.len() + 4), LINES);
        let height = LINE * lines.len().max(1) as f64 + 6.0;
        self.open("", !s.held);
        let (y, right) = (self.y + 4.0, self.width - 10.0);
        let _ = writeln!(
            self.out,
            "<rect class=\"step\" x=\"0\" y=\"{y}\" width=\"{}\" height=\"{height}\"/>",
            self.width
        );
        self.aside(TIME, y + LINE, &s.at.to_string());
        for (i, line) in lines.iter().enumerate() {
            let y = y + LINE * (i + 1) as f64;
            let line = Markup(line);
            let _ =
                writeln!(self.out, "<text class=\"caption\" x=\"{left}\" y=\"{y}\">{line}</text>");
        }
        let failed = if s.held { "" } else { "did not hold · " };
        let _ = writeln!(
            self.out,
            "<text class=\"dim\" x=\"{right}\" y=\"{}\" text-anchor=\"end\">{failed}{place}</text></g>",
            y + LINE
        );
        self.y = y + height + 4.0;
    }

    fn folded(&mut self, f: &Folded) {
        let numbers: Vec<String> = f.frames.iter().take(40).map(ToString::to_string).collect();
        let dots = if f.frames.len() > numbers.len() { ", …" } else { "" };
        self.open(&format!("frames {}{dots}", numbers.join(", ")), false);
        let (y, left) = (self.y + LINE, TEXT);
        self.aside(TIME, y, &f.at.to_string());
        let text = f.to_string();
        let end = (left + text.len() as f64 * CHARACTER + 8.0).round();
        let (middle, right) = (y - 4.0, self.width - 10.0);
        let _ = writeln!(
            self.out,
            "<text class=\"dim\" x=\"{left}\" y=\"{y}\">{text}</text>\
             <line class=\"fold\" x1=\"{end}\" y1=\"{middle}\" x2=\"{right}\" y2=\"{middle}\"/></g>"
        );
        self.y = y + 8.0;
    }

    fn packet(&mut self, diagram: &Diagram, p: &Packet) {
        let Some(first) = p.hops.first() else { return };
        let (source, destination) = &p.addresses;
        let name = |c: usize| diagram.columns.get(c).map_or("", |c| c.name.as_str());
        let mut title = format!("{source} → {destination}: {}", p.label);
        for h in &p.hops {
            let to = match &h.to {
                To::Node(n) => name(*n).to_owned(),
                To::Link(_) => "all on the link".to_owned(),
            };
            let link = if h.link.is_empty() { String::new() } else { format!(" on {}", h.link) };
            let lost = if h.lost { ", lost" } else { "" };
            let _ = write!(title, "; frame {}{link}: {} to {to}{lost}", h.frame, name(h.from));
        }
        self.open(&title, p.failed());
        let (left, _) = self.span(first);
        let left = left + 10.0;
        for line in wrap(&p.label, self.room(left), LINES) {
            self.y += LINE;
            let (y, line) = (self.y, Markup(&line));
            let _ =
                writeln!(self.out, "<text class=\"label\" x=\"{left}\" y=\"{y}\">{line}</text>");
        }
        for (i, h) in p.hops.iter().enumerate() {
            self.y += if i == 0 { 8.0 } else { HOP };
            let y = self.y + 4.0;
            if i == 0 {
                self.aside(TIME, y, &h.at.to_string());
            }
            self.aside(NUMBER, y, &format!("#{}", h.frame));
            self.hop(h, p.tunnelled);
            let (right, link) = (self.width - 10.0, Markup(&h.link));
            let _ = writeln!(
                self.out,
                "<text class=\"dim\" x=\"{right}\" y=\"{y}\" text-anchor=\"end\">{link}</text>"
            );
        }
        self.y += 6.0;
        for note in &p.notes {
            self.note(note, left);
        }
        self.out.push_str("</g>\n");
        self.y += 4.0;
    }

    /// Left and right end of a frame's arrow.
    fn span(&self, h: &Hop) -> (f64, f64) {
        let from = self.x(h.from);
        let (mut least, mut most) = (from, from);
        let to: &[usize] = match &h.to {
            To::Node(n) => std::slice::from_ref(n),
            To::Link(all) => all,
        };
        for x in to.iter().map(|c| self.x(*c)) {
            least = least.min(x);
            most = most.max(x);
        }
        // To oneself, to nobody: a stub.
        if most - least < 1.0 {
            most += 60.0;
        }
        (least, most)
    }

    fn hop(&mut self, h: &Hop, doubled: bool) {
        let (from, (left, right)) = (self.x(h.from), self.span(h));
        let link = matches!(h.to, To::Link(_));
        if left < from {
            self.arrow(from, left, link, doubled, h.lost);
        }
        if right > from {
            self.arrow(from, right, link, doubled, h.lost);
        }
        let y = self.y;
        if let To::Link(all) = &h.to {
            // An arrow ends at the outermost; those between are on it.
            for column in all {
                let x = self.x(*column);
                if x <= left || x >= right {
                    continue;
                }
                let _ =
                    writeln!(self.out, "<circle class=\"head\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>");
            }
        }
        let _ = writeln!(self.out, "<circle class=\"head\" cx=\"{from}\" cy=\"{y}\" r=\"2.5\"/>");
    }

    fn arrow(&mut self, from: f64, to: f64, link: bool, doubled: bool, lost: bool) {
        let y = self.y;
        let way = (to - from).signum();
        // What is lost does not arrive.
        let end = if lost { from + ((to - from) * 0.7).round() } else { to - way };
        let class = if link { "arrow link" } else { "arrow" };
        let apart: &[f64] = if doubled { &[-2.5, 2.5] } else { &[0.0] };
        let stop = if lost { end } else { end - way * 7.0 };
        for d in apart {
            let y = y + d;
            let _ = writeln!(self.out, "<path class=\"{class}\" d=\"M{from} {y}H{stop}\"/>");
        }
        if lost {
            let (a, b, top, low) = (end - 5.0, end + 5.0, y - 5.0, y + 5.0);
            let _ = writeln!(
                self.out,
                "<path class=\"cross\" d=\"M{a} {top}L{b} {low}M{a} {low}L{b} {top}\"/>"
            );
        } else {
            let (back, top, low) = (end - way * 10.0, y - 5.0, y + 5.0);
            let _ =
                writeln!(self.out, "<path class=\"head\" d=\"M{end} {y}L{back} {top}V{low}Z\"/>");
        }
    }

    fn note(&mut self, note: &Note, left: f64) {
        let text = format!("#{}: {}", note.frame, note.text);
        let lines = wrap(&text, self.room(left).saturating_sub(2), LINES);
        let longest = lines.iter().map(|l| l.chars().count()).max().unwrap_or(0);
        let width = (longest as f64 * CHARACTER * 1.1 + 14.0).round().min(self.width - left - 4.0);
        let height = LINE * lines.len() as f64 + 5.0;
        let (y, class) = (self.y + 2.0, if note.failed { "note bad" } else { "note" });
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{left}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\" rx=\"3\"/>"
        );
        let x = left + 6.0;
        for (i, line) in lines.iter().enumerate() {
            let (y, line) = (y + LINE * (i + 1) as f64 - 1.0, Markup(line));
            let _ = writeln!(self.out, "<text x=\"{x}\" y=\"{y}\">{line}</text>");
        }
        self.y = y + height + 2.0;
    }

    /// Begins a row.
    fn open(&mut self, title: &str, failed: bool) {
        self.out.push_str(if failed { "<g class=\"failed\">" } else { "<g>" });
        if !title.is_empty() {
            let _ = writeln!(self.out, "<title>{}</title>", Markup(title));
        }
    }

    /// What ends at `x`, left of the columns.
    fn aside(&mut self, x: f64, y: f64, text: &str) {
        let _ = writeln!(self.out, "<text class=\"time\" x=\"{x}\" y=\"{y}\">{text}</text>");
    }
}
