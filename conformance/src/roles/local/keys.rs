//! RSA keys for laboratories. To make one takes long: it is done once for each
//! size and seed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use mip6_security::mobility::local::RouterKey;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Bits of a modulus, as draft 4.1 recommends.
pub const BITS: usize = 1024;

/// Keys that are remembered.
const ROOM: usize = 64;

/// The key of a size and a seed, the same each time; `None` for a size that no key
/// has: other than 512 to 8192 bits.
pub fn router_key(bits: usize, seed: u64) -> Option<Arc<RouterKey>> {
    static MADE: Mutex<BTreeMap<(usize, u64), Arc<RouterKey>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = made.get(&(bits, seed)) {
        return Some(key.clone());
    }
    let key = Arc::new(RouterKey::generate(&mut StdRng::seed_from_u64(seed), bits)?);
    if made.len() >= ROOM {
        made.pop_first();
    }
    made.insert((bits, seed), key.clone());
    Some(key)
}
