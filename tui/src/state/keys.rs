//! What keys opened.

use std::path::PathBuf;
use std::sync::Arc;

use mip6_dissect::packet::Proto;
use mip6_dissect::tree::escape_line;
use mip6_security::keys::Keys as KeyFile;
use mip6_security::{Association, Protocol};

use super::list::List;
use crate::jobs::{Protected, Use};

/// Keys and what they opened.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Keys and policy that hold.
    pub file: Arc<KeyFile>,
    /// The key file.
    pub path: Option<PathBuf>,
    /// The policy file.
    pub policy: Option<PathBuf>,
    /// What was said when they were read.
    pub warnings: Vec<String>,
    /// Associations and what they protect.
    pub flows: Vec<Flow>,
    /// Cursor and window.
    pub list: List,
}

/// An association, known, seen, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// What the key file calls it; empty if it is not known.
    pub name: String,
    /// `ESP` or `AH`.
    pub protocol: &'static str,
    /// Security Parameters Index.
    pub spi: u32,
    /// Source and destination, as far as they are known.
    pub ends: (String, String),
    /// Algorithms, and the mode.
    pub algorithms: String,
    /// What came of its packets; `None` if there are none.
    pub uses: Option<Use>,
}

impl Keys {
    /// Puts the associations of a key file together with what was seen.
    pub fn arrange(&mut self, seen: &[Protected]) {
        let keys = Arc::clone(&self.file);
        self.flows.clear();
        for p in seen {
            let known = p.association.map(|i| &keys.associations[i]);
            let protocol = if p.protocol == Proto::Esp { "ESP" } else { "AH" };
            self.flows.push(Flow {
                name: known.map_or(String::new(), |a| escape_line(&a.name)),
                protocol,
                spi: p.spi,
                ends: (p.ends.0.to_string(), p.ends.1.to_string()),
                algorithms: known.map_or(String::new(), algorithms),
                uses: Some(p.uses.clone()),
            });
        }
        for (i, a) in keys.associations.iter().enumerate() {
            if seen.iter().any(|p| p.association == Some(i)) {
                continue;
            }
            let end = |e: Option<std::net::IpAddr>| e.map_or("any".to_owned(), |e| e.to_string());
            self.flows.push(Flow {
                name: escape_line(&a.name),
                protocol: if a.protocol == Protocol::Esp { "ESP" } else { "AH" },
                spi: a.spi,
                ends: (end(a.source), end(a.destination)),
                algorithms: algorithms(a),
                uses: None,
            });
        }
    }

    /// The one under the cursor.
    pub fn here(&self) -> Option<&Flow> {
        self.flows.get(self.list.cursor as usize)
    }
}

fn algorithms(a: &Association) -> String {
    format!("{} {} {}", a.encryption().name(), a.integrity().name(), a.mode.name())
}
