//! Wrong rewrites, each with the check that has to catch it, and right ones that have to pass.

use super::{CUTOVER, settings};
use std::collections::BTreeMap;
use tidegate::verify::{Options, Outcome, Scripts, given};

const TABLES: &str = "\
CREATE TABLE src (id INT, u STRING, v INT, ts TIMESTAMP(3) NOT NULL, t2 TIMESTAMP(3), arr ARRAY<INT>,
  WATERMARK FOR ts AS ts - INTERVAL '2' MINUTE) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE r (rid INT, u STRING, w INT, rts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR rts AS rts - INTERVAL '2' MINUTE) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE ver (u STRING, w INT, rts TIMESTAMP(3) NOT NULL, PRIMARY KEY (u) NOT ENFORCED,
  WATERMARK FOR rts AS rts - INTERVAL '2' MINUTE) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE vague (id INT, v INT, ts TIMESTAMP(3), rt AS COALESCE(ts, TIMESTAMP '1970-01-01 00:00:00'),
  WATERMARK FOR rt AS rt - INTERVAL '1' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE two (a INT, b INT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE counts (u STRING, n BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE keyed (u STRING, n BIGINT, PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE TABLE ranked (id INT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
";

/// A query of three columns below a gate on the third, of which the first two are written.
const PASS: [&str; 2] = [
    "INSERT INTO two SELECT id, v FROM src WHERE ts < {T}",
    "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T}",
];

pub(super) struct Fault {
    pub name: &'static str,
    pub ungated: &'static str,
    /// For the role `first`, if it is checked too.
    pub first: Option<&'static str>,
    pub outgoing: &'static str,
    pub incoming: &'static str,
}

const fn fault(
    name: &'static str,
    ungated: &'static str,
    outgoing: &'static str,
    incoming: &'static str,
) -> Fault {
    Fault {
        name,
        ungated,
        first: None,
        outgoing,
        incoming,
    }
}

/// A wrong script for the role `first`, with right ones for the others.
const fn not_open(
    name: &'static str,
    ungated: &'static str,
    first: &'static str,
    [outgoing, incoming]: [&'static str; 2],
) -> Fault {
    Fault {
        name,
        ungated,
        first: Some(first),
        outgoing,
        incoming,
    }
}

/// Right gates of windows.
const WINDOWS: [&str; 2] = [
    "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}",
    "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end > {T}",
];

/// Right gates of joins.
const JOINS: [&str; 2] = [
    "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE GREATEST(ts, rts) < {T}",
    "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE GREATEST(ts, rts) >= {T}",
];

/// Sums with OVER, with a condition on their time.
macro_rules! sums {
    ($where:literal) => {
        concat!(
            "INSERT INTO two SELECT id, s FROM (SELECT id, SUM(v) OVER (PARTITION BY u ORDER BY ts RANGE BETWEEN \
             INTERVAL '15' MINUTE PRECEDING AND CURRENT ROW) AS s, ts FROM src)",
            $where
        )
    };
}

/// A match, its gate time among its columns.
macro_rules! matches {
    ($insert:literal, $gate:literal, $skip:literal, $where:literal) => {
        concat!(
            "INSERT INTO two SELECT ",
            $insert,
            " FROM src MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS a, B.id AS b, ",
            $gate,
            " AS g ONE ROW PER MATCH AFTER MATCH SKIP ",
            $skip,
            " PATTERN (A B) DEFINE B AS B.v >= A.v) AS m",
            $where
        )
    };
}

/// `{T}` is the cutover as a literal; `{7}` a window of seven minutes, so that the cutover lies inside of one.
pub(super) const FAULTS: &[Fault] = &[
    fault(
        "columns swapped",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT v, id FROM src WHERE ts < {T}",
        PASS[1],
    ),
    fault(
        "<= for <",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT id, v FROM src WHERE ts <= {T}",
        PASS[1],
    ),
    fault(
        "> for >=",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        "INSERT INTO two SELECT id, v FROM src WHERE ts > {T}",
    ),
    fault(
        "outgoing a millisecond early",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} - INTERVAL '0.001' SECOND",
        PASS[1],
    ),
    fault(
        "incoming an hour late",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} + INTERVAL '1' HOUR",
    ),
    fault(
        "no gate in incoming",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        "INSERT INTO two SELECT id, v FROM src",
    ),
    fault(
        "gate with an OR",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} OR v IS NULL",
        PASS[1],
    ),
    fault(
        "gate on another column",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        "INSERT INTO two SELECT id, v FROM src WHERE t2 >= {T}",
    ),
    fault(
        "roles swapped",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[1],
        PASS[0],
    ),
    fault(
        "filter lost",
        "INSERT INTO two SELECT id, v FROM src WHERE v > 1",
        "INSERT INTO two SELECT id, v FROM src WHERE v > 1 AND ts < {T}",
        PASS[1],
    ),
    fault(
        "filter added",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} AND v IS NOT NULL",
    ),
    fault(
        "filter negated",
        "INSERT INTO two SELECT id, v FROM src WHERE v > 1",
        "INSERT INTO two SELECT id, v FROM src WHERE v > 1 AND ts < {T}",
        "INSERT INTO two SELECT id, v FROM src WHERE NOT (v > 1) AND ts >= {T}",
    ),
    fault(
        "NULLs dropped",
        "INSERT INTO two SELECT id, v FROM vague",
        "INSERT INTO two SELECT id, v FROM vague WHERE ts < {T}",
        "INSERT INTO two SELECT id, v FROM vague WHERE ts >= {T}",
    ),
    fault(
        "NULLs in both",
        "INSERT INTO two SELECT id, v FROM vague",
        "INSERT INTO two SELECT id, v FROM vague WHERE (ts >= {T}) IS NOT TRUE",
        "INSERT INTO two SELECT id, v FROM vague WHERE (ts < {T}) IS NOT TRUE",
    ),
    fault(
        "another default",
        "INSERT INTO two SELECT id, COALESCE(v, 0) FROM src",
        "INSERT INTO two SELECT id, COALESCE(v, 0) FROM src WHERE ts < {T}",
        "INSERT INTO two SELECT id, COALESCE(v, 1) FROM src WHERE ts >= {T}",
    ),
    fault(
        "ELSE lost",
        "INSERT INTO two SELECT id, CASE WHEN v > 1 THEN 5 ELSE 6 END FROM src",
        "INSERT INTO two SELECT id, CASE WHEN v > 1 THEN 5 ELSE 6 END FROM src WHERE ts < {T}",
        "INSERT INTO two SELECT id, CASE WHEN v > 1 THEN 5 END FROM src WHERE ts >= {T}",
    ),
    fault(
        "UNION for UNION ALL",
        "INSERT INTO two SELECT id, v FROM src UNION ALL SELECT id, v FROM src",
        "INSERT INTO two SELECT a, b FROM (SELECT id AS a, v AS b, ts FROM src UNION ALL SELECT id, v, ts FROM src) WHERE ts < {T}",
        "INSERT INTO two SELECT a, b FROM (SELECT id AS a, v AS b, ts FROM src UNION SELECT id, v, ts FROM src) WHERE ts >= {T}",
    ),
    fault(
        "a branch lost",
        "INSERT INTO two SELECT id, v FROM src UNION ALL SELECT rid, w FROM r",
        "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} UNION ALL SELECT rid, w FROM r WHERE rts < {T}",
        PASS[1],
    ),
    fault(
        "one branch ungated",
        "INSERT INTO two SELECT id, v FROM src UNION ALL SELECT rid, w FROM r",
        "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} UNION ALL SELECT rid, w FROM r",
        "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} UNION ALL SELECT rid, w FROM r WHERE rts >= {T}",
    ),
    fault(
        "join on other columns",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE GREATEST(ts, rts) < {T}",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.id = r.rid WHERE GREATEST(ts, rts) >= {T}",
    ),
    fault(
        "self-join swapped",
        "INSERT INTO two SELECT a.id, b.id FROM src AS a JOIN src AS b ON a.u = b.u AND a.v < b.v",
        "INSERT INTO two SELECT a.id, b.id FROM src AS a JOIN src AS b ON a.u = b.u AND a.v < b.v WHERE GREATEST(a.ts, b.ts) < {T}",
        "INSERT INTO two SELECT b.id, a.id FROM src AS a JOIN src AS b ON a.u = b.u AND a.v < b.v WHERE GREATEST(a.ts, b.ts) >= {T}",
    ),
    fault(
        "regular join on one side's time",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE ts < {T}",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE ts >= {T}",
    ),
    fault(
        "regular join on LEAST",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE LEAST(ts, rts) < {T}",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE LEAST(ts, rts) >= {T}",
    ),
    fault(
        "interval join on the left time",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE ts < {T}",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE ts >= {T}",
    ),
    fault(
        "outer interval join without its bound",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE GREATEST(ts, COALESCE(rts, ts)) < {T}",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE GREATEST(ts, COALESCE(rts, ts)) >= {T}",
    ),
    fault(
        "inner for left",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE GREATEST(ts, COALESCE(rts, ts + INTERVAL '5' MINUTE)) < {T}",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE GREATEST(ts, COALESCE(rts, ts + INTERVAL '5' MINUTE)) >= {T}",
    ),
    fault(
        "semi join on the left time",
        "INSERT INTO two SELECT id, v FROM src WHERE u IN (SELECT u FROM r)",
        "INSERT INTO two SELECT id, v FROM src WHERE u IN (SELECT u FROM r) AND ts < {T}",
        "INSERT INTO two SELECT id, v FROM src WHERE u IN (SELECT u FROM r) AND ts >= {T}",
    ),
    fault(
        "a version for every version",
        "INSERT INTO two SELECT id, w FROM src JOIN ver FOR SYSTEM_TIME AS OF src.ts AS x ON src.u = x.u",
        "INSERT INTO two SELECT id, w FROM src JOIN ver FOR SYSTEM_TIME AS OF src.ts AS x ON src.u = x.u WHERE ts < {T}",
        "INSERT INTO two SELECT id, w FROM src JOIN ver AS x ON src.u = x.u WHERE ts >= {T}",
    ),
    fault(
        "elements of empty arrays",
        "INSERT INTO two SELECT id, x FROM src CROSS JOIN UNNEST(arr) AS t (x)",
        "INSERT INTO two SELECT id, x FROM src CROSS JOIN UNNEST(arr) AS t (x) WHERE ts < {T}",
        "INSERT INTO two SELECT id, x FROM src LEFT JOIN UNNEST(arr) AS t (x) ON TRUE WHERE ts >= {T}",
    ),
    fault(
        "gate below a window",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "CREATE TEMPORARY VIEW g AS SELECT * FROM src WHERE ts < {T}; INSERT INTO counts SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE g, DESCRIPTOR(ts), INTERVAL '7' MINUTE)) GROUP BY u, window_start, window_end",
        "CREATE TEMPORARY VIEW g AS SELECT * FROM src WHERE ts >= {T}; INSERT INTO counts SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE g, DESCRIPTOR(ts), INTERVAL '7' MINUTE)) GROUP BY u, window_start, window_end",
    ),
    fault(
        "gate on the start of a window",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_start < {T}",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_start >= {T}",
    ),
    fault(
        "DISTINCT lost",
        "INSERT INTO counts SELECT u, COUNT(DISTINCT v) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(DISTINCT v) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}",
        "INSERT INTO counts SELECT u, COUNT(v) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end > {T}",
    ),
    fault(
        "another window",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY u, window_start, window_end HAVING window_end > {T}",
    ),
    fault(
        "HOP for TUMBLE",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE(HOP(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '7' MINUTE)) GROUP BY u, window_start, window_end HAVING window_end > {T}",
    ),
    fault(
        "another key of a window",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}",
        "INSERT INTO counts SELECT MAX(u), COUNT(*) FROM TABLE({7}) GROUP BY id, window_start, window_end HAVING window_end > {T}",
    ),
    fault(
        "HAVING lost",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING COUNT(*) > 1",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING COUNT(*) > 1 AND window_end <= {T}",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end > {T}",
    ),
    fault(
        "keep-last for keep-first",
        "INSERT INTO two SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS rn FROM src) WHERE rn = 1",
        "INSERT INTO two SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS rn FROM src) WHERE rn = 1 AND ts < {T}",
        "INSERT INTO two SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS rn FROM src) WHERE rn = 1 AND ts >= {T}",
    ),
    fault(
        "another frame",
        "INSERT INTO two SELECT id, SUM(v) OVER (PARTITION BY u ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM src",
        "INSERT INTO two SELECT id, s FROM (SELECT id, ts, SUM(v) OVER (PARTITION BY u ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM src) WHERE ts < {T}",
        "INSERT INTO two SELECT id, s FROM (SELECT id, ts, SUM(v) OVER (PARTITION BY u ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM src) WHERE ts >= {T}",
    ),
    fault(
        "two-sided, incoming without the past",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src WHERE ts < {T} GROUP BY u",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src WHERE ts >= {T} GROUP BY u",
    ),
    fault(
        "two-sided, opens by MIN",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src WHERE ts < {T} GROUP BY u",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u HAVING MIN(ts) >= {T}",
    ),
    fault(
        "two-sided below HAVING",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u HAVING COUNT(*) < 3",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src WHERE ts < {T} GROUP BY u HAVING COUNT(*) < 3",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u HAVING COUNT(*) < 3 AND MAX(ts) >= {T}",
    ),
    fault(
        "two-sided above a Top-N",
        "INSERT INTO ranked SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY v DESC) AS rn FROM src) WHERE rn <= 2",
        "INSERT INTO ranked SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY v DESC) AS rn FROM src WHERE ts < {T}) WHERE rn <= 2",
        "INSERT INTO ranked SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY v DESC) AS rn FROM src) WHERE rn <= 2 AND ts >= {T}",
    ),
    fault(
        "two-sided above an anti join",
        "INSERT INTO ranked SELECT id, v FROM src WHERE NOT EXISTS (SELECT 1 FROM r WHERE r.u = src.u)",
        "INSERT INTO ranked SELECT id, v FROM src WHERE ts < {T} AND NOT EXISTS (SELECT 1 FROM r WHERE r.u = src.u AND rts < {T})",
        "INSERT INTO ranked SELECT id, v FROM src WHERE ts >= {T} AND NOT EXISTS (SELECT 1 FROM r WHERE r.u = src.u)",
    ),
    fault(
        "a match by its first row",
        matches!("a, b", "A.ts", "PAST LAST ROW", ""),
        matches!("a, b", "A.ts", "PAST LAST ROW", " WHERE g < {T}"),
        matches!("a, b", "A.ts", "PAST LAST ROW", " WHERE g >= {T}"),
    ),
    fault(
        "matches that overlap",
        matches!("a, b", "B.ts", "PAST LAST ROW", ""),
        matches!("a, b", "B.ts", "PAST LAST ROW", " WHERE g < {T}"),
        matches!("a, b", "B.ts", "TO NEXT ROW", " WHERE g >= {T}"),
    ),
    // The outgoing job closes and opens again: what it writes then is not in a run that is torn.
    fault(
        "windows open again later",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T} OR window_start >= {T} + INTERVAL '4' MINUTE",
        WINDOWS[1],
    ),
    fault(
        "windows closed for some minutes",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end NOT BETWEEN {T} + INTERVAL '0.001' SECOND AND {T} + INTERVAL '8' MINUTE",
        WINDOWS[1],
    ),
    fault(
        "a join opens again later",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE GREATEST(ts, rts) < {T} OR ts >= {T} + INTERVAL '5' MINUTE",
        JOINS[1],
    ),
    fault(
        "a join closed by the minute of the hour",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE NOT EXTRACT(MINUTE FROM GREATEST(ts, rts)) BETWEEN 10 AND 14",
        JOINS[1],
    ),
    fault(
        "sums open again later",
        sums!(""),
        sums!(" WHERE ts < {T} OR ts >= {T} + INTERVAL '5' MINUTE"),
        sums!(" WHERE ts >= {T}"),
    ),
    fault(
        "sums closed by the minute of the hour",
        sums!(""),
        sums!(" WHERE NOT EXTRACT(MINUTE FROM ts) BETWEEN 10 AND 14"),
        sums!(" WHERE ts >= {T}"),
    ),
    not_open(
        "first gated",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        PASS,
    ),
    not_open(
        "first with columns swapped",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT v, id FROM src",
        PASS,
    ),
    not_open(
        "first without rows of NULL",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT id, v FROM src WHERE v = v",
        PASS,
    ),
    not_open(
        "first with another window",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY u, window_start, window_end",
        WINDOWS,
    ),
    not_open(
        "first with a left join",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u",
        JOINS,
    ),
    not_open(
        "first with each row once",
        "INSERT INTO two SELECT id, v FROM src",
        "INSERT INTO two SELECT DISTINCT v, v FROM src",
        PASS,
    ),
];

/// The same with nothing wrong.
pub(super) const RIGHT: &[Fault] = &[
    fault(
        "pass",
        "INSERT INTO two SELECT id, v FROM src",
        PASS[0],
        PASS[1],
    ),
    fault(
        "NULLs outgoing",
        "INSERT INTO two SELECT id, v FROM vague",
        "INSERT INTO two SELECT id, v FROM vague WHERE (ts >= {T}) IS NOT TRUE",
        "INSERT INTO two SELECT id, v FROM vague WHERE ts >= {T}",
    ),
    fault(
        "regular join",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE GREATEST(ts, rts) < {T}",
        "INSERT INTO two SELECT id, rid FROM src JOIN r ON src.u = r.u WHERE GREATEST(ts, rts) >= {T}",
    ),
    fault(
        "outer interval join",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE GREATEST(ts, COALESCE(rts, ts + INTERVAL '5' MINUTE)) < {T}",
        "INSERT INTO two SELECT id, rid FROM src LEFT JOIN r ON src.u = r.u AND rts BETWEEN ts AND ts + INTERVAL '5' MINUTE WHERE GREATEST(ts, COALESCE(rts, ts + INTERVAL '5' MINUTE)) >= {T}",
    ),
    fault(
        "temporal join",
        "INSERT INTO two SELECT id, w FROM src LEFT JOIN ver FOR SYSTEM_TIME AS OF src.ts AS x ON src.u = x.u",
        "INSERT INTO two SELECT id, w FROM src LEFT JOIN ver FOR SYSTEM_TIME AS OF src.ts AS x ON src.u = x.u WHERE ts < {T}",
        "INSERT INTO two SELECT id, w FROM src LEFT JOIN ver FOR SYSTEM_TIME AS OF src.ts AS x ON src.u = x.u WHERE ts >= {T}",
    ),
    fault(
        "window",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}",
        "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end > {T}",
    ),
    fault(
        "keep-first",
        "INSERT INTO two SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS rn FROM src) WHERE rn = 1",
        "INSERT INTO two SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS rn FROM src) WHERE rn = 1 AND ts < {T}",
        "INSERT INTO two SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS rn FROM src) WHERE rn = 1 AND ts >= {T}",
    ),
    fault(
        "match",
        matches!("a, b", "MATCH_ROWTIME()", "PAST LAST ROW", ""),
        matches!("a, b", "MATCH_ROWTIME()", "PAST LAST ROW", " WHERE g < {T}"),
        matches!(
            "a, b",
            "MATCH_ROWTIME()",
            "PAST LAST ROW",
            " WHERE g >= {T}"
        ),
    ),
    fault(
        "two-sided",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src WHERE ts < {T} GROUP BY u",
        "INSERT INTO keyed SELECT u, COUNT(*) FROM src GROUP BY u HAVING MAX(ts) >= {T}",
    ),
];

pub(super) fn script(text: &str) -> String {
    let text = text
        .replace("{T}", "TIMESTAMP '2026-01-01 00:10:00.000'")
        .replace(
            "{7}",
            "TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '7' MINUTE)",
        );
    format!("{TABLES}{text};\n")
}

/// What is said of one case: the checks that found something, or the outcome.
fn said(case: &Fault) -> String {
    let (ungated, outgoing, incoming) = (
        script(case.ungated),
        script(case.outgoing),
        script(case.incoming),
    );
    let first = case.first.map(script);
    let scripts = Scripts {
        ungated: &ungated,
        first: first.as_deref(),
        outgoing: &outgoing,
        incoming: &incoming,
    };
    let options = Options {
        cutover: CUTOVER,
        rows: 16,
        seed: 7,
        data: Vec::new(),
        replay: None,
    };
    let report = given(scripts, &settings(), &options).expect("the scripts can be read");
    let [insert] = &report.inserts[..] else {
        panic!("{}: one INSERT", case.name);
    };
    if insert.outcome != Outcome::Failed {
        return format!("{:?} {}", insert.outcome, insert.reasons.join(", "));
    }
    let rows: usize = insert
        .smallest
        .values()
        .map(|lines| lines.lines().count())
        .sum();
    let checks: Vec<&str> = insert.findings.iter().map(|f| f.check.as_str()).collect();
    let what = insert.findings[0]
        .example
        .split(':')
        .next()
        .unwrap_or_default();
    format!("{}, {what}, shown with {rows} rows", checks.join(" and "))
}

#[test]
fn each_wrong_rewrite_is_caught() {
    let all: Vec<String> = FAULTS
        .iter()
        .map(|f| format!("{}: {}", f.name, said(f)))
        .collect();
    insta::assert_snapshot!(all.join("\n"), @"
    columns swapped: whole and torn, lost, shown with 1 rows
    <= for <: whole and torn, doubled, shown with 1 rows
    > for >=: whole and torn, lost, shown with 1 rows
    outgoing a millisecond early: whole and torn, lost, shown with 1 rows
    incoming an hour late: whole and torn, lost, shown with 1 rows
    no gate in incoming: whole and torn, doubled, shown with 1 rows
    gate with an OR: whole and torn, doubled, shown with 1 rows
    gate on another column: whole and torn, lost, shown with 1 rows
    roles swapped: torn, lost, shown with 1 rows
    filter lost: whole and torn, foreign, shown with 1 rows
    filter added: whole and torn, lost, shown with 1 rows
    filter negated: whole and torn, lost, shown with 1 rows
    NULLs dropped: whole and torn, lost, shown with 1 rows
    NULLs in both: whole and torn, doubled, shown with 1 rows
    another default: whole and torn, lost, shown with 1 rows
    ELSE lost: whole and torn, lost, shown with 1 rows
    UNION for UNION ALL: whole and torn, lost, shown with 1 rows
    a branch lost: whole and torn, lost, shown with 1 rows
    one branch ungated: whole and torn, doubled, shown with 1 rows
    join on other columns: whole and torn, lost, shown with 2 rows
    self-join swapped: whole and torn, lost, shown with 2 rows
    regular join on one side's time: torn, lost, shown with 2 rows
    regular join on LEAST: torn, lost, shown with 2 rows
    interval join on the left time: torn, lost, shown with 2 rows
    outer interval join without its bound: torn, foreign, shown with 2 rows
    inner for left: whole and torn, lost, shown with 1 rows
    semi join on the left time: torn, lost, shown with 2 rows
    a version for every version: whole and torn, foreign, shown with 3 rows
    elements of empty arrays: whole and torn, foreign, shown with 1 rows
    gate below a window: whole and torn, lost, shown with 2 rows
    gate on the start of a window: torn, lost, shown with 1 rows
    DISTINCT lost: whole and torn, lost, shown with 2 rows
    another window: whole and torn, lost, shown with 1 rows
    HOP for TUMBLE: whole and torn, doubled, shown with 1 rows
    another key of a window: whole and torn, lost, shown with 2 rows
    HAVING lost: whole and torn, foreign, shown with 1 rows
    keep-last for keep-first: whole and torn, lost, shown with 2 rows
    another frame: whole and torn, lost, shown with 3 rows
    two-sided, incoming without the past: whole and torn, another value, shown with 2 rows
    two-sided, opens by MIN: whole and torn, another value, shown with 2 rows
    two-sided below HAVING: whole and torn, foreign, shown with 3 rows
    two-sided above a Top-N: whole and torn, foreign, shown with 3 rows
    two-sided above an anti join: whole and torn, foreign, shown with 2 rows
    a match by its first row: torn, lost, shown with 2 rows
    matches that overlap: whole and torn, foreign, shown with 3 rows
    windows open again later: whole, doubled, shown with 1 rows
    windows closed for some minutes: whole, doubled, shown with 1 rows
    a join opens again later: whole, doubled, shown with 2 rows
    a join closed by the minute of the hour: whole, doubled, shown with 2 rows
    sums open again later: whole, doubled, shown with 1 rows
    sums closed by the minute of the hour: whole, doubled, shown with 1 rows
    first gated: open, lost, shown with 1 rows
    first with columns swapped: open, lost, shown with 1 rows
    first without rows of NULL: open, lost, shown with 1 rows
    first with another window: open, lost, shown with 2 rows
    first with a left join: open, foreign, shown with 1 rows
    first with each row once: open, lost, shown with 1 rows
    ");
}

#[test]
fn right_rewrites_pass() {
    let wrong: Vec<String> = RIGHT
        .iter()
        .map(|f| (f.name, said(f)))
        .filter(|(_, said)| said.trim() != "Held")
        .map(|(name, said)| format!("{name}: {said}"))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// How often each check is the only one to find something.
#[test]
fn no_check_could_go() {
    let mut alone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let said: Vec<String> = FAULTS.iter().map(said).collect();
    for (fault, said) in FAULTS.iter().zip(&said) {
        let checks = said.split(',').next().unwrap_or_default();
        if !checks.contains(" and ") {
            alone.entry(checks).or_default().push(fault.name);
        }
    }
    let table: Vec<String> = alone
        .iter()
        .map(|(check, faults)| format!("{check} alone: {} ({})", faults.len(), faults.join("; ")))
        .collect();
    for check in ["whole", "torn", "open"] {
        assert!(
            alone.get(check).is_some_and(|faults| faults.len() >= 5),
            "{}",
            table.join("\n")
        );
    }
    insta::assert_snapshot!(table.join("\n"), @"
    open alone: 6 (first gated; first with columns swapped; first without rows of NULL; first with another window; first with a left join; first with each row once)
    torn alone: 8 (roles swapped; regular join on one side's time; regular join on LEAST; interval join on the left time; outer interval join without its bound; semi join on the left time; gate on the start of a window; a match by its first row)
    whole alone: 6 (windows open again later; windows closed for some minutes; a join opens again later; a join closed by the minute of the hour; sums open again later; sums closed by the minute of the hour)
    ");
}
