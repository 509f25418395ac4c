//! What is done outside of the state.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use mip6_security::{keys, policy};

use super::Session;
use crate::jobs::{Job, Scan, filter, find, judge, save};
use crate::text::counted;
use crate::update::{Effect, Form, Msg};

/// Octets that terminals take: xterm has room for 100,000 in Base64.
const CLIPBOARD: usize = 74_994;
/// Packets that go into the clipboard, or a spec, at most.
const MANY: usize = 10_000;

impl Session {
    fn scan(&self) -> Scan {
        Scan {
            file: Arc::clone(&self.file),
            context: self.context.clone(),
            known: Arc::clone(&self.known),
            cancelled: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Does it. Whether the screen is to be drawn as if nothing were on it.
    pub(super) fn perform(&mut self, effect: Effect) -> bool {
        let (sender, scan) = (self.sender.clone(), self.scan());
        let job = Job::of(&scan);
        match effect {
            Effect::Filter(number, wanted) => {
                self.filtering = Some(job);
                filter(scan, *wanted, move |news| drop(sender.send(Msg::Filter(number, news))));
            }
            Effect::NoFilter => self.filtering = None,
            Effect::Find(query, from, forward) => {
                self.finding = Some(job);
                find(scan, query, from, forward, move |news| drop(sender.send(Msg::Find(news))));
            }
            Effect::Judge(number) => {
                self.judging = Some(job);
                judge(scan, move |news| drop(sender.send(Msg::Judge(number, news))));
            }
            Effect::Load(keys, policy) => self.load(keys.as_deref(), policy.as_deref()),
            Effect::CopyText(text) => self.copied(text, "copied"),
            Effect::Copy(form, frames) => {
                let text = match form {
                    Form::Spec => self.spec(&frames),
                    Form::Hex => self.hex(&frames),
                };
                match text {
                    Ok(text) => self.copied(text, "packet copied"),
                    Err(e) => self.tell(Err(e)),
                }
            }
            Effect::Write(path, frames) => self.write(path, frames, scan, job),
            Effect::Redraw => return true,
        }
        false
    }

    /// A message to itself, taken in with the others.
    fn tell(&self, done: Result<String, String>) {
        let _ = self.sender.send(Msg::Done(done));
    }

    fn copied(&mut self, text: String, what: &str) {
        let octets = text.len();
        if octets > CLIPBOARD {
            let message = format!("{octets} octets are too many for a clipboard; w writes a file");
            return self.tell(Err(message));
        }
        self.clipboard = Some(text);
        self.tell(Ok(format!("{what} to the clipboard: {octets} octets")));
    }

    /// Reads keys and policy, and says what came of it.
    pub(super) fn load(&mut self, file: Option<&Path>, policy_file: Option<&Path>) {
        let read = file.map_or(Ok(keys::Keys::default()), keys::load).and_then(|mut k| {
            if let Some(path) = policy_file {
                k.policy = Some(policy::load(path)?);
            }
            Ok(k)
        });
        let keys = match read {
            Ok(keys) => keys,
            Err(e) => return self.tell(Err(e.to_string())),
        };
        let exposed = keys.files.iter().filter(|path| keys::is_exposed(path));
        let mut warnings: Vec<String> = exposed
            .map(|path| {
                let path = path.display();
                format!("{path}: others can read these keys; chmod 600 {path}")
            })
            .collect();
        if let Some(policy) = &keys.policy {
            let path = policy.path.display();
            warnings.extend(policy.warnings.iter().map(|w| format!("{path}:{w}")));
        }
        let _ = self.sender.send(Msg::Keys(Arc::new(keys), warnings));
    }

    /// Packets as hexadecimal digits, a line for each.
    fn hex(&mut self, frames: &[u64]) -> Result<String, String> {
        few(frames)?;
        let mut text = String::new();
        for frame in frames {
            let look = self.reader.look(&self.state.frames, *frame, &self.context, |packet| {
                for octet in packet.frame.data {
                    // Writing to a String cannot fail.
                    let _ = write!(text, "{octet:02x}");
                }
                text.push('\n');
            });
            look.ok_or_else(|| gone(*frame))?;
        }
        Ok(text)
    }

    /// Packets as a spec.
    fn spec(&mut self, frames: &[u64]) -> Result<String, String> {
        few(frames)?;
        let mut text = String::new();
        let keys = Arc::clone(&self.context.keys);
        let mut write = (self.spec)(&keys.associations);
        for frame in frames {
            let written =
                self.reader.look(&self.state.frames, *frame, &self.context, |packet| write(packet));
            text.push_str(&written.ok_or_else(|| gone(*frame))??);
        }
        Ok(text)
    }

    /// Writes packets, all that are known without a list of them, in the form that
    /// the name asks for.
    fn write(&mut self, path: PathBuf, frames: Option<Vec<u32>>, scan: Scan, job: Job) {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        let shown = path.display().to_string();
        if path.exists() {
            return self.tell(Err(format!("{shown}: is there already, and is left as it is")));
        }
        let text = match ending.as_deref() {
            Some("pcapng") => {
                let sender = self.sender.clone();
                self.saving = Some(job);
                self.state.saving = true;
                save(scan, frames, path, move |done| drop(sender.send(Msg::Saved(done))));
                return;
            }
            Some("yaml" | "yml") => self.spec(&self.listed(frames)),
            Some("hex" | "txt") => self.hex(&self.listed(frames)),
            _ => Err(format!("{shown}: the name says how: .pcapng, .yaml or .hex")),
        };
        let done = text.and_then(|t| {
            fs::write(&path, &t).map_err(|e| format!("{shown}: {e}"))?;
            Ok(format!("written to {shown}: {}", counted(t.len() as u64, "octet")))
        });
        self.tell(done);
    }

    /// Indices of packets; too many are as many as there is room for.
    fn listed(&self, frames: Option<Vec<u32>>) -> Vec<u64> {
        match frames {
            Some(frames) => frames.into_iter().map(u64::from).take(MANY + 1).collect(),
            None => (self.state.frames.first()..self.state.frames.len()).take(MANY + 1).collect(),
        }
    }
}

/// Text of very many packets is of no use to anybody.
fn few(frames: &[u64]) -> Result<(), String> {
    if frames.len() > MANY {
        return Err(format!("more than {MANY} packets; .pcapng takes any number"));
    }
    Ok(())
}

fn gone(frame: u64) -> String {
    format!("packet {} cannot be read any more: the file has changed", frame + 1)
}
