//! Diagnostics as people read them: the place in the text, what is wrong there, why, what to do.

use super::FileReport;
use super::mask::Masked;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::text::{LineIndex, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

/// All diagnostics with terminal colours, an empty line between two.
pub fn render(files: &[FileReport<'_>]) -> String {
    let shown = files.iter().flat_map(|file| {
        let source = Source::new(file.name, file.text);
        let shown: Vec<String> = file.diagnostics.iter().map(|d| source.styled(d)).collect();
        shown
    });
    let shown: Vec<String> = shown.collect();
    shown.join("\n")
}

/// A named text that diagnostics are about.
pub struct Source<'a> {
    name: &'a str,
    masked: Masked,
    lines: LineIndex,
}

impl<'a> Source<'a> {
    /// `name` is shown before line and column: a path, or `<stdin>`.
    pub fn new(name: &'a str, text: &str) -> Self {
        let mut masked = Masked::new(text);
        let lines = LineIndex::new(&masked.text);
        masked.text = lone_returns_to_newlines(&masked.text);
        Self {
            name,
            masked,
            lines,
        }
    }

    /// With terminal colours; whoever prints it strips them where they are not wanted.
    pub fn styled(&self, diagnostic: &Diagnostic) -> String {
        self.render(diagnostic, Renderer::styled())
    }

    pub fn plain(&self, diagnostic: &Diagnostic) -> String {
        self.render(diagnostic, Renderer::plain())
    }

    fn render(&self, diagnostic: &Diagnostic, renderer: Renderer) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let window = self
            .window(std::iter::once(diagnostic.span).chain(diagnostic.related.iter().map(|r| r.0)));
        let mut snippet = window.snippet(self).annotation(
            AnnotationKind::Primary
                .span(window.range(diagnostic.span))
                .label(self.masked.message(&diagnostic.label)),
        );
        for (span, text) in &diagnostic.related {
            snippet = snippet.annotation(
                AnnotationKind::Context
                    .span(window.range(*span))
                    .label(self.masked.message(text)),
            );
        }
        let mut main = level
            .primary_title(self.masked.message(&diagnostic.message))
            .id(diagnostic.name)
            .element(snippet);
        for note in &diagnostic.notes {
            main = main.element(Level::NOTE.message(self.masked.message(note)));
        }
        for help in &diagnostic.help {
            main = main.element(Level::HELP.message(self.masked.message(help)));
        }
        let fix = diagnostic.fix.as_ref().map(|fix| self.fix_group(fix));
        let groups: Vec<Group<'_>> = std::iter::once(main).chain(fix).collect();
        let mut text = renderer.decor_style(DecorStyle::Ascii).render(&groups);
        text.push('\n');
        text
    }

    fn fix_group<'s>(&'s self, fix: &Fix) -> Group<'s> {
        let window = self.window(fix.edits.iter().map(|e| e.span));
        let title = match fix.applicability {
            Applicability::Safe | Applicability::DisplayOnly => fix.title.clone(),
            Applicability::Unsafe => format!("{} (may change the meaning)", fix.title),
        };
        let patches = fix.edits.iter().map(|edit| {
            Patch::new(
                window.range(edit.span),
                self.masked.message(&edit.replacement),
            )
        });
        Level::HELP
            .secondary_title(self.masked.message(&title))
            .element(window.snippet(self).patches(patches))
    }

    /// The lines that the spans touch. The renderer goes through all lines that it is given, so it
    /// is given no more than it shows.
    fn window(&self, spans: impl Iterator<Item = Span>) -> Window {
        let len = self.masked.text.len() as u32;
        let cover = spans
            .reduce(Span::cover)
            .map_or(Span::at(0), |s| Span::new(s.start.min(len), s.end.min(len)));
        let first = self.lines.line(cover.start);
        let last = self.lines.line(cover.end);
        let start = self.lines.line_start(first) as usize;
        let end = self.masked.text[self.lines.line_start(last) as usize..]
            .find('\n')
            .map_or(len as usize, |n| {
                self.lines.line_start(last) as usize + n + 1
            });
        Window { first, start, end }
    }
}

/// Part of a text: its first line (0-based) and its bytes.
struct Window {
    first: usize,
    start: usize,
    end: usize,
}

impl Window {
    fn snippet<'s, T: Clone>(&self, source: &'s Source<'_>) -> Snippet<'s, T> {
        Snippet::source(&source.masked.text[self.start..self.end])
            .line_start(self.first + 1)
            .path(source.name)
    }

    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let within = |at: u32| (at as usize).clamp(self.start, self.end) - self.start;
        within(span.start)..within(span.end)
    }
}

/// Flink ends a line at a lone `\r` too; the renderer knows only `\n` and `\r\n`.
fn lone_returns_to_newlines(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let lone = c == '\r' && chars.peek() != Some(&'\n');
        out.push(if lone { '\n' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Edit;
    use proptest::prelude::*;

    const JOB: &str = "\
CREATE TABLE orders (
  id BIGINT,
  created_at TIMESTAMP(3),
  updated_at TIMESTAMP(3)
) WITH (
  'connector' = 'kafka', 'properties.sasl.password' = 'hunter2'
);
";

    fn span_of(needle: &str) -> Span {
        let start = JOB.find(needle).unwrap() as u32;
        Span::new(start, start + needle.len() as u32)
    }

    fn check(diagnostic: &Diagnostic) -> String {
        Source::new("jobs/a.sql", JOB).plain(diagnostic)
    }

    #[test]
    fn every_part_is_shown() {
        let diagnostic = Diagnostic::error(
            "ambiguous-event-time",
            span_of("orders"),
            "table `orders` has two event-time columns",
        )
        .label("no watermark is declared")
        .related(span_of("created_at"), "candidate")
        .related(span_of("updated_at"), "candidate")
        .note("Flink takes one watermark for each table")
        .help("name one in `tidegate.toml`:\n[tables.orders]\ncolumn = \"created_at\"")
        .fix(Fix {
            title: "declare it".to_owned(),
            edits: vec![Edit::insert(
                span_of("updated_at TIMESTAMP(3)").end,
                ",\n  WATERMARK FOR updated_at AS updated_at - INTERVAL '5' SECOND",
            )],
            applicability: Applicability::Unsafe,
        });
        insta::assert_snapshot!(check(&diagnostic), @r#"
        error[ambiguous-event-time]: table `orders` has two event-time columns
         --> jobs/a.sql:1:14
          |
        1 | CREATE TABLE orders (
          |              ^^^^^^ no watermark is declared
        2 |   id BIGINT,
        3 |   created_at TIMESTAMP(3),
          |   ---------- candidate
        4 |   updated_at TIMESTAMP(3)
          |   ---------- candidate
          |
          = note: Flink takes one watermark for each table
          = help: name one in `tidegate.toml`:
                  [tables.orders]
                  column = "created_at"
        help: declare it (may change the meaning)
          |
        4 ~   updated_at TIMESTAMP(3),
        5 +   WATERMARK FOR updated_at AS updated_at - INTERVAL '5' SECOND
          |
        "#);
    }

    #[test]
    fn secrets_are_masked() {
        let diagnostic = Diagnostic::warning("x", span_of("'connector'"), "found `hunter2` here");
        insta::assert_snapshot!(check(&diagnostic), @r#"
        warning[x]: found `*******` here
         --> jobs/a.sql:6:3
          |
        6 |   'connector' = 'kafka', 'properties.sasl.password' = '*******'
          |   ^^^^^^^^^^^
        "#);
    }

    #[test]
    fn at_the_end_of_the_text() {
        let end = Span::at(JOB.len() as u32);
        insta::assert_snapshot!(check(&Diagnostic::error("x", end, "unfinished")), @r#"
        error[x]: unfinished
         --> jobs/a.sql:8:1
          |
        8 |
          | ^
        "#);
    }

    #[test]
    fn line_and_column_count_characters() {
        let text = "a\rbé\tx\r\nc";
        let at = text.find('x').unwrap() as u32;
        let diagnostic = Diagnostic::error("x", Span::new(at, at + 1), "here");
        insta::assert_snapshot!(Source::new("a.sql", text).plain(&diagnostic), @r#"
        error[x]: here
         --> a.sql:2:4
          |
        2 | bé    x
          |       ^
        "#);
    }

    proptest! {
        #[test]
        fn no_span_makes_it_panic(
            text in "[a-c'=é\n\r\t ]{0,30}",
            cuts in (0usize..31, 0usize..31, 0usize..31, 0usize..31),
        ) {
            let at = |n: usize| text.floor_char_boundary(n) as u32;
            let span = |a, b| Span::new(at(a).min(at(b)), at(a).max(at(b)));
            let (one, two) = (span(cuts.0, cuts.1), span(cuts.2, cuts.3));
            let diagnostic = Diagnostic::error("x", one, "m").related(two, "r").fix(Fix {
                title: "f".to_owned(),
                edits: vec![Edit::replace(two, "new\n")],
                applicability: Applicability::Safe,
            });
            Source::new("a.sql", &text).plain(&diagnostic);
        }
    }
}
