//! Data types.

use super::{Grammar, K, P, Read, Tok};
use crate::config::FlinkVersion;

impl Grammar<'_, '_> {
    /// The type of a column, a field or an element: with `NULL` or `NOT NULL` after it and after each postfix
    /// `ARRAY` and `MULTISET`.
    pub(super) fn column_type(&mut self) -> Read {
        self.type_name()?;
        self.optional_nullability()?;
        while self.eat_any(&[K::ARRAY, K::MULTISET]) {
            self.optional_nullability()?;
        }
        Ok(())
    }

    /// The type in a CAST and the like.
    pub(super) fn plain_type(&mut self) -> Read {
        self.type_name()?;
        while self.eat_any(&[K::ARRAY, K::MULTISET]) {}
        Ok(())
    }

    fn optional_nullability(&mut self) -> Read {
        if self.eat(K::NOT) {
            return self.need(K::NULL);
        }
        self.eat(K::NULL);
        Ok(())
    }

    /// May a type start with this token?
    pub(super) fn starts_type(&self, tok: Tok) -> bool {
        use K::*;
        let Tok::Key(keyword) = tok else {
            return self.is_identifier(tok);
        };
        match keyword {
            STRING | BYTES | TIMESTAMP_LTZ | ARRAY | MULTISET | RAW | ROW | BOOLEAN | INTEGER
            | INT | TINYINT | SMALLINT | BIGINT | REAL | DOUBLE | FLOAT | BINARY | VARBINARY
            | DECIMAL | DEC | NUMERIC | ANY | CHARACTER | CHAR | VARCHAR | DATE | TIME
            | TIMESTAMP => true,
            STRUCTURED => self.since(FlinkVersion::V2_1),
            VARIANT | BITMAP => true,
            other => !other.is_reserved(self.version),
        }
    }

    fn type_name(&mut self) -> Read {
        self.deeper(Self::type_name_here)
    }

    fn type_name_here(&mut self) -> Read {
        use K::*;
        let Tok::Key(keyword) = self.tok else {
            return self.user_type();
        };
        match keyword {
            STRING | BYTES | BOOLEAN | INTEGER | INT | TINYINT | SMALLINT | BIGINT | REAL
            | FLOAT | DATE => {
                self.bump();
                Ok(())
            }
            TIMESTAMP_LTZ | VARBINARY => {
                self.bump();
                self.optional_precision()
            }
            DOUBLE => {
                self.bump();
                self.eat(PRECISION);
                Ok(())
            }
            BINARY => {
                self.bump();
                self.eat(VARYING);
                self.optional_precision()
            }
            DECIMAL | DEC | NUMERIC | ANY => {
                self.bump();
                self.optional_precision_and_scale()
            }
            CHARACTER | CHAR | VARCHAR => {
                self.bump();
                if keyword != VARCHAR {
                    self.eat(VARYING);
                }
                self.optional_precision()?;
                if self.eat(CHARACTER) {
                    self.need(SET)?;
                    return self.identifier();
                }
                Ok(())
            }
            TIME | TIMESTAMP => {
                self.bump();
                self.optional_precision()?;
                self.optional_time_zone()
            }
            ARRAY | MULTISET => {
                self.bump();
                self.need_punct(P::Lt)?;
                self.type_name()?;
                self.optional_nullability()?;
                self.need_punct(P::Gt)
            }
            MAP if self.nth_is_punct(1, P::Lt) => {
                self.bump();
                self.bump();
                self.column_type()?;
                self.need_punct(P::Comma)?;
                self.column_type()?;
                self.need_punct(P::Gt)
            }
            RAW => {
                self.bump();
                self.need_punct(P::LParen)?;
                self.string_literal()?;
                self.need_punct(P::Comma)?;
                self.string_literal()?;
                self.need_punct(P::RParen)
            }
            ROW => {
                self.bump();
                if self.eat_punct(P::NotEq) {
                    return Ok(());
                }
                let close = if self.eat_punct(P::Lt) {
                    P::Gt
                } else {
                    P::RParen
                };
                if close == P::RParen {
                    self.need_punct(P::LParen)?;
                }
                self.fields()?;
                self.need_punct(close)
            }
            STRUCTURED if self.since(FlinkVersion::V2_1) => {
                self.bump();
                self.need_punct(P::Lt)?;
                self.string_literal()?;
                if self.eat_punct(P::Comma) {
                    self.fields()?;
                }
                self.need_punct(P::Gt)
            }
            VARIANT if self.since(FlinkVersion::V2_1) => {
                self.bump();
                Ok(())
            }
            BITMAP if self.since(FlinkVersion::V2_3) => {
                self.bump();
                Ok(())
            }
            GEOMETRY => self.refuse("syntax-error", "Flink has no type GEOMETRY", ""),
            _ => self.user_type(),
        }
    }

    /// Any name is a type to the grammar; whether it exists is checked later.
    fn user_type(&mut self) -> Read {
        match self.tok {
            Tok::Key(keyword) if keyword.is_reserved(self.version) => self.no_type(keyword),
            _ if self.at_identifier() => self.compound_identifier(),
            _ => self.expected("a data type"),
        }
    }

    #[cold]
    fn no_type(&mut self, keyword: K) -> Read {
        let message = format!("`{}` is no data type of Flink", self.text());
        let help = match keyword {
            K::DATETIME => "write `TIMESTAMP(3)`",
            K::BLOB => "write `BYTES`",
            K::CLOB | K::NCHAR | K::NCLOB => "write `STRING`",
            K::INTERVAL => "an interval is no type of a column: keep its number",
            _ => "",
        };
        self.refuse("unknown-type", &message, help)
    }

    /// Flink lets the first field be missing, as in `ROW<, a INT>`.
    fn fields(&mut self) -> Read {
        if self.at_identifier() {
            self.field()?;
        } else if !matches!(self.tok, Tok::Punct(P::Gt | P::RParen | P::Comma)) {
            return self.identifier();
        }
        while self.eat_punct(P::Comma) {
            self.field()?;
        }
        Ok(())
    }

    fn field(&mut self) -> Read {
        self.identifier()?;
        self.column_type()?;
        if self.at_simple_string() {
            self.bump();
        }
        Ok(())
    }

    /// `(3)`.
    pub(super) fn optional_precision(&mut self) -> Read {
        if self.eat_punct(P::LParen) {
            self.unsigned_int()?;
            self.need_punct(P::RParen)?;
        }
        Ok(())
    }

    /// `(3)` or `(10, 3)`.
    pub(super) fn optional_precision_and_scale(&mut self) -> Read {
        if self.eat_punct(P::LParen) {
            self.unsigned_int()?;
            if self.eat_punct(P::Comma) {
                self.unsigned_int()?;
            }
            self.need_punct(P::RParen)?;
        }
        Ok(())
    }

    /// `WITH TIME ZONE` is the one that Flink does not know.
    fn optional_time_zone(&mut self) -> Read {
        if self.at(K::WITHOUT) && self.nth_is(1, K::TIME) {
            self.bump();
            return self.need_all(&[K::TIME, K::ZONE]);
        }
        if self.eat(K::WITH) {
            if self.at(K::TIME) {
                return self.refuse(
                    "syntax-error",
                    "Flink has no type WITH TIME ZONE",
                    "write `TIMESTAMP_LTZ` or `TIMESTAMP WITH LOCAL TIME ZONE`",
                );
            }
            return self.need_all(&[K::LOCAL, K::TIME, K::ZONE]);
        }
        Ok(())
    }
}
