//! Local Key Exchange on real links: access routers and a mobile node that are nodes of
//! the program, and a host whose kernel knows nothing of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use mip6_conformance::live::Request;
use mip6_conformance::roles::Command;
use mip6_conformance::roles::command::ExchangeKey;

use crate::pair::can_be_run;
use crate::switch::{Switch, careof};

/// Two access routers that exchange keys.
const NETWORK: &str = "use: [topology/local]\n";

fn network() -> Switch {
    let mut switch = Switch::new(&["home", "foreign", "visited", "peer", "core"], NETWORK);
    switch.node("router", "ar", &["home", "peer", "core"]);
    switch.node("ar", "ar", &["foreign", "core"]);
    switch.node("next", "ar", &["visited", "core"]);
    switch.node("ha", "ha", &["home"]);
    switch.node("cn", "cn", &["peer"]);
    switch.node("mn", "mn", &["foreign"]);
    switch
}

#[test]
fn traffic_goes_on_through_the_access_router_before() {
    if !can_be_run() {
        return;
    }
    let switch = network();
    let (before, there) = (careof(6, 2), careof(6, 3));
    let shared = format!("lbsa.{before}");
    switch.until("ar", |state| state.contains_key(&shared));
    // Its duplicate address detection ends.
    thread::sleep(Duration::from_secs(2));
    let stop = Arc::new(AtomicBool::new(false));
    let listening = switch.listen("p-mn-0", &stop);
    let sending = switch.ping("cn", before, &stop);
    thread::sleep(Duration::from_millis(300));
    let moved = SystemTime::now();
    switch.rewire("mn", "visited");
    let binding = format!("binding.{before}");
    switch.until("ar", |state| state.get(&binding) == Some(&there.to_string()));
    thread::sleep(Duration::from_millis(500));
    stop.store(true, Ordering::Relaxed);
    sending.join().unwrap();
    let frames = listening.join().unwrap();
    let through = format!("icmpv6.type == 128 && ipv6.dst == {there} && ipv6.dst == {before}");
    let through = switch.seen(&frames, &through);
    let came = through.iter().filter(|at| **at > moved).count();
    let answers = format!("icmpv6.type == 129 && ipv6.src == {before}");
    let answered = switch.seen(&frames, &answers).iter().filter(|at| **at > moved).count();
    println!("{came} packets through the access router before, {answered} answered");
    assert!(came >= 10 && answered >= 10, "{}\n{}", switch.log("mn"), switch.log("ar"));
}

#[test]
fn an_association_falls_when_a_kernel_has_the_address() {
    if !can_be_run() {
        return;
    }
    let switch = network();
    let address = careof(6, 2);
    let shared = format!("lbsa.{address}");
    switch.until("ar", |state| state.contains_key(&shared));
    thread::sleep(Duration::from_secs(2));
    switch.until("ar", |state| state.contains_key(&shared));
    // A host that does not ask takes the address.
    let host = switch.plug("host", &["foreign"]);
    host.ip(&["addr", "add", &format!("{address}/64"), "dev", "i-host-0", "nodad"]);
    let again = Command::ExchangeKey(ExchangeKey::default());
    switch.client("mn").ask(&Request::Command(again)).unwrap();
    switch.until("ar", |state| !state.contains_key(&shared));
    let log = switch.log("ar");
    println!("{}", log.lines().rev().take(3).collect::<Vec<_>>().join("\n"));
}
