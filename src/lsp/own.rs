//! Names that are tidegate's own in the protocol.

/// Documents with the rewritten text of a script.
pub const REWRITTEN: &str = "tidegate-rewritten";
/// Documents with the documentation of a rule.
pub const RULE: &str = "tidegate-rule";

/// The command that answers with a rewritten script.
pub const GET_REWRITTEN: &str = "tidegate.rewritten";
/// Commands that an editor carries out itself, if it says so; both take the URI of a script.
pub const SHOW_REWRITTEN: &str = "tidegate.showRewritten";
pub const DIFF_REWRITTEN: &str = "tidegate.diffRewritten";

/// Everything safe in one go, for `editor.codeActionsOnSave`.
pub const FIX_ALL: &str = "source.fixAll.tidegate";
