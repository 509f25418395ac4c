//! What cases share with crafted packets.

use super::place::At;
use super::values::Map;

/// A value, `$name`, or `{value: $name, plus: N}`.
pub type Term = serde_json::Value;

/// What must hold of a field.
pub type Predicate = serde_json::Value;

/// A packet to be crafted.
pub type PacketSpec = serde_json::Value;

/// Changes to a packet.
pub type Alteration = serde_json::Value;

/// Predicates by the names of fields.
pub type Fields = Map<At<Predicate>>;
