use super::*;
use crate::config::{CatalogText, FlinkVersion, Settings};
use crate::diagnostic::Diagnostic;
use crate::text::{EditSet, Span};
use proptest::prelude::*;
use std::fmt::Write;

const SCRIPT: &str = "\
-- orders of the shop
CREATE TABLE orders (
  id BIGINT,
  price DECIMAL(10, 2),
  ts TIMESTAMP(3) NOT NULL,
  p AS PROCTIME()
) WITH ('connector' = 'kafka', 'topic' = 'o', 'properties.bootstrap.servers' = 'k:9092', 'format' = 'json');

CREATE TABLE copies (id BIGINT, price DECIMAL(10, 2)) WITH ('connector' = 'blackhole');
CREATE TABLE sums (w TIMESTAMP(3), total DECIMAL(38, 2)) WITH ('connector' = 'blackhole');
CREATE TEMPORARY VIEW dear AS SELECT o.id, o.price, ts FROM orders AS o WHERE price > 10;

EXECUTE STATEMENT SET
BEGIN
INSERT INTO copies SELECT id, price FROM dear;
INSERT INTO sums
SELECT window_start, SUM(price)
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
END;
";

fn whole(text: &str, around: &Surroundings) -> (Vec<Diagnostic>, Summary) {
    let document = Document::new(text.to_owned(), around.settings.flink);
    super::whole(&document, around)
}

fn defaults() -> Surroundings {
    Surroundings::new(Settings {
        validate: false,
        ..Settings::default()
    })
    .unwrap()
}

/// A text with `|` at a place: the document, and the place.
fn at(text: &str) -> (Document, u32) {
    let offset = text.find('|').expect("a `|` where the cursor is");
    let text = text.replacen('|', "", 1);
    (Document::new(text, FlinkVersion::default()), offset as u32)
}

/// The script with `|` behind the first `before` that stands behind `after`.
fn marked(after: &str, before: &str) -> String {
    let from = SCRIPT.find(after).expect("`after` is in the script");
    let at = from + SCRIPT[from..].find(before).expect("`before` is behind") + before.len();
    format!("{}|{}", &SCRIPT[..at], &SCRIPT[at..])
}

fn hovered(text: &str) -> String {
    let (document, offset) = at(text);
    let found = hover(&document, &defaults(), offset);
    found.map_or("nothing".to_owned(), |h| {
        format!("[{}]\n{}", h.span.of(document.text()), h.markdown)
    })
}

#[test]
fn pieces_are_statements_with_what_stands_before_them() {
    let document = Document::new(SCRIPT.to_owned(), FlinkVersion::default());
    let mut shown = String::new();
    for piece in document.pieces() {
        let text = piece.span.of(SCRIPT).trim();
        let first = text
            .lines()
            .find(|l| !l.starts_with("--"))
            .unwrap_or_default();
        writeln!(shown, "{:?}: {first}", piece.kind).unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    Declares("orders"): CREATE TABLE orders (
    Declares("copies"): CREATE TABLE copies (id BIGINT, price DECIMAL(10, 2)) WITH ('connector' = 'blackhole');
    Declares("sums"): CREATE TABLE sums (w TIMESTAMP(3), total DECIMAL(38, 2)) WITH ('connector' = 'blackhole');
    Declares("dear"): CREATE TEMPORARY VIEW dear AS SELECT o.id, o.price, ts FROM orders AS o WHERE price > 10;
    Bracket: EXECUTE STATEMENT SET
    Reads: INSERT INTO copies SELECT id, price FROM dear;
    Reads: INSERT INTO sums
    Bracket: END;
    Blank:
    "#);
}

const PARTS: [&str; 18] = [
    "CREATE TABLE t (a INT);",
    "INSERT INTO t SELECT a FROM t;",
    " -- about it\n",
    "\n",
    "EXECUTE STATEMENT SET BEGIN",
    "END;",
    " ",
    ";",
    "'",
    "`",
    "/*",
    "*/",
    "SELECT 'it''s; here' FROM t; ",
    "/* a */ ",
    "DROP TABLE t;",
    "é表🙂",
    "--",
    "SET 'a' = 'b';",
];

fn parts() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PARTS[..]), 0..12).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Edit by edit the pieces are those of the text as it is.
    #[test]
    fn an_edited_document_is_cut_as_a_new_one(
        text in parts(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), parts()), 1..5),
    ) {
        let mut document = Document::new(text, FlinkVersion::default());
        for (from, to, replacement) in edits {
            let places: Vec<u32> = document.text().char_indices().map(|(i, _)| i as u32)
                .chain([document.text().len() as u32]).collect();
            let (a, b) = (places[from.index(places.len())], places[to.index(places.len())]);
            let before = document.clone();
            let changed = document.edit(Span::new(a.min(b), a.max(b)), &replacement);
            let new = Document::new(document.text().to_owned(), FlinkVersion::default());
            // A quote without its end has several readings: the same bytes have to be covered all the same.
            let last = document.pieces().last().map_or(0, |p| p.span.end);
            prop_assert_eq!(last as usize, document.text().len());
            for pair in document.pieces().windows(2) {
                prop_assert_eq!(pair[0].span.end, pair[1].span.start);
            }
            let is_open = |d: &Document| d.text().contains(['\'', '`']) || d.text().contains("/*");
            if !is_open(&new) && !is_open(&before) {
                prop_assert_eq!(shape(&document), shape(&new));
            }
            prop_assert!(changed.pieces.end <= document.pieces().len());
            for piece in document.pieces() {
                for name in &piece.names {
                    prop_assert!(document.mentions(name));
                }
            }
        }
    }
}

/// What is said after an edit that changes nothing is what was said of the whole script.
fn after_an_edit(name: &str, text: &str, around: &Surroundings) -> Vec<String> {
    let mut wrong = Vec::new();
    let (said, _) = whole(text, around);
    let document = Document::new(text.to_owned(), around.settings.flink);
    for piece in document.pieces() {
        let mut document = document.clone();
        let mut findings = Findings::default();
        findings.whole(said.clone());
        let inside = piece.span.end.saturating_sub(1).max(piece.span.start);
        let changed = document.edit(Span::at(floor(text, inside)), "");
        findings.edited(&document, &changed, around);
        let now = findings.all();
        let shown = |d: &Diagnostic| format!("{name}: {} at {:?}: {}", d.name, d.span, d.message);
        let of = |all: &[Diagnostic]| all.iter().map(shown).collect::<Vec<_>>();
        let (before, after) = (of(&said), of(&now));
        wrong.extend(
            before
                .iter()
                .filter(|d| !after.contains(d))
                .map(|d| format!("lost: {d}")),
        );
        wrong.extend(
            after
                .iter()
                .filter(|d| !before.contains(d))
                .map(|d| format!("new: {d}")),
        );
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

fn floor(text: &str, mut at: u32) -> u32 {
    while !text.is_char_boundary(at as usize) {
        at -= 1;
    }
    at
}

#[test]
fn a_part_says_what_the_whole_says() {
    let around = Surroundings::new(Settings {
        validate: false,
        lint: crate::config::LintSettings {
            select: vec!["all".to_owned()],
            ..Default::default()
        },
        ..Settings::default()
    })
    .unwrap();
    let mut scripts = vec![("of the tests".to_owned(), SCRIPT.to_owned())];
    let mut folders = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/examples").to_owned()];
    match std::env::var("TIDEGATE_CORPUS") {
        Ok(corpus) => folders.push(format!("{corpus}/scripts")),
        Err(_) => eprintln!("without the scripts of others: TIDEGATE_CORPUS is not set"),
    }
    for folder in folders {
        for entry in ignore::Walk::new(folder).flatten() {
            if entry.path().extension().is_some_and(|e| e == "sql") {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let text = text.trim_start_matches('\u{feff}').to_owned();
                scripts.push((entry.path().display().to_string(), text));
            }
        }
    }
    assert!(scripts.len() > 5);
    let wrong: Vec<String> = scripts
        .iter()
        .flat_map(|(name, text)| after_an_edit(name, text, &around))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// A quote that is left out, and put in again, with each keystroke.
#[test]
fn an_open_quote_is_seen_from_the_whole_text() {
    let quotes = "''''';\rL;";
    for text in [quotes, "SELECT 'a;\nSELECT 'b';\nSELECT c;\n", SCRIPT] {
        let version = FlinkVersion::default();
        let places = text.match_indices('\'').map(|(at, _)| at as u32);
        for at in places {
            let mut document = Document::new(text.to_owned(), version);
            for (span, letter) in [(Span::new(at, at + 1), ""), (Span::at(at), "'")] {
                document.edit(span, letter);
                let new = Document::new(document.text().to_owned(), version);
                assert_eq!(shape(&document), shape(&new), "{:?}", document.text());
            }
        }
    }
}

fn shape(document: &Document) -> Vec<(Span, PieceKind, Vec<String>)> {
    let pieces = document.pieces().iter();
    let parts = pieces.map(|p| (p.span, p.kind.clone(), p.names.clone()));
    parts.collect()
}

#[test]
fn a_hidden_column_shows_in_no_star() {
    let text = "CREATE TABLE o| (id INT, ts TIMESTAMP(3)) WITH ('connector'='datagen');\nCREATE TABLE p (id INT, ts TIMESTAMP(3)) WITH ('connector'='print');\nINSERT INTO p SELECT * FROM o;\n";
    let (document, offset) = at(text);
    let around = Surroundings::new(Settings::default()).unwrap();
    let found = actions(&document, &around, &[], Span::at(offset));
    let action = found
        .iter()
        .find(|a| a.title.starts_with("insert a watermark on `ts`"));
    let edits = EditSet::new(action.expect("it is offered").edits.clone()).unwrap();
    let (text, _) = edits.apply(document.text()).unwrap();
    assert!(
        text.contains("`__rowtime` AS COALESCE") && !text.contains('*'),
        "{text}"
    );
    let said = crate::check(&text, &around.settings);
    let errors: Vec<_> = said.iter().filter(|d| d.is_error()).collect();
    assert_eq!(errors, Vec::<&Diagnostic>::new());
}

#[test]
fn findings_move_along_and_change_where_one_types() {
    let around = defaults();
    let mut document = Document::new(SCRIPT.to_owned(), FlinkVersion::default());
    let mut findings = Findings::default();
    findings.whole(whole(SCRIPT, &around).0);
    let names = |f: &Findings, d: &Document| {
        let all = f.all();
        all.iter()
            .map(|f| (f.name, f.span.of(d.text()).to_owned()))
            .collect::<Vec<_>>()
    };
    let before = names(&findings, &document);
    let changed = document.edit(Span::at(0), "-- another line\n\n");
    findings.edited(&document, &changed, &around);
    assert_eq!(names(&findings, &document), before);
    let at = document.text().find("FROM dear").unwrap() as u32;
    let changed = document.edit(Span::new(at, at + 4), "FRM");
    findings.edited(&document, &changed, &around);
    let now = names(&findings, &document);
    assert!(
        now.len() > before.len() && now.iter().any(|(n, _)| *n == "syntax-error"),
        "{now:?}"
    );
    let changed = document.edit(Span::new(at, at + 3), "FROM");
    findings.edited(&document, &changed, &around);
    assert_eq!(names(&findings, &document), before);
}

#[test]
fn plans_are_made_once_for_what_does_not_change() {
    let around = Surroundings::new(Settings::default()).unwrap();
    let text = SCRIPT.replace("SELECT id, price FROM dear", "SELECT id, prize FROM dear");
    let mut known = Proof::default();
    let mut document = Document::new(text.clone(), FlinkVersion::default());
    let found = prove(&document, &around, &mut known, &|| true).unwrap();
    let said: Vec<_> = found.iter().map(|d| (d.name, d.span.of(&text))).collect();
    assert_eq!(said, [("unknown-column", "prize")]);
    assert_eq!(known.plans(), 2);
    // Another edit, and another one that stops it.
    let at = text.find("prize").unwrap() as u32;
    document.edit(Span::new(at, at + 5), "price");
    assert_eq!(prove(&document, &around, &mut known, &|| false), None);
    assert_eq!(
        prove(&document, &around, &mut known, &|| true),
        Some(Vec::new())
    );
    assert_eq!((known.plans(), known.made()), (2, 3));
}

#[test]
fn what_stands_behind_a_word() {
    let places = [
        ("CREATE TABLE", "orders"),
        ("CREATE TABLE orders", "ts"),
        ("CREATE TABLE orders", "p AS"),
        ("CREATE TEMPORARY VIEW", "o.price"),
        ("CREATE TEMPORARY VIEW", "dear"),
        ("CREATE TEMPORARY VIEW", "FROM orders"),
        ("INSERT INTO copies", "copies"),
        ("INSERT INTO copies", "price"),
        ("INSERT INTO sums", "SUM"),
        ("INSERT INTO sums", "window_start"),
        ("INSERT INTO sums", "TABLE orders"),
    ];
    let mut shown = String::new();
    for (after, before) in places {
        writeln!(shown, "## {before}\n{}\n", hovered(&marked(after, before))).unwrap();
    }
    let rule = "-- tidegate: ignore-file[missing-|watermark] known\nSELECT 1;";
    let rule = hovered(rule);
    writeln!(
        shown,
        "## a rule\n{}",
        rule.lines().take(5).collect::<Vec<_>>().join("\n")
    )
    .unwrap();
    insta::assert_snapshot!(shown, @r#"
    ## orders
    [orders]
    table `default_catalog.default_database.orders`

    - `id BIGINT`
    - `price DECIMAL(10, 2)`
    - `ts TIMESTAMP(3) NOT NULL` *rowtime (added)*
    - `p TIMESTAMP_LTZ(3) NOT NULL` *proctime*

    connector: `kafka`

    watermark: none of its own; tidegate adds one on `ts`: a window stands on it

    event time: an INSERT reads it as a stream

    ## ts
    [ts]
    ```sql
    ts TIMESTAMP(3) NOT NULL
    ```

    a physical column

    **rowtime (added)**: tidegate puts a watermark on it: a window stands on it

    ## p AS
    nothing

    ## o.price
    [price]
    ```sql
    price DECIMAL(10, 2)
    ```

    from `orders.price` by way of `o`

    ## dear
    [dear]
    temporary view `default_catalog.default_database.dear`

    - `id BIGINT`
    - `price DECIMAL(10, 2)`
    - `ts TIMESTAMP(3) NOT NULL` *rowtime*

    ## FROM orders
    [orders]
    table `default_catalog.default_database.orders`

    - `id BIGINT`
    - `price DECIMAL(10, 2)`
    - `ts TIMESTAMP(3) NOT NULL` *rowtime (added)*
    - `p TIMESTAMP_LTZ(3) NOT NULL` *proctime*

    connector: `kafka`

    watermark: none of its own; tidegate adds one on `ts`: a window stands on it

    event time: an INSERT reads it as a stream

    ## copies
    [copies]
    table `default_catalog.default_database.copies`

    - `id BIGINT`
    - `price DECIMAL(10, 2)`

    connector: `blackhole`

    event time: it is written, not read

    ## price
    [price]
    ```sql
    price DECIMAL(10, 2)
    ```

    from `orders.price`

    ## SUM
    [SUM]
    ```sql
    SUM(number)
    ```

    an aggregate function of Flink

    ## window_start
    [window_start]
    ```sql
    window_start TIMESTAMP(3)
    ```

    ## TABLE orders
    [orders]
    table `default_catalog.default_database.orders`

    - `id BIGINT`
    - `price DECIMAL(10, 2)`
    - `ts TIMESTAMP(3) NOT NULL` *rowtime (added)*
    - `p TIMESTAMP_LTZ(3) NOT NULL` *proctime*

    connector: `kafka`

    watermark: none of its own; tidegate adds one on `ts`: a window stands on it

    event time: an INSERT reads it as a stream

    ## a rule
    [missing-watermark]
    # missing-watermark (TG001)

    A source that is read as a stream and declares no watermark.
    "#);
}

/// The labels of what is offered, the first ones.
fn offered(text: &str) -> String {
    let (document, offset) = at(text);
    let (span, mut found) = completions(&document, &defaults(), offset);
    found.sort_by_key(|c| c.rank);
    let count = found.len();
    let first = found.iter().take(6).map(|c| match c.detail.as_str() {
        "" => c.label.clone(),
        detail => format!("{} ({detail})", c.label),
    });
    let first: Vec<String> = first.collect();
    format!(
        "`{}` {count}: {}",
        span.of(document.text()),
        first.join(", ")
    )
}

#[test]
fn what_may_be_written() {
    let behind = |sql: &str| format!("{SCRIPT}{sql}");
    let places = [
        "INS|".to_owned(),
        behind("INSERT INTO |"),
        behind("INSERT INTO co|"),
        behind("INSERT INTO copies (|"),
        behind("INSERT INTO copies (id, |) SELECT id, price FROM orders"),
        behind("SELECT * FROM o|"),
        behind("INSERT INTO copies SELECT | FROM orders"),
        behind("INSERT INTO copies SELECT o.| FROM orders AS o"),
        behind("INSERT INTO copies SELECT d.pr| FROM orders o JOIN dear d ON o.id = d.id"),
        behind("INSERT INTO copies SELECT id FROM |"),
        behind("INSERT INTO copies SELECT id FROM orders WHERE |"),
        behind("INSERT INTO copies SELECT x.| FROM (SELECT id, price AS p FROM orders) AS x"),
        behind("WITH c AS (SELECT id AS key FROM orders) SELECT c.| FROM c"),
        behind(
            "SELECT w.| FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) AS w",
        ),
        "CREATE TABLE t (a INT) WITH ('connector' = '|".to_owned(),
        "CREATE TABLE t (a INT) WITH ('connector' = '|')".to_owned(),
        "CREATE TABLE t (a INT) WITH ('connector' = 'datagen', '|'".to_owned(),
        "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'format' = 'json', 'json.|')"
            .to_owned(),
        "SELECT 'a |".to_owned(),
        "-- a |".to_owned(),
    ];
    let shown: Vec<String> = places
        .iter()
        .map(|p| {
            let line = p.lines().last().unwrap_or_default();
            format!("{line}\n    {}", offered(p))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    INS|
        `INS` 14: CREATE TABLE, CREATE VIEW, INSERT INTO, EXECUTE STATEMENT SET, SET, RESET
    INSERT INTO |
        `` 3: orders (kafka), copies (blackhole), sums (blackhole)
    INSERT INTO co|
        `co` 3: orders (kafka), copies (blackhole), sums (blackhole)
    INSERT INTO copies (|
        `` 2: id (BIGINT), price (DECIMAL(10, 2))
    INSERT INTO copies (id, |) SELECT id, price FROM orders
        `` 2: id (BIGINT), price (DECIMAL(10, 2))
    SELECT * FROM o|
        `o` 8: orders (kafka), copies (blackhole), sums (blackhole), dear (view), TUMBLE (window table-valued function), HOP (window table-valued function)
    INSERT INTO copies SELECT | FROM orders
        `` 805: id (BIGINT of orders), price (DECIMAL(10, 2) of orders), ts (TIMESTAMP(3) NOT NULL of orders), p (TIMESTAMP_LTZ(3) NOT NULL proctime of orders), orders, COALESCE (COALESCE(any, any …))
    INSERT INTO copies SELECT o.| FROM orders AS o
        `` 4: id (BIGINT), price (DECIMAL(10, 2)), ts (TIMESTAMP(3) NOT NULL), p (TIMESTAMP_LTZ(3) NOT NULL)
    INSERT INTO copies SELECT d.pr| FROM orders o JOIN dear d ON o.id = d.id
        `pr` 3: id (BIGINT), price (DECIMAL(10, 2)), ts (TIMESTAMP(3) NOT NULL)
    INSERT INTO copies SELECT id FROM |
        `` 8: orders (kafka), copies (blackhole), sums (blackhole), dear (view), TUMBLE (window table-valued function), HOP (window table-valued function)
    INSERT INTO copies SELECT id FROM orders WHERE |
        `` 805: id (BIGINT of orders), price (DECIMAL(10, 2) of orders), ts (TIMESTAMP(3) NOT NULL of orders), p (TIMESTAMP_LTZ(3) NOT NULL proctime of orders), orders, COALESCE (COALESCE(any, any …))
    INSERT INTO copies SELECT x.| FROM (SELECT id, price AS p FROM orders) AS x
        `` 2: id (BIGINT), p
    WITH c AS (SELECT id AS key FROM orders) SELECT c.| FROM c
        `` 1: key
    SELECT w.| FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) AS w
        `` 7: id (BIGINT), price (DECIMAL(10, 2)), ts (TIMESTAMP(3) NOT NULL), p (TIMESTAMP_LTZ(3) NOT NULL), window_start (TIMESTAMP(3)), window_end (TIMESTAMP(3))
    CREATE TABLE t (a INT) WITH ('connector' = '|
        `` 61: bigquery, blackhole, cassandra, clickhouse, datagen, db2-cdc
    CREATE TABLE t (a INT) WITH ('connector' = '|')
        `` 61: bigquery, blackhole, cassandra, clickhouse, datagen, db2-cdc
    CREATE TABLE t (a INT) WITH ('connector' = 'datagen', '|'
        `` 7: connector, format, number-of-rows, property-version, provider, rows-per-second
    CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'format' = 'json', 'json.|')
        `json.` 35: connector, format, json.decode.json-parser.enabled, json.encode.decimal-as-plain-number, json.encode.ignore-null-fields, json.fail-on-missing-field
    SELECT 'a |
        `` 0: 
    -- a |
        `` 0:
    "#);
}

#[test]
fn snippets_for_editors_that_know_none() {
    assert_eq!(without_stops("A(${1:b}, $2) $0;"), "A(b, ) ;");
}

#[test]
fn a_definition_is_where_it_is_declared() {
    let places = [
        ("INSERT INTO copies", "dear"),
        ("INSERT INTO copies", "INTO copies"),
        ("INSERT INTO sums", "TABLE orders"),
        ("CREATE TEMPORARY VIEW", "o.price"),
        ("INSERT INTO copies", "SELECT id"),
        ("INSERT INTO copies", "SELECT"),
    ];
    let mut shown = String::new();
    for (after, before) in places {
        let (document, offset) = at(&marked(after, before));
        let found = definition(&document, &defaults(), offset);
        let place = found.map(|d| match d.place {
            Place::Here(span) => {
                let line = document.lines().line(span.start) + 1;
                format!("{} -> {} in line {line}", d.name, span.of(document.text()))
            }
            other => format!("{other:?}"),
        });
        writeln!(shown, "{before}: {}", place.unwrap_or("nothing".to_owned())).unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    dear: dear -> dear in line 11
    INTO copies: copies -> copies in line 9
    TABLE orders: orders -> orders in line 2
    o.price: price -> price in line 4
    SELECT id: id -> id in line 3
    SELECT: nothing
    "#);
}

#[test]
fn what_is_declared_outside_is_found_there() {
    let around = Surroundings::new(Settings {
        validate: false,
        catalog: vec![CatalogText {
            name: "ddl/shop.sql".to_owned(),
            text: "-- of the shop\nCREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3));\nCREATE VIEW v AS SELECT id FROM clicks;\n".to_owned(),
        }],
        ..Settings::default()
    })
    .unwrap();
    let (document, offset) = at(
        "CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO s SELECT id FROM v|;",
    );
    let outside = |name: &str, line, column| Declaration {
        name: name.to_owned(),
        span: Span::new(offset - 1, offset),
        place: Place::Outside {
            file: "ddl/shop.sql".to_owned(),
            line,
            column,
        },
    };
    assert_eq!(
        definition(&document, &around, offset),
        Some(outside("v", 3, 13))
    );
    let shown = hover(&document, &around, offset).unwrap().markdown;
    assert!(
        shown.contains("declared in ddl/shop.sql:3:13") && shown.contains("`id BIGINT`"),
        "{shown}"
    );
    let refused = rename(&document, &around, offset, "w").unwrap_err();
    assert!(refused.contains("ddl/shop.sql:3:13"), "{refused}");
}

fn renamed(after: &str, before: &str, name: &str) -> Result<String, String> {
    let (document, offset) = at(&marked(after, before));
    let edits = rename(&document, &defaults(), offset, name)?;
    Ok(EditSet::new(edits)
        .unwrap()
        .apply(document.text())
        .unwrap()
        .0)
}

#[test]
fn a_table_gets_another_name_wherever_it_is_named() {
    let text = renamed("INSERT INTO sums", "TABLE orders", "sales").unwrap();
    assert_eq!(
        text,
        SCRIPT
            .replace("TABLE orders", "TABLE sales")
            .replace("FROM orders", "FROM sales")
    );
    let text = renamed("CREATE TABLE copies", "copies", "order").unwrap();
    assert_eq!(text, SCRIPT.replace("copies", "`order`"));
    let refusals = [
        renamed("INSERT INTO sums", "TABLE orders", "copies"),
        renamed("INSERT INTO sums", "SUM(price", "x"),
        renamed("INSERT INTO sums", "TABLE orders", " "),
    ];
    let refusals: Vec<String> = refusals.map(Result::unwrap_err).to_vec();
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    `copies` is declared already, in line 9
    only tables and views can be renamed here: columns name fields of the data, and aliases stand in one query
    a name has at least one character, and no line end
    "#);
}

#[test]
fn a_qualifier_is_renamed_with_its_table() {
    let text = "CREATE TABLE a (id INT) WITH ('connector' = 'datagen');\nCREATE TABLE s (id INT) WITH ('connector' = 'print');\nINSERT INTO s SELECT a.id FROM a| WHERE a.id > 1;";
    let (document, offset) = at(text);
    let edits = rename(&document, &defaults(), offset, "b").unwrap();
    let text = EditSet::new(edits)
        .unwrap()
        .apply(document.text())
        .unwrap()
        .0;
    assert!(
        text.ends_with("INSERT INTO s SELECT b.id FROM b WHERE b.id > 1;"),
        "{text}"
    );
    let text = text.replacen("FROM b", "FROM b|", 1);
    let (document, offset) = at(&text);
    let places = references(&document, &defaults(), offset);
    assert_eq!(places.len(), 2, "the declaration and the query");
}

#[test]
fn actions_at_a_place() {
    let around = defaults();
    let places = [
        ("CREATE TABLE", "orders"),
        ("INSERT INTO copies", "copies"),
        ("CREATE TABLE sums", "sums"),
    ];
    let mut shown = String::new();
    for (after, before) in places {
        let (document, offset) = at(&marked(after, before));
        let (said, _) = whole(document.text(), &around);
        let found = actions(&document, &around, &said, Span::at(offset));
        writeln!(shown, "## {before}").unwrap();
        for action in found {
            let text = EditSet::new(action.edits.clone())
                .unwrap()
                .apply(document.text())
                .unwrap()
                .0;
            let diff = crate::report::diff::unified("a", document.text(), &text);
            let lines = diff.lines().filter(|l| {
                l.starts_with(['+', '-']) && !l.starts_with("+++") && !l.starts_with("---")
            });
            writeln!(shown, "{:?}: {}", action.kind, action.title).unwrap();
            for line in lines {
                writeln!(shown, "    {line}").unwrap();
            }
            let left = whole(&text, &around).0;
            let found = left
                .iter()
                .filter(|d| d.name == "syntax-error" || d.name == "unused-ignore");
            assert_eq!(found.count(), 0, "{text}");
            if let (ActionKind::Ignore | ActionKind::Fix, Some(finding)) =
                (action.kind, action.finding)
            {
                let count = |all: &[Diagnostic]| {
                    all.iter().filter(|d| d.name == said[finding].name).count()
                };
                assert!(count(&left) < count(&said), "{}", action.title);
            }
        }
    }
    insta::assert_snapshot!(shown, @r#"
    ## orders
    Fix: declare it (may change the meaning)
        -  p AS PROCTIME()
        +  p AS PROCTIME(),
        +  WATERMARK FOR `ts` AS `ts` - INTERVAL '5' SECOND
    Rewrite: insert a watermark on `ts`: a window stands on it
        -  p AS PROCTIME()
        +  p AS PROCTIME(),
        +  WATERMARK FOR `ts` AS `ts` - INTERVAL '5' SECOND
    Ignore: ignore `missing-watermark` here
        +-- tidegate: ignore[missing-watermark]
    Ignore: ignore `missing-watermark` in this file
        +-- tidegate: ignore-file[missing-watermark]
    ## copies
    Rewrite: put this INSERT behind a gate (exact, with 1 watermark)
        -  p AS PROCTIME()
        +  p AS PROCTIME(),
        +  WATERMARK FOR `ts` AS `ts` - INTERVAL '5' SECOND
        +CREATE TEMPORARY VIEW `copies__gate` AS
        +SELECT `id`, `price`
        +FROM (
        +SELECT id, price, `ts` AS `__gate_time` FROM dear
        +) AS `q` (`id`, `price`, `__gate_time`)
        +WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
        +  AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';
        +
        -INSERT INTO copies SELECT id, price FROM dear;
        +INSERT INTO copies SELECT `id`, `price` FROM `copies__gate`;
    ## sums
    "#);
}

#[test]
fn a_watermark_for_each_candidate() {
    let text = "CREATE TABLE clicks| (id BIGINT, clicked_at TIMESTAMP(3) NOT NULL, sent_at TIMESTAMP(3), event_time BIGINT)\nWITH ('connector' = 'kafka', 'format' = 'json');\nCREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO s SELECT id FROM clicks;";
    let (document, offset) = at(text);
    let found = actions(&document, &defaults(), &[], Span::at(offset));
    let shown = found.iter().map(|action| {
        let written: Vec<&str> = action.edits.iter().map(|e| e.replacement.trim()).collect();
        format!("{}\n    {}", action.title, written.join("\n    "))
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r#"
    insert a watermark on `clicked_at`: a timestamp column
        , WATERMARK FOR `clicked_at` AS `clicked_at` - INTERVAL '5' SECOND
    insert a watermark on `sent_at`: a timestamp column
        , `__rowtime` AS COALESCE(`sent_at`, TIMESTAMP '1970-01-01 00:00:00.000'), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
    insert a watermark on `event_time` (unit "s"): a number whose name says time, but not what it counts
        , `__rowtime` AS COALESCE(TO_TIMESTAMP_LTZ(`event_time`, 0), TO_TIMESTAMP_LTZ(0, 3)), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
    insert a watermark on `event_time` (unit "ms"): a number whose name says time, but not what it counts
        , `__rowtime` AS COALESCE(TO_TIMESTAMP_LTZ(`event_time`, 3), TO_TIMESTAMP_LTZ(0, 3)), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
    insert a watermark on `event_time` (unit "us"): a number whose name says time, but not what it counts
        , `__rowtime` AS COALESCE(TO_TIMESTAMP_LTZ(`event_time` / 1000, 3), TO_TIMESTAMP_LTZ(0, 3)), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
    insert a watermark on `timestamp`: metadata of the connector: the timestamp of the Kafka record
        , `__rowtime` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
    "#);
    for action in &found {
        let edits = EditSet::new(action.edits.clone()).unwrap();
        let (text, _) = edits.apply(document.text()).unwrap();
        let (said, _) = whole(&text, &defaults());
        let about = |d: &&Diagnostic| d.name == "missing-watermark" || d.is_error();
        assert_eq!(said.iter().find(about), None, "{text}");
    }
}

#[test]
fn a_gate_stands_before_the_statement_set_and_inserts_become_one_job() {
    let around = defaults();
    let done = |document: &Document, title: &str, offset: u32| {
        let found = actions(document, &around, &[], Span::at(offset));
        let action = found.into_iter().find(|a| a.title.starts_with(title));
        let edits = EditSet::new(action.expect("it is offered").edits).unwrap();
        let (text, _) = edits.apply(document.text()).unwrap();
        let errors = whole(&text, &around).0;
        let errors: Vec<_> = errors.iter().filter(|d| d.is_error()).collect();
        assert_eq!(errors, Vec::<&Diagnostic>::new(), "{text}");
        text
    };
    let (document, offset) = at(&marked("INSERT INTO copies", "copies"));
    let text = done(&document, "put this INSERT behind a gate", offset);
    let place = |needle: &str| text.find(needle).unwrap();
    assert!(place("CREATE TEMPORARY VIEW `copies__gate`") < place("EXECUTE STATEMENT SET"));
    // The second one, in the text that the first one left: another gate, and no second one for the first.
    let document = Document::new(text, FlinkVersion::default());
    let offset = document.text().find("INSERT INTO sums").unwrap() as u32;
    let text = done(&document, "put this INSERT behind a gate", offset);
    assert_eq!(text.matches("__gate` AS").count(), 2);
    let (_, summary) = whole(&text, &around);
    assert_eq!(summary.rewritten, Some(Ok(text.clone())));

    let script = SCRIPT
        .replace("EXECUTE STATEMENT SET\nBEGIN\n", "")
        .replace("END;\n", "");
    let document = Document::new(script, FlinkVersion::default());
    let offset = document.text().find("INSERT INTO sums").unwrap() as u32;
    let text = done(&document, "merge all INSERTs", offset);
    assert_eq!(text, SCRIPT);
    let offset = SCRIPT.find("INSERT INTO sums").unwrap() as u32;
    let document = Document::new(text, FlinkVersion::default());
    let found = actions(&document, &around, &[], Span::at(offset));
    assert!(!found.iter().any(|a| a.title.starts_with("merge")));
}

/// The gate of one INSERT needs a hidden column, which a `*` of another one would show.
#[test]
fn a_gate_is_not_offered_where_another_star_would_show_its_column() {
    let tables = "CREATE TABLE o (id INT, ts TIMESTAMP(3)) WITH ('connector'='datagen');\nCREATE TABLE p (id INT, ts TIMESTAMP(3)) WITH ('connector'='print');\nCREATE TABLE q (id INT, ts TIMESTAMP(3)) WITH ('connector'='print');\n";
    let offered = |other: &str| {
        let text = format!(
            "{tables}INSERT INTO p| SELECT id, ts FROM o;\nINSERT INTO q SELECT {other} FROM o;\n"
        );
        let (document, offset) = at(&text);
        let found = actions(&document, &defaults(), &[], Span::at(offset));
        found.iter().any(|a| a.title.starts_with("put this INSERT"))
    };
    assert!(offered("id, ts"));
    assert!(!offered("*"));
}

#[test]
fn everything_is_fixed_with_one_edit() {
    let text = "CREATE TABLE t (a INT,) WITH ('connector' = 'datagen');\nSELECT 'é', a FROM t;\nCREATE TABLE u (b INT,) WITH ('connector' = 'datagen')\n;";
    let document = Document::new(text.to_owned(), FlinkVersion::default());
    let edit = fix_all(&document, &defaults()).unwrap();
    let fixed = EditSet::new(vec![edit.clone()])
        .unwrap()
        .apply(text)
        .unwrap()
        .0;
    assert_eq!(fixed, text.replace("INT,)", "INT)"));
    assert!(edit.span.range().len() < text.len());
    let document = Document::new(fixed, FlinkVersion::default());
    assert_eq!(fix_all(&document, &defaults()), None);
    let document = Document::new("é表".to_owned(), FlinkVersion::default());
    assert_eq!(fix_all(&document, &defaults()), None);
}

#[test]
fn a_summary_of_the_whole() {
    let (_, summary) = whole(SCRIPT, &defaults());
    let mut shown = format!("{}\n", summary.title.unwrap());
    for hint in &summary.hints {
        let line = SCRIPT[..hint.at as usize].lines().last().unwrap();
        writeln!(shown, "{}|{}", line.trim(), hint.label).unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    1 watermark · 2 gates · exact
    ts TIMESTAMP(3) NOT NULL| rowtime (added)
    p AS PROCTIME()| proctime
    INSERT INTO copies| exact · gate time `ts`
    INSERT INTO sums| exact · gate time window_end - 1 ms
    "#);
    assert!(
        summary
            .rewritten
            .unwrap()
            .unwrap()
            .contains("WATERMARK FOR")
    );
    let (_, summary) = whole("INSERT INTO s SELECT 1 FROM nowhere;", &defaults());
    let why = summary.rewritten.unwrap().unwrap_err();
    assert!(why.starts_with("cannot be rewritten: "), "{why}");
}

#[test]
fn folds_symbols_and_selections() {
    let document = Document::new(SCRIPT.to_owned(), FlinkVersion::default());
    let lines = document.lines();
    let folds: Vec<String> = folds(&document)
        .iter()
        .map(|f| {
            format!(
                "{:?} {}-{}",
                f.kind,
                lines.line(f.span.start) + 1,
                lines.line(f.span.end) + 1
            )
        })
        .collect();
    let symbols: Vec<String> = symbols(&document)
        .iter()
        .map(|s| {
            let children: Vec<&str> = s.children.iter().map(|c| c.name.as_str()).collect();
            format!("{:?} {} [{}]", s.kind, s.name, children.join(" "))
        })
        .collect();
    let (document, offset) = at(&marked("INSERT INTO sums", "DESCRIPTOR(ts"));
    let around: Vec<String> = around(&document, offset)
        .iter()
        .map(|s| {
            let text = s.of(document.text()).trim();
            let end = text.char_indices().nth(50).map_or(text.len(), |(i, _)| i);
            text[..end].replace('\n', " ")
        })
        .collect();
    insta::assert_snapshot!(format!("{}\n\n{}\n\n{}", folds.join("\n"), symbols.join("\n"), around.join("\n")), @r#"
    Statement 2-7
    Statement 13-20
    Statement 16-19

    Table orders [id price ts p]
    Table copies [id price]
    Table sums [w total]
    View dear []
    StatementSet STATEMENT SET [INSERT INTO copies INSERT INTO sums]

    )
    (ts)
    TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE
    (TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE
    TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' 
    (TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1'
    INSERT INTO sums SELECT window_start, SUM(price) F
    INSERT INTO sums SELECT window_start, SUM(price) F
    -- orders of the shop CREATE TABLE orders (   id B
    "#);
}

#[test]
fn words_by_what_they_are() {
    let document = Document::new(SCRIPT.to_owned(), FlinkVersion::default());
    let from = SCRIPT.find("INSERT INTO sums").unwrap() as u32;
    let whole = Span::new(from, SCRIPT.len() as u32);
    let words: Vec<String> = classified(&document, &defaults(), whole)
        .into_iter()
        .map(|(span, class)| format!("{}:{class:?}", span.of(SCRIPT)))
        .collect();
    insta::assert_snapshot!(words.join(" "), @"INSERT:Keyword INTO:Keyword sums:Table SELECT:Keyword window_start:Column SUM:Function price:Column FROM:Keyword TABLE:Keyword TUMBLE:Function TABLE:Keyword orders:Table DESCRIPTOR:Function ts:Column INTERVAL:Keyword MINUTE:Keyword GROUP:Keyword BY:Keyword window_start:Column window_end:Column END:Keyword");
}

#[test]
fn nothing_panics_at_any_place() {
    let texts = [
        SCRIPT,
        "",
        "é",
        "SELECT 'a",
        "CREATE TABLE",
        "INSERT INTO a SELECT (((",
        "-- tidegate: ignore[x]",
        "WITH ('",
    ];
    for text in texts {
        let document = Document::new(text.to_owned(), FlinkVersion::default());
        let around = defaults();
        let (said, _) = whole(text, &around);
        let places = text
            .char_indices()
            .map(|(at, _)| at)
            .step_by(if text.len() > 100 { 7 } else { 1 });
        for offset in places.chain([text.len()]) {
            let offset = offset as u32;
            hover(&document, &around, offset);
            completions(&document, &around, offset);
            definition(&document, &around, offset);
            references(&document, &around, offset);
            let _ = rename(&document, &around, offset, "x");
            actions(&document, &around, &said, Span::at(offset));
            super::around(&document, offset);
        }
        folds(&document);
        symbols(&document);
    }
}
