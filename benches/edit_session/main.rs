//! From a keystroke to its diagnostics: an editing session on a long script, replayed over the protocol.
//!
//! Prints percentiles of the time from sending `textDocument/didChange` to having `textDocument/publishDiagnostics` of that
//! version, and beside it, as a ratio, what analysing the whole script for each keystroke takes in the same run.

use gen_lsp_types::Uri;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tidegate::config::Settings;
use tidegate::lsp::{Files, Unusable, serve};

const LINES: usize = 10_000;

fn main() {
    // `cargo test --benches` only asks whether it runs.
    let is_test = !std::env::args().any(|a| a == "--bench");
    let (lines, edits) = if is_test { (200, 40) } else { (LINES, 2_000) };
    let script = script(lines);
    println!(
        "{} lines, {} bytes, {} INSERTs",
        script.lines().count(),
        script.len(),
        script.matches("INSERT INTO").count()
    );
    let mut times = session(&script, edits);
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!("{} keystrokes, to diagnostics without plans:", times.len());
    for percent in [50, 90, 99, 100] {
        println!("  p{percent:<3} {:>8.2} ms", ms(at(percent)));
    }
    let settings = Settings {
        validate: false,
        ..Settings::default()
    };
    let runs = if is_test { 1 } else { 7 };
    let mut whole: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(tidegate::check(&script, &settings));
            start.elapsed()
        })
        .collect();
    whole.sort();
    let whole = whole[whole.len() / 2];
    println!("the whole script anew for each: {:.2} ms", ms(whole));
    println!(
        "ratio at p50 {:.3}, at p99 {:.3}",
        ms(at(50)) / ms(whole),
        ms(at(99)) / ms(whole)
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Pipelines one below the other, each with tables, a view and INSERTs of its own and a table that all of them read.
fn script(lines: usize) -> String {
    let mut text = String::from(
        "CREATE TABLE customers (\n  id BIGINT,\n  name STRING,\n  PRIMARY KEY (id) NOT ENFORCED\n) WITH (\n  'connector' = 'jdbc',\n  'url' = 'jdbc:postgresql://h/d',\n  'table-name' = 'c'\n);\n\n",
    );
    let mut n = 0;
    while text.lines().count() < lines {
        // Every fourth one has something to be said of.
        let watermark = match n % 4 {
            0 => "",
            _ => ",\n  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND",
        };
        let _ = write!(
            text,
            "-- pipeline {n}\nCREATE TABLE orders_{n} (\n  id BIGINT,\n  customer BIGINT,\n  price DECIMAL(10, 2),\n  ts TIMESTAMP(3) NOT NULL,\n  seen AS PROCTIME(){watermark}\n) WITH (\n  'connector' = 'kafka',\n  'topic' = 'orders_{n}',\n  'properties.bootstrap.servers' = 'k:9092',\n  'format' = 'json'\n);\n\nCREATE TABLE copies_{n} (\n  id BIGINT,\n  price DECIMAL(10, 2)\n) WITH (\n  'connector' = 'kafka',\n  'topic' = 'copies_{n}',\n  'properties.bootstrap.servers' = 'k:9092',\n  'format' = 'json'\n);\n\nCREATE TABLE sums_{n} (\n  w TIMESTAMP(3),\n  total DECIMAL(38, 2)\n) WITH (\n  'connector' = 'kafka',\n  'topic' = 'sums_{n}',\n  'properties.bootstrap.servers' = 'k:9092',\n  'format' = 'json'\n);\n\nCREATE TEMPORARY VIEW dear_{n} AS\nSELECT o.id, o.price, c.name, o.ts\nFROM orders_{n} AS o\nJOIN customers FOR SYSTEM_TIME AS OF o.seen AS c ON o.customer = c.id\nWHERE o.price > {n};\n\nINSERT INTO copies_{n}\nSELECT id, price\nFROM dear_{n}\nWHERE name <> 'nobody';\n\nINSERT INTO sums_{n}\nSELECT window_start, SUM(price)\nFROM TABLE(\n  TUMBLE(TABLE orders_{n}, DESCRIPTOR(ts), INTERVAL '1' MINUTE))\nGROUP BY window_start, window_end;\n\n"
        );
        n += 1;
    }
    text
}

struct Defaults;

impl Files for Defaults {
    fn settings(&self, _: Option<&Path>) -> Result<Settings, Unusable> {
        Ok(Settings::default())
    }

    fn scripts(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn read(&self, _: &Path) -> Option<String> {
        None
    }
}

/// Types words into statements all over the script, and takes them back.
fn session(script: &str, edits: usize) -> Vec<Duration> {
    let (server, client) = Connection::memory();
    let thread = std::thread::spawn(move || serve(&server, &Defaults));
    let uri = "file:///long.sql";
    request(
        &client,
        1,
        "initialize",
        json!({
            "processId": null, "rootUri": null,
            "capabilities": { "general": { "positionEncodings": ["utf-8"] } },
            "initializationOptions": { "validate": false },
        }),
    );
    notify(&client, "initialized", json!({}));
    notify(
        &client,
        "textDocument/didOpen",
        json!({ "textDocument": {
            "uri": uri, "languageId": "sql", "version": 0, "text": script,
        }}),
    );
    wait_for(&client, uri, 0);
    let lines: Vec<&str> = script.lines().collect();
    // Places where people type: conditions, columns, options, names.
    let places: Vec<(usize, usize)> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| {
            l.starts_with("WHERE")
                || l.starts_with("SELECT id")
                || l.contains("'topic'")
                || l.contains("price DECIMAL")
        })
        .map(|(n, l)| (n, l.len()))
        .collect();
    let word = " AND x";
    let (mut version, mut times) = (0, Vec::new());
    let mut place = 0;
    while times.len() < edits {
        // Far from the place before.
        place = (place + places.len() / 2 + 7) % places.len();
        let (line, column) = places[place];
        let mut change = |from: usize, to: usize, text: &str| {
            version += 1;
            let start = Instant::now();
            notify(
                &client,
                "textDocument/didChange",
                json!({
                    "textDocument": { "uri": uri, "version": version },
                    "contentChanges": [{
                        "range": {
                            "start": { "line": line, "character": column + from },
                            "end": { "line": line, "character": column + to },
                        },
                        "text": text,
                    }],
                }),
            );
            wait_for(&client, uri, version);
            times.push(start.elapsed());
        };
        for (at, letter) in word.char_indices() {
            change(at, at, &letter.to_string());
        }
        for at in (0..word.len()).rev() {
            change(at, at + 1, "");
        }
    }
    request(&client, 2, "shutdown", Value::Null);
    notify(&client, "exit", Value::Null);
    drop(client);
    let _ = thread.join();
    times
}

fn notify(client: &Connection, method: &str, params: Value) {
    let method = method.to_owned();
    let _ = client
        .sender
        .send(Message::Notification(Notification { method, params }));
}

fn request(client: &Connection, id: i32, method: &str, params: Value) {
    let method = method.to_owned();
    let request = Request {
        id: id.into(),
        method,
        params,
    };
    let _ = client.sender.send(Message::Request(request));
    while let Ok(message) = client.receiver.recv() {
        if matches!(&message, Message::Response(r) if r.id == id.into()) {
            return;
        }
    }
}

/// Waits for the diagnostics of a version.
fn wait_for(client: &Connection, uri: &str, version: i32) {
    let uri = Uri::parse(uri).expect("it is a URI");
    while let Ok(message) = client.receiver.recv_timeout(Duration::from_secs(60)) {
        if let Message::Notification(n) = message
            && n.method == "textDocument/publishDiagnostics"
            && n.params["uri"] == json!(uri)
            && n.params["version"] == version
        {
            return;
        }
    }
    panic!("no diagnostics of version {version}");
}
