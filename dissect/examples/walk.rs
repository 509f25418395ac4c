use mip6_dissect::{
    capture::Capture,
    packet::{Arena, Dissector, Layer, checksum_status},
    profile::Profile,
};
fn main() {
    let p = std::env::args().nth(1).unwrap();
    let sum = std::env::args().nth(2).is_some();
    let mut c = Capture::open(p.as_ref()).unwrap();
    let mut d = Dissector::new(Profile::auto());
    let mut arena = Arena::new();
    let (mut n, mut l, mut bad) = (0u64, 0u64, 0u64);
    println!("layer {} header {}", size_of::<Layer>(), size_of::<mip6_wire::header::Header>());
    loop {
        match c.next_frame() {
            Ok(Some(f)) => {
                n += 1;
                arena.clear();
                let (p, _) = d.dissect(f, &arena);
                l += p.layers.len() as u64;
                if sum {
                    for x in &p.layers {
                        if checksum_status(&p, x) == mip6_dissect::packet::ChecksumStatus::Bad {
                            bad += 1;
                        }
                    }
                }
            }
            Ok(None) => break,
            Err(e) => {
                println!("{e}");
                break;
            }
        }
    }
    println!("{n} frames {l} layers {bad} bad");
}
