//! Added columns change no `*`, no INSERT by position, no NATURAL join.

use super::{Case, Cases, case};

const TABLES: &str = "\
CREATE TABLE a (id INT, ts TIMESTAMP(3), `odd name` INT) WITH ('connector' = 'kafka');
CREATE TABLE b (id INT, v INT, at_time TIMESTAMP(3)) WITH ('connector' = 'kafka');
CREATE TABLE two (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');
CREATE TABLE three (id INT, ts TIMESTAMP(3), n INT) WITH ('connector' = 'kafka');
CREATE TABLE six (id INT, ts TIMESTAMP(3), n INT, id2 INT, v INT, ts2 TIMESTAMP(3)) WITH ('connector' = 'kafka');
CREATE TABLE five (id INT, ts TIMESTAMP(3), n INT, v INT, ts2 TIMESTAMP(3)) WITH ('connector' = 'kafka');
";

fn star(name: &str, script: &str) -> Case {
    case(name, format!("{TABLES}{script}\n"))
}

pub(super) fn cases(t: &mut Cases) {
    let queries = [
        ("plain", "INSERT INTO three SELECT * FROM a;"),
        ("qualified", "INSERT INTO three SELECT a.* FROM a;"),
        ("aliased", "INSERT INTO three SELECT x.* FROM a AS x;"),
        (
            "aliased_without_as",
            "INSERT INTO three SELECT x.* FROM a x WHERE x.id > 0;",
        ),
        (
            "quoted_alias",
            "INSERT INTO three SELECT `x y`.* FROM a AS `x y`;",
        ),
        (
            "join",
            "INSERT INTO six SELECT * FROM a JOIN b ON a.id = b.id;",
        ),
        (
            "join_left_only",
            "INSERT INTO three SELECT a.* FROM a JOIN b ON a.id = b.id;",
        ),
        (
            "join_both",
            "INSERT INTO six SELECT a.*, b.* FROM a JOIN b ON a.id = b.id;",
        ),
        (
            "join_turned",
            "INSERT INTO six SELECT y.id, y.ts, y.`odd name`, x.* FROM b AS x JOIN a AS y ON x.id = y.id;",
        ),
        (
            "join_using",
            "INSERT INTO five SELECT * FROM a JOIN b USING (id);",
        ),
        (
            "cross_join",
            "INSERT INTO six SELECT * FROM a CROSS JOIN b;",
        ),
        (
            "comma_join",
            "INSERT INTO six SELECT * FROM a, b WHERE a.id = b.id;",
        ),
        (
            "natural_join",
            "INSERT INTO five SELECT a.id, a.ts, a.`odd name`, b.v, b.at_time FROM a NATURAL JOIN b;",
        ),
        (
            "self_join",
            "INSERT INTO six SELECT x.*, y.id, y.id, y.ts FROM a AS x JOIN a AS y ON x.id = y.id;",
        ),
        (
            "derived_table",
            "INSERT INTO three SELECT * FROM (SELECT * FROM a) AS d WHERE d.id > 0;",
        ),
        (
            "with",
            "INSERT INTO three WITH w AS (SELECT * FROM a) SELECT * FROM w;",
        ),
        (
            "with_named_columns",
            "INSERT INTO three WITH w (x, y, z) AS (SELECT * FROM a) SELECT * FROM w;",
        ),
        (
            "view",
            "CREATE VIEW w AS SELECT * FROM a;\nINSERT INTO three SELECT * FROM w;",
        ),
        (
            "view_named_columns",
            "CREATE VIEW w (x, y, z) AS SELECT * FROM a;\nINSERT INTO three SELECT * FROM w;",
        ),
        (
            "union",
            "INSERT INTO three SELECT * FROM a UNION ALL SELECT id, at_time, v FROM b;",
        ),
        (
            "star_and_more",
            "INSERT INTO six SELECT *, id, id, ts FROM a;",
        ),
        (
            "renamed_columns",
            "INSERT INTO three SELECT * FROM a AS x (p, q, r);",
        ),
        (
            "tumble",
            "INSERT INTO two SELECT id, ts FROM a;\nINSERT INTO three SELECT * FROM a;",
        ),
        (
            "hinted",
            "INSERT INTO three SELECT * FROM a /*+ OPTIONS('k' = 'v') */;",
        ),
        (
            "exists",
            "INSERT INTO two SELECT id, ts FROM a WHERE EXISTS (SELECT * FROM b WHERE b.id = a.id);",
        ),
        (
            "count_star",
            "INSERT INTO three SELECT id, ts, `odd name` FROM a;\nCREATE VIEW c AS SELECT COUNT(*) AS n FROM a;",
        ),
        ("in_lower_case", "insert into three select * from a;"),
        (
            "unnest",
            "CREATE TABLE l (id INT, ts TIMESTAMP(3), xs ARRAY<INT>) WITH ('connector' = 'kafka');\nINSERT INTO three SELECT l.id, l.ts, u.x FROM l CROSS JOIN UNNEST(xs) AS u (x);",
        ),
        (
            "query_beside",
            "SELECT * FROM a;\nINSERT INTO two SELECT id, ts FROM a;",
        ),
        (
            "statement_set",
            "EXECUTE STATEMENT SET BEGIN\nINSERT INTO three SELECT * FROM a;\nINSERT INTO six SELECT * FROM a JOIN b ON a.id = b.id;\nEND;",
        ),
    ];
    for (name, lines) in [
        ("stars", ""),
        ("stars_shadow", "[watermark]\nplacement = 'shadow'\n"),
        ("stars_derive", "[watermark]\nplacement = 'derive'\n"),
    ] {
        let cases = queries
            .iter()
            .map(|(name, script)| star(name, script).toml(lines));
        t.show(name, cases.collect());
    }
    let outside = queries
        .iter()
        .map(|(name, script)| case(*name, format!("{script}\n")).catalog(TABLES));
    t.show("stars_outside", outside.collect());

    t.show(
        "written_tables",
        vec![
            star("by_position", "INSERT INTO a SELECT id, at_time, v FROM b;\nINSERT INTO two SELECT id, ts FROM a;"),
            star("by_position_values", "INSERT INTO a VALUES (1, TIMESTAMP '2024-01-01 00:00:00', 2);\nINSERT INTO two SELECT id, ts FROM a;"),
            star("by_name", "INSERT INTO a (id, ts) SELECT id, at_time FROM b;\nINSERT INTO two SELECT id, ts FROM a;"),
            star("by_position_shadow", "INSERT INTO a SELECT id, at_time, v FROM b;\nINSERT INTO two SELECT id, ts FROM a;").toml("[tables.a]\nplacement = 'shadow'\n"),
            star("by_position_derive", "INSERT INTO a SELECT id, at_time, v FROM b;\nINSERT INTO two SELECT id, ts FROM a;").toml("[tables.a]\nplacement = 'derive'\n"),
            star("by_position_metadata", "INSERT INTO a SELECT id, at_time, v FROM b;\nINSERT INTO two SELECT id, ts FROM a;").toml("[tables.a]\nmetadata = 'timestamp'\n"),
            star("like_copies", "CREATE TABLE c WITH ('topic' = 'c') LIKE a;\nINSERT INTO c SELECT * FROM a;"),
            star("like_copies_read", "CREATE TABLE c WITH ('topic' = 'c') LIKE a;\nINSERT INTO three SELECT * FROM a UNION ALL SELECT * FROM c;"),
            star("like_excludes", "CREATE TABLE c LIKE a (EXCLUDING WATERMARKS);\nINSERT INTO c SELECT * FROM a;"),
            star("like_excludes_generated", "CREATE TABLE c LIKE a (EXCLUDING WATERMARKS EXCLUDING GENERATED);\nINSERT INTO c SELECT * FROM a;"),
            star("like_with_a_watermark", "CREATE TABLE c (WATERMARK FOR ts AS ts) LIKE a;\nINSERT INTO three SELECT * FROM a UNION ALL SELECT * FROM c;"),
            star("create_table_as", "CREATE TABLE c WITH ('connector' = 'kafka') AS SELECT * FROM a;"),
        ],
    );
}
