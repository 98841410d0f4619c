//! The flags.

pub use super::completions::{CompletionsArgs, ManArgs};
use super::environment::Sources;
pub use super::init::InitArgs;
pub use super::lsp::LspArgs;
pub use super::show_config::ShowConfigArgs;
use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;
use tidegate::config::{Cutover, FlinkVersion, GateKind, Late, parse_delay};
use tidegate::report::Format;

/// Makes a Flink SQL script ready for a blue/green cutover.
#[derive(Debug, Parser)]
#[command(
    name = "tidegate",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Give every source a watermark and put every INSERT behind a gate
    Rewrite(RewriteArgs),
    /// Say what is wrong with scripts, and change nothing
    Check(CheckArgs),
    /// Explain a rule of `check`
    Rule(RuleArgs),
    /// Say what is decided for each INSERT of a script, why, and how to cut over
    Explain(ExplainArgs),
    /// Execute a script over rows in memory, as it is and as both jobs of a cutover have it
    Verify(VerifyArgs),
    /// Write a first tidegate.toml for the scripts below a folder, with the choices that are to be made
    Init(InitArgs),
    /// Show which settings are in force for a script, and what says so
    Config(ShowConfigArgs),
    /// Serve an editor: the Language Server Protocol over standard input and output
    Lsp(LspArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual
    Man(ManArgs),
    /// Show what single stages make of a script
    #[command(subcommand)]
    Debug(DebugCommand),
}

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 done, 1 findings, 2 broken (flags, files, configuration).")]
pub struct RewriteArgs {
    /// Scripts to rewrite, or folders: every *.sql below one that no ignore file names; `-` reads one from standard input
    #[arg(required = true, value_name = "PATH")]
    pub files: Vec<PathBuf>,

    /// Restore the originals from the source maps that `--write` and `--output-dir` left
    #[arg(long)]
    pub undo: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    /// Name of what comes from standard input: for messages, and to find its tidegate.toml
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 no errors, 1 errors (with `--deny-warnings` warnings too, with `--diff` fixes), 2 broken \
                  (flags, files, configuration)."
)]
pub struct CheckArgs {
    /// Scripts, and folders whose *.sql are checked but for what their ignore files name; `-` reads a script from standard
    /// input
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub fixes: FixArgs,

    /// Rules that run, by name or code, or `all`; those that are on by default unless given
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Rules that do not run; goes before `--select`
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// How it is said
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = report_format())]
    pub output_format: Format,

    /// Show how often each rule found something instead of where
    #[arg(long, conflicts_with_all = ["output_format", "fix", "diff"])]
    pub statistics: bool,

    /// Check again whenever a script or a configuration changes, until interrupted
    #[arg(long, conflicts_with_all = ["fix", "diff", "statistics"])]
    pub watch: bool,

    /// End with 1 for warnings too
    #[arg(long)]
    pub deny_warnings: bool,

    /// Name of what comes from standard input: for messages, and to find its tidegate.toml
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    /// Do not plan the original and the rewritten queries with DataFusion
    #[arg(long, env = "TIDEGATE_NO_VALIDATE", value_parser = BoolishValueParser::new())]
    pub no_validate: bool,

    /// Check the syntax only, one statement at a time: for scripts too large for anything else
    #[arg(long, conflicts_with_all = ["fix", "diff", "select"])]
    pub syntax_only: bool,

    #[command(flatten)]
    pub config: ConfigArgs,
}

/// What becomes of the fixes.
#[derive(Debug, Args)]
pub struct FixArgs {
    /// Apply the fixes that keep the meaning; from standard input to standard output
    #[arg(long)]
    pub fix: bool,

    /// Apply, or show, those too that may change the meaning or the job's state
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Show what `--fix` would change, and change nothing; exit with 1 if it would
    #[arg(long, conflicts_with = "fix")]
    pub diff: bool,
}

#[derive(Debug, Args)]
pub struct RuleArgs {
    /// A rule's name or code
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub rule: Option<String>,

    /// All rules: a line for each, or whole with `--output-format json`
    #[arg(long)]
    pub all: bool,

    /// How it is said
    #[arg(long, value_enum, default_value_t)]
    pub output_format: OutputFormat,
}

fn report_format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| name.parse::<Format>())
}

impl CheckArgs {
    /// Those of a rewrite for a job that runs alone.
    pub fn settings(&self) -> SettingsArgs {
        SettingsArgs {
            no_validate: self.no_validate,
            config: self.config.clone(),
            ..SettingsArgs::default()
        }
    }
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every INSERT can be cut over or is left alone, 1 one is refused or \
                        the script has errors, 2 broken (flags, files, configuration)."
)]
pub struct ExplainArgs {
    /// A script; `-` reads standard input
    pub file: PathBuf,

    /// How it is said
    #[arg(long, value_enum, default_value_t)]
    pub format: ExplainFormat,

    /// Write it to OUT
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// Name of what comes from standard input: for messages, and to find its tidegate.toml
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing is lost, doubled or foreign, 1 something is or the script has \
                        errors, 2 broken (flags, files, configuration)."
)]
pub struct VerifyArgs {
    /// A script; `-` reads standard input
    pub file: PathBuf,

    /// Event time that belongs to the incoming deployment: RFC 3339 with a zone, or epoch milliseconds
    #[arg(
        long,
        value_name = "TIME",
        allow_negative_numbers = true,
        env = "TIDEGATE_CUTOVER"
    )]
    pub cutover: Cutover,

    /// Rows that are made for each source table in each round
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub rows: u16,

    /// The same seed makes the same rows
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,

    /// Rows for a table in the place of generated ones: *.csv with a header, or *.json with one object a line (Parquet is not read)
    #[arg(long, value_name = "TABLE=FILE")]
    pub data: Vec<String>,

    /// How it is said
    #[arg(long, value_enum, default_value_t)]
    pub output_format: OutputFormat,

    /// Gate scripts that are given instead of made: the outgoing job's
    #[arg(long, value_name = "FILE", requires = "incoming")]
    pub outgoing: Option<PathBuf>,

    /// Likewise, the incoming job's
    #[arg(long, value_name = "FILE", requires = "outgoing")]
    pub incoming: Option<PathBuf>,

    #[command(flatten)]
    pub replay: ReplayArgs,

    /// Which job writes rows below the cutover that come after the watermark has passed it
    #[arg(long, value_enum, env = "TIDEGATE_LATE")]
    pub late: Option<LateName>,

    /// Name of what comes from standard input: for messages, and to find its tidegate.toml
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    /// Delay of added watermarks where no table says otherwise, as `5 s` or `500 ms`
    #[arg(long, value_name = "DELAY", value_parser = parse_delay, env = "TIDEGATE_WATERMARK_DELAY")]
    pub watermark_delay: Option<u64>,

    #[command(flatten)]
    pub config: ConfigArgs,
}

impl VerifyArgs {
    /// Those of a rewrite; the role is set for each job.
    pub fn settings(&self) -> SettingsArgs {
        SettingsArgs {
            late: self.late,
            watermark_delay: self.watermark_delay,
            config: self.config.clone(),
            ..SettingsArgs::default()
        }
    }
}

/// A model of both jobs in time.
#[derive(Debug, Args)]
#[command(next_help_heading = "Replay")]
pub struct ReplayArgs {
    /// Replay both jobs row by row, and count what is lost and doubled for several deletion delays
    #[arg(long)]
    pub replay: bool,

    /// Write a plot of lost and doubled rows against the deletion delay to FILE
    #[arg(long, value_name = "FILE.svg", requires = "replay")]
    pub plot: Option<PathBuf>,

    /// Who chooses T: `--cutover` stands in both scripts, or the outgoing job puts its watermark plus the delay there
    #[arg(long, value_enum, default_value_t, requires = "replay")]
    pub choose_t: ChooseT,

    /// The deletion delay that decides, instead of the one that is derived from the script
    #[arg(long, value_name = "DELAY", value_parser = parse_delay, requires = "replay")]
    pub deletion_delay: Option<u64>,

    /// How far rows come out of order, of one table or of all; unless given, as far as the watermark allows for
    #[arg(long, value_name = "[TABLE=]DELAY", requires = "replay")]
    pub out_of_order: Vec<String>,

    /// A table that is silent for so long around T, and then yields what it has held back
    #[arg(long, value_name = "TABLE=DELAY", requires = "replay")]
    pub idle: Vec<String>,

    /// How far the incoming job reads behind the outgoing one
    #[arg(long, value_name = "DELAY", value_parser = parse_delay, default_value = "10 s", requires = "replay")]
    pub lag: u64,

    /// How long it takes until both jobs know a T that the outgoing job chooses
    #[arg(long, value_name = "DELAY", value_parser = parse_delay, default_value = "5 s", requires = "replay")]
    pub propagation: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ChooseT {
    /// `--cutover` does
    #[default]
    Given,
    /// The outgoing job does while it runs, as FLIP-504's gate
    #[value(name = "flip-504")]
    Flip504,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    /// For a terminal
    #[default]
    Human,
    /// JSON, for programs
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ExplainFormat {
    /// For a terminal
    #[default]
    Text,
    /// One object; src/explain/mod.rs documents its fields
    Json,
    /// A Mermaid flow chart
    Mermaid,
    /// A Graphviz graph
    Dot,
    /// A picture
    Svg,
}

/// Standard output unless one of these is given.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Write the rewritten script to OUT
    #[arg(short, long, value_name = "OUT", conflicts_with_all = ["write", "output_dir", "diff", "check"])]
    pub output: Option<PathBuf>,

    /// Replace the files, and leave a source map beside each; none is touched if any of them fails
    #[arg(short, long, conflicts_with_all = ["output_dir", "diff", "check"])]
    pub write: bool,

    /// Write the rewritten scripts below DIR, and a source map beside each: files under their own names, what is in a
    /// folder under its path in there
    #[arg(long, value_name = "DIR", conflicts_with = "diff")]
    pub output_dir: Option<PathBuf>,

    /// Show what would change; exit with 1 if anything would
    #[arg(long, conflicts_with = "check")]
    pub diff: bool,

    /// Write nothing; exit with 1 if anything would change. With `--output-dir` also show the changes of the scripts
    /// there that are stale, and name those that are missing and those that no script makes
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, Default, Args)]
pub struct SettingsArgs {
    #[command(flatten)]
    pub sources: Sources,

    /// Which of the two deployments the script is for
    #[arg(long, value_enum, default_value_t, env = "TIDEGATE_ROLE")]
    pub role: RoleName,

    /// Event time that belongs to the incoming deployment: RFC 3339 with a zone, or epoch milliseconds
    #[arg(
        long,
        value_name = "TIME",
        allow_negative_numbers = true,
        env = "TIDEGATE_CUTOVER"
    )]
    pub cutover: Option<Cutover>,

    /// What stands at a gate; a function learns role and cutover at run time
    #[arg(long, value_enum, env = "TIDEGATE_GATE_KIND")]
    pub gate_kind: Option<GateKindName>,

    /// Which job writes rows below the cutover that come after the watermark has passed it
    #[arg(long, value_enum, env = "TIDEGATE_LATE")]
    pub late: Option<LateName>,

    /// Delay of added watermarks where no table says otherwise, as `5 s` or `500 ms`
    #[arg(long, value_name = "DELAY", value_parser = parse_delay, env = "TIDEGATE_WATERMARK_DELAY")]
    pub watermark_delay: Option<u64>,

    /// Do not plan the original and the rewritten queries with DataFusion
    #[arg(long, env = "TIDEGATE_NO_VALIDATE", value_parser = BoolishValueParser::new())]
    pub no_validate: bool,

    /// Catalog files whose notes were shown.
    #[arg(skip)]
    pub shown: Mutex<BTreeSet<PathBuf>>,

    #[command(flatten)]
    pub config: ConfigArgs,
}

/// What every command needs that reads scripts.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    #[command(flatten)]
    pub sources: Sources,

    /// Flink that runs the scripts
    #[arg(long, value_name = "VERSION", env = "TIDEGATE_FLINK_VERSION")]
    pub flink_version: Option<FlinkVersion>,

    /// DDL of tables, views and functions that the scripts do not declare; may be given several times, the variable
    /// holds paths as PATH does
    #[arg(long, value_name = "FILE", env = "TIDEGATE_CATALOG")]
    pub catalog: Vec<PathBuf>,

    /// Configuration to use instead of the nearest tidegate.toml above each script
    #[arg(long, value_name = "FILE", env = "TIDEGATE_CONFIG")]
    pub config: Option<PathBuf>,

    /// Use no tidegate.toml
    #[arg(long, env = "TIDEGATE_ISOLATED", value_parser = BoolishValueParser::new())]
    pub isolated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GateKindName {
    /// Literals for a role and a cutover
    Cutover,
    /// A scalar function
    Function,
    /// A process table function (Flink 2.1 and later)
    Ptf,
}

impl From<GateKindName> for GateKind {
    fn from(name: GateKindName) -> Self {
        match name {
            GateKindName::Cutover => Self::Cutover,
            GateKindName::Function => Self::Function,
            GateKindName::Ptf => Self::Ptf,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LateName {
    /// The outgoing one, as long as it runs
    Outgoing,
    /// The incoming one
    Handover,
}

impl From<LateName> for Late {
    fn from(name: LateName) -> Self {
        match name {
            LateName::Outgoing => Self::Outgoing,
            LateName::Handover => Self::Handover,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum RoleName {
    /// Runs alone: its gates are open
    #[default]
    First,
    /// Emits event times below the cutover
    Outgoing,
    /// Emits event times from the cutover on
    Incoming,
}

#[derive(Debug, Subcommand)]
pub enum DebugCommand {
    /// Tokens: byte range, place, kind, text
    Tokens(StageArgs),
    /// Statements as they were read
    Statements(StageArgs),
    /// Tables, views and functions
    Catalog(StageArgs),
    /// Time attributes of every query, as the script declares them
    Time(StageArgs),
    /// Decisions: watermarks, gates, verdicts
    Plan(PlanArgs),
    /// The script with its watermarks and no gates
    Watermarks(PlanArgs),
    /// What each table of every *.sql below a folder offers as its event time, as tab-separated lines
    EventTimes(PlanArgs),
    /// Rewrite every *.sql below a folder, or parse every line of a *.jsonl file, and count
    Corpus(CorpusArgs),
}

#[derive(Debug, Args)]
pub struct StageArgs {
    /// A script; `-` reads standard input
    pub file: PathBuf,

    /// Flink that runs the script
    #[arg(
        long,
        value_name = "VERSION",
        default_value_t,
        env = "TIDEGATE_FLINK_VERSION"
    )]
    pub flink_version: FlinkVersion,
}

#[derive(Debug, Args)]
pub struct PlanArgs {
    /// A script; `-` reads standard input
    pub file: PathBuf,

    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Debug, Args)]
pub struct CorpusArgs {
    /// A folder of scripts, or a file with one object {"sql", "expect", "group"} on each line
    pub path: PathBuf,

    /// Write the rewritten scripts below OUT, under the same names
    #[arg(long, value_name = "OUT")]
    pub emit: Option<PathBuf>,

    /// End with one JSON object on the last line
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub settings: SettingsArgs,
}
