//! The field tree of a packet, and how it is shown.

mod info;
mod json;
mod node;
mod text;

pub use info::{Columns, columns};
pub use json::{JsonPacket, json_value};
pub use node::{Node, NodeKind, Tree};
pub use text::{escape_line, node_line, write_findings, write_summary, write_tree};
