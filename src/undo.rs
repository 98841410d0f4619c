//! The way back from a rewritten script to its original: a source map that stands beside the script.
//!
//! The map is JSON. Its edits are on the bytes of the written script, and each brings back the bytes
//! that it replaced:
//!
//! ```json
//! {
//!   "version": 1,
//!   "tidegate": "0.1.0",
//!   "original-sha256": "…",
//!   "written-sha256": "…",
//!   "edits": [{ "start": 82, "end": 131, "original": "" }]
//! }
//! ```
//!
//! Both hashes are of whole files, a byte order mark included. A map is of use for the very bytes that
//! it was made for and for no others: anything else is an [`UndoError`], never a guess.

use crate::text::{Edit, EditError, EditSet, Span};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The version of the map's format. A change of the format is a new version.
const VERSION: u64 = 1;

/// The edits that lead from a written script back to its original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoMap {
    /// SHA-256, in hexadecimal.
    original: String,
    written: String,
    /// On the written script.
    edits: EditSet,
}

/// Why a script cannot be undone. Nothing of the script or of the map's edits is in the messages.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UndoError {
    /// 1-based.
    #[error("the source map is malformed at line {line}, column {column}")]
    Malformed { line: usize, column: usize },
    #[error(
        "the source map is of format {version}, written by tidegate {tidegate}; this tidegate reads \
         format {VERSION}"
    )]
    Version { version: u64, tidegate: String },
    #[error("the script is the original already")]
    Original,
    #[error("the script was changed since the source map was written")]
    Stale,
    #[error("the edits of the source map do not fit the script: {0}")]
    Edits(#[from] EditError),
    #[error("the edits of the source map do not give the original: the map was changed")]
    Changed,
}

/// As in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    version: u64,
    /// Of the tool that wrote the map.
    tidegate: String,
    original_sha256: String,
    written_sha256: String,
    edits: Vec<FileEdit>,
}

/// Bytes `start..end` of the written script, 0-based, stand where `original` stood.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEdit {
    start: u32,
    end: u32,
    original: String,
}

/// What every version of the format has.
#[derive(Deserialize)]
struct Head {
    version: u64,
    #[serde(default)]
    tidegate: String,
}

impl UndoMap {
    /// The map for what `edits` make of `original`.
    ///
    /// # Errors
    /// If the edits do not fit the text.
    pub fn new(original: &str, edits: &EditSet) -> Result<Self, EditError> {
        let (written, _) = edits.apply(original)?;
        Ok(Self {
            original: sha256(original),
            written: sha256(&written),
            edits: edits.inverse(original)?,
        })
    }

    /// The map for what `edits` make of `written`, the script of this map: it leads back to the same
    /// original.
    ///
    /// # Errors
    /// If this map is not of `written`, or the edits do not fit it.
    pub fn then(&self, written: &str, edits: &EditSet) -> Result<Self, UndoError> {
        self.undo(written)?;
        let (rewritten, _) = edits.apply(written)?;
        Ok(Self {
            original: self.original.clone(),
            written: sha256(&rewritten),
            edits: edits.inverse(written)?.then(&self.edits)?,
        })
    }

    /// The original of `written`, byte for byte.
    ///
    /// # Errors
    /// If the map is not of `written`, or does not lead to the original that it names.
    pub fn undo(&self, written: &str) -> Result<String, UndoError> {
        let hash = sha256(written);
        if hash != self.written {
            return Err(match hash == self.original {
                true => UndoError::Original,
                false => UndoError::Stale,
            });
        }
        let (original, _) = self.edits.apply(written)?;
        match sha256(&original) == self.original {
            true => Ok(original),
            false => Err(UndoError::Changed),
        }
    }

    /// Do both maps lead to the same original?
    pub fn same_original(&self, other: &UndoMap) -> bool {
        self.original == other.original
    }

    /// The text of a map's file.
    pub fn to_json(&self) -> String {
        let edit = |edit: &Edit| FileEdit {
            start: edit.span.start,
            end: edit.span.end,
            original: edit.replacement.clone(),
        };
        let file = File {
            version: VERSION,
            tidegate: env!("CARGO_PKG_VERSION").to_owned(),
            original_sha256: self.original.clone(),
            written_sha256: self.written.clone(),
            edits: self.edits.edits().iter().map(edit).collect(),
        };
        // Strings and numbers only: this cannot fail.
        let json = serde_json::to_string_pretty(&file).unwrap_or_default();
        json + "\n"
    }

    /// # Errors
    /// If it is not the text of a map, or of one that this version does not know.
    pub fn from_json(json: &str) -> Result<Self, UndoError> {
        let head: Head = serde_json::from_str(json).map_err(malformed)?;
        if head.version != VERSION {
            // Goes to a terminal: nothing but what a version consists of.
            let plain = |c: &char| c.is_ascii_alphanumeric() || ".-+".contains(*c);
            return Err(UndoError::Version {
                version: head.version,
                tidegate: head.tidegate.chars().filter(plain).take(40).collect(),
            });
        }
        let file: File = serde_json::from_str(json).map_err(malformed)?;
        let edit = |e: FileEdit| Edit::replace(Span::new(e.start, e.end), e.original);
        Ok(Self {
            original: file.original_sha256,
            written: file.written_sha256,
            edits: EditSet::new(file.edits.into_iter().map(edit).collect())?,
        })
    }
}

/// Without serde's own words: they may quote what stands there.
fn malformed(error: serde_json::Error) -> UndoError {
    UndoError::Malformed {
        line: error.line(),
        column: error.column(),
    }
}

fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    const ORIGINAL: &str = "a b c";
    const WRITTEN: &str = "a BB c!";

    fn map() -> UndoMap {
        let edits = vec![Edit::replace(Span::new(2, 3), "BB"), Edit::insert(5, "!")];
        UndoMap::new(ORIGINAL, &EditSet::new(edits).unwrap()).unwrap()
    }

    #[test]
    fn there_and_back() {
        let json = map().to_json();
        assert_snapshot!(json.replace(env!("CARGO_PKG_VERSION"), "X.Y.Z"), @r#"
        {
          "version": 1,
          "tidegate": "X.Y.Z",
          "original-sha256": "0e9f64031fcb2bc708b531c2a20441580425d151a38503f38592a7dd36019d3b",
          "written-sha256": "60ce3c407139616689f5d88c82b0896f7c7fe568e5b9209da962a6093e297475",
          "edits": [
            {
              "start": 2,
              "end": 4,
              "original": "b"
            },
            {
              "start": 6,
              "end": 7,
              "original": ""
            }
          ]
        }
        "#);
        assert_eq!(crate::undo(WRITTEN, &json).as_deref(), Ok(ORIGINAL));
    }

    #[test]
    fn one_map_for_two_rewrites() {
        let next = EditSet::new(vec![Edit::replace(Span::new(0, 3), "")]).unwrap();
        let both = map().then(WRITTEN, &next).unwrap();
        assert_eq!(both.undo("B c!").as_deref(), Ok(ORIGINAL));
        assert!(both.same_original(&map()));
        assert_eq!(map().then("B c!", &next), Err(UndoError::Stale));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        for text in ["", "a BB c", "a bb c!", "\u{feff}a BB c!"] {
            assert_eq!(map().undo(text), Err(UndoError::Stale), "{text}");
        }
        assert_eq!(map().undo(ORIGINAL), Err(UndoError::Original));
    }

    #[test]
    fn what_was_changed_in_the_map_is_an_error() {
        let json = map().to_json();
        let mut seen = Vec::new();
        for (from, to) in [
            (&json[..], "nothing"),
            ("{", "["),
            ("\"version\": 1", "\"version\": 2"),
            ("\"version\": 1", "\"version\": -1"),
            ("\"version\": 1", "\"vision\": 1"),
            ("\"edits\"", "\"more\": 1,\n  \"edits\""),
            ("\"start\": 2", "\"start\": \"secret\""),
            ("\"start\": 2", "\"start\": 99999999999999999999"),
            ("\"start\": 2", "\"start\": 4294967295"),
            ("\"start\": 2", "\"start\": 5"),
            ("\"end\": 4", "\"end\": 7"),
            ("\"end\": 7", "\"end\": 4294967295"),
            ("\"original\": \"b\"", "\"original\": \"x\""),
            ("\"end\": 4", "\"end\": 3"),
            ("\"original-sha256\": \"", "\"original-sha256\": \"0"),
            ("\"written-sha256\": \"", "\"written-sha256\": \"0"),
        ] {
            assert!(json.contains(from), "{from}");
            let result = crate::undo(WRITTEN, &json.replacen(from, to, 1));
            let error = result.expect_err(to).to_string();
            let (from, to) = (from.lines().next(), to.replace('\n', "⏎"));
            seen.push(format!("{} -> {to}: {error}", from.unwrap_or_default()));
        }
        let seen = seen.join("\n").replace(env!("CARGO_PKG_VERSION"), "X.Y.Z");
        assert_snapshot!(seen, @r#"
        { -> nothing: the source map is malformed at line 1, column 2
        { -> [: the source map is malformed at line 2, column 11
        "version": 1 -> "version": 2: the source map is of format 2, written by tidegate X.Y.Z; this tidegate reads format 1
        "version": 1 -> "version": -1: the source map is malformed at line 2, column 15
        "version": 1 -> "vision": 1: the source map is malformed at line 18, column 1
        "edits" -> "more": 1,⏎  "edits": the source map is malformed at line 6, column 8
        "start": 2 -> "start": "secret": the source map is malformed at line 8, column 23
        "start": 2 -> "start": 99999999999999999999: the source map is malformed at line 8, column 35
        "start": 2 -> "start": 4294967295: the edits of the source map do not fit the script: the edit of bytes 4294967295..4 is outside of the text
        "start": 2 -> "start": 5: the edits of the source map do not fit the script: the edit of bytes 5..4 is outside of the text
        "end": 4 -> "end": 7: the edits of the source map do not fit the script: the edit of bytes 2..7 overlaps that of 6..7
        "end": 7 -> "end": 4294967295: the edits of the source map do not fit the script: the edit of bytes 6..4294967295 is outside of the text
        "original": "b" -> "original": "x": the edits of the source map do not give the original: the map was changed
        "end": 4 -> "end": 3: the edits of the source map do not give the original: the map was changed
        "original-sha256": " -> "original-sha256": "0: the edits of the source map do not give the original: the map was changed
        "written-sha256": " -> "written-sha256": "0: the script was changed since the source map was written
        "#);
    }

    #[test]
    fn edits_within_a_character_are_an_error() {
        let written = "é";
        let json = UndoMap::new(written, &EditSet::default())
            .unwrap()
            .to_json();
        let edit = r#""edits": [{"start": 1, "end": 2, "original": ""}]"#;
        let json = json.replace("\"edits\": []", edit);
        let inside = EditError::OutOfBounds(Span::new(1, 2));
        assert_eq!(crate::undo(written, &json), Err(UndoError::Edits(inside)));
    }
}
