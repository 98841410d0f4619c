//! The bytes around the edits: line ends, comments, commas, one-line tables.

use super::case;

const WITH: &str = "WITH ('connector' = 'kafka', 'topic' = 'x', 'format' = 'json')";

fn sink(script: &str) -> String {
    format!("{script}CREATE TABLE snk (id BIGINT) {WITH};\n")
}

#[test]
fn crlf() {
    let script = sink(&format!(
        "CREATE TABLE src (\n  id BIGINT,\n  ts TIMESTAMP(3)\n) {WITH};\n"
    )) + "INSERT INTO snk\nSELECT id\nFROM src;\n";
    case("crlf", &script.replace('\n', "\r\n")).check();
}

#[test]
fn commas_first() {
    let table = format!(
        "CREATE TABLE src (\n    id BIGINT -- key\n  , ts TIMESTAMP(3) -- when\n) {WITH};\n"
    );
    case(
        "commas_first",
        &(sink(&table) + "INSERT INTO snk SELECT id FROM src;\n"),
    )
    .check();
}

#[test]
fn comments() {
    let table = format!(
        "CREATE TABLE src (\n  id BIGINT, -- key, unique\n  ts TIMESTAMP(3) NOT NULL /* event */ -- time; of the event\n  -- the end\n) {WITH}; -- source\n"
    );
    let insert = "-- copies\nINSERT INTO snk -- the sink\nSELECT id -- only the key\nFROM src -- all of it\nWHERE id > 0 -- positive; really\n; -- done\n";
    case("comments", &(sink(&table) + insert)).check();
    let table =
        format!("CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL -- when\n) {WITH};\n");
    let insert = "INSERT INTO snk /* a */ SELECT /* b */ id /* c */ FROM /* d */ src /* e */";
    case("comments_inline", &(sink(&table) + insert)).check();
}

#[test]
fn one_line() {
    let table = format!("CREATE TABLE src (id BIGINT, ts TIMESTAMP(3)) {WITH}; ");
    case(
        "one_line",
        &(sink(&table) + "INSERT INTO snk SELECT id FROM src"),
    )
    .check();
}

#[test]
fn constraints_and_comments_come_last() {
    let table = format!(
        "CREATE TABLE src (\n  id BIGINT NOT NULL COMMENT 'the key',\n  ts TIMESTAMP(3) NOT NULL COMMENT 'when, roughly',\n  PRIMARY KEY (id) NOT ENFORCED\n) COMMENT 'rides' {WITH};\n"
    );
    case(
        "constraint_last",
        &(sink(&table) + "INSERT INTO snk SELECT id FROM src;\n"),
    )
    .check();
}

#[test]
fn statements_around_stay() {
    let table = format!(
        "SET 'pipeline.name' = 'x;y';\nCREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL) {WITH};\n"
    );
    let insert = "RESET;\nUSE MODULES core;\nINSERT INTO snk SELECT id FROM src;\nSHOW TABLES;\n";
    case("other_statements", &(sink(&table) + insert)).check();
}

#[test]
fn placeholders() {
    let table = "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'topic' = '${topic}', 'format' = '{{ format }}');\n";
    case(
        "placeholders",
        &(sink(table)
            + "INSERT INTO snk SELECT id FROM src WHERE CAST(id AS STRING) <> '${id}';\n"),
    )
    .check();
}

#[test]
fn tabs_and_unicode() {
    let table =
        format!("CREATE TABLE src (\n\tid BIGINT,\n\tts\tTIMESTAMP(3) -- é表🙂\n) {WITH};\n");
    case(
        "tabs",
        &(sink(&table) + "INSERT INTO snk\n\tSELECT id FROM src WHERE 'é表🙂' <> '';\n"),
    )
    .check();
}
