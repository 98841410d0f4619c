//! A unified diff.

use super::mask::Masked;
use similar::TextDiff;

/// The difference of two texts with three lines of context; empty if there is none.
///
/// Secrets are masked, also in context lines: it is to be read, and applies only where it holds none.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let (before, after) = (Masked::new(before).text, Masked::new(after).text);
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(3)
        .header(name, name)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_with_context() {
        let before = "a\nb\n'password' = 'hunter2'\nc\n";
        let after = "a\nb\n'password' = 'hunter2'\nx\nc\n";
        insta::assert_snapshot!(unified("job.sql", before, after), @r#"
        --- job.sql
        +++ job.sql
        @@ -1,4 +1,5 @@
         a
         b
         'password' = '*******'
        +x
         c
        "#);
    }

    #[test]
    fn no_difference_is_no_diff() {
        assert_eq!(unified("job.sql", "a\n", "a\n"), "");
    }
}
