//! The stages in order, each on the text that the one before it left: what is found is said of the text that came
//! in, and all edits are one set on it.

use crate::catalog::Catalog;
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::lint::{self, Selection};
use crate::outside::Outside;
use crate::plan::{self, Input, Placed, Plan};
use crate::syntax::Script;
use crate::text::{EditError, EditSet, SourceMap, Span};
use crate::{Rewritten, ctas, explain, proof, rewrite, time};
use std::collections::BTreeMap;

/// What is known of a script before anything is changed in it.
pub struct Reading {
    /// The script behind the declarations from outside.
    pub whole: String,
    pub script: Script,
    pub catalog: Catalog,
    /// What would be done, and the times with the watermarks that would be there.
    pub plan: Plan,
    pub times: time::Times,
}

impl Reading {
    pub fn input<'a>(&'a self, settings: &'a Settings) -> Input<'a> {
        Input {
            text: &self.whole,
            script: &self.script,
            catalog: &self.catalog,
            settings,
        }
    }
}

#[derive(Clone, Copy)]
pub struct Steps<'a> {
    pub outside: &'a Outside,
    pub settings: &'a Settings,
}

impl<'a> Steps<'a> {
    fn parse(self, text: &str) -> (Script, Vec<Diagnostic>) {
        self.outside.parse(text, self.settings.flink)
    }

    /// The edits of all stages as one set. The text starts with the declarations from outside.
    pub fn all(self, text: &str, done: &mut Rewritten) -> Result<EditSet, EditError> {
        let (script, diagnostics) = self.parse(text);
        done.diagnostics = diagnostics;
        if done.failed() {
            return Ok(EditSet::default());
        }
        let split = ctas::edits(text, &script, self.settings.flink)?;
        if split.is_empty() {
            return self.place(text, &script, done);
        }
        // CREATE TABLE … AS became an INSERT, which is rewritten like any other.
        done.diagnostics.clear();
        self.behind(text, &split, done, |text, script, done| {
            self.place(text, script, done)
        })
    }

    /// Goes on with the edited text.
    fn behind(
        self,
        text: &str,
        edits: &EditSet,
        done: &mut Rewritten,
        next: impl FnOnce(&str, &Script, &mut Rewritten) -> Result<EditSet, EditError>,
    ) -> Result<EditSet, EditError> {
        let (between, map) = edits.apply(text)?;
        let (script, diagnostics) = self.parse(&between);
        let mut found = Rewritten {
            diagnostics,
            ..Rewritten::default()
        };
        let more = next(&between, &script, &mut found)?;
        to_source(&mut found, &map);
        let again = |d: &Diagnostic| {
            let same = |f: &Diagnostic| (f.name, f.span) == (d.name, d.span);
            found.diagnostics.iter().any(same)
        };
        done.diagnostics.retain(|d| !again(d));
        done.diagnostics.extend(found.diagnostics);
        done.inserts = found.inserts;
        done.watermarks_added = found.watermarks_added;
        edits.then(&more)
    }

    /// Tables of their own for watermarks first; then the rest, on a script that has them.
    fn place(
        self,
        text: &str,
        script: &Script,
        done: &mut Rewritten,
    ) -> Result<EditSet, EditError> {
        let catalog = self.catalog(script);
        let input = self.input(text, script, &catalog);
        let (plan, times) = plan::plan(input);
        let is_wrong = plan.diagnostics.iter().any(Diagnostic::is_error);
        if plan.placed.is_empty() || is_wrong {
            return self.inserts(input, &plan, &times, done);
        }
        let edits = rewrite::place(input, &plan)?;
        // What is said of the tables that get a watermark: they have one then.
        done.diagnostics.clone_from(&plan.diagnostics);
        self.behind(text, &edits, done, |text, script, done| {
            let catalog = self.catalog(script);
            let again = self.input(text, script, &catalog);
            if self.settings.validate {
                done.diagnostics.extend(proof::placed(input, again, &plan));
            }
            let (second, times) = self.second(again, &plan);
            self.inserts(again, &second, &times, done)
        })
    }

    /// The edits that give a script its watermarks, and no gates. Errors that only gates have are no reason against them.
    pub fn watermarks(self, text: &str) -> Option<EditSet> {
        let read = |text: &str| {
            let (script, found) = self.parse(text);
            (!found.iter().any(Diagnostic::is_error)).then_some(script)
        };
        let script = read(text)?;
        let catalog = self.catalog(&script);
        let input = self.input(text, &script, &catalog);
        let (plan, _) = plan::plan(input);
        if plan.placed.is_empty() {
            return rewrite::edits(input, &plan.without_gates()).ok();
        }
        let place = rewrite::place(input, &plan).ok()?;
        let (between, _) = place.apply(text).ok()?;
        let script = read(&between)?;
        let catalog = self.catalog(&script);
        let input = self.input(&between, &script, &catalog);
        let (second, _) = self.second(input, &plan);
        let rest = rewrite::edits(input, &second.without_gates()).ok()?;
        place.then(&rest).ok()
    }

    /// The plan of a script that has the tables that the first one asked for.
    fn second(self, input: Input<'_>, first: &Plan) -> (Plan, time::Times) {
        let placed: Vec<Placed> = first.placed.values().cloned().collect();
        let (mut plan, times) = plan::plan_behind(input, &placed);
        for id in plan.placed.keys() {
            let name = &input.catalog.entries[*id].name;
            let message = format!("tidegate is wrong: table `{}` is still read", name.object());
            plan.diagnostics
                .push(Diagnostic::error("internal-error", name.span, message));
        }
        (plan, times)
    }

    fn catalog(self, script: &Script) -> Catalog {
        Catalog::with_functions(script, self.settings.gate.known_function())
    }

    fn input<'i>(self, text: &'i str, script: &'i Script, catalog: &'i Catalog) -> Input<'i>
    where
        'a: 'i,
    {
        Input {
            text,
            script,
            catalog,
            settings: self.settings,
        }
    }

    /// The edits for the INSERTs of a script.
    fn inserts(
        self,
        input: Input<'_>,
        plan: &Plan,
        times: &time::Times,
        done: &mut Rewritten,
    ) -> Result<EditSet, EditError> {
        done.diagnostics.extend(plan.diagnostics.iter().cloned());
        done.inserts.clone_from(&plan.inserts);
        if self.settings.one_job {
            let problems = rewrite::one_job(input.text, input.script).err();
            done.diagnostics.extend(problems.into_iter().flatten());
        }
        if done.failed() {
            if self.settings.validate {
                done.diagnostics.extend(proof::original(input));
            }
            return Ok(EditSet::default());
        }
        done.watermarks_added = plan.watermarks.len();
        let gates = rewrite::edits(input, plan)?;
        let (printed, _) = gates.apply(input.text)?;
        if self.settings.validate {
            done.diagnostics
                .extend(proof::check(input, plan, times, &printed));
        }
        if !self.settings.one_job {
            return Ok(gates);
        }
        let (gated, _) = self.parse(&printed);
        match rewrite::one_job(&printed, &gated) {
            Ok(merge) => gates.then(&EditSet::new(merge)?),
            Err(problems) => {
                done.diagnostics.extend(problems);
                Ok(EditSet::default())
            }
        }
    }

    /// Where the script reads each declaration from outside.
    fn readers(self, text: &str) -> BTreeMap<usize, Span> {
        let (script, _) = self.parse(text);
        let catalog = self.catalog(&script);
        plan::inserts::readers(self.input(text, &script, &catalog))
    }

    /// What is said of the whole text as said of the script.
    pub fn localise(self, text: &str, done: &mut Rewritten) {
        let outside = self.outside;
        if outside.end() == 0 {
            return;
        }
        let readers = self.readers(text);
        let reader = |declaration: usize| readers.get(&declaration).copied();
        let diagnostics = std::mem::take(&mut done.diagnostics).into_iter();
        done.diagnostics = diagnostics.map(|d| outside.localised(d, reader)).collect();
        for insert in &mut done.inserts {
            insert.span = outside.place(insert.span, reader);
            for refusal in &mut insert.refusals {
                refusal.span = outside.place(refusal.span, reader);
            }
        }
    }

    /// What the selected rules say. Statements that cannot be read hide nothing that is wrong with the others.
    pub fn lint(self, text: &str, selection: &Selection) -> Vec<Diagnostic> {
        let read = self.reading(text);
        let input = read.input(self.settings);
        let context = lint::Context::new(input, &read.times, &read.plan);
        let found = lint::run(&context, selection);
        let readers = plan::inserts::readers(input);
        let reader = |declaration: usize| readers.get(&declaration).copied();
        let found = found.into_iter();
        found.map(|d| self.outside.localised(d, reader)).collect()
    }

    /// A script as it is read, whatever is wrong with it.
    pub fn reading(self, text: &str) -> Reading {
        let whole = self.outside.before(text).into_owned();
        let (script, _) = self.parse(&whole);
        let catalog = self.catalog(&script);
        let (plan, times) = plan::plan(self.input(&whole, &script, &catalog));
        Reading {
            whole,
            script,
            catalog,
            plan,
            times,
        }
    }

    /// What was decided, of a script that can be read. `diagnostics`: all that was found in it.
    pub fn explanation(
        self,
        text: &str,
        diagnostics: &[Diagnostic],
    ) -> Option<explain::Explanation> {
        let whole = self.outside.before(text);
        let read = |text: &str| {
            let (script, found) = self.parse(text);
            (!found.iter().any(Diagnostic::is_error)).then_some(script)
        };
        let mut script = read(&whole)?;
        // As a rewrite does it: CREATE TABLE … AS first becomes an INSERT, then tables get their places.
        let mut edits = ctas::edits(&whole, &script, self.settings.flink).ok()?;
        let (mut between, mut map) = edits.apply(&whole).ok()?;
        if !edits.is_empty() {
            script = read(&between)?;
        }
        let mut catalog = self.catalog(&script);
        let input = self.input(&between, &script, &catalog);
        let (mut plan, mut times) = plan::plan(input);
        let readers = self.readers(&whole);
        let origin = explain::Origin {
            text,
            map: &map,
            outside: self.outside,
            readers: &readers,
        };
        let tables = explain::tables(input, &plan, origin);
        if !plan.placed.is_empty() && !plan.diagnostics.iter().any(Diagnostic::is_error) {
            let place = rewrite::place(input, &plan).ok()?;
            edits = edits.then(&place).ok()?;
            (between, map) = edits.apply(&whole).ok()?;
            script = read(&between)?;
            catalog = self.catalog(&script);
            let input = self.input(&between, &script, &catalog);
            (plan, times) = self.second(input, &plan);
        }
        let origin = explain::Origin {
            text,
            map: &map,
            outside: self.outside,
            readers: &readers,
        };
        let input = self.input(&between, &script, &catalog);
        let said = explain::explain(input, &plan, &times, diagnostics, tables, origin);
        Some(said)
    }
}

/// Moves what is said of an edited text to the text before.
fn to_source(found: &mut Rewritten, map: &SourceMap) {
    for diagnostic in &mut found.diagnostics {
        diagnostic.map_spans(|span| map.span_to_source(span));
    }
    for insert in &mut found.inserts {
        insert.span = map.span_to_source(insert.span);
        for refusal in &mut insert.refusals {
            refusal.span = map.span_to_source(refusal.span);
        }
    }
}
