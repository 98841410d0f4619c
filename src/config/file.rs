//! The sections of a `tidegate.toml` to settings, and what is wrong with them.

use super::sections::{
    AlignmentSection, ArgumentName, At, Delay, File, FunctionSection, GateSection, LintSection,
    TableSection,
};
use super::{
    Argument, Configuration, Emit, GateFunction, GateSettings, Late, LintSettings, Role, Settings,
    TableSettings, WatermarkOptions, WatermarkSettings,
};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use std::collections::BTreeMap;

/// What is wrong with a value, and where.
pub(super) type Mistake = (std::ops::Range<usize>, &'static str);

impl FunctionSection {
    fn settings(self) -> Result<GateFunction, Mistake> {
        let default = GateFunction::default();
        let name = self.name.map_or(Ok(default.name), |name| {
            let parts: Vec<String> = name.get().split('.').map(str::to_owned).collect();
            let plain = parts.len() <= 3 && parts.iter().all(|p| !p.trim().is_empty());
            let why = "a function's name has one to three parts, joined by dots";
            plain.then_some(parts).ok_or((name.span(), why))
        })?;
        let arguments = self
            .arguments
            .map_or(Ok(default.arguments), |list| told(&list))?;
        if let Some(class) = &self.class
            && name.len() > 1
        {
            let why = "a temporary system function has a name of one part: give `name` without a catalog, or leave out `class`";
            return Err((class.span(), why));
        }
        if let (None, Some(jar)) = (&self.class, &self.jar) {
            return Err((jar.span(), "a jar needs the `class` in it"));
        }
        Ok(GateFunction {
            name,
            arguments,
            class: self.class.map(At::into_inner),
            jar: self.jar.map(At::into_inner),
        })
    }
}

impl AlignmentSection {
    fn settings(
        self,
        idle_timeout: Option<Delay>,
        emit: Option<Emit>,
    ) -> Result<WatermarkOptions, Mistake> {
        let alone =
            (self.max_drift.as_ref().map(At::span)).or(self.update_interval.as_ref().map(At::span));
        match (&self.group, &self.max_drift, alone) {
            (Some(group), None, _) => {
                let why = "an alignment group needs its `max-drift`";
                return Err((group.span(), why));
            }
            (None, _, Some(span)) => return Err((span, "an alignment needs its `group`")),
            _ => {}
        }
        let ms = |delay: Option<At<Delay>>| delay.map(|d| d.into_inner().0);
        Ok(WatermarkOptions {
            idle_timeout_ms: idle_timeout.map(|d| d.0),
            emit,
            alignment_group: self.group.map(At::into_inner),
            max_drift_ms: ms(self.max_drift),
            update_interval_ms: ms(self.update_interval),
        })
    }
}

impl TableSection {
    fn settings(self) -> Result<TableSettings, Mistake> {
        let asked = self.ingestion_time.filter(|asked| *asked.get());
        let sources = [
            self.column.as_ref().map(At::span),
            self.expression.as_ref().map(At::span),
            self.metadata.as_ref().map(At::span),
            asked.as_ref().map(At::span),
        ];
        if let Some(second) = sources.into_iter().flatten().nth(1) {
            let why = "a table has one event time: one of `column`, `expression`, `metadata`, `ingestion-time`";
            return Err((second, why));
        }
        let unit = self.unit.as_ref().map(At::span);
        let format = self.format.as_ref().map(At::span);
        if let (None, Some(span)) = (&self.column, unit.clone().or(format.clone())) {
            return Err((span, "this is of a `column`, which is not given"));
        }
        if let (Some(_), Some(span)) = (unit, format) {
            return Err((
                span,
                "a column of numbers has a `unit`, one of texts a `format`",
            ));
        }
        if let (Some(watermark), Some(_)) = (&self.watermark, &self.delay) {
            return Err((
                watermark.span(),
                "the expression says the delay: leave out `delay`",
            ));
        }
        Ok(TableSettings {
            column: self.column.map(At::into_inner),
            unit: self.unit.map(At::into_inner),
            format: self.format.map(At::into_inner),
            expression: self.expression.map(At::into_inner),
            metadata: self.metadata.map(At::into_inner),
            ingestion_time: asked.is_some(),
            watermark: self.watermark.map(At::into_inner),
            delay_ms: self.delay.map(|d| d.0),
            replace: self.replace,
            attach: self.attach,
            nullable: self.nullable,
            placement: self.placement,
            options: self.alignment.settings(self.idle_timeout, self.emit)?,
        })
    }
}

/// What a function is told: the time, and nothing twice.
fn told(list: &At<Vec<ArgumentName>>) -> Result<Vec<Argument>, Mistake> {
    let told: Vec<Argument> = list
        .get()
        .iter()
        .map(|name| match name {
            ArgumentName::Sink => Argument::Sink,
            ArgumentName::Time => Argument::Time,
            ArgumentName::Watermark => Argument::Watermark,
        })
        .collect();
    if !told.contains(&Argument::Time) {
        return Err((list.span(), "a gate has to be told the `time` of a row"));
    }
    let mut once = told.clone();
    once.sort();
    once.dedup();
    if once.len() < told.len() {
        return Err((list.span(), "an argument stands there twice"));
    }
    Ok(told)
}

impl GateSection {
    fn settings(self) -> Result<GateSettings, Mistake> {
        let span = self.late.as_ref().map(At::span);
        let span = span.filter(|_| {
            self.late
                .as_ref()
                .is_some_and(|l| *l.get() == Late::Handover)
        });
        let span = span.or(self.pin.as_ref().map(At::span)).unwrap_or(0..0);
        let settings = GateSettings {
            kind: self.kind.0,
            form: self.form,
            position: self.position,
            late: self.late.map(At::into_inner).unwrap_or_default(),
            pin: self.pin.map(At::into_inner).unwrap_or_default(),
            function: self.function.settings()?,
        };
        match settings.contradiction(Role::First) {
            Some(why) => Err((span, why)),
            None => Ok(settings),
        }
    }
}

impl LintSection {
    fn settings(self) -> LintSettings {
        LintSettings {
            select: self.select,
            ignore: self.ignore,
            severity: self.severity,
        }
    }
}

impl File {
    /// What it says of a script; its overrides have been applied before. The patterns of catalog files go along.
    pub fn settings(self) -> Result<(Settings, Vec<String>), Mistake> {
        let mut tables = BTreeMap::new();
        for (name, table) in self.tables {
            tables.insert(name, table.settings()?);
        }
        let watermark = self.watermark;
        let default = WatermarkSettings::default();
        let settings = Settings {
            flink: self.flink.version,
            watermark: WatermarkSettings {
                delay_ms: watermark.delay.map_or(default.delay_ms, |d| d.0),
                attach: watermark.attach,
                nullable: watermark.nullable,
                placement: watermark.placement,
                options: watermark
                    .alignment
                    .settings(watermark.idle_timeout, watermark.emit)?,
            },
            one_job: self.gate.one_job,
            gate: self.gate.settings()?,
            tables,
            lint: self.lint.settings(),
            ..Settings::default()
        };
        Ok((settings, self.catalog))
    }
}

impl Settings {
    /// Reads the text of a `tidegate.toml`, as for a script that no override matches. What it leaves out has its
    /// default.
    ///
    /// # Errors
    /// The first mistake, as a diagnostic about `text`: `invalid-toml`, `unknown-key` or
    /// `invalid-value`.
    pub fn from_toml(text: &str) -> Result<Settings, Box<Diagnostic>> {
        Ok(Configuration::parse(text)?.for_script(None)?.settings)
    }
}

pub(super) fn mistaken(text: &str, (range, why): Mistake) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        "invalid-value",
        span_of(text, &range),
        why,
    ))
}

pub(super) fn span_of(text: &str, range: &std::ops::Range<usize>) -> Span {
    let clamp = |at: usize| text.floor_char_boundary(at.min(text.len())) as u32;
    Span::new(clamp(range.start), clamp(range.end))
}

/// An error of serde or of the TOML parser. `is_toml`: the text is TOML, and something else is wrong with it.
pub(super) fn diagnose(text: &str, error: &toml::de::Error, is_toml: bool) -> Diagnostic {
    let span = span_of(text, &error.span().unwrap_or(0..0));
    let message = match error.message().trim_end_matches('\n') {
        // A choice among names is given as something else.
        "wanted string or table" => "invalid type: expected a string",
        message => message,
    };
    // Serde hands the field names over only in the words of its message.
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (name, message) = if let Some(rest) = message.strip_prefix("unknown field ") {
        ("unknown-key", format!("unknown key {rest}"))
    } else if let Some(rest) = message.strip_prefix("unknown variant ") {
        ("invalid-value", format!("unknown value {rest}"))
    } else if !is_toml {
        ("invalid-toml", message.replace('\n', ", "))
    } else {
        ("invalid-value", message.replace('\n', ", "))
    };
    let mut diagnostic = Diagnostic::error(name, span, message);
    if diagnostic.message.starts_with("unknown ")
        && let Some(nearest) = quoted
            .split_first()
            .and_then(|(given, known)| nearest(given, known))
    {
        diagnostic = diagnostic.help(format!("did you mean `{nearest}`?"));
    } else if diagnostic.message.ends_with("expected a string") {
        diagnostic = diagnostic.help("a string stands in quotes, as `\"2.3\"` or `\"5 s\"`");
    }
    diagnostic
}

/// The known name that `given` most likely was meant to be.
fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(given, name), *name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests;
