//! Tokens to statements. Fails never: what cannot be read is a diagnostic and an [`StatementKind::Invalid`].
//!
//! [`StatementKind::Invalid`]: crate::syntax::StatementKind::Invalid
mod cursor;
pub mod grammar;

pub use cursor::{Cursor, Parsed, SyntaxError};

use crate::text::Span;

/// The byte range that an sqlparser location pair codes: `line` is 1 and `column` is the byte offset + 1.
pub fn byte_span(span: sqlparser::tokenizer::Span) -> Span {
    Span::new(
        span.start.column.saturating_sub(1) as u32,
        span.end.column.saturating_sub(1) as u32,
    )
}
