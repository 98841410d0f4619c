//! What stands at a gate.

use super::Role;
use schemars::JsonSchema;
use serde::Deserialize;

/// How gates are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateSettings {
    pub kind: GateKind,
    pub form: GateForm,
    pub position: Position,
    pub late: Late,
    pub pin: Pin,
    pub function: GateFunction,
}

/// What decides on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum GateKind {
    /// The literals of a role.
    #[default]
    Cutover,
    /// A scalar function, which knows role and cutover at run time.
    Function,
    /// A process table function, which does.
    Ptf,
}

/// Where a gate before a sink stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GateForm {
    /// In a temporary view, but where Flink would break on that.
    #[default]
    View,
    /// In a derived table of the INSERT.
    Inline,
}

/// Where the rows of an append-only query are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// Before the sink: every operator sees all rows, in both jobs.
    #[default]
    BeforeSink,
    /// Right behind each source: only for queries without state, and for windows with an edge at the
    /// cutover.
    AfterSource,
}

/// Which job writes a row below the cutover that comes when the watermark has passed the cutover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Late {
    /// The outgoing one, as long as it runs.
    #[default]
    Outgoing,
    /// The incoming one, as FLIP-504 has it.
    Handover,
}

/// Whether a gate is written so that Flink cannot push it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Pin {
    /// Where push-down would change what stands below the gate.
    #[default]
    Auto,
    Always,
    Never,
}

/// The function of the kinds `function` and `ptf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateFunction {
    /// The parts of its name.
    pub name: Vec<String>,
    /// What it is told, in this order. The time is among it.
    pub arguments: Vec<Argument>,
    /// The class to create it from, as a temporary system function; it is there already if none.
    pub class: Option<String>,
    /// Where the class is.
    pub jar: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Argument {
    /// The gate's name, a string: that of the sink, with a suffix for a gate that has a side only.
    Sink,
    /// The row's gate time, TIMESTAMP(3) or TIMESTAMP_LTZ(3) as the source's rowtime is.
    Time,
    /// The watermark at the gate, in the type of the time.
    Watermark,
}

impl Default for GateFunction {
    fn default() -> Self {
        Self {
            name: vec!["tide_gate".to_owned()],
            arguments: vec![Argument::Sink, Argument::Time, Argument::Watermark],
            class: None,
            jar: None,
        }
    }
}

impl GateSettings {
    /// The last part of the name of the function that gates call, if they call one.
    pub fn known_function(&self) -> Option<&str> {
        let calls = self.kind != GateKind::Cutover;
        self.function
            .name
            .last()
            .filter(|_| calls)
            .map(String::as_str)
    }

    /// What does not go together.
    pub fn contradiction(&self, role: Role) -> Option<&'static str> {
        let literals = self.kind == GateKind::Cutover;
        if !literals && role != Role::First {
            return Some(
                "a role and a cutover are for gates of kind `cutover`: a function learns both at run time",
            );
        }
        if !literals && self.late == Late::Handover {
            return Some(
                "late = \"handover\" is for gates of kind `cutover`: a function decides on late rows itself",
            );
        }
        let after_source = self.position == Position::AfterSource;
        if after_source && (self.kind == GateKind::Ptf || self.late == Late::Handover) {
            return Some(
                "position = \"after-source\" is for gates of kind `cutover` or `function` with late = \"outgoing\"",
            );
        }
        if self.pin == Pin::Never && (!literals || self.late == Late::Handover) {
            return Some(
                "pin = \"never\" is for gates of kind `cutover` with late = \"outgoing\": Flink would move any other gate below the query's state",
            );
        }
        None
    }
}

impl GateKind {
    /// As in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cutover => "cutover",
            Self::Function => "function",
            Self::Ptf => "ptf",
        }
    }
}

impl TryFrom<String> for GateKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "cutover" => Ok(Self::Cutover),
            "function" => Ok(Self::Function),
            "ptf" => Ok(Self::Ptf),
            _ => Err(format!(
                "`{name}` is no kind of gate: `cutover`, `function` or `ptf`"
            )),
        }
    }
}
