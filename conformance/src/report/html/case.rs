//! A case in the page.

use std::fmt::Write as _;

use mip6_dissect::rules::Req;

use crate::report::diagram::{Diagram, write_svg};
use crate::report::markup::{Link, Text};
use crate::report::{Case, Evidence, millis};
use crate::run::verdict::{Outcome, Verdict};

/// Writes a case, the `number`-th of the run. What did not pass is open.
// Writing to a String cannot fail: its results are dropped throughout.
pub(super) fn write(page: &mut String, number: u64, case: &Case<'_>) {
    let o = case.outcome;
    let (verdict, ms) = (o.verdict.name(), millis(o.took));
    let open = if matches!(o.verdict, Verdict::Fail | Verdict::Error) { " open" } else { "" };
    let _ = writeln!(
        page,
        "<details class=\"case {verdict}\"{open}>\n<summary><span class=\"verdict {verdict}\">\
         {verdict}</span> <code>{}</code> <span class=\"title\">{}</span> \
         <span class=\"ms\">{ms} ms</span></summary>\n<div id=\"case-{number}\">",
        Text(&o.case),
        Text(&o.title)
    );
    if let Some(message) = &o.message {
        let _ = writeln!(page, "<p class=\"message\">{}</p>", Text(message));
    }
    decided(page, o);
    requirements(page, o);
    steps(page, o);
    findings(page, o);
    let evidence = Evidence::read(o);
    if !evidence.frames.is_empty() {
        page.push_str("<figure>\n");
        write_svg(page, &Diagram::new(o, &evidence), false);
        page.push_str("</figure>\n");
    }
    if let Some(trouble) = &evidence.trouble {
        let _ = writeln!(page, "<p>The evidence cannot be read to its end: {}</p>", Text(trouble));
    }
    events(page, o);
    if let Some(path) = case.evidence {
        let (link, text) = (Link(path), Text(path));
        let _ = writeln!(page, "<p>Evidence: <a href=\"{link}\">{text}</a></p>");
    }
    page.push_str("</div>\n</details>\n");
}

fn decided(page: &mut String, o: &Outcome) {
    let Some(d) = &o.decided else { return };
    let step = o.steps.get(d.step).map_or("", |s| &s.text);
    let (file, line) = (Text(&d.file), d.line);
    let (step, expected, observed) = (Text(step), Text(&d.expected), Text(&d.observed));
    let _ = writeln!(
        page,
        "<dl>\n<dt>step</dt><dd>{step}<br><code>{file}:{line}</code></dd>\n\
         <dt>expected</dt><dd>{expected}</dd>\n<dt>observed</dt><dd>{observed}</dd>\n</dl>"
    );
}

fn requirements(page: &mut String, o: &Outcome) {
    if o.requirements.is_empty() {
        return;
    }
    page.push_str("<ul class=\"about\">\n");
    for id in &o.requirements {
        let _ = match Req::find(id).map(Req::get) {
            Some(r) => writeln!(
                page,
                "<li><code>{}</code> {} ({}): {}</li>",
                Text(r.id),
                r.level.words(),
                Text(r.source),
                Text(r.text)
            ),
            None => writeln!(page, "<li><code>{}</code> is no requirement</li>", Text(id)),
        };
    }
    page.push_str("</ul>\n");
}

fn steps(page: &mut String, o: &Outcome) {
    if o.steps.is_empty() {
        return;
    }
    page.push_str(
        "<table class=\"steps\"><thead><tr><th>time</th><th>part</th><th>line</th><th>step</th>\
         <th>frames</th><th>held</th></tr></thead><tbody>\n",
    );
    for s in &o.steps {
        let (class, held) = if s.held { ("", "yes") } else { (" class=\"failed\"", "no") };
        let frames: Vec<String> = s.frames.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            page,
            "<tr{class}><td class=\"time\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{held}</td></tr>",
            s.at,
            Text(s.phase),
            s.line,
            Text(&s.text),
            frames.join(" ")
        );
    }
    page.push_str("</tbody></table>\n");
}

fn findings(page: &mut String, o: &Outcome) {
    if o.findings.is_empty() {
        return;
    }
    page.push_str("<h4>Found beside, by passive rules</h4>\n<ul class=\"findings\">\n");
    for (frame, f) in &o.findings {
        let r = f.requirement.get();
        let (level, id, source) = (f.level.name(), Text(r.id), Text(r.source));
        let message = f.message();
        let message = Text(&message);
        let _ = writeln!(
            page,
            "<li>frame {frame}: {level} <code>{id}</code> ({source}): {message}</li>"
        );
    }
    page.push_str("</ul>\n");
}

fn events(page: &mut String, o: &Outcome) {
    if o.events.is_empty() {
        return;
    }
    page.push_str("<details>\n<summary>What nodes said of themselves</summary>\n<table><tbody>\n");
    for (at, node, event) in &o.events {
        let (node, event) = (Text(node), Text(event));
        let _ = writeln!(
            page,
            "<tr><td class=\"time\">{at}</td><td><code>{node}</code></td><td>{event}</td></tr>"
        );
    }
    page.push_str("</tbody></table>\n</details>\n");
}
