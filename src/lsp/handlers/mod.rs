//! One file a request: parameters to places, answers of [`crate::ide`] to the protocol's types.

pub mod code_action;
pub mod code_lens;
pub mod completion;
pub mod diagnostics;
pub mod folding_range;
pub mod hover;
pub mod inlay_hint;
pub mod names;
pub mod rewritten;
pub mod selection_range;
pub mod semantic_tokens;
pub mod symbols;
