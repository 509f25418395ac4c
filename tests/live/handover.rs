//! A hand-over on real links: four nodes of the program, each in a namespace of its
//! own, and a mobile node whose interface is moved from one bridge to another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::pair::{LINKS, can_be_run};
use crate::switch::{Switch, careof};

/// The network of all four: ESP for everything between mobile node and home agent but
/// payload, so that the test sees that; all of it through the home agent.
const NETWORK: &str = "
use: [topology/links]
topology:
  nodes:
    cn: {correspondent: {route-optimization: false}}
    mn: {role: mobile-node, on: [foreign], home: home, home-agent: ha}
";

#[test]
fn packets_follow_a_mobile_node_to_another_link_within_100_ms() {
    if !can_be_run() {
        return;
    }
    let mut switch = Switch::new(&LINKS, NETWORK);
    switch.node("router", "ar", &LINKS);
    switch.node("ha", "ha", &["home"]);
    switch.node("cn", "cn", &["peer"]);
    switch.node("mn", "mn", &["foreign"]);
    let careof = |link| careof(4, link);
    let home = careof(1);
    let binding = format!("binding.{home}");
    let bound = |link| {
        let (binding, at) = (binding.clone(), careof(link).to_string());
        move |state: &std::collections::BTreeMap<String, String>| state.get(&binding) == Some(&at)
    };
    switch.until("ha", bound(2));

    let stop = Arc::new(AtomicBool::new(false));
    let listening = switch.listen("p-mn-0", &stop);
    let sending = switch.ping("cn", home, &stop);
    thread::sleep(Duration::from_millis(500));
    let moved = SystemTime::now();
    switch.rewire("mn", "visited");
    switch.until("ha", bound(3));
    thread::sleep(Duration::from_millis(500));
    stop.store(true, Ordering::Relaxed);
    sending.join().unwrap();
    let frames = listening.join().unwrap();

    let after_move = |filter: &str| {
        let times = switch.seen(&frames, filter);
        let first = times.into_iter().find(|at| *at > moved);
        first.unwrap_or_else(|| panic!("no {filter}\n{}\n{}", switch.log("mn"), switch.log("ha")))
    };
    let there = careof(3);
    let accepted = after_move(&format!("mip6.ba.status == 0 && ipv6.dst == {there} && esp.spi"));
    let first =
        after_move(&format!("icmpv6.type == 128 && ipv6.dst == {there} && ipv6.dst == {home}"));
    let after = first.duration_since(accepted).unwrap_or_default();
    println!(
        "moved; acknowledged {:?} later; the first packet {after:?} after that",
        accepted.duration_since(moved).unwrap_or_default()
    );
    assert!(after < Duration::from_millis(100), "{after:?}");
}
