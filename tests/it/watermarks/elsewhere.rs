//! Tables that need a watermark or not by how they are read.

use super::{Case, Cases, SINK, case};

const SRC: &str =
    "CREATE TABLE src (id INT, ts TIMESTAMP(3), pt AS PROCTIME()) WITH ('connector' = 'kafka');\n";

fn job(name: &str, script: &str) -> Case {
    case(name, format!("{SRC}{SINK}{script}\n"))
}

pub(super) fn cases(t: &mut Cases) {
    let lookup = "CREATE TABLE dim (id INT, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://h/d', 'table-name' = 't');\n";
    let joined = "INSERT INTO snk SELECT src.id FROM src JOIN dim FOR SYSTEM_TIME AS OF src.pt ON src.id = dim.id;";
    let both = format!("{lookup}{joined}\nINSERT INTO snk SELECT id FROM dim;");
    let view = "CREATE VIEW w AS SELECT id, ts FROM src;\n";
    t.show(
        "elsewhere",
        vec![
            job("looked_up", &format!("{lookup}{joined}")),
            job("looked_up_and_streamed", &both),
            job("looked_up_and_streamed_derive", &both).toml("[tables.dim]\nplacement = 'derive'\n"),
            job("looked_up_and_streamed_shadow", &both).toml("[tables.dim]\nplacement = 'shadow'\n"),
            job("through_a_view", &format!("{view}INSERT INTO snk SELECT id FROM w;")),
            job("through_two_views", &format!("{view}CREATE VIEW x AS SELECT * FROM w;\nINSERT INTO snk SELECT id FROM x;")),
            job("through_a_view_shadow", &format!("{view}INSERT INTO snk SELECT id FROM w;")).src("placement = 'shadow'"),
            job("through_a_view_derive", &format!("{view}INSERT INTO snk SELECT id FROM w;")).src("placement = 'derive'"),
            case("view_from_outside", "INSERT INTO snk SELECT id FROM w;\n".to_owned()).catalog(&format!("{SRC}{SINK}{view}")),
            case("view_from_outside_derive", "INSERT INTO snk SELECT id FROM w;\n".to_owned()).catalog(&format!("{SRC}{SINK}{view}")).src("placement = 'derive'"),
            case("views_from_outside", "INSERT INTO snk SELECT id FROM x;\n".to_owned()).catalog(&format!("{SRC}{SINK}{view}CREATE VIEW x (id, n) AS SELECT id, 1 FROM w;\n")),
            job("not_read", "CREATE TABLE other (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\nINSERT INTO snk SELECT id FROM src;"),
            job("only_queried", "SELECT * FROM src;"),
            job("dropped", "INSERT INTO snk SELECT id FROM src;\nDROP TABLE src;"),
            job("dropped_shadow", "INSERT INTO snk SELECT id FROM src;\nDROP TABLE src;").src("placement = 'shadow'"),
            job("altered", "INSERT INTO snk SELECT id FROM src;\nALTER TABLE src ADD (n INT);\nINSERT INTO snk SELECT id FROM src;"),
            job("altered_before", "ALTER TABLE src ADD (n INT);\nINSERT INTO snk SELECT id FROM src;"),
            job("hinted", "INSERT INTO snk SELECT id FROM src /*+ OPTIONS('k' = 'v') */ AS s;").src("placement = 'derive'"),
            job("qualified", "INSERT INTO snk SELECT src.id FROM src WHERE src.id > 0;").src("placement = 'derive'"),
            job("qualified_by_path", "INSERT INTO snk SELECT default_database.src.id FROM default_database.src;").src("placement = 'derive'"),
            job("derived_name_taken", "CREATE TABLE src__timed (id INT) WITH ('connector' = 'kafka');\nINSERT INTO snk SELECT id FROM src;").src("placement = 'derive'"),
            job("statement_set", "BEGIN STATEMENT SET;\nINSERT INTO snk SELECT id FROM src;\nINSERT INTO snk SELECT id + 1 FROM src;\nEND;").src("placement = 'shadow'"),
            case("temporary_shadow", format!("CREATE TEMPORARY TABLE src (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM src;\n")).src("placement = 'shadow'"),
            case("outside_in_place", format!("{SINK}INSERT INTO snk SELECT id FROM src;\n")).catalog(SRC).src("placement = 'in-place'"),
            case("outside_of_another_database", format!("{SINK}INSERT INTO snk SELECT id FROM shop.src;\n")).catalog("CREATE DATABASE shop;\nUSE shop;\nCREATE TABLE src (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\n"),
            job("window", "INSERT INTO snk SELECT id FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end;"),
            job("window_trusted", "INSERT INTO snk SELECT id FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end;").src("nullable = 'trust'"),
        ],
    );
}
