//! A gate that is exact only on conditions.
//!
//! ## What it does
//! Reports each INSERT whose gate rests on something besides rows on time and the cutover procedure, and names the
//! conditions: two writers of one key, rows without an event time, an idle timeout, state that expires, and others.
//!
//! ## Why is this bad?
//! Where a condition does not hold, rows are lost or doubled around a cutover. Whether it holds, only you know.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3))
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead, where each row has a time:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3) NOT NULL)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None. Ignore it where you have made sure of the conditions.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("best-effort", Severity::Warning, Check::Stage);
