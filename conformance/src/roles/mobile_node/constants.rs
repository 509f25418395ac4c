//! Protocol constants, RFC 6275 12, and what it leaves open.

use std::time::Duration;

/// INITIAL_BINDACK_TIMEOUT.
pub(super) const INITIAL_BINDACK: Duration = Duration::from_secs(1);
/// MAX_BINDACK_TIMEOUT.
pub(super) const MAX_BINDACK: Duration = Duration::from_secs(32);
/// INITIAL_DHAAD_TIMEOUT.
pub(super) const INITIAL_DHAAD: Duration = Duration::from_secs(3);
/// DHAAD_RETRIES.
pub(super) const DHAAD_RETRIES: u32 = 4;
/// INITIAL_SOLICIT_TIMER.
pub(super) const INITIAL_SOLICIT: Duration = Duration::from_secs(3);
/// MAX_RO_FAILURE.
pub(super) const MAX_RO_FAILURE: u32 = 3;
/// MAX_UPDATE_RATE, in a second.
pub(super) const MAX_UPDATE_RATE: usize = 3;
/// MAX_TOKEN_LIFETIME.
pub(super) const MAX_TOKEN: Duration = Duration::from_secs(210);
/// MAX_RR_BINDING_LIFETIME in seconds.
pub(super) const MAX_RR_BINDING: u32 = 420;
/// MAX_NEIGHBOR_ADVERTISEMENT, RFC 4861 10.
pub(super) const ADVERTISEMENTS: u32 = 3;
/// Solicitations for the home agent's link-layer address when returning home.
pub(super) const AGENT_SOLICITATIONS: u32 = 3;
/// How long no Binding Updates go to a node that does not want them: "a period of
/// time" of RFC 6275 11.3.5.
pub(super) const BARRED: Duration = Duration::from_mins(10);
/// Entries of the Binding Update List; beyond them, one without a binding goes.
pub(super) const ENTRIES: usize = 256;
/// Home agents that are remembered.
pub(super) const AGENTS: usize = 32;
