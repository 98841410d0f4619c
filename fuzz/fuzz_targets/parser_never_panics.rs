#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/fuzz/laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|text: &str| laws::parser_never_panics(text));
