//! Answers to what an editor asks about a script that is being written.
//!
//! A [`Document`] is a text cut into [`Piece`]s, one a statement. An edit cuts only those anew that it touches, and only
//! what hangs together with them is analysed again ([`Document::component`]); the whole script follows in the background.
//!
//! Architecture invariant: nothing here knows the Language Server Protocol, opens a file or waits for anything. Places are
//! byte ranges of the document.

mod actions;
mod checks;
mod completion;
mod document;
mod fold;
mod hover;
mod names;
mod piece;
mod scope;
mod selection;
mod slice;
mod summary;
mod surroundings;
mod symbols;
mod tokens;
mod view;
mod words;

pub use actions::{Action, ActionKind, actions, fix_all};
pub use checks::{Findings, Proof, prove};
pub use completion::{Completion, CompletionKind, completions, without_stops};
pub use document::{Changed, Document};
pub use fold::{Fold, FoldKind, folds};
pub use hover::{Hover, hover};
pub use names::{Declaration, Place, definition, nameable, references, rename};
pub use piece::{Piece, PieceKind};
pub use selection::around;
pub use slice::Slice;
pub use summary::{Hint, Summary, whole};
pub use surroundings::Surroundings;
pub use symbols::{Symbol, SymbolKind, symbols};
pub use tokens::{TOKEN_CLASSES, TokenClass, classified};
pub use view::View;
pub use words::{is_unused, message};

#[cfg(test)]
mod tests;
