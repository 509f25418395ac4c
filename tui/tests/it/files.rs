//! Files that are compressed, grow, vanish, or are damaged.

use std::io::Write;

use crate::stage::{SIZES, Stage, config, pcap};
use mip6_testkit::traffic;
use mip6_tui::Session;

fn bulk(packets: usize) -> Vec<u8> {
    let mut octets = Vec::new();
    traffic::write(&mut octets, packets).unwrap();
    octets
}

/// Waits until the screen says something.
fn until(stage: &mut Stage, text: &str) {
    for _ in 0..200 {
        stage.session.wait(std::time::Duration::from_millis(50));
        stage.session.look();
        if stage.text().contains(text) {
            return;
        }
    }
    panic!("`{text}` is never said:\n{}", stage.text());
}

#[test]
fn a_capture_that_grows_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("growing.pcap");
    let octets = bulk(40);
    let half = octets.len() / 2;
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&octets[..half]).unwrap();
    let mut stage = Stage::new(&path, SIZES[0]);
    let before = stage.session.state.frames.len();
    assert!((1..40).contains(&before));
    stage.keys("F/ipv6<Enter>");
    file.write_all(&octets[half..]).unwrap();
    until(&mut stage, "40 packets");
    stage.settle();
    let state = &stage.session.state;
    assert_eq!(state.frames.len(), 40);
    let len = state.packets.len(&state.frames);
    assert_eq!(state.packets.list.cursor + 1, len);
    assert!(len > before, "the filter goes on too");
}

#[test]
fn what_becomes_of_a_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short.pcap");
    let octets = bulk(40);
    std::fs::write(&path, &octets[..octets.len() - 10]).unwrap();
    let mut stage = Stage::new(&path, SIZES[0]);
    until(&mut stage, "the file ends inside a record");
    std::fs::remove_file(&path).unwrap();
    until(&mut stage, "removed or replaced");
    // What was opened stays.
    assert!(stage.keys("jj").session.state.packets.detail.is_some());
}

#[test]
fn a_file_that_becomes_shorter_shows_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.pcap");
    std::fs::write(&path, bulk(400)).unwrap();
    let mut stage = Stage::new(&path, SIZES[0]);
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(2_000).unwrap();
    until(&mut stage, "has become shorter");
    stage.keys("G");
    assert!(stage.text().contains("cannot be read any more"), "{}", stage.text());
    assert!(stage.session.state.packets.detail.is_none());
    stage.keys("2341g/ipv6<Enter>x");
}

#[test]
fn damage_ends_the_list_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.pcap");
    let mut octets = bulk(40);
    // A record that claims more than anything can have.
    octets.extend([0xff; 16]);
    std::fs::write(&path, octets).unwrap();
    let mut stage = Stage::new(&path, SIZES[0]);
    until(&mut stage, "damaged at octet");
    assert_eq!(stage.session.state.frames.len(), 40);
    stage.keys("/ipv6<Enter>2");
    assert_eq!(stage.session.state.filter.scanned, 40);
}

#[test]
fn what_is_no_capture_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, octets, why) in [
        ("empty.pcap", &b""[..], "is empty"),
        ("text.pcap", b"some text", "is no capture"),
        ("head.pcap", &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0], "truncated"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, octets).unwrap();
        let e = Session::new(config(&path), SIZES[0]).err().unwrap();
        assert!(e.to_string().contains(why), "{name}: {e}");
    }
    assert!(Session::new(config(&folder.path().join("none")), SIZES[0]).is_err());
    assert!(Session::new(config(folder.path()), SIZES[0]).is_err());
}

#[test]
fn a_compressed_capture_is_read_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bulk.pcap.gz");
    let file = std::fs::File::create(&path).unwrap();
    let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gz.write_all(&bulk(3_000)).unwrap();
    gz.finish().unwrap();
    let mut compressed = Stage::new(&path, SIZES[1]);
    let plain = folder.path().join("bulk.pcap");
    std::fs::write(&plain, bulk(3_000)).unwrap();
    let mut plain = Stage::new(&plain, SIZES[1]);
    for keys in ["", "G", ":1500<Enter>", "/mip6.mhtype == 5<Enter>", "2<Wait>jj", "3"] {
        let (a, b) = (compressed.keys(keys).text(), plain.keys(keys).text());
        let body = |text: &str| text.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert_eq!(body(&a), body(&b), "{keys}");
    }
}

#[test]
fn fragments_are_put_together_wherever_the_list_is() {
    let mut stage = Stage::new(&pcap("conversations/registrations.pcapng"), SIZES[0]);
    stage.keys("/ipv6.fraghdr<Enter>");
    for name in ["mip6/fragments.pcapng", "packets/fragments.pcapng"] {
        let path = pcap(name);
        if !path.exists() {
            continue;
        }
        let mut stage = Stage::new(&path, SIZES[0]);
        let last = stage.session.state.frames.len();
        let together = (0..last).filter(|i| {
            stage.keys(&format!(":{}<Enter>", i + 1));
            stage.session.state.packets.detail.as_ref().unwrap().sources.len() > 1
        });
        assert!(together.count() > 0, "{name}");
    }
}
