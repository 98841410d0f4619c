//! The page about connectors says what the code knows.

use std::fs;
use std::path::Path;

#[test]
fn the_page_is_made_from_the_facts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/connectors.md");
    let made = tidegate::catalog::connectors::page();
    if std::env::var_os("TIDEGATE_WRITE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written.replace("\r\n", "\n") == made,
        "docs/connectors.md is not what src/catalog/connectors/ says; write it anew with\n\
         TIDEGATE_WRITE_DOCS=1 cargo test --test it the_page_is_made_from_the_facts"
    );
}
