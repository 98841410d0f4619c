use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::text::EditSet;
use std::collections::BTreeMap;

/// Fixes may uncover others; a script that is not done after so many rounds has two that undo each other.
const MAX_ROUNDS: usize = 16;

/// A script after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    /// How many fixes of each rule or other diagnostic were applied.
    pub applied: BTreeMap<&'static str, usize>,
    /// What is still to be said, of the new text.
    pub left: Vec<Diagnostic>,
}

/// Applies the fixes that are at least so trustworthy, round after round until there are none left. Of two that touch the
/// same place the first one goes, and the other one may come in the next round.
pub fn fix(text: &str, least: Applicability, check: impl Fn(&str) -> Vec<Diagnostic>) -> Fixed {
    let mut done = Fixed {
        text: text.to_owned(),
        applied: BTreeMap::new(),
        left: check(text),
    };
    for _ in 0..MAX_ROUNDS {
        let (edits, names) = round(&done.left, least);
        let Ok((text, _)) = edits.apply(&done.text) else {
            break;
        };
        if names.is_empty() || text == done.text {
            break;
        }
        for name in names {
            *done.applied.entry(name).or_default() += 1;
        }
        done.left = check(&text);
        done.text = text;
    }
    done
}

/// The fixes of one round, as far as they keep out of each other's way.
fn round(diagnostics: &[Diagnostic], least: Applicability) -> (EditSet, Vec<&'static str>) {
    let fits = |fix: &&Fix| fix.applicability >= least && !fix.edits.is_empty();
    let fixes = diagnostics
        .iter()
        .filter_map(|d| Some((d.name, d.fix.as_ref().filter(fits)?)));
    let mut fixes: Vec<(&'static str, &Fix)> = fixes.collect();
    let place = |fix: &Fix| fix.edits.iter().map(|e| (e.span.start, e.span.end)).min();
    fixes.sort_by_key(|(_, fix)| place(fix));
    let (mut edits, mut names) = (Vec::new(), Vec::new());
    // Up to where the text is spoken for.
    let mut taken = None;
    for (name, fix) in fixes {
        let (Some((start, _)), Some(end)) =
            (place(fix), fix.edits.iter().map(|e| e.span.end).max())
        else {
            continue;
        };
        if taken.is_some_and(|taken| start <= taken) {
            continue;
        }
        taken = Some(end);
        edits.extend(fix.edits.iter().cloned());
        names.push(name);
    }
    (EditSet::new(edits).unwrap_or_default(), names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Edit, Span};

    /// Finds each letter of `letters` and would write it in upper case.
    fn letters(text: &str, letters: &str) -> Vec<Diagnostic> {
        let found = text.char_indices().filter(|(_, c)| letters.contains(*c));
        let diagnostics = found.map(|(at, c)| {
            let span = Span::new(at as u32, at as u32 + 1);
            Diagnostic::warning("lower", span, "m").fix(Fix {
                title: "write it large".to_owned(),
                edits: vec![Edit::replace(span, c.to_ascii_uppercase().to_string())],
                applicability: if c == 'u' {
                    Applicability::Unsafe
                } else {
                    Applicability::Safe
                },
            })
        });
        diagnostics.collect()
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let done = fix("abcu", Applicability::Safe, |text| letters(text, "abu"));
        assert_eq!(
            (done.text.as_str(), done.applied["lower"], done.left.len()),
            ("ABcu", 2, 1)
        );
        let done = fix("abcu", Applicability::Unsafe, |text| letters(text, "abu"));
        assert_eq!((done.text.as_str(), done.left.len()), ("ABcU", 0));
    }

    #[test]
    fn two_that_undo_each_other_come_to_an_end() {
        let flip = |text: &str| {
            let other = if text == "x" { "y" } else { "x" };
            let fix = Fix {
                title: String::new(),
                edits: vec![Edit::replace(Span::new(0, 1), other)],
                applicability: Applicability::Safe,
            };
            vec![Diagnostic::warning("flip", Span::at(0), "m").fix(fix)]
        };
        assert_eq!(
            fix("x", Applicability::Safe, flip).applied["flip"],
            MAX_ROUNDS
        );
    }
}
