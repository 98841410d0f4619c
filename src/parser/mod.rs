//! Tokens to statements. Fails never: what cannot be read is a diagnostic and an [`StatementKind::Invalid`].
//!
//! Statements are read by our own parser; queries and expressions become sqlparser's tree (see
//! [`dialect`] for how Flink's constructs stand in it).
//!
//! [`StatementKind::Invalid`]: crate::syntax::StatementKind::Invalid

mod alter;
mod create;
mod cursor;
pub mod dialect;
mod dml;
pub mod grammar;
pub mod limits;
mod mistakes;
mod names;
mod query;
mod script;
mod show;
mod statement;
mod table;
mod tokens;
mod types;

#[cfg(test)]
mod tests;

pub use cursor::{Cursor, Parsed, SyntaxError};
pub use script::{Statements, check};
pub use types::parse_type;

use crate::config::FlinkVersion;
use crate::diagnostic::Diagnostic;
use crate::lexer::lex;
use crate::syntax::{DataType, Script};
use crate::text::Span;
use sqlparser::ast;

/// Bytes of the stack that the deepest statement within [`limits`] needs, in a debug build too.
const STACK: usize = 256 * 1024 * 1024;

/// Reads a script, with everything that is wrong with its syntax, in order of position.
pub fn parse(text: &str, version: FlinkVersion) -> (Script, Vec<Diagnostic>) {
    let tokens = lex(text, version);
    let run = || {
        let mut all = Statements::new(text, &tokens, version);
        let statements: Vec<_> = all.by_ref().collect();
        (statements, all.take_diagnostics())
    };
    let (statements, diagnostics) = limits::on_big_stack(text, &tokens, STACK, run);
    let script = Script {
        tokens,
        statements,
        outside: Vec::new(),
    };
    (script, diagnostics)
}

/// The byte range that an sqlparser location pair codes: `line` is 1 and `column` is the byte offset + 1.
pub fn byte_span(span: sqlparser::tokenizer::Span) -> Span {
    Span::new(
        span.start.column.saturating_sub(1) as u32,
        span.end.column.saturating_sub(1) as u32,
    )
}

/// The type of a CAST in sqlparser's tree, in whichever form it stands there.
pub fn cast_type(ty: &ast::DataType) -> Option<DataType> {
    match ty {
        ast::DataType::Custom(name, arguments) if name.to_string() == "$FLINK_TYPE" => {
            parse_type(arguments.first()?)
        }
        other => parse_type(&other.to_string()),
    }
}
