//! Watermarks for tables whose definition stays as it is: shadows and derived tables, for tables of the script and
//! for tables from outside.

use super::{Case, case, incoming, outgoing};
use tidegate::config::{Attach, CatalogText, Nullable, Placement, Role, Settings, TableSettings};
use tidegate::undo::UndoMap;

const SINKS: &str = "\
CREATE TABLE snk (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
CREATE TABLE full_snk (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'p', 'format' = 'json');
CREATE TABLE counts (id BIGINT, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'q', 'format' = 'json');
";

/// A source of these columns, as a script or a catalog file declares it.
fn source(columns: &str) -> String {
    format!(
        "CREATE TABLE src (\n  {columns}\n) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\n"
    )
}

/// A case whose catalog file has this text.
fn outside<'a>(name: &'a str, catalog: &str, script: &str) -> Case<'a> {
    case(name, script).with(|s| {
        s.catalog = vec![CatalogText {
            name: "catalog.sql".to_owned(),
            text: catalog.to_owned(),
        }];
    })
}

impl Case<'_> {
    fn placed(self, placement: Placement) -> Self {
        self.with(|s| s.watermark.placement = Some(placement))
    }

    fn table(self, name: &str, table: TableSettings) -> Self {
        self.with(|s| {
            s.tables.insert(name.to_owned(), table);
        })
    }
}

fn on_column(column: &str) -> TableSettings {
    TableSettings {
        column: Some(column.to_owned()),
        attach: Some(Attach::Column),
        nullable: Some(Nullable::Trust),
        ..TableSettings::default()
    }
}

const PLACEMENTS: [(&str, Placement); 2] =
    [("shadow", Placement::Shadow), ("derive", Placement::Derive)];

/// One case for each placement; the table is from outside.
fn each(name: &str, catalog: &str, script: &str, change: impl Fn(Case<'_>) -> Case<'_>) {
    for (suffix, placement) in PLACEMENTS {
        let name = format!("place_{name}_{suffix}");
        let case = change(outside(&name, catalog, script).placed(placement));
        roles_and_undo(&case);
        case.check();
    }
}

/// The script of another role is that script in another role, and both lead back to the original.
fn roles_and_undo(case: &Case<'_>) {
    let of = |script: &str, role: Role| {
        let settings = Settings {
            role,
            ..case.settings.clone()
        };
        tidegate::rewrite(script, &settings)
    };
    let Some(first) = of(&case.script, Role::First).text else {
        return;
    };
    for role in [Role::First, outgoing(), incoming()] {
        let direct = of(&case.script, role);
        let text = direct.text.expect("another role is no reason to refuse");
        assert_eq!(of(&first, role).text.as_ref(), Some(&text), "{}", case.name);
        let map = UndoMap::new(&case.script, &direct.edits).expect("its own edits");
        let undone = map.undo(&text).expect("its own map");
        assert_eq!(undone, case.script, "{}", case.name);
    }
}

#[test]
fn every_kind_of_column() {
    let read = format!("{SINKS}INSERT INTO snk SELECT id FROM src;\n");
    let kinds = [
        ("physical", "id BIGINT,\n  ts TIMESTAMP(3) NOT NULL", None),
        (
            "precision",
            "id BIGINT,\n  ts TIMESTAMP_LTZ(6) NOT NULL",
            None,
        ),
        ("nullable", "id BIGINT,\n  ts TIMESTAMP(3)", None),
        ("none", "id BIGINT", None),
        (
            "metadata",
            "id BIGINT,\n  m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,\n  s STRING",
            Some("m"),
        ),
        (
            "hidden_metadata",
            "id BIGINT,\n  m TIMESTAMP_LTZ(6) NOT NULL METADATA FROM 'timestamp' VIRTUAL, -- Kafka's\n  s STRING",
            None,
        ),
        (
            "computed",
            "id BIGINT,\n  s STRING,\n  ts AS TO_TIMESTAMP(s),\n  n INT",
            Some("ts"),
        ),
        (
            "hidden_computed",
            "id BIGINT,\n  s STRING,\n  ts AS TO_TIMESTAMP(s),\n  n INT",
            None,
        ),
        (
            "computed_of_metadata",
            "id BIGINT,\n  m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,\n  ts AS CAST(m AS TIMESTAMP(3))",
            Some("ts"),
        ),
    ];
    for (kind, columns, column) in kinds {
        each(kind, &source(columns), &read, |case| match column {
            Some(column) => case.table("src", on_column(column)),
            None if kind == "hidden_computed" => case.with(|s| s.watermark.attach = Attach::Hidden),
            None => case,
        });
    }
}

#[test]
fn tables_of_the_script() {
    let table = source("id BIGINT,\n  ts TIMESTAMP(3)");
    let script = format!("{table}{SINKS}-- copies\nINSERT INTO snk SELECT id FROM src;\n");
    for (suffix, placement) in PLACEMENTS {
        let name = format!("place_own_{suffix}");
        case(&name, &script).placed(placement).check();
        let temporary = script.replace("CREATE TABLE src", "CREATE TEMPORARY TABLE src");
        let name = format!("place_own_temporary_{suffix}");
        case(&name, &temporary).placed(placement).check();
    }
    // One table by its own setting, the other in place.
    let two = format!(
        "{}{table}{SINKS}INSERT INTO snk SELECT src.id FROM src JOIN other ON src.id = other.id AND src.ts = other.ts;\n",
        table.replace("src", "other")
    );
    let derive = TableSettings {
        placement: Some(Placement::Derive),
        ..TableSettings::default()
    };
    case("place_one_of_two", &two).table("src", derive).check();
    // CREATE TABLE … AS first becomes an INSERT.
    let made = format!(
        "{table}CREATE TABLE made WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json') AS SELECT id FROM src;\n"
    );
    case("place_create_table_as", &made)
        .placed(Placement::Shadow)
        .check();
}

#[test]
fn stars_show_no_added_column() {
    let catalog = format!(
        "{}{}",
        source("id BIGINT,\n  ts TIMESTAMP(3)"),
        source("id BIGINT,\n  `when` TIMESTAMP(3)").replace("src", "`other one`")
    );
    let queries = [
        ("star", "INSERT INTO full_snk SELECT * FROM src;\n"),
        (
            "qualified_star",
            "INSERT INTO full_snk SELECT src.* FROM src;\n",
        ),
        (
            "alias_star",
            "INSERT INTO full_snk SELECT s.* FROM src AS s WHERE s.id > 1;\n",
        ),
        (
            "join_star",
            "INSERT INTO full_snk SELECT id, ts FROM (SELECT * FROM src JOIN `other one` ON src.id = `other one`.id AND src.ts = `when`);\n",
        ),
        (
            "union_star",
            "INSERT INTO full_snk SELECT * FROM src UNION ALL SELECT * FROM `other one`;\n",
        ),
        (
            "with_star",
            "INSERT INTO full_snk WITH w AS (SELECT * FROM src) SELECT * FROM w;\n",
        ),
        (
            "using_star",
            "INSERT INTO full_snk SELECT id, ts FROM (SELECT * FROM src JOIN `other one` USING (id));\n",
        ),
        (
            "natural",
            "INSERT INTO full_snk SELECT id, ts FROM src NATURAL JOIN `other one`;\n",
        ),
        ("explicit_table", "INSERT INTO full_snk TABLE src;\n"),
        (
            "alias_columns",
            "INSERT INTO full_snk SELECT a, b FROM src AS s (a, b);\n",
        ),
        (
            "view_star",
            "CREATE TEMPORARY VIEW v AS SELECT * FROM src;\nINSERT INTO full_snk SELECT * FROM v;\n",
        ),
    ];
    for (name, query) in queries {
        each(name, &catalog, &format!("{SINKS}{query}"), |case| case);
    }
}

#[test]
fn references_keep_their_meaning() {
    let catalog = format!(
        "USE shop;\n{}{}",
        source("id BIGINT,\n  ts TIMESTAMP(3)"),
        source("id BIGINT,\n  ts TIMESTAMP(3)").replace("src", "other"),
    );
    let queries = [
        (
            "hints",
            "INSERT INTO snk SELECT /*+ STATE_TTL('src' = '1 d', 'o' = '2 d') */ src.id\nFROM src /*+ OPTIONS('scan.parallelism' = '2') */\nJOIN other /*+ OPTIONS('scan.parallelism' = '1') */ AS o ON src.id = o.id AND src.ts = o.ts;\n",
        ),
        (
            "twice",
            "INSERT INTO snk SELECT id FROM src;\nINSERT INTO snk SELECT src.id FROM src WHERE src.id > 1;\n",
        ),
        (
            "qualified_name",
            "USE CATALOG default_catalog;\nINSERT INTO snk SELECT src.id FROM shop.src;\nINSERT INTO snk SELECT id FROM default_catalog.shop.src;\n",
        ),
        (
            "qualified_column",
            "INSERT INTO snk SELECT shop.src.id FROM shop.src;\n",
        ),
        (
            "match",
            "INSERT INTO snk SELECT i FROM src MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS i PATTERN (A) DEFINE A AS A.id > 1);\n",
        ),
        (
            "statement_set",
            "BEGIN STATEMENT SET;\nINSERT INTO snk SELECT id FROM src;\nINSERT INTO snk SELECT id FROM src WHERE id > 1;\nEND;\n",
        ),
        (
            "subquery",
            "INSERT INTO snk SELECT id FROM src WHERE id IN (SELECT id FROM src);\n",
        ),
        (
            "written",
            "INSERT INTO snk SELECT id FROM src;\nINSERT INTO src SELECT id, ts FROM src WHERE id < 0;\nINSERT INTO src SELECT id, ts FROM other;\n",
        ),
        (
            "like_before",
            "CREATE TABLE copy WITH ('topic' = 'c') LIKE src;\nINSERT INTO snk SELECT id FROM src;\n",
        ),
        (
            "like_behind",
            "INSERT INTO snk SELECT id FROM src;\nCREATE TABLE copy WITH ('topic' = 'c') LIKE src;\nINSERT INTO snk SELECT id FROM copy;\n",
        ),
        (
            "updating",
            "CREATE TABLE totals (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 't');\nINSERT INTO totals SELECT id, COUNT(*) FROM src GROUP BY id;\n",
        ),
    ];
    for (name, query) in queries {
        let (sinks, query) = match query.strip_prefix("USE CATALOG default_catalog;\n") {
            Some(query) => (SINKS.to_owned(), query),
            None => (format!("USE shop;\n{SINKS}"), query),
        };
        each(
            name,
            &catalog,
            &format!("{sinks}{query}"),
            |case| match name {
                "twice" => case.role(incoming()),
                "updating" => case.role(outgoing()),
                "match" => case.table("src", on_column("ts")),
                _ => case,
            },
        );
    }
    let windowed = "INSERT INTO counts SELECT id, COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end;\n";
    each(
        "window",
        &source("id BIGINT,\n  ts TIMESTAMP(3) NOT NULL"),
        &format!("{SINKS}{windowed}"),
        |case| case,
    );
}

#[test]
fn views_from_outside() {
    let table = source("id BIGINT,\n  ts TIMESTAMP(3) NOT NULL");
    let windowed = "INSERT INTO counts SELECT id, COUNT(*) FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end;\n";
    let views = "CREATE VIEW w AS SELECT * FROM src;\nCREATE VIEW v (id, ts) AS\nSELECT id, ts FROM w\nWHERE id > 1;\nCREATE VIEW unread AS SELECT * FROM src;\n";
    let script = format!("{SINKS}{windowed}");
    each("view", &format!("{table}{views}"), &script, |case| case);
    let nullable = table.replace(" NOT NULL", "");
    let copied = format!("{SINKS}INSERT INTO full_snk SELECT * FROM v;\n");
    each(
        "view_hidden",
        &format!("{nullable}{views}"),
        &copied,
        |case| case,
    );
    let temporary = views.replace("CREATE VIEW v", "CREATE TEMPORARY VIEW v");
    each(
        "view_temporary",
        &format!("{table}{temporary}"),
        &script,
        |case| case,
    );
    let elsewhere = format!(
        "{SINKS}USE elsewhere;\n{}",
        windowed
            .replace("counts", "default_database.counts")
            .replace("TABLE v", "TABLE default_catalog.default_database.v")
    );
    each(
        "view_elsewhere",
        &format!("{table}{views}"),
        &elsewhere,
        |case| case,
    );
}

#[test]
fn what_a_table_from_outside_may_be() {
    let script = format!("{SINKS}INSERT INTO snk SELECT id FROM src;\n");
    let table = source("id BIGINT,\n  ts TIMESTAMP(3)");
    let cases = [
        // It has a watermark already.
        (
            "timed",
            source("id BIGINT,\n  ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts"),
            script.clone(),
        ),
        // The event time is threaded through views, and tables are closed for an updating query.
        (
            "timed_view",
            format!("{}CREATE VIEW w AS SELECT id FROM src;\nCREATE VIEW v AS SELECT id\nFROM w;\n", source("id BIGINT,\n  ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts")),
            script.replace("src", "v"),
        ),
        (
            "timed_updating",
            format!("USE shop;\n{}CREATE VIEW v AS SELECT id FROM src;\n", source("id BIGINT,\n  ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts")),
            "CREATE TABLE totals (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 't');\nINSERT INTO totals SELECT id, COUNT(*) FROM shop.src GROUP BY id;\nUSE shop;\nINSERT INTO default_database.totals SELECT id, COUNT(*) FROM v GROUP BY id;\n".to_owned(),
        ),
        (
            "timed_view_elsewhere",
            format!("USE shop;\n{}CREATE VIEW v AS SELECT id FROM src;\n", source("id BIGINT,\n  ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts")),
            script.replace("src", "shop.v"),
        ),
        // Changed in the file, then read.
        (
            "altered",
            format!("{table}ALTER TABLE src ADD extra INT;\n"),
            script.clone(),
        ),
        (
            "dropped",
            format!("{table}DROP TABLE src;\n"),
            script.clone(),
        ),
        // A copy in the file.
        (
            "like",
            format!(
                "{}CREATE TABLE src LIKE base;\n",
                table.replace("src", "base")
            ),
            script.clone(),
        ),
        (
            "like_computed",
            format!(
                "{}CREATE TABLE src LIKE base;\n",
                source("id BIGINT,\n  s STRING,\n  ts AS TO_TIMESTAMP(s)").replace("src", "base")
            ),
            script.clone(),
        ),
        (
            "temporary",
            table.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"),
            script.clone(),
        ),
        // Not what the file says.
        (
            "redeclared",
            table.clone(),
            format!("{}{script}", source("id BIGINT,\n  `at` TIMESTAMP(3)")),
        ),
        (
            "hidden_by",
            table.clone(),
            format!(
                "{}{script}",
                source("id BIGINT,\n  `at` TIMESTAMP(3)")
                    .replace("CREATE TABLE", "CREATE TEMPORARY TABLE")
            ),
        ),
        ("drop", table.clone(), format!("{script}DROP TABLE src;\n")),
        (
            "alter",
            table.clone(),
            format!("{script}ALTER TABLE src SET ('k' = 'v');\n"),
        ),
        (
            "two_columns",
            source("id BIGINT,\n  a TIMESTAMP(3),\n  b TIMESTAMP(3)"),
            script.clone(),
        ),
        (
            "broken",
            format!("{table}CREATE TABLE (x);\n"),
            script.clone(),
        ),
        (
            "jobs",
            format!(
                "SET 'a' = 'b';\n{table}INSERT INTO snk SELECT id FROM src;\nINSERT INTO snk SELECT id FROM src;\n"
            ),
            script.clone(),
        ),
        (
            "function",
            format!("{table}CREATE FUNCTION f AS 'a.B';\n"),
            script.replace("SELECT id", "SELECT f(id)"),
        ),
        ("crlf", table.clone(), script.replace('\n', "\r\n")),
        (
            "sink",
            SINKS.to_owned(),
            format!("{}INSERT INTO snk SELECT id FROM src;\n", table),
        ),
        (
            "wrong_columns",
            format!("{SINKS}{table}"),
            "INSERT INTO snk SELECT id, ts FROM src;\n".to_owned(),
        ),
        (
            "no_event_time",
            source("id BIGINT").replace("kafka", "datagen"),
            script.clone(),
        ),
        (
            "cdc",
            table.replace("'json'", "'debezium-json'"),
            script.clone(),
        ),
    ];
    for (name, catalog, script) in cases {
        let name = format!("outside_{name}");
        outside(&name, &catalog, &script).check();
    }
    outside("outside_in_place", &table, &script)
        .placed(Placement::InPlace)
        .check();
}
