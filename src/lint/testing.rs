//! What the tests of the rules share: a script in, what the rule says of it out.

use super::{Rule, fix, rules};
use crate::config::{FlinkVersion, LintSettings, Settings};
use crate::diagnostic::Applicability;
use crate::report::human::Source;

/// Settings with which one rule runs.
pub fn only(rule: &Rule) -> Settings {
    Settings {
        // What only the plan of a query shows is said without any rule; rules of stages may need it.
        validate: matches!(rule.finding.check, super::Check::Stage),
        lint: LintSettings {
            select: match rule.finding.check {
                super::Check::Script(_) => vec![rule.name().to_owned()],
                super::Check::Stage => Vec::new(),
            },
            ..LintSettings::default()
        },
        ..Settings::default()
    }
}

fn named(name: &str) -> &'static Rule {
    rules::by_name(name).expect("the rule is in the list")
}

/// Settings with which the examples of a rule are true.
pub fn for_examples(rule: &Rule) -> Settings {
    let written = Settings::from_toml(&rule.example_configuration());
    let written = written.unwrap_or_else(|why| panic!("{}: {why:#?}", rule.name()));
    let Settings { validate, lint, .. } = only(rule);
    Settings {
        validate,
        lint,
        ..written
    }
}

/// What a rule says, as a user sees it; nothing else may be said but errors.
pub fn says(name: &str, text: &str) -> String {
    says_with(name, text, &only(named(name)))
}

pub fn says_for(version: FlinkVersion, name: &str, text: &str) -> String {
    let settings = Settings {
        flink: version,
        ..only(named(name))
    };
    says_with(name, text, &settings)
}

/// With settings made from [`only`].
pub fn says_with(name: &str, text: &str, settings: &Settings) -> String {
    let found = crate::check(text, settings)
        .into_iter()
        .filter(|d| d.name == name);
    let source = Source::new("job.sql", text);
    found
        .map(|d| source.plain(&d))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Each script is fine as far as the rule goes.
pub fn silent(name: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(says(name, text), "", "in\n{text}");
    }
}

/// The script after the rule's fixes, unsafe ones too. What comes out has no more syntax errors than what went in, and the
/// rule says nothing of it any more.
pub fn fixed(name: &str, text: &str) -> String {
    fixed_with(name, text, &only(named(name)))
}

pub fn fixed_with(name: &str, text: &str, settings: &Settings) -> String {
    let before = crate::parser::parse(text, settings.flink).1;
    let check = |text: &str| {
        let mut found = crate::check(text, settings);
        found.retain(|d| d.name == name);
        found
    };
    let done = fix(text, Applicability::Unsafe, check);
    assert!(done.applied.contains_key(name), "no fix in\n{text}");
    let after = crate::parser::parse(&done.text, settings.flink).1;
    assert!(after.len() <= before.len(), "{after:#?}\nin\n{}", done.text);
    assert!(done.left.is_empty(), "{:#?}\nin\n{}", done.left, done.text);
    done.text
}
