//! Inherited tables, names and connectors that a configuration meets.

use super::{Case, Cases, SINK, case, source};

pub(super) fn cases(t: &mut Cases) {
    let like = |name: &str, base: &str, derived: &str| {
        let script = format!(
            "CREATE TABLE base (\n  id INT,\n  {base}\n) WITH ('connector' = 'kafka');\nCREATE TABLE src {derived};\n{SINK}INSERT INTO snk SELECT id FROM src;\n"
        );
        case(name, script)
    };
    let of_its_own = ["shadow", "derive"].map(|placement| {
        like(
            placement,
            "ts TIMESTAMP(3),\n  c AS CAST(ts AS TIMESTAMP(3))",
            "(\n  more INT\n) LIKE base",
        )
        .src(&format!("placement = '{placement}'\ncolumn = 'c'"))
    });
    let [shadow, derive] = of_its_own;
    t.show(
        "like",
        vec![
            like(
                "columns_of_its_own",
                "ts TIMESTAMP(3) NOT NULL",
                "(\n  more INT\n) LIKE base",
            ),
            like(
                "time_of_its_own",
                "v INT",
                "(\n  ts TIMESTAMP(3)\n) LIKE base",
            ),
            like(
                "options_of_its_own",
                "ts TIMESTAMP(3)",
                "WITH ('topic' = 't') LIKE base",
            ),
            like(
                "watermark_of_the_base",
                "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
                "LIKE base",
            ),
            like(
                "watermark_of_the_base_replaced",
                "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
                "LIKE base",
            )
            .src("replace = true"),
            like(
                "watermark_of_the_base_replaced_in_a_shadow",
                "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
                "LIKE base",
            )
            .src("replace = true\nplacement = 'shadow'"),
            like(
                "watermark_excluded",
                "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
                "LIKE base (EXCLUDING WATERMARKS)",
            ),
            shadow,
            derive,
        ],
    );

    let unknown = |name: &str, columns: &str, lines: &str| {
        let script = format!(
            "CREATE TABLE src (\n  id INT,\n  {columns}\n) WITH ('connector' = 'mem', 'format' = 'json');\n{SINK}INSERT INTO snk SELECT id FROM src;\n"
        );
        case(name, script).src(lines)
    };
    let mut cases: Vec<Case> = Vec::new();
    for placement in ["in-place", "shadow", "derive"] {
        let with = |lines: &str| format!("placement = '{placement}'\n{lines}");
        let name = |name: &str| format!("{name}_{placement}");
        cases.extend([
            unknown(
                &name("metadata"),
                "v STRING",
                &with("metadata = 'timestamp'"),
            ),
            unknown(
                &name("metadata_trusted"),
                "v STRING",
                &with("metadata = 'timestamp'\nnullable = 'trust'"),
            ),
            unknown(
                &name("declared_metadata"),
                "m TIMESTAMP(3) METADATA FROM 'ts-ntz3' VIRTUAL",
                &with("metadata = 'ts-ntz3'"),
            ),
            unknown(
                &name("source_watermark"),
                "ts TIMESTAMP_LTZ(3) NOT NULL",
                &with("watermark = 'SOURCE_WATERMARK()'"),
            ),
        ]);
    }
    t.show("unknown_connector", cases);

    let shop = |name: &str, columns: &str| {
        let script = format!(
            "CREATE DATABASE shop;\nCREATE TABLE shop.src (\n  id INT,\n  {columns}\n) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM shop.src;\n"
        );
        case(name, script)
    };
    t.show(
        "names",
        vec![
            shop("by_its_last_name", "a TIMESTAMP(3),\n  b TIMESTAMP(3)").toml("[tables.src]\ncolumn = 'b'\n"),
            shop("by_its_whole_name", "a TIMESTAMP(3),\n  b TIMESTAMP(3)").toml("[tables.'shop.src']\ncolumn = 'b'\n"),
            shop("asked_by_its_whole_name", "a TIMESTAMP(3),\n  b TIMESTAMP(3)").toml("[tables.'shop.src']\ndelay = '1 s'\n"),
            shop("asked", "a TIMESTAMP(3),\n  b TIMESTAMP(3)"),
            case(
                "asked_of_two_of_one_name",
                format!("CREATE DATABASE shop;\nCREATE TABLE shop.src (id INT, a TIMESTAMP(3), b TIMESTAMP(3)) WITH ('connector' = 'kafka');\nCREATE TABLE src (id INT, c TIMESTAMP(3), d TIMESTAMP(3)) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM src UNION ALL SELECT id FROM shop.src;\n"),
            ),
            case(
                "quoted",
                format!("CREATE TABLE `my src` (id INT, a TIMESTAMP(3), b TIMESTAMP(3)) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM `my src`;\n"),
            ),
            case(
                "with_a_dot",
                format!("CREATE TABLE `my.src` (id INT, a TIMESTAMP(3), b TIMESTAMP(3)) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM `my.src`;\n"),
            ),
            source("column_with_a_dot", "`a.b` TIMESTAMP(3),\n  `c.d` TIMESTAMP(3)"),
            source("column_with_quotes", "`a\"b` TIMESTAMP(3),\n  `c'd` TIMESTAMP(3)"),
        ],
    );
}
