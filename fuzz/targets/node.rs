#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mip6_testkit::fuzz::node(data));
