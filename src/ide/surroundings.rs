use super::document::Document;
use super::slice::Slice;
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::lint::{Selection, UnknownRule};
use crate::outside::Outside;
use std::collections::BTreeSet;

/// What a script is checked against: read once, for all its states.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub settings: Settings,
    pub selection: Selection,
    outside: Outside,
    /// The declarations from outside, cut as a document is.
    declarations: Document,
}

impl Surroundings {
    /// # Errors
    /// [`UnknownRule`] if the settings name one.
    pub fn new(settings: Settings) -> Result<Self, UnknownRule> {
        let selection = Selection::new(&settings.lint)?;
        let outside = Outside::read(&settings.catalog, settings.flink);
        let declarations = Document::new(outside.text().to_owned(), settings.flink);
        Ok(Self {
            settings,
            selection,
            outside,
            declarations,
        })
    }

    /// Where there are no settings, or none that can be used.
    pub fn of_defaults() -> Self {
        let settings = Settings::default();
        Self {
            // The defaults name no rule.
            selection: Selection::default_rules(),
            outside: Outside::default(),
            declarations: Document::new(String::new(), settings.flink),
            settings,
        }
    }

    /// The settings for what has to be fast.
    pub fn without_plans(&self) -> Settings {
        Settings {
            validate: false,
            ..self.settings.clone()
        }
    }

    /// All declarations from outside.
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    pub fn declarations(&self) -> &Document {
        &self.declarations
    }

    /// What is wrong with the catalog's files, of whatever script.
    pub fn error(&self) -> Option<Diagnostic> {
        self.outside.error(&self.settings.catalog)
    }

    /// Some statements of a document as a script, with what they may mean outside.
    pub fn part(&self, document: &Document, pieces: &[usize]) -> (Slice, Outside) {
        let names = pieces.iter().flat_map(|at| &document.pieces()[*at].names);
        let outside = self.outside_of(&names.map(String::as_str).collect());
        (document.slice(pieces), outside)
    }

    /// Those declarations that a text may mean, and those that they mean.
    fn outside_of(&self, names: &BTreeSet<&str>) -> Outside {
        let pieces = self.declarations.pieces();
        let named = pieces.iter().enumerate().filter(|(_, p)| match p.object() {
            Some(object) => names.contains(object),
            None => true,
        });
        let named: Vec<usize> = named.map(|(at, _)| at).collect();
        let kept: BTreeSet<u32> = self
            .declarations
            .upstream(&named)
            .into_iter()
            .map(|at| pieces[at].span.start)
            .collect();
        let is_kept = |start: u32| {
            let piece = self.declarations.piece_at(start);
            piece.is_some_and(|at| kept.contains(&pieces[at].span.start))
        };
        self.outside.only(is_kept)
    }
}
