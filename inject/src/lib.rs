//! Packets made from specs and changed by field names.
