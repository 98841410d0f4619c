//! The syntax tree of statements that say enough in a page: what the parser makes of the words.

use tidegate::config::FlinkVersion;
use tidegate::parser;

#[test]
fn statements_as_trees() {
    let script = "\
CREATE TEMPORARY TABLE IF NOT EXISTS shop.orders (
  id BIGINT NOT NULL COMMENT 'key',
  tags ARRAY<ROW<k STRING, v MAP<STRING, DECIMAL(10, 2)>>>,
  at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  PRIMARY KEY (id) NOT ENFORCED
) COMMENT 'all of them'
PARTITIONED BY (id)
WITH ('connector' = 'kafka')
LIKE shop.base (EXCLUDING OPTIONS);
ALTER TABLE orders RENAME TO old_orders;
CREATE TEMPORARY SYSTEM FUNCTION f AS 'com.example.F';
SET 'parallelism.default' = '4';
SET pipeline.name = nightly;
USE CATALOG hive;
DROP TEMPORARY VIEW IF EXISTS v;
BEGIN STATEMENT SET;
END;
SHOW TABLES;
"
    .replace("  at ", "  `at` ");
    let (parsed, diagnostics) = parser::parse(&script, FlinkVersion::V2_3);
    assert_eq!(diagnostics, []);
    let kinds: Vec<_> = parsed.statements.iter().map(|s| &s.kind).collect();
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/trees"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_debug_snapshot!("statements", kinds);
    });
}
