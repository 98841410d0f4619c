//! What decides on a row at a gate.

use super::Bounds;
use crate::catalog::StatementId;
use crate::config::{Argument, GateKind, Late, Settings};
use crate::syntax::{Script, StatementKind};
use crate::time::{Reason, Refusal, TimeType, quote};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The gate time lies in a range.
    Range(Bounds),
    /// The same, and once the watermark has passed the cutover the incoming job takes over what is
    /// below it.
    Handover(Bounds),
    /// A scalar function, or a process table function that the query is an argument of.
    Call(Call),
}

/// A call that says of a row whether its job may write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The function's name as SQL.
    pub function: String,
    #[serde(skip)]
    pub name_parts: Vec<String>,
    #[serde(skip)]
    pub arguments: Vec<Argument>,
    /// The name that the gate tells the function.
    pub gate: String,
    pub ty: TimeType,
    /// The gate time is a rowtime attribute, so that the watermark can be told.
    pub watermark: bool,
    /// It is a process table function.
    pub table: bool,
}

/// Which side of a query a gate stands on, and so when it is shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before the sink, alone: shut to each job for what belongs to the other.
    Only,
    /// Before the sink of a query whose sources are gated too: open but in the incoming job.
    Opens,
    /// Behind a source: open but in the outgoing job.
    Closes,
}

impl Side {
    /// What a table's name gets, for a function to know the side by.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Only => "",
            Self::Opens => ":opens",
            Self::Closes => ":closes",
        }
    }
}

impl Rule {
    /// What the settings ask for. `table` is the sink's name, or that of the source behind which the
    /// gate stands; `watermark` tells whether the gate time is a rowtime attribute.
    pub fn new(
        settings: &Settings,
        ty: TimeType,
        table: &[&str],
        side: Side,
        watermark: bool,
    ) -> Self {
        let gate = &settings.gate;
        let bounds = || Bounds::new(settings.role, ty);
        match (gate.kind, gate.late) {
            (GateKind::Cutover, Late::Outgoing) => Self::Range(bounds()),
            (GateKind::Cutover, Late::Handover) => Self::Handover(bounds()),
            (kind @ (GateKind::Function | GateKind::Ptf), _) => {
                let name = gate.function.name.iter().map(|part| quote(part));
                Self::Call(Call {
                    function: name.collect::<Vec<_>>().join("."),
                    name_parts: gate.function.name.clone(),
                    arguments: gate.function.arguments.clone(),
                    gate: table.join(".") + side.suffix(),
                    ty,
                    // Above updates the attribute is gone, or not to be relied on.
                    watermark: watermark && side != Side::Opens,
                    table: kind == GateKind::Ptf,
                })
            }
        }
    }

    /// The literals of a rule that has some.
    pub fn bounds(&self) -> Option<&Bounds> {
        match self {
            Self::Range(bounds) | Self::Handover(bounds) => Some(bounds),
            Self::Call(_) => None,
        }
    }

    /// Does the incoming job get to write rows below the cutover, too?
    pub fn takes_over(&self) -> bool {
        match self {
            Self::Range(_) => false,
            Self::Handover(_) => true,
            Self::Call(call) => call.tells_watermark() && call.watermark,
        }
    }
}

impl Call {
    /// Is the function to be told a watermark?
    pub fn tells_watermark(&self) -> bool {
        self.arguments.contains(&Argument::Watermark)
    }

    /// The call of a scalar function. `time` is the gate time as it takes it, `attribute` the rowtime.
    pub fn sql(&self, time: &str, attribute: &str) -> String {
        let argument = |argument: &Argument| match argument {
            Argument::Sink => self.name(),
            Argument::Time => time.to_owned(),
            Argument::Watermark if self.watermark => format!("CURRENT_WATERMARK({attribute})"),
            Argument::Watermark => format!("CAST(NULL AS {})", self.ty.sql()),
        };
        let arguments: Vec<_> = self.arguments.iter().map(argument).collect();
        format!("{}({})", self.function, arguments.join(", "))
    }

    /// The gate's name as a string literal.
    pub fn name(&self) -> String {
        format!("'{}'", self.gate.replace('\'', "''"))
    }
}

/// The statement that makes the gates' function known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreateFunction {
    /// The statement that it comes before.
    pub before: StatementId,
    pub name: String,
    pub class: String,
    pub jar: Option<String>,
}

/// The function to create before the first of the statements that `first` gives, if the settings name
/// a class and the script does not create it itself.
pub(super) fn create_function(
    settings: &Settings,
    script: &Script,
    first: Option<StatementId>,
) -> Result<Option<CreateFunction>, Refusal> {
    let function = &settings.gate.function;
    let (Some(before), Some(class), [name]) = (first, &function.class, &function.name[..]) else {
        return Ok(None);
    };
    if settings.gate.kind == GateKind::Cutover {
        return Ok(None);
    }
    for (at, statement) in script.statements.iter().enumerate() {
        let StatementKind::CreateFunction(create) = &statement.kind else {
            continue;
        };
        if !create.name.object().eq_ignore_ascii_case(name) {
            continue;
        }
        let why = if create.class.value != *class {
            format!("the script creates `{name}` from another class")
        } else if at >= before {
            format!("the script creates `{name}` behind the first gate")
        } else {
            return Ok(None);
        };
        return Err(Refusal::new(Reason::GateKind, statement.span, why));
    }
    Ok(Some(CreateFunction {
        before,
        name: name.clone(),
        class: class.clone(),
        jar: function.jar.clone(),
    }))
}

/// Does a table's name read like that of a gate with one side?
pub(super) fn reads_sided(name: &str) -> bool {
    let sides = [Side::Opens, Side::Closes];
    sides.iter().any(|side| name.ends_with(side.suffix()))
}

/// Why such a name cannot be told to a function.
pub(super) fn reads_like_sided(name: &str) -> String {
    format!("the name `{name}` reads like that of a gate on one side")
}
