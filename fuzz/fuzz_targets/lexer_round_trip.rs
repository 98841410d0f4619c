#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/fuzz/laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|text: &str| laws::lexer_round_trip(text));
