//! `mip6 node` of each role is the node under test of its role's cases: verdicts are
//! those of the virtual network, with faults too.

use std::sync::Mutex;
use std::thread;

use crate::pair::{Pair, Run, can_be_run, verdicts, virtually};

/// So many times as fast as the clock on the wall.
const SPEED: u32 = 10;
/// The same where a case is looked at again.
const SLOW: u32 = 2;
/// Runs at a time: they sleep most of the time.
const AT_ONCE: usize = 6;

/// Areas of cases by their role. All of them take hours on one pair of wires at the
/// pace of the clock; `MIP6_LIVE=all` runs them, some minutes at this speed.
fn areas(role: &str) -> Vec<String> {
    let listed = virtually(&["--list", "--role", role]);
    let mut areas: Vec<String> = listed
        .out
        .lines()
        .filter_map(|line| {
            let mut parts = line.split(['.', ':', '/']);
            Some(format!("{}.{}.", parts.next()?, parts.next()?))
        })
        .collect();
    areas.dedup();
    assert!(!areas.is_empty());
    areas
}

/// Runs the areas of a role on several pairs at once; what differs from the virtual
/// network.
fn differences(role: &str, areas: &[String], more: &[&str], longest: &str) -> Vec<String> {
    let queue = Mutex::new(areas.iter());
    let found = Mutex::new(Vec::new());
    let compared = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(areas.len()) {
            scope.spawn(|| {
                let pair = Pair::new("suite");
                let subject = pair.describe(role, SPEED);
                let text = std::fs::read_to_string(&subject).unwrap();
                let text = text.replace("longest: 10 min", &format!("longest: {longest}"));
                std::fs::write(&subject, text).unwrap();
                loop {
                    let Some(area) = queue.lock().unwrap().next() else { return };
                    let common = ["--format", "json", "--role", role, area.as_str()];
                    let args = [&common[..], more].concat();
                    let there = pair.conform(&subject, &args);
                    let here = virtually(&args);
                    let (n, mut different) = compare(&here, &there);
                    *compared.lock().unwrap() += n;
                    found.lock().unwrap().append(&mut different);
                }
            });
        }
    });
    let compared = compared.into_inner().unwrap();
    assert!(compared > 0, "nothing was compared");
    let found: Vec<String> = found.into_inner().unwrap();
    println!("{role}: {compared} cases on wires, {} not as in the virtual network", found.len());
    again(role, &found, more)
}

/// A machine that has much to do is late, and ten times as late by a clock that goes
/// ten times as fast: what differs counts if it still does so alone and slower.
fn again(role: &str, different: &[String], more: &[&str]) -> Vec<String> {
    let pair = Pair::new("again");
    let subject = pair.describe(role, SLOW);
    let mut found = Vec::new();
    for told in different {
        let case = told.split(": ").next().unwrap();
        let args = [&["--format", "json", "--role", role, case], more].concat();
        let (_, still) = compare(&virtually(&args), &pair.conform(&subject, &args));
        println!("at a fast clock {told}; at a slow one: {}", still.join("; "));
        found.extend(still);
    }
    found
}

/// Cases run in both networks, and what differs.
fn compare(here: &Run, there: &Run) -> (usize, Vec<String>) {
    let (here, there) = (verdicts(here), verdicts(there));
    assert_eq!(here.len(), there.len());
    let mut different = Vec::new();
    let mut n = 0;
    for (case, (verdict, _)) in &here {
        let (other, message) = &there[case];
        if other == "skip" {
            continue;
        }
        n += 1;
        if verdict != other {
            different.push(format!("{case}: {verdict} here, {other} there: {message}"));
        }
    }
    (n, different)
}

fn suite(role: &str) {
    if !can_be_run() {
        return;
    }
    let all = std::env::var("MIP6_LIVE").is_ok_and(|v| v == "all");
    let different = differences(role, &areas(role), &[], if all { "10 min" } else { "9 s" });
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn a_home_agent_on_wires_is_judged_as_in_the_virtual_network() {
    suite("home-agent");
}

#[test]
fn a_mobile_node_on_wires_is_judged_as_in_the_virtual_network() {
    suite("mobile-node");
}

#[test]
fn a_correspondent_on_wires_is_judged_as_in_the_virtual_network() {
    suite("correspondent");
}

#[test]
fn an_access_router_on_wires_is_judged_as_in_the_virtual_network() {
    suite("access-router");
}

#[test]
fn faults_are_noticed_on_wires_by_the_same_cases() {
    if !can_be_run() {
        return;
    }
    let faults = [
        ("home-agent", "any.ignores-sequence", "ha.registration.sequence-window"),
        ("correspondent", "any.ignores-sequence", "cn.registration.sequence"),
        ("mobile-node", "mn.no-discovery", "mn.discovery."),
        ("access-router", "ar.filters-type-2", "ar.forwarding."),
    ];
    let list = virtually(&["--list-faults"]).out;
    let known: Vec<&str> = list.lines().filter_map(|l| l.split(':').next()).collect();
    for (role, fault, area) in faults {
        assert!(known.contains(&fault), "no fault {fault}");
        let args = ["--fault", fault];
        let failing = virtually(&[&["--format", "json", "--role", role, area], &args[..]].concat());
        let failing = verdicts(&failing).into_values().filter(|(v, _)| v == "fail").count();
        assert!(failing > 0, "{fault} is not noticed at all");
        let different = differences(role, &[area.to_owned()], &args, "20 s");
        assert!(different.is_empty(), "{fault}: {}", different.join("\n"));
    }
}
