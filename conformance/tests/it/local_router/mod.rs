//! Access routers of Local Key Exchange.

mod scene;

use super::evidence;
use scene::*;

#[test]
fn keys_are_exchanged_and_addresses_served() {
    let mut scene = Scene::new(None);
    let mobile = Mobile::new(1);
    scene.associate(&Asks::new(mobile, 7, 1), 1);
    assert_eq!(scene.update(&Updates::new(mobile, 500, 1)), Some(0));
    evidence::assert_honest(&scene.network, &scene.keys());
}
