//! What mobile node and home agent do with packets between them under IPsec,
//! step by step: draft-ietf-mobileip-mipv6-ha-ipsec-04 section 6.
//!
//! [`send_transport`] and [`receive_transport`] are its cases 6.1 to 6.4 and 6.9
//! to 6.12, [`send_tunnel`] and [`receive_tunnel`] are 6.5 to 6.8 and 6.13 to
//! 6.16. They work on octets, and say what they did as [`Step`]s. What policy
//! decides is decided before: they are told the security association. Replay is
//! for those to watch who keep state.
//!
//! A [`Case`] tells the same steps of a packet that somebody else sent.
//!
//! ```
//! use mip6_security::steps::{Apply, Expect, Selectors, Way, receive_transport, send_transport};
//! use mip6_security::{Association, Encryption, Integrity};
//! use mip6_wire::codes::RFC6275;
//! use mip6_wire::header::{Header, write_packet};
//! use mip6_wire::ip::Ipv6;
//! use mip6_wire::mobility::{Message, Mobility, UpdateFlags};
//!
//! let [home, careof, agent] =
//!     ["2001:db8:a::1234", "2001:db8:b::34", "2001:db8:a::1"].map(|a| a.parse().unwrap());
//! let update = Message::BindingUpdate { sequence: 1, flags: UpdateFlags::H, lifetime: 60 };
//! let packet = [
//!     Header::Ipv6(Ipv6::new(home, agent)),
//!     Header::Mobility(Mobility::new(5, update, &[][..])),
//! ];
//! let association = Association::esp(
//!     0x1000,
//!     (Encryption::AesCbc, &[1; 16]),
//!     (Integrity::HmacSha1_96, &[2; 20]),
//! )
//! .unwrap();
//!
//! let apply = Apply { association: &association, sequence: 1, iv: &[3; 16] };
//! let sent =
//!     send_transport(&packet, Way::ToHomeAgent, Some(careof), &apply, &RFC6275).unwrap();
//! let wire = write_packet(&sent.packet, &RFC6275);
//!
//! let selectors =
//!     Selectors { source: Some(home), destination: Some(agent), protocol: Some(135) };
//! let expect = Expect { association: &association, high: 0, selectors };
//! let received = receive_transport(&wire, Way::ToHomeAgent, &expect, &RFC6275).unwrap();
//! assert_eq!(received.octets, write_packet(&packet, &RFC6275));
//! assert_eq!(received.careof, Some(careof));
//! for step in &received.steps {
//!     println!("Step {}. {}", step.number, step.text);
//! }
//! ```

mod case;
mod listing;
mod receive;
mod send;

pub use case::{Act, Case, Section, Selectors, Step, Way};
pub use listing::{Item, Listing, Names};
pub use receive::{Expect, Received, Refusal, Refused, receive_transport, receive_tunnel};
pub use send::{Apply, Sent, Unsent, send_transport, send_tunnel};
