//! Clauses and options where a person would write them: behind the columns, with the indentation, the commas, the case of
//! keywords and the line ends of the table that they enter.

use super::behind_line_comment;
use crate::catalog::{EntryId, StatementId};
use crate::lexer::{self, Punct, TokenKind};
use crate::plan::{AddedWatermark, Input, Plan, WatermarkOption, watermark_sql};
use crate::syntax::{CreateTable, ElementKind, StatementKind};
use crate::text::{Edit, Span};
use crate::time::quote;

/// What goes into the tables' own definitions.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Vec<Edit> {
    let elsewhere =
        |table: &EntryId| plan.placed.contains_key(table) || plan.carried.contains_key(table);
    let mut edits = Vec::new();
    for added in plan.watermarks.iter().filter(|w| !elsewhere(&w.table)) {
        edits.extend(of(input, added, newline));
    }
    for (table, options) in plan.options.iter().filter(|(table, _)| !elsewhere(table)) {
        if let Some((create, _)) = create(input, *table) {
            edits.extend(into_options(input, create, options, newline));
        }
    }
    edits
}

/// One watermark in the definition of its table.
pub fn of(input: Input<'_>, added: &AddedWatermark, newline: &str) -> Vec<Edit> {
    let Some((create, statement)) = create(input, added.table) else {
        return Vec::new();
    };
    let lower = is_lower(input, statement);
    into_table(input, create, added, lower, newline)
}

fn create(input: Input<'_>, table: EntryId) -> Option<(&CreateTable, StatementId)> {
    let entry = &input.catalog.entries[table];
    match &input.script.statements[entry.created].kind {
        StatementKind::CreateTable(create) => Some((create, entry.created)),
        _ => None,
    }
}

/// The elements to add: the hidden columns, if there are any, and the clause.
pub(super) fn elements(added: &AddedWatermark) -> Vec<String> {
    let column = quote(&added.time.column);
    let hidden = added.hidden_columns().iter();
    hidden
        .map(|c| format!("{} {}", quote(&c.name), c.definition))
        .chain([format!(
            "WATERMARK FOR {column} AS {}",
            watermark_sql(added)
        )])
        .collect()
}

/// `'key' = 'value'` of each option.
pub(super) fn options(options: &[WatermarkOption], equals: &str) -> Vec<String> {
    let line = |o: &WatermarkOption| {
        let value = o.value.replace('\'', "''");
        format!("'{}'{equals}'{value}'", o.key)
    };
    options.iter().map(line).collect()
}

fn into_table(
    input: Input<'_>,
    create: &CreateTable,
    added: &AddedWatermark,
    lower: bool,
    newline: &str,
) -> Vec<Edit> {
    let mut new = elements(added);
    if lower {
        for element in &mut new {
            *element = in_lower_case(input, element);
        }
    }
    let Some(list) = &create.elements else {
        let inner = new.join(&format!(",{newline}  "));
        let text = format!(" ({newline}  {inner}{newline})");
        return vec![Edit::insert(create.name.span.end, text)];
    };
    let items: Vec<Span> = list.elements.iter().map(|e| e.span).collect();
    if let Some(replaced) = added.replaces {
        let at = items.iter().position(|item| *item == replaced);
        let style = Style::of(input.text, list.open, &items, at.unwrap_or_default());
        return vec![Edit::replace(replaced, new.join(&style.between(newline)))];
    }
    // Keys stand last.
    let column = |e: &crate::syntax::Element| matches!(e.kind, ElementKind::Column(_));
    let anchor = list.elements.iter().rposition(column);
    match anchor.or(items.len().checked_sub(1)) {
        Some(anchor) => insert_behind(input, list.open, &items, anchor, &new, newline),
        None => Vec::new(),
    }
}

fn into_options(
    input: Input<'_>,
    create: &CreateTable,
    new: &[WatermarkOption],
    newline: &str,
) -> Vec<Edit> {
    let alone = || options(new, " = ").join(", ");
    let Some(list) = &create.options else {
        // Without a WITH of its own a table has that of the one it is like.
        let like = create.like.iter();
        let with = |start| Edit::insert(start, format!("WITH ({}) ", alone()));
        return like.map(|like| with(like.span.start)).collect();
    };
    let option = |o: &crate::syntax::TableOption| o.key.span.cover(o.value.span);
    let items: Vec<Span> = list.options.iter().map(option).collect();
    let Some(last) = list.options.last() else {
        return vec![Edit::insert(list.span.start + 1, alone())];
    };
    let equals = Span::new(last.key.span.end, last.value.span.start).of(input.text);
    let new = options(new, if equals.trim() == "=" { equals } else { " = " });
    let open = Span::new(list.span.start, list.span.start + 1);
    insert_behind(input, open, &items, items.len() - 1, &new, newline)
}

/// How the items of a list are set.
enum Style {
    OneLine,
    /// Each line starts with a comma and this gap.
    Leading {
        indent: String,
        gap: String,
    },
    Trailing {
        indent: String,
    },
}

impl Style {
    fn of(text: &str, open: Span, items: &[Span], anchor: usize) -> Self {
        let before = |item: Span| {
            let start = text[..item.start as usize].rfind(['\n', '\r']);
            let start = start.map_or(0, |i| i + 1);
            (start > open.start as usize).then(|| &text[start..item.start as usize])
        };
        let blanks =
            |text: &str| -> String { text.chars().take_while(|c| c.is_whitespace()).collect() };
        let leading = items.iter().skip(1).filter_map(|item| before(*item));
        let mut leading = leading.filter(|line| line.trim_start().starts_with(','));
        if let Some(line) = leading.next() {
            return Self::Leading {
                indent: blanks(line),
                gap: blanks(&line.trim_start()[1..]),
            };
        }
        match before(items[anchor]) {
            Some(line) => Self::Trailing {
                indent: blanks(line),
            },
            None => Self::OneLine,
        }
    }

    /// What stands between two items.
    fn between(&self, newline: &str) -> String {
        match self {
            Self::OneLine => ", ".to_owned(),
            Self::Leading { indent, gap } => format!("{newline}{indent},{gap}"),
            Self::Trailing { indent } => format!(",{newline}{indent}"),
        }
    }
}

/// New items behind one of a list.
fn insert_behind(
    input: Input<'_>,
    open: Span,
    items: &[Span],
    anchor: usize,
    new: &[String],
    newline: &str,
) -> Vec<Edit> {
    let (text, tokens) = (input.text, &input.script.tokens);
    let end = items[anchor].end;
    let style = Style::of(text, open, items, anchor);
    let between = style.between(newline);
    let joined = new.join(&between);
    let behind_comment = behind_line_comment(tokens, text, end);
    let indent = match &style {
        Style::OneLine => return vec![Edit::insert(end, format!("{between}{joined}"))],
        Style::Leading { .. } => {
            return vec![Edit::insert(behind_comment, format!("{between}{joined}"))];
        }
        Style::Trailing { indent } => indent,
    };
    if anchor + 1 == items.len() {
        let lines = format!("{newline}{indent}{joined}");
        return match behind_comment == end {
            true => vec![Edit::insert(end, format!(",{lines}"))],
            false => vec![Edit::insert(end, ","), Edit::insert(behind_comment, lines)],
        };
    }
    let next = tokens.partition_point(|t| t.span.start < end);
    let comma = tokens[next..]
        .iter()
        .find(|t| t.kind == TokenKind::Punct(Punct::Comma))
        .map_or(end, |t| t.span.end);
    let at = behind_line_comment(tokens, text, comma);
    let rest = text[at as usize..]
        .split(['\n', '\r'])
        .next()
        .unwrap_or_default();
    match rest.trim().is_empty() {
        true => vec![Edit::insert(at, format!("{newline}{indent}{joined},"))],
        // The next item shares the line.
        false => vec![Edit::insert(end, format!(", {}", new.join(", ")))],
    }
}

/// Does a statement write its keywords in lower case?
fn is_lower(input: Input<'_>, statement: usize) -> bool {
    let statement = &input.script.statements[statement];
    let first = &input.script.tokens[statement.tokens.start];
    let word = first.span.of(input.text);
    word.chars().all(|c| c.is_lowercase())
}

/// Words that are written here, and that name no column.
const KEYWORDS: [&str; 20] = [
    "AS",
    "BIGINT",
    "CAST",
    "COALESCE",
    "DAY",
    "FOR",
    "FROM",
    "HOUR",
    "INTERVAL",
    "METADATA",
    "MINUTE",
    "REPLACE",
    "SECOND",
    "TIMESTAMP",
    "TIMESTAMP_LTZ",
    "TO",
    "TO_TIMESTAMP",
    "TO_TIMESTAMP_LTZ",
    "VIRTUAL",
    "WATERMARK",
];

fn in_lower_case(input: Input<'_>, sql: &str) -> String {
    let tokens = lexer::lex(sql, input.settings.flink);
    let lowered = tokens.iter().map(|t| {
        let word = t.span.of(sql);
        match t.kind == TokenKind::Word && KEYWORDS.contains(&word) {
            true => word.to_lowercase(),
            false => word.to_owned(),
        }
    });
    lowered.collect()
}
