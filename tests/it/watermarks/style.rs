//! Where the lines go, and how they are written.

use super::{Case, Cases, SINK, case};

fn job(name: &str, table: &str) -> Case {
    case(
        name,
        format!("{table}\n{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
}

pub(super) fn cases(t: &mut Cases) {
    let with = "WITH ('connector' = 'kafka');";
    let crlf = |case: Case| Case {
        script: case.script.replace('\n', "\r\n"),
        ..case
    };
    t.show(
        "style",
        vec![
            job("lower_case", "create table src (\n  id int,\n  ts timestamp(3)\n) with ('connector' = 'kafka');"),
            job("lower_case_number", "create table src (\n  id int,\n  ts_us bigint\n) with ('connector' = 'kafka');"),
            job("lower_case_metadata", "create table src (\n  id int,\n  v string\n) with ('connector' = 'kafka');"),
            job("lower_case_text", "create table src (\n  id int,\n  t string\n) with ('connector' = 'kafka');").src("column = 't'\nformat = 'iso-8601'"),
            job("lower_case_keyword_as_name", "create table src (\n  id int,\n  `TO` timestamp(3)\n) with ('connector' = 'kafka');").src("column = 'TO'"),
            job("lower_case_shadow", "create table src (\n  id int,\n  ts timestamp(3)\n) with ('connector' = 'kafka');").src("placement = 'shadow'"),
            job("leading_commas", &format!("CREATE TABLE src (\n    id INT\n  , ts TIMESTAMP(3)\n) {with}")),
            job("leading_commas_no_gap", &format!("CREATE TABLE src (\n   id INT\n  ,ts TIMESTAMP(3)\n  ,v INT\n) {with}")),
            job("comment_behind_comma", &format!("CREATE TABLE src (\n  id INT, -- the key\n  ts TIMESTAMP(3), -- when\n  v INT -- what\n) {with}")),
            job("comment_behind_comma_and_key", &format!("CREATE TABLE src (\n  id INT, -- the key\n  ts TIMESTAMP(3), -- when\n  PRIMARY KEY (id) NOT ENFORCED -- last\n) {with}")),
            job("comment_lines", &format!("CREATE TABLE src (\n  -- the key\n  id INT,\n  -- when\n  ts TIMESTAMP(3)\n  -- that is all\n) {with}")),
            job("block_comment", &format!("CREATE TABLE src (\n  id INT, /* the key */\n  ts TIMESTAMP(3) /* when */\n) {with}")),
            job("block_comment_before_comma", &format!("CREATE TABLE src (\n  id INT /* the key */,\n  ts TIMESTAMP(3) /* when */,\n  PRIMARY KEY (id) NOT ENFORCED\n) {with}")),
            job("column_comment", &format!("CREATE TABLE src (\n  id INT COMMENT 'the key',\n  ts TIMESTAMP(3) COMMENT 'when'\n) COMMENT 'a table' {with}")),
            job("one_line", &format!("CREATE TABLE src (id INT, ts TIMESTAMP(3)) {with}")),
            job("one_line_and_key", &format!("CREATE TABLE src (id INT, ts TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED) {with}")),
            job("mixed_lines", &format!("CREATE TABLE src (id INT, ts TIMESTAMP(3),\n  v INT, w INT,\n  x INT) {with}")),
            job("mixed_lines_and_key", &format!("CREATE TABLE src (\n  id INT, ts TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED\n) {with}")),
            job("last_line_closes", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3)) {with}")),
            crlf(job("crlf", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3)\n) {with}"))),
            crlf(job("crlf_shadow", &format!("CREATE TABLE src (\n  id INT,\n  s STRING,\n  ts AS TO_TIMESTAMP(\n    s)\n) {with}")).src("placement = 'shadow'\nattach = 'column'\nnullable = 'trust'\ncolumn = 'ts'")),
            crlf(job("crlf_comment", &format!("CREATE TABLE src (\n  id INT, -- the key\n  ts TIMESTAMP(3) -- when\n) {with}"))),
            job("tabs", &format!("CREATE TABLE src (\n\tid INT,\n\tts TIMESTAMP(3)\n) {with}")),
            job("deep", &format!("    CREATE TABLE src (\n        id INT,\n        ts TIMESTAMP(3)\n    ) {with}")),
            case("no_list", format!("CREATE TABLE base (id INT, ts TIMESTAMP(3)) {with}\nCREATE TABLE src LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("empty_list", format!("CREATE TABLE base (id INT, ts TIMESTAMP(3)) {with}\nCREATE TABLE src () LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("only_a_key", format!("CREATE TABLE base (id INT NOT NULL, ts TIMESTAMP(3)) {with}\nCREATE TABLE src (PRIMARY KEY (id) NOT ENFORCED) LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            job("key_last", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3),\n  PRIMARY KEY (id) NOT ENFORCED\n) {with}")),
            job("key_in_the_middle", &format!("CREATE TABLE src (\n  id INT,\n  PRIMARY KEY (id) NOT ENFORCED,\n  ts TIMESTAMP(3)\n) {with}")),
            job("key_last_leading_commas", &format!("CREATE TABLE src (\n    id INT\n  , ts TIMESTAMP(3)\n  , PRIMARY KEY (id) NOT ENFORCED\n) {with}")),
            job("replaced_in_the_middle", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3), -- when\n  WATERMARK FOR ts AS ts, -- late\n  v INT,\n  PRIMARY KEY (id) NOT ENFORCED\n) {with}")).src("replace = true\ncolumn = 'ts'\nattach = 'hidden'"),
            job("replaced_in_the_middle_of_commas", &format!("CREATE TABLE src (\n    id INT\n  , WATERMARK FOR ts AS ts\n  , ts TIMESTAMP(3)\n) {with}")).src("replace = true\nattach = 'hidden'"),
            job("replaced_in_one_line", &format!("CREATE TABLE src (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) {with}")).src("replace = true\nattach = 'hidden'"),
            job("replaced_over_lines", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3),\n  WATERMARK FOR ts AS\n    ts - INTERVAL '1' MINUTE\n) {with}")).src("replace = true"),
            job("replaced_lower_case", "create table src (\n  id int,\n  ts timestamp(3),\n  watermark for ts as ts\n) with ('connector' = 'kafka');").src("replace = true"),
            job("partitioned", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3)\n) PARTITIONED BY (id) {with}")),
            job("no_line_end", &format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3)\n) {with}")),
        ],
    );
}
