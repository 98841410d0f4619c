//! Scripts with tokens taken out, doubled or swapped: most cannot be read, all get an answer.

use super::writer::write;
use super::{answers, gated, keeps_other_bytes, runner, shapes};
use proptest::prelude::*;
use tidegate::config::{FlinkVersion, Settings};
use tidegate::lexer::lex;

#[derive(Debug, Clone)]
enum Damage {
    Remove(usize),
    Double(usize),
    Swap(usize, usize),
    Cut(usize),
}

fn damaged() -> impl Strategy<Value = String> {
    let at = || 0usize..10_000;
    let damage = prop_oneof![
        4 => at().prop_map(Damage::Remove),
        2 => at().prop_map(Damage::Double),
        4 => (at(), at()).prop_map(|(a, b)| Damage::Swap(a, b)),
        1 => at().prop_map(Damage::Cut),
    ];
    let damages = prop::collection::vec(damage, 1..4);
    (shapes::mixed(), damages).prop_map(|(script, damages)| {
        let text = write(&script);
        let tokens = lex(&text, FlinkVersion::default());
        let mut tokens: Vec<&str> = tokens.iter().map(|t| t.span.of(&text)).collect();
        for damage in damages {
            let n = tokens.len().max(1);
            match damage {
                Damage::Remove(i) if !tokens.is_empty() => drop(tokens.remove(i % n)),
                Damage::Double(i) if !tokens.is_empty() => tokens.insert(i % n, tokens[i % n]),
                Damage::Swap(a, b) if !tokens.is_empty() => tokens.swap(a % n, b % n),
                Damage::Cut(i) => tokens.truncate(i % n),
                _ => {}
            }
        }
        tokens.concat()
    })
}

#[test]
fn a_damaged_script_gets_an_answer() {
    let settings = Settings::default();
    let law = |text: String| {
        let done = tidegate::rewrite(&text, &settings);
        prop_assert_eq!(answers(&text, &done), Ok(()), "{}", text);
        prop_assert_eq!(keeps_other_bytes(&text, &done), Ok(()), "{}", text);
        if let Some(printed) = &done.text {
            let verdicts: Vec<_> = done.inserts.iter().map(|i| i.verdict.clone()).collect();
            let found = gated::all(printed, &verdicts, gated::Side::First, settings.flink);
            prop_assert!(found.is_ok(), "{:?}\n{}", found, printed);
        }
        Ok(())
    };
    runner(512).run(&damaged(), law).unwrap();
}
