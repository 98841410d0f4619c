//! Runs the built binary in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use tidegate::config::FlinkVersion;
use tidegate::diagnostic::Diagnostic;
use tidegate::text::LineIndex;

/// A script that a rewrite changes: a source without a watermark, an INSERT without a gate.
pub const JOB: &str = "\
CREATE TABLE clicks (
  user_id BIGINT,
  click_time TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');

CREATE TABLE visits (
  user_id BIGINT,
  click_time TIMESTAMP(3)
) WITH ('connector' = 'kafka', 'topic' = 'visits', 'format' = 'json');

INSERT INTO visits SELECT user_id, click_time FROM clicks;
";

/// A script that no statement can be read of.
pub const BROKEN: &str = "CREATE TABLE clicks (user_id BIGINT,, x INT);\n";

/// A folder with files, and the tool run in it.
pub struct Sandbox(pub TempDir);

pub struct Run {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Sandbox {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Self(TempDir::new().unwrap());
        for (name, text) in files {
            sandbox.write(name, text.as_bytes());
        }
        sandbox
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Names in the folder, sorted: to see that nothing is left behind.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// To be run in the folder, with a terminal of no particular width and without colours.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(insta_cmd::get_cargo_bin("tidegate"));
        command
            .args(args)
            .current_dir(self.path())
            .env("RUST_BACKTRACE", "0")
            .env_remove("CLICOLOR_FORCE");
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, b"")
    }

    pub fn run_with(&self, args: &[&str], stdin: &[u8]) -> Run {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{}", self.stderr);
        self
    }

    pub fn out(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }
}

/// The texts of a page's blocks in a language, for which nothing else stands behind the fence.
pub fn blocks<'t>(page: &'t str, language: &str) -> Vec<&'t str> {
    let open = format!("```{language}\n");
    let blocks = page.split(open.as_str()).skip(1);
    blocks.map(|b| b.split("```").next().unwrap()).collect()
}

/// Compares a file of the project with what it should be; with `TIDEGATE_WRITE_DOCS` it is written.
#[track_caller]
pub fn is_made(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("TIDEGATE_WRITE_DOCS").is_some() {
        fs::write(&path, made).unwrap();
    }
    let written = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    let change = tidegate::report::diff::unified(name, &written, made);
    assert!(
        written == made,
        "{name} is not what the code makes; TIDEGATE_WRITE_DOCS=1 cargo test --test it -- docs guides would change\n{change}"
    );
}

/// Everything that is said of a script, with the text at each place.
pub fn diagnostics(script: &str, all: &[Diagnostic]) -> String {
    use std::fmt::Write;
    let lines = LineIndex::new(script);
    let mut out = String::new();
    for found in all {
        let severity = format!("{:?}", found.severity).to_lowercase();
        let at = lines.line_col(script, found.span.start);
        let place = found.span.of(script).replace('\n', "⏎");
        let _ = writeln!(
            out,
            "{severity}[{}] {}:{} `{place}`",
            found.name, at.line, at.column
        );
        let _ = writeln!(out, "  {}", found.message);
        if !found.label.is_empty() {
            let _ = writeln!(out, "  label: {}", found.label);
        }
        for (span, text) in &found.related {
            let _ = writeln!(out, "  at `{}`: {text}", span.of(script));
        }
        for note in &found.notes {
            let _ = writeln!(out, "  note: {note}");
        }
        for help in &found.help {
            let _ = writeln!(out, "  help: {}", help.replace('\n', "\n        "));
        }
    }
    out
}

/// The statements of a script, without what separates them.
pub fn statements(text: &str, flink: FlinkVersion) -> Vec<String> {
    let (script, _) = tidegate::parser::parse(text, flink);
    let statement = |s: &tidegate::syntax::Statement| {
        let text = s.span.of(text).trim();
        text.trim_end_matches(';').trim_end().to_owned()
    };
    script.statements.iter().map(statement).collect()
}
