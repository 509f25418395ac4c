//! The next packet, or the one before, that has something in it.

use std::cell::Cell;
use std::thread::{JoinHandle, spawn};

use mip6_dissect::filter::Filter;
use mip6_dissect::packet::Packet;
use mip6_dissect::tree::{Tree, columns, node_line};

use super::{Scan, Then};

/// What is looked for.
#[derive(Debug)]
pub enum Query {
    /// Packets that match a display filter.
    Filter(Filter),
    /// Text in the summary or in the field tree, whatever its case.
    Text(String),
}

impl Query {
    /// A filter after `=`, else text.
    pub fn parse(text: &str) -> Result<Self, mip6_dissect::filter::FilterError> {
        Ok(match text.strip_prefix('=') {
            Some(filter) => Self::Filter(Filter::parse(filter)?),
            None => Self::Text(text.to_lowercase()),
        })
    }

    fn is_in(&self, packet: &Packet<'_>) -> bool {
        let text = match self {
            Self::Filter(filter) => return filter.matches(packet),
            Self::Text(text) => text,
        };
        let c = columns(packet);
        let has = |line: &str| line.to_lowercase().contains(text);
        has(&c.info)
            || has(&c.source)
            || has(&c.destination)
            || has(c.protocol)
            || Tree::new(packet).nodes.iter().any(|n| has(&node_line(packet, n)))
    }
}

/// What the job tells: the index of the frame, if there is one.
pub type FindNews = Option<u64>;

/// Starts the job: the first after the frame of an index, or the last before it.
pub fn find(
    scan: Scan,
    query: Query,
    from: u64,
    forward: bool,
    tell: impl Fn(FindNews) + Send + 'static,
) -> JoinHandle<()> {
    spawn(move || {
        let found = Cell::new(None);
        let start = if forward { from + 1 } else { 0 };
        scan.run(
            start,
            |packet| {
                let index = packet.frame.number - 1;
                if !forward && index >= from {
                    return Then::Stop;
                }
                if query.is_in(packet) {
                    found.set(Some(index));
                }
                if forward && found.get().is_some() { Then::Stop } else { Then::Go }
            },
            // What comes later is not waited for.
            |now| if now.waiting { Then::Stop } else { Then::Go },
        );
        tell(found.get());
    })
}
