//! Display filters: both programs let the same frames through.

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use libtest_mimic::{Failed, Trial};

/// Captures that the filters look at, in `pcaps/`.
const CAPTURES: [&str; 4] = [
    "mip6/messages.pcapng",
    "mip6/home-address.pcapng",
    "packets/tunnels.pcapng",
    "icmpv6/home-agent-advertisements.pcapng",
];

const FILTERS: &[&str] = &[
    // Presence.
    "mipv6",
    "ipv6.dstopts",
    "mip6.bu.lifetime",
    "!mipv6",
    "not icmpv6 and ipv6",
    // Numbers, in several bases.
    "mip6.mhtype == 5",
    "mip6.mhtype eq 0x05",
    "mip6.mhtype != 5",
    "mip6.mhtype > 3 && mip6.mhtype <= 6",
    "mip6.mhtype ge 3 and mip6.mhtype lt 6",
    "mip6.mhtype in {0, 3..5, 7}",
    "!(mip6.mhtype in {0, 3..5})",
    "frame.number > 3",
    "frame.len >= 100",
    "ipv6.hlim == 255",
    // Flags.
    "mip6.bu.a_flag == 1",
    "mip6.bu.h_flag == True",
    "mip6.bu.a_flag && !mip6.bu.h_flag",
    // Addresses and prefixes.
    "ipv6.src == 2001:db8:0:200::99",
    "ipv6.addr == 2001:db8:0:100::/64",
    "ipv6.addr != 2001:db8:0:100::1",
    "!(ipv6.addr == 2001:db8:0:100::1)",
    "ipv6.dst in {ff02::1, 2001:db8:0:100::1}",
    "ip.addr == 192.0.2.0/24",
    "eth.src == 02:00:00:00:00:01",
    // Values that occur more than once: any, all.
    "ipv6.src != 2001:db8:0:200::99",
    "any ipv6.hlim == 64",
    "all ipv6.hlim == 64",
    "ipv6.src ~= 2001:db8:0:200::99",
    // Slices, contains, matches.
    "eth.src[0:3] == 02:00:00",
    "eth.src[5] == 01",
    "eth.src[3-5] == 00:00:01",
    "eth.src[:2] == 02:00",
    "eth.src[-1] == 01",
    "frame[12:2] == 86:dd",
    "frame contains 20:01:0d:b8",
    "mip6.mnid.identifier contains \"example\"",
    "mip6.mnid.identifier matches \"(?i)EXAMPLE\\\\.com$\"",
    // Precedence.
    "mip6.mhtype == 1 || mip6.mhtype == 2 && frame.number > 100",
    "(mip6.mhtype == 1 || mip6.mhtype == 2) && frame.number < 100",
    "mipv6 && !(frame.number < 5)",
    "not mip6.mhtype == 5 or frame.number == 1",
    // Of each other.
    "icmpv6.nd.ra.flag.h == 1 && icmpv6.opt.prefix.flag.r == 0",
    "icmpv6.type == 134 && icmpv6.opt.type == 8",
];

/// A test for each filter.
pub(crate) fn trials(root: &Path) -> Vec<Trial> {
    let pcaps = root.join("pcaps");
    let of = |filter: &'static str| {
        let pcaps = pcaps.clone();
        Trial::test(format!("filter {filter}"), move || compare(filter, &pcaps))
    };
    FILTERS.iter().copied().map(of).collect()
}

fn compare(filter: &str, pcaps: &Path) -> Result<(), Failed> {
    for name in CAPTURES {
        let path = pcaps.join(name);
        let theirs = matched(Command::new("tshark").arg("-n"), filter, &path)?;
        let mut mip6 = Command::new(cargo_bin!("mip6"));
        let ours = matched(mip6.args(["dissect", "--profile", "rfc6275"]), filter, &path)?;
        if theirs != ours {
            let both = format!("tshark lets {theirs:?} through, mip6 {ours:?}");
            return Err(format!("{name}: {both}").into());
        }
    }
    Ok(())
}

fn matched(command: &mut Command, filter: &str, path: &Path) -> Result<Vec<String>, Failed> {
    command.args(["-Y", filter, "-T", "fields", "-e", "frame.number", "-r"]).arg(path);
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
