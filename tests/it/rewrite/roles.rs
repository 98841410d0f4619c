//! Roles, and scripts that have gates already.

use super::{Case, incoming, outgoing, query};
use tidegate::config::Settings;

#[test]
fn literals_of_both_types() {
    let plain = "INSERT INTO trips SELECT id, ts FROM rides;\n";
    let instant = "INSERT INTO trips SELECT id, CAST(seen AS TIMESTAMP(3)) FROM pings;\n";
    query("outgoing", plain).role(outgoing()).check();
    query("incoming", plain).role(incoming()).check();
    query("outgoing_instant", instant).role(outgoing()).check();
    query("incoming_instant", instant).role(incoming()).check();
}

/// The case's script as the role `first` leaves it.
fn rewritten(name: &str, script: &str) -> Case<'static> {
    let first = tidegate::rewrite(&query(name, script).script, &Settings::default());
    super::case("", &first.text.expect(name))
}

fn named<'a>(case: Case<'_>, name: &'a str) -> Case<'a> {
    Case {
        name,
        script: case.script,
        settings: case.settings,
    }
}

#[test]
fn another_role_changes_the_literals() {
    let case = rewritten("role", "INSERT INTO trips SELECT id, ts FROM rides;\n");
    named(case, "role_changed").role(incoming()).check();
    let inline = "INSERT INTO trips SELECT id, LOCALTIMESTAMP FROM rides;\n";
    let case = rewritten("role_inline", inline);
    named(case, "role_changed_inline").role(outgoing()).check();
    let instant = "INSERT INTO trips SELECT id, CAST(seen AS TIMESTAMP(3)) FROM pings;\n";
    let case = rewritten("role_instant", instant);
    named(case, "role_changed_instant").role(incoming()).check();
}

/// The first role's script of a simple job, changed by hand.
fn by_hand(name: &str, from: &str, to: &str) {
    let script = "INSERT INTO fares SELECT city, fare FROM rides;\n";
    let Case { script, .. } = rewritten(name, script);
    assert!(script.contains(from), "{name}: {from} is not in\n{script}");
    super::case(name, &script.replacen(from, to, 1)).check();
}

#[test]
fn a_gate_that_was_changed_is_stale() {
    by_hand(
        "stale_time",
        "`ts` AS `__gate_time`",
        "ts + INTERVAL '1' HOUR AS `__gate_time`",
    );
    by_hand(
        "stale_and",
        ";\n\nINSERT",
        " AND `city` <> 'Ulm';\n\nINSERT",
    );
    by_hand(
        "stale_or",
        ">= TIMESTAMP '0001-01-01 00:00:00.000'\n",
        ">= TIMESTAMP '0001-01-01 00:00:00.000' OR TRUE\n",
    );
    by_hand("stale_query", "FROM rides\n", "FROM rides WHERE fare > 0\n");
}
