//! What each stage costs on the traffic of `mip6-testkit traffic`, per packet.

use std::hint::black_box;
use std::io::Cursor;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mip6_dissect::capture::{Capture, Frame};
use mip6_dissect::filter::Filter;
use mip6_dissect::packet::Dissector;
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Verdicts, judge};
use mip6_dissect::tree::{Tree, write_tree};
use mip6_testkit::traffic;

const PACKETS: usize = 10_000;

/// The traffic, as frames that own nothing.
fn with_frames(each: impl FnOnce(&[Frame<'_>])) {
    let mut file = Vec::new();
    traffic::write(&mut file, PACKETS).expect("memory takes everything");
    let mut capture = Capture::from_reader(Cursor::new(file)).expect("it is a capture");
    let mut owned = Vec::new();
    while let Some(f) = capture.next_frame().expect("it is whole") {
        owned.push((f.data.to_vec(), Frame { data: &[], comment: &[], ..f }));
    }
    let frames: Vec<_> = owned.iter().map(|(data, f)| Frame { data, ..*f }).collect();
    each(&frames);
}

fn stages(c: &mut Criterion) {
    with_frames(|frames| {
        let mut group = c.benchmark_group("stages");
        group.throughput(Throughput::Elements(PACKETS as u64));
        let profile = Profile::auto();

        let mut dissector = Dissector::new(&profile);
        group.bench_function("decode", |b| {
            b.iter(|| {
                for f in frames {
                    black_box(dissector.dissect(*f));
                }
            });
        });

        let mut dissector = Dissector::new(&profile);
        let filter =
            Filter::parse("mip6.mhtype == 5 && ipv6.src == 2001:db8::/32").expect("it is one");
        group.bench_function("filter", |b| {
            b.iter(|| {
                for f in frames {
                    black_box(filter.matches(&dissector.dissect(*f)));
                }
            });
        });

        let mut dissector = Dissector::new(&profile);
        let mut verdicts = Verdicts::new();
        group.bench_function("check", |b| {
            b.iter(|| {
                for f in frames {
                    verdicts.findings.clear();
                    judge(&dissector.dissect(*f), &mut verdicts);
                    black_box(&verdicts.findings);
                }
            });
        });

        let mut dissector = Dissector::new(&profile);
        let mut out = Vec::new();
        group.sample_size(10);
        group.bench_function("tree", |b| {
            b.iter(|| {
                for f in frames {
                    let packet = dissector.dissect(*f);
                    out.clear();
                    write_tree(&mut out, &packet, &Tree::new(&packet))
                        .expect("memory takes everything");
                    black_box(&out);
                }
            });
        });
        group.finish();
    });
}

criterion_group!(benches, stages);
criterion_main!(benches);
