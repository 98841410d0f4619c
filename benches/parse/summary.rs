//! What a run ends with: throughput, ratios, and how the time grows with the text.

use crate::corpus;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use std::time::{Duration, Instant};
use tidegate::config::FlinkVersion;

/// Rounds of which the fastest counts: the others were disturbed.
const ROUNDS: usize = 7;

pub fn both_read(sql: &str) -> bool {
    Parser::parse_sql(&GenericDialect, sql).is_ok_and(|all| all.len() == 1) && we_read(sql)
}

fn we_read(sql: &str) -> bool {
    let (script, diagnostics) = tidegate::parser::parse(sql, FlinkVersion::default());
    script.statements.len() == 1 && diagnostics.is_empty()
}

pub fn print() {
    println!("\nMB/s, the fastest of {ROUNDS} rounds; ratios over 1 mean that tidegate is faster");
    println!(
        "{:<24} {:>10} {:>6} | {:>7} {:>9} {:>6} | {:>7} {:>9} {:>6}",
        "statements that both read",
        "statements",
        "MB",
        "lexer",
        "sqlparser",
        "ratio",
        "parser",
        "sqlparser",
        "ratio"
    );
    row("made here", &corpus::generated(4_000_000));
    if let Some(given) = corpus::given() {
        row("given", &given);
        let queries = |sql: &&String| {
            let word = sql.split_whitespace().next().unwrap_or_default();
            ["SELECT", "WITH", "INSERT"]
                .iter()
                .any(|w| word.eq_ignore_ascii_case(w))
        };
        let (queries, others): (Vec<_>, Vec<_>) = given.iter().partition(queries);
        row("  queries and inserts", &queries);
        row("  others", &others);
    }
    println!("\none text, lexer, and parser statement by statement");
    linear();
}

fn row<T: AsRef<str>>(name: &str, all: &[T]) {
    let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    let both: Vec<&str> = all.iter().copied().filter(|sql| both_read(sql)).collect();
    let bytes: usize = both.iter().map(|sql| sql.len()).sum();
    let work: [fn(&str); 4] = [
        crate::our_lexer,
        crate::their_lexer,
        crate::our_parser,
        crate::their_parser,
    ];
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        for (work, best) in work.iter().zip(&mut best) {
            *best = time(|| both.iter().for_each(|sql| work(sql))).min(*best);
        }
    }
    let [lexer, their_lexer, parser, their_parser] = best.map(|t| t.as_secs_f64());
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{name:<25} {:>10} {megabytes:>6.2} | {:>7.1} {:>9.1} {:>6.2} | {:>7.1} {:>9.1} {:>6.2}",
        format!("{}/{}", both.len(), all.len()),
        megabytes / lexer,
        megabytes / their_lexer,
        their_lexer / lexer,
        megabytes / parser,
        megabytes / their_parser,
        their_parser / parser,
    );
}

/// Time that this thread ran: on a busy machine a long run has to share the processor, a short one may
/// not have to, and the slope would show that. Where the system does not tell it, the time that passed.
fn time(work: impl FnOnce()) -> Duration {
    let ran = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    };
    let (start, before) = (Instant::now(), ran());
    work();
    match (before, ran()) {
        (Some(before), Some(after)) if after > before => after - before,
        _ => start.elapsed(),
    }
}

/// The slope is that of log(time) over log(size): 1 is linear.
fn linear() {
    let sizes = [1_000_000, 10_000_000, 100_000_000];
    let mut times = Vec::new();
    for size in sizes {
        let text = corpus::generated(size).join(";\n") + ";\n";
        let megabytes = text.len() as f64 / 1e6;
        let rounds = if size < 50_000_000 { ROUNDS } else { 2 };
        let (mut lexer, mut parser) = (f64::MAX, f64::MAX);
        for _ in 0..rounds {
            lexer = time(|| crate::our_lexer(&text)).as_secs_f64().min(lexer);
            let mut found = Vec::new();
            let check = || found = tidegate::parser::check(&text, FlinkVersion::default());
            parser = time(check).as_secs_f64().min(parser);
            assert!(found.is_empty(), "{:?}", found.first());
        }
        println!(
            "{megabytes:>6.1} MB: lexer {lexer:.3} s ({:.1} MB/s), parser {parser:.3} s ({:.1} MB/s)",
            megabytes / lexer,
            megabytes / parser
        );
        times.push((megabytes, lexer, parser));
    }
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        let decades = (last.0 / first.0).ln();
        println!(
            "slope: lexer {:.3}, parser {:.3}",
            (last.1 / first.1).ln() / decades,
            (last.2 / first.2).ln() / decades
        );
    }
}
