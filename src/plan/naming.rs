use crate::catalog::Catalog;
use crate::lexer::{Token, TokenKind};
use std::collections::BTreeSet;

/// Flink's limit for a name, in characters.
const MAX_LENGTH: usize = 256;

/// Names that the script uses or that were given out: a generated one is like none of them.
#[derive(Debug, Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// Every name that a script writes, whatever it names.
    pub fn of(text: &str, tokens: &[Token], catalog: &Catalog) -> Self {
        let written = tokens.iter().filter_map(|t| match t.kind {
            TokenKind::Word => Some(t.span.of(text).to_owned()),
            TokenKind::QuotedIdent => Some(t.span.of(text).trim_matches('`').replace("``", "`")),
            _ => None,
        });
        let objects = catalog.entries.iter().map(|e| e.name.object().to_owned());
        Self(
            written
                .chain(objects)
                .chain(catalog.functions.iter().cloned())
                .collect(),
        )
    }

    pub fn from_used(used: impl IntoIterator<Item = String>) -> Self {
        Self(used.into_iter().collect())
    }

    /// `base` + `suffix`, with a number from 2 on where that is taken.
    pub fn fresh(&mut self, base: &str, suffix: &str) -> String {
        let numbered = |n: u32| {
            let suffix = if n == 1 {
                suffix.to_owned()
            } else {
                format!("{suffix}_{n}")
            };
            let room = MAX_LENGTH - suffix.chars().count();
            base.chars()
                .take(room)
                .chain(suffix.chars())
                .collect::<String>()
        };
        let name = (1..)
            .map(numbered)
            .find(|name| !self.0.contains(name))
            .unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_is_numbered() {
        let mut names = Names::from_used(["sink__gate".to_owned()]);
        assert_eq!(names.fresh("sink", "__gate"), "sink__gate_2");
        assert_eq!(names.fresh("sink", "__gate"), "sink__gate_3");
        let long = names.fresh(&"é".repeat(300), "__gate");
        assert_eq!(long.chars().count(), MAX_LENGTH);
        assert!(long.ends_with("é__gate"));
    }
}
