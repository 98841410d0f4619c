//! Diagnostics and rewritten text in the forms that people read.
//!
//! Architecture invariant: no renderer sees the user's text before [`mask`] has blotted out what
//! looks like a secret, and none prints: each returns a string.

pub mod diff;
pub mod human;
pub mod mask;
