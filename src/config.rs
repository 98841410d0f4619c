//! `tidegate.toml` and what the command line adds to it, as settings.

use std::collections::BTreeMap;

/// A release line of Flink. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FlinkVersion {
    V1_20,
    V2_0,
    V2_1,
    V2_2,
    #[default]
    V2_3,
}

/// Which of the two deployments the script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Runs alone: its gates stand and are open.
    #[default]
    First,
    /// Emits event times below the cutover.
    Outgoing { cutover: Cutover },
    /// Emits event times from the cutover on.
    Incoming { cutover: Cutover },
}

/// The cutover T in epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cutover(pub i64);

#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub flink: FlinkVersion,
    pub role: Role,
    pub watermark: WatermarkSettings,
    /// Per table, by the name as the script writes it or by its last part.
    pub tables: BTreeMap<String, TableSettings>,
    /// Plan original and rewritten with DataFusion before anything is printed.
    pub validate: bool,
}

#[derive(Debug, Clone, Default)]
pub struct WatermarkSettings {
    /// Milliseconds.
    pub delay_ms: u64,
}

#[derive(Debug, Clone, Default)]
pub struct TableSettings {
    pub column: Option<String>,
}
