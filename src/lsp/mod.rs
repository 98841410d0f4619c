//! The language server: [`crate::ide`]'s answers over the Language Server Protocol 3.18.
//!
//! One thread reads messages and answers them in order; another one analyses whole scripts and plans their queries once
//! nobody has typed for a moment ([`background`]).
//!
//! Architecture invariant: no SQL here, and nothing is read or written but the connection: settings come through
//! [`Files`].

mod background;
mod capabilities;
mod client;
mod convert;
mod dispatch;
mod handlers;
mod open;
mod own;
mod server;
mod workspace;

pub use server::serve;
pub use workspace::{Files, Unusable};
