//! Reading: our lexer and our full parse beside sqlparser's tokenizer and GenericDialect parse.
//!
//! `cargo bench --bench parse` ends with the ratios on the same statements, and with the time from 1 MB
//! to 100 MB. `TIDEGATE_CORPUS=FOLDER` adds the statements of a folder to those that are made here.

mod corpus;
mod summary;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Tokenizer;
use std::sync::LazyLock;
use tidegate::config::FlinkVersion;

/// Statements that both parsers read, so that both do the whole work.
static STATEMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = corpus::given().unwrap_or_default();
    let all = corpus::generated(1_000_000).into_iter().chain(all);
    all.filter(|sql| summary::both_read(sql)).collect()
});

fn main() {
    divan::main();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Neither under `cargo test --benches` nor when single benchmarks are asked for.
    if arguments == ["--bench"] {
        summary::print();
    }
}

fn each(bencher: Bencher<'_, '_>, work: impl Fn(&str) + Sync) {
    let bytes: usize = STATEMENTS.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| STATEMENTS.iter().for_each(|sql| work(black_box(sql))));
}

#[divan::bench(sample_count = 10)]
fn lexer(bencher: Bencher<'_, '_>) {
    each(bencher, our_lexer);
}

#[divan::bench(sample_count = 10)]
fn lexer_of_sqlparser(bencher: Bencher<'_, '_>) {
    each(bencher, their_lexer);
}

#[divan::bench(sample_count = 10)]
fn parser(bencher: Bencher<'_, '_>) {
    each(bencher, our_parser);
}

#[divan::bench(sample_count = 10)]
fn parser_of_sqlparser(bencher: Bencher<'_, '_>) {
    each(bencher, their_parser);
}

fn our_lexer(sql: &str) {
    black_box(tidegate::lexer::lex(sql, FlinkVersion::default()));
}

fn our_parser(sql: &str) {
    black_box(tidegate::parser::parse(sql, FlinkVersion::default()));
}

fn their_lexer(sql: &str) {
    let _ = black_box(Tokenizer::new(&GenericDialect, sql).tokenize_with_location());
}

fn their_parser(sql: &str) {
    let _ = black_box(Parser::parse_sql(&GenericDialect, sql));
}
