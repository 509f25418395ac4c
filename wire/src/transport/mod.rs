//! UDP and TCP headers.

mod tcp;
mod udp;

pub use tcp::{Tcp, TcpOption, fields as tcp_fields};
pub use udp::{Udp, fields as udp_fields, port};

use crate::layout::Field;

/// All fields of the transport headers.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [udp_fields::FIELDS, tcp_fields::FIELDS].into_iter().flatten().copied()
}
