//! Tells findings apart and knows them again in the next run.

use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// No more of a place is looked at, in characters.
const LONGEST: usize = 1024;

/// The fingerprints of one file, in the order of its findings.
///
/// One is made from the file's name, the rule's name, the text of the place and how many of the same came before
/// it. Neither line numbers nor messages have a part in it. In the text blanks are folded to one and so are
/// stars: how long a masked secret is does not show, and another password is the same finding.
pub struct Fingerprints {
    file: String,
    seen: HashMap<(&'static str, String), u32>,
}

impl Fingerprints {
    pub fn new(file: &str) -> Fingerprints {
        let mut file = file;
        while let Some(rest) = file.strip_prefix("./") {
            file = rest;
        }
        Fingerprints {
            file: file.to_owned(),
            seen: HashMap::new(),
        }
    }

    /// `place` is the text that the finding is about, masked. 32 hexadecimal digits.
    pub fn next(&mut self, rule: &'static str, place: &str) -> String {
        let place = folded(place);
        let count = self.seen.entry((rule, place.clone())).or_default();
        let index = count.to_string();
        *count += 1;
        let mut hash = Sha256::new();
        // No part but the last can hold a NUL.
        for part in [&self.file, rule, &index, &place] {
            hash.update(part);
            hash.update([0]);
        }
        let hash = hash.finalize();
        hash[..16].iter().map(|b| format!("{b:02x}")).collect()
    }
}

fn folded(text: &str) -> String {
    let mut out = String::new();
    let mut last = ' ';
    for c in text.chars().take(LONGEST) {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != last || !matches!(c, ' ' | '*') {
            out.push(c);
        }
        last = c;
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::report::FileReport;
    use crate::report::finding::Checked;
    use crate::text::Span;

    /// The fingerprints of a rule that reports each `x1`, `x2` … of a text, and its end.
    fn of(name: &str, text: &str) -> Vec<String> {
        let mut diagnostics: Vec<Diagnostic> = text
            .match_indices('x')
            .map(|(at, _)| Span::new(at as u32, at as u32 + 2))
            .map(|span| Diagnostic::error("rule", span, "found"))
            .collect();
        let end = Span::at(text.len() as u32);
        diagnostics.push(Diagnostic::error("rule", end, "end"));
        let file = FileReport {
            name,
            text,
            diagnostics: &diagnostics,
        };
        let findings = Checked::new(&file, &|_| None).findings;
        findings.into_iter().map(|f| f.fingerprint).collect()
    }

    #[test]
    fn lines_above_and_blanks_do_not_change_it() {
        let before = of("a.sql", "x1 x2\nx1 last");
        assert_eq!(of("a.sql", "\n-- new\n\nx1\n  x2\n\nx1 last"), before);
        assert_eq!(of("./a.sql", "x1 x2\r\nx1 last"), before);
    }

    #[test]
    fn no_two_are_the_same() {
        let mut all = of("a.sql", "x1 x1 x2 x1 last");
        all.extend(of("b.sql", "x1 x1 x2 x1 last"));
        let known = all.clone();
        all.sort();
        all.dedup();
        assert_eq!((known.len(), all.len()), (10, 10));
        assert!(all.iter().all(|f| f.len() == 32));
    }

    #[test]
    fn one_that_is_mended_leaves_the_others_as_they_were() {
        let before = of("a.sql", "x1 x2 x3 last");
        let after = of("a.sql", "x1 x3 last");
        assert_eq!(after[..2], [before[0].clone(), before[2].clone()]);
    }

    /// It is written into files of reports: whoever changes how it is made tells all users that theirs are new.
    #[test]
    fn it_stays_from_one_version_to_the_next() {
        insta::assert_snapshot!(of("a.sql", "x1")[0], @"2268bd0d40e12089694ef929ac3bae27");
    }

    #[test]
    fn another_secret_is_the_same_finding() {
        let of = |secret: &str| {
            let text = format!("'password' = '{secret}'");
            let diagnostic = Diagnostic::error("rule", Span::new(0, text.len() as u32), "m");
            let file = FileReport {
                name: "a.sql",
                text: &text,
                diagnostics: &[diagnostic],
            };
            Checked::new(&file, &|_| None).findings[0]
                .fingerprint
                .clone()
        };
        assert_eq!(of("hunter2"), of("correct horse"));
    }
}
