#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    milkrun_fuzz::pragmatic(data);
});
