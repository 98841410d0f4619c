//! Sub-queries in expressions: semi and anti joins.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("in", "INSERT INTO snk SELECT u, v FROM s WHERE id IN (SELECT id FROM r);"), @r"
    refused: subquery
    append: u, v
    ");
    insta::assert_snapshot!(t.case("not_in", "INSERT INTO snk SELECT u, v FROM s WHERE id NOT IN (SELECT id FROM r);"), @r#"
    refused: subquery, updating-into-append-sink
    retract: u, v
    "#);
    insta::assert_snapshot!(t.case("exists", "INSERT INTO snk SELECT u, v FROM s AS a WHERE EXISTS (SELECT 1 FROM r AS b WHERE b.id = a.id);"), @r"
    refused: subquery
    append: u, v
    ");
    insta::assert_snapshot!(t.case("not_exists", "INSERT INTO snk SELECT u, v FROM s AS a WHERE NOT EXISTS (SELECT 1 FROM r AS b WHERE b.id = a.id);"), @r#"
    refused: subquery, updating-into-append-sink
    retract: u, v
    "#);
    insta::assert_snapshot!(t.case("scalar", "INSERT INTO snk SELECT u, (SELECT MAX(w) FROM r) FROM s;"), @r#"
    refused: subquery, updating-into-append-sink
    retract: u, EXPR$1
    "#);
    insta::assert_snapshot!(t.case("scalar_in_where", "INSERT INTO snk SELECT u, v FROM s WHERE v > (SELECT MAX(w) FROM r);"), @r#"
    refused: subquery, updating-into-append-sink
    retract: u, v
    "#);
    insta::assert_snapshot!(t.case("quantified", "INSERT INTO snk SELECT u, v FROM s WHERE v = ANY (SELECT w FROM r);"), @r"
    refused: subquery
    append: u, v
    ");
    insta::assert_snapshot!(t.case("in_a_list", "INSERT INTO snk SELECT u, v FROM s WHERE u IN ('x', 'y');"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE u IN ('x', 'y')
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("in_on_clause", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id AND a.v IN (SELECT v FROM p);"), @r"
    refused: subquery
    append: u, w
    ");
}
