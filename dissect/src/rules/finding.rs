//! What a rule found.

use mip6_wire::layout::Field;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Level, Req};
use crate::packet::Proto;

/// A requirement that a packet breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The requirement.
    pub requirement: Req,
    /// How bad it is; mostly what the requirement says.
    pub level: Level,
    /// Index of the layer in the packet.
    pub layer: usize,
    /// Protocol of the layer.
    pub proto: Proto,
    /// The field.
    pub field: Option<&'static Field>,
    /// Offset of the field in its source (the frame, unless the layer stands
    /// in a reassembled packet).
    pub offset: usize,
    /// What was found.
    pub found: String,
    /// What was wanted.
    pub wanted: String,
    /// Names of the readings of Local Key Exchange by which it holds, if it does by
    /// others than the chosen ones: `E4a`, `C6a=254`.
    pub readings: Vec<String>,
}

impl Finding {
    /// What was found and what was wanted, in one line.
    pub fn message(&self) -> String {
        match self.field {
            Some(f) => format!("{}: {}, wanted {}", f.id, self.found, self.wanted),
            None => format!("{}, wanted {}", self.found, self.wanted),
        }
    }
}

/// As in `mip6 dissect -T json`.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let r = self.requirement.get();
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("id", r.id)?;
        map.serialize_entry("level", self.level.name())?;
        map.serialize_entry("source", r.source)?;
        map.serialize_entry("layer", &self.layer)?;
        map.serialize_entry("proto", self.proto.id())?;
        if let Some(f) = self.field {
            map.serialize_entry("field", f.id)?;
        }
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("found", &self.found)?;
        map.serialize_entry("wanted", &self.wanted)?;
        map.serialize_entry("message", &self.message())?;
        map.end()
    }
}
