//! All rules, one file each.

mod ambiguous_event_time;
mod best_effort;
mod comment_before_unquoted_set;
mod duplicate_option;
mod exactly_once_handover;
mod gate_after_stateful_source;
mod idle_timeout_loss;
pub(super) mod invalid_ignore;
mod legacy_group_window;
mod missing_idle_timeout;
mod missing_semicolon;
mod missing_watermark;
mod newly_reserved_identifier;
mod no_alignment;
mod no_event_time;
mod non_deterministic_gate_time;
mod nullable_rowtime;
mod plain_text_secret;
mod positional_insert_mismatch;
mod proctime_window;
mod rejected_interval;
mod reserved_identifier;
mod rowtime_precision;
mod select_star_into_sink;
mod several_jobs;
mod shared_transactional_prefix;
mod short_deletion_delay;
mod sink_without_primary_key;
mod state_ttl_divergence;
mod trailing_comma;
mod ungated_insert;
mod unknown_connector_option;
mod unsafe_for_sql_client;
pub(super) mod unused_ignore;
mod unused_table;
mod unused_view;
mod updating_into_append_sink;
mod upsert_key_mismatch;
mod view_before_watermark;

use super::rule::{Rule, UnknownRule};

/// The list of all rules. A code says which rule it is for ever: a new rule takes the next one, and one that goes leaves a
/// gap. (The modules are declared beside it, where rustfmt finds them; one that is not in the list is dead code.)
macro_rules! rules {
    ($($code:literal $module:ident,)*) => {
        /// In order of their codes.
        pub static ALL: &[Rule] = &[
            $(Rule::new($code, &$module::FINDING, include_str!(concat!(stringify!($module), ".rs"))),)*
        ];
    };
}

rules! {
    "TG001" missing_watermark,
    "TG002" ambiguous_event_time,
    "TG003" no_event_time,
    "TG004" nullable_rowtime,
    "TG005" rowtime_precision,
    "TG006" non_deterministic_gate_time,
    "TG007" view_before_watermark,
    "TG008" rejected_interval,
    "TG009" missing_idle_timeout,
    "TG010" no_alignment,
    "TG011" idle_timeout_loss,
    "TG012" short_deletion_delay,
    "TG013" proctime_window,
    "TG014" ungated_insert,
    "TG015" updating_into_append_sink,
    "TG016" upsert_key_mismatch,
    "TG017" gate_after_stateful_source,
    "TG018" several_jobs,
    "TG019" shared_transactional_prefix,
    "TG020" exactly_once_handover,
    "TG021" state_ttl_divergence,
    "TG022" select_star_into_sink,
    "TG023" positional_insert_mismatch,
    "TG024" sink_without_primary_key,
    "TG025" legacy_group_window,
    "TG026" best_effort,
    "TG031" unused_table,
    "TG032" unused_view,
    "TG033" duplicate_option,
    "TG034" unknown_connector_option,
    "TG035" plain_text_secret,
    "TG036" reserved_identifier,
    "TG037" newly_reserved_identifier,
    "TG038" missing_semicolon,
    "TG039" trailing_comma,
    "TG040" comment_before_unquoted_set,
    "TG041" unsafe_for_sql_client,
    "TG090" unused_ignore,
    "TG091" invalid_ignore,
}

pub fn by_name(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|r| r.name() == name)
}

/// By name or by code.
///
/// # Errors
/// If there is none; with the nearest name.
pub fn find(name: &str) -> Result<&'static Rule, UnknownRule> {
    let is_it = |r: &&Rule| r.name() == name || r.code.eq_ignore_ascii_case(name);
    ALL.iter().find(is_it).ok_or_else(|| UnknownRule {
        name: name.to_owned(),
        nearest: nearest(name),
    })
}

fn nearest(name: &str) -> Option<&'static str> {
    let scored = ALL
        .iter()
        .map(|r| (strsim::jaro_winkler(r.name(), name), r.name()));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing;
    use crate::lint::{Check, HEADINGS};

    #[test]
    fn codes_and_names_are_in_order_and_not_twice() {
        let codes: Vec<&str> = ALL.iter().map(|r| r.code).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        for rule in ALL {
            let same = ALL.iter().filter(|r| r.name() == rule.name()).count();
            assert_eq!(same, 1, "{}", rule.name());
            let file = format!("{}.rs", rule.name().replace('-', "_"));
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src/lint/rules")
                .join(&file);
            assert!(path.is_file(), "{file}: a rule's file has its name");
        }
    }

    #[test]
    fn documentation_has_its_headings() {
        for rule in ALL {
            let text = rule.documentation();
            let found: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("## ")).collect();
            let known: Vec<&str> = HEADINGS.into_iter().filter(|h| found.contains(h)).collect();
            assert_eq!(found, known, "{}", rule.name());
            assert!(
                found.len() >= 3 && found[..3] == HEADINGS[..3],
                "{}: {found:?}",
                rule.name()
            );
            assert!(
                !rule.summary().is_empty() && text.lines().nth(1) == Some(""),
                "{}",
                rule.name()
            );
        }
    }

    /// What the documentation shows as bad is found, and what it shows as better is not.
    #[test]
    fn examples_are_true() {
        for rule in ALL {
            let examples = rule.examples();
            let settings = testing::for_examples(rule);
            let said = |sql: &str| {
                crate::check(sql, &settings)
                    .into_iter()
                    .filter(|d| d.name == rule.name())
                    .count()
            };
            assert!(!examples.is_empty(), "{} has no example", rule.name());
            assert!(
                said(&examples[0]) > 0,
                "{}: nothing is found in\n{}",
                rule.name(),
                examples[0]
            );
            for better in &examples[1..] {
                assert_eq!(said(better), 0, "{}: still found in\n{better}", rule.name());
            }
        }
    }

    #[test]
    fn stage_rules_look_for_nothing() {
        for rule in ALL
            .iter()
            .filter(|r| matches!(r.finding.check, Check::Stage))
        {
            assert!(
                rule.finding.by_default,
                "{}: it is said anyway",
                rule.name()
            );
        }
    }
}
