/// Text as XML 1.0 takes it.
pub fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            xml("a<b> & \"c\" 'é'\u{1}\u{ffff}"),
            "a&lt;b&gt; &amp; &quot;c&quot; &#39;é&#39; \u{fffd}"
        );
    }
}
