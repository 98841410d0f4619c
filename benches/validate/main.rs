//! Planning and the comparison of plans, for each INSERT, beside DataFusion's own planner on the same queries.
//!
//! `cargo bench --bench validate` ends with medians and ratios, and with a whole rewrite of a script of 200 lines.

mod peer;

use divan::{Bencher, black_box};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tidegate::catalog::Catalog;
use tidegate::config::{Cutover, FlinkVersion, Role, Settings};
use tidegate::parser;
use tidegate::plan::{Input, inserts};
use tidegate::syntax::Script;
use tidegate::validate::{Outcome, Planner, Sides, same, with_stack};

const TABLES: &str = "\
CREATE TABLE orders (id BIGINT, customer STRING, price DOUBLE, quantity INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE payments (id BIGINT, order_id BIGINT, amount DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE two (a BIGINT, b STRING) WITH ('connector' = 'kafka', 'format' = 'json');
";

/// Queries that both planners read.
pub const QUERIES: [&str; 8] = [
    "SELECT id, customer FROM orders",
    "SELECT id + 1, customer FROM orders WHERE price * quantity > 100 AND customer IS NOT NULL",
    "SELECT id, CASE WHEN price > 10 THEN 'high' WHEN price > 5 THEN 'middle' ELSE 'low' END FROM orders",
    "SELECT o.id, o.customer FROM orders AS o JOIN payments AS p ON o.id = p.order_id AND p.amount >= o.price",
    "SELECT id, customer FROM orders UNION ALL SELECT order_id, CAST(id AS VARCHAR) FROM payments",
    "SELECT id, customer FROM (SELECT id, customer, price FROM orders WHERE id > 3) AS q WHERE q.price IN (1, 2, 3)",
    "WITH dear AS (SELECT id, customer, price FROM orders WHERE price > 10), paid AS (SELECT order_id FROM payments) \
     SELECT d.id, d.customer FROM dear AS d JOIN paid AS p ON d.id = p.order_id",
    "SELECT a.id, c.customer FROM orders AS a JOIN orders AS b ON a.id = b.id JOIN orders AS c ON b.id = c.id AND c.price < a.price",
];

/// A script and what is read in it.
struct Read {
    text: String,
    script: Script,
    catalog: Catalog,
    settings: Settings,
}

impl Read {
    fn new(text: String) -> Read {
        let (script, _) = parser::parse(&text, FlinkVersion::default());
        Read {
            catalog: Catalog::build(&script),
            settings: Settings::default(),
            script,
            text,
        }
    }

    fn planner(&self) -> Planner<'_> {
        let version = FlinkVersion::default();
        Planner::new(&self.script, &self.text, &self.catalog, version).with_any_rowtimes()
    }

    fn plan(&self, planner: &Planner<'_>) -> Outcome {
        let input = Input {
            text: &self.text,
            script: &self.script,
            catalog: &self.catalog,
            settings: &self.settings,
        };
        let place = inserts::all(input)[0];
        planner.insert(place.insert, place.statement)
    }
}

/// Each query's INSERT as it is and behind the incoming job's gate.
static PAIRS: LazyLock<Vec<(Read, Read)>> = LazyLock::new(|| {
    let settings = Settings {
        role: Role::Incoming {
            cutover: Cutover(1_767_225_600_000),
        },
        ..Settings::default()
    };
    let pair = |query: &&str| {
        let text = format!("{TABLES}INSERT INTO two {query};\n");
        let rewritten = tidegate::rewrite(&text, &settings);
        let rewritten = rewritten.text.expect("the query can be gated");
        (Read::new(text), Read::new(rewritten))
    };
    QUERIES.iter().map(pair).collect()
});

fn main() {
    divan::main();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Neither under `cargo test --benches` nor when single benchmarks are asked for.
    if arguments == ["--bench"] {
        with_stack(summary);
    }
}

/// Both plans of an INSERT and their comparison, as a rewrite is checked.
fn compared((original, rewritten): &(Read, Read)) {
    let (before, after) = (original.planner(), rewritten.planner());
    match (original.plan(&before), rewritten.plan(&after)) {
        (Outcome::Planned(first), Outcome::Planned(second)) => {
            assert!(black_box(same(&first, &second, Sides::Sink)).is_ok());
        }
        failed => panic!("{}\n{failed:?}", original.text),
    }
}

#[divan::bench(sample_count = 20)]
fn plan(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        for (original, _) in PAIRS.iter() {
            black_box(original.plan(&original.planner()));
        }
    });
}

#[divan::bench(sample_count = 20)]
fn plan_and_compare(bencher: Bencher<'_, '_>) {
    bencher.bench(|| PAIRS.iter().for_each(compared));
}

#[divan::bench(sample_count = 20)]
fn plan_of_datafusion(bencher: Bencher<'_, '_>) {
    let peer = peer::Peer::new();
    bencher.bench(|| QUERIES.iter().for_each(|query| peer.plan(query)));
}

fn median(work: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..41)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn summary() {
    let peer = peer::Peer::new();
    println!("\nmedian ms for each INSERT; ratios to DataFusion's planner on the query alone");
    println!(
        "{:>10} {:>10} {:>18} {:>6}  query",
        "DataFusion", "plan", "plans and compares", "ratio"
    );
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let mut all = Vec::new();
    for (pair, query) in PAIRS.iter().zip(QUERIES) {
        let theirs = ms(median(|| peer.plan(query)));
        let plan = ms(median(|| {
            black_box(pair.0.plan(&pair.0.planner()));
        }));
        let whole = ms(median(|| compared(pair)));
        let shown: String = query.chars().take(60).collect();
        println!(
            "{theirs:>10.3} {plan:>10.3} {whole:>18.3} {:>6.1}  {shown}",
            whole / theirs
        );
        all.push(whole);
    }
    all.sort_by(f64::total_cmp);
    println!("{:>40.3}  median of all INSERTs", all[all.len() / 2]);
    let script = long_script();
    let settings = |validate: bool| Settings {
        role: Role::Incoming {
            cutover: Cutover(1_767_225_600_000),
        },
        validate,
        ..Settings::default()
    };
    for validate in [true, false] {
        let settings = settings(validate);
        let time = median(|| {
            let rewritten = tidegate::rewrite(&script, &settings);
            assert!(black_box(rewritten).text.is_some());
        });
        println!(
            "{:>40.3}  a rewrite of {} lines, validate = {validate}",
            ms(time),
            script.lines().count()
        );
    }
}

/// 200 lines: the tables and INSERTs of all queries, spread over lines.
fn long_script() -> String {
    let mut script = TABLES.to_owned();
    let mut queries = QUERIES.iter().cycle();
    while script.lines().count() < 200 {
        let query = queries.next().copied().unwrap_or_default();
        let query = query
            .replace(" FROM ", "\nFROM ")
            .replace(" WHERE ", "\nWHERE ");
        script += &format!("INSERT INTO two\n{query};\n");
    }
    script
}
