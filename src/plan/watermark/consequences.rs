//! What an added clause or column would do elsewhere in the script.

use super::{AddedWatermark, config_key, config_lines};
use crate::catalog::StatementId;
use crate::config::Placement;
use crate::diagnostic::Diagnostic;
use crate::plan::Input;
use crate::syntax::StatementKind;
use crate::time::Uses;

/// What the added clause or column would do elsewhere in the script.
pub(super) fn consequences(
    input: Input<'_>,
    uses: &Uses,
    added: &AddedWatermark,
    copied_from: StatementId,
    placement: Placement,
) -> Vec<Diagnostic> {
    let entry = &input.catalog.entries[added.table];
    let name = entry.name.object();
    let mut found = copies(input, uses, added, copied_from);
    if let (Some(place), true) = (
        uses.looked_up.get(&added.table),
        placement != Placement::Derive,
    ) {
        found.push(
            Diagnostic::error(
                "looked-up-and-streamed",
                *place,
                format!("table `{name}` is looked up here, and read as a stream elsewhere"),
            )
            .label("Flink plans no lookup join of a table with a watermark")
            .note("Flink: \"Processing-time temporal join is not supported yet\" (run in 1.20.5 and 2.3.0)")
            .help(format!(
                "read it as a stream under another name: {}",
                config_lines(&config_key(input, entry), &[("placement", "derive")])
            )),
        );
    }
    if added.hidden_columns().is_empty() {
        return found;
    }
    let column = &added.time.column;
    for &(_, span) in uses
        .renamed
        .iter()
        .filter(|(table, _)| *table == added.table)
    {
        found.push(
            Diagnostic::error(
                "renamed-columns",
                span,
                format!("this alias lists the columns of table `{name}`, which is given one more"),
            )
            .help("rename the columns in a SELECT instead of in the alias"),
        );
    }
    for &span in &uses.natural_joins {
        found.push(
            Diagnostic::error(
                "natural-join",
                span,
                format!(
                    "a NATURAL join would also join on `{column}`, which table `{name}` is given"
                ),
            )
            .help("name the columns: JOIN … USING (…)"),
        );
    }
    found
}

/// Tables that would take over the watermark through LIKE, where that is more than a dead letter.
/// `copied_from`: the first statement that sees the watermark.
fn copies(
    input: Input<'_>,
    uses: &Uses,
    added: &AddedWatermark,
    copied_from: StatementId,
) -> Vec<Diagnostic> {
    let name = input.catalog.entries[added.table].name.object();
    let mut found = Vec::new();
    let statements = input.script.statements.iter().enumerate();
    for (at, statement) in statements.skip(copied_from) {
        let StatementKind::CreateTable(create) = &statement.kind else {
            continue;
        };
        let Some(like) = &create.like else { continue };
        let parts = like.source.path();
        if input.catalog.resolve_id(&parts, at) != Some(added.table) {
            continue;
        }
        let copy = input.catalog.entries.iter().position(|e| e.created == at);
        let is_read = copy.is_none_or(|copy| uses.read.contains(&copy));
        let own = create
            .elements
            .as_ref()
            .is_some_and(|list| list.watermark().is_some());
        let column_stays_behind = added.hidden_columns().iter().any(|hidden| {
            like.excludes(match hidden.is_metadata() {
                true => "METADATA",
                false => "GENERATED",
            })
        });
        if like.excludes("WATERMARKS") && (column_stays_behind || !is_read) {
            continue;
        }
        if is_read || own || column_stays_behind {
            found.push(
                Diagnostic::error(
                    "like-copies-watermark",
                    like.span,
                    format!("this LIKE would copy the watermark that table `{name}` is given"),
                )
                .help(format!("declare the WATERMARK of `{name}` yourself, and say in the LIKE clause what it copies")),
            );
        }
    }
    found
}
