use serde::Serialize;

/// A position for people and editors: both numbers are 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LineCol {
    pub line: u32,
    /// In characters (Unicode scalar values), not bytes.
    pub column: u32,
}

/// Finds the line of a byte offset. Lines end with `\n`, `\r\n` or a lone `\r`, as in Flink.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, b) in bytes.iter().enumerate() {
            if *b == b'\n' || (*b == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                starts.push(i as u32 + 1);
            }
        }
        Self { starts }
    }

    /// 0-based line of a byte offset.
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|s| *s <= offset) - 1
    }

    /// Byte offset at which the 0-based line starts.
    pub fn line_start(&self, line: usize) -> u32 {
        self.starts[line]
    }

    pub fn line_col(&self, text: &str, offset: u32) -> LineCol {
        let line = self.line(offset);
        let before = &text[self.starts[line] as usize..offset as usize];
        LineCol {
            line: line as u32 + 1,
            column: before.chars().count() as u32 + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end() {
        let text = "a\r\né表🙂x\rb\n";
        let index = LineIndex::new(text);
        let at = |needle: &str| {
            let LineCol { line, column } = index.line_col(text, text.find(needle).unwrap() as u32);
            (line, column)
        };
        assert_eq!([at("a"), at("x"), at("b")], [(1, 1), (2, 4), (3, 1)]);
        assert_eq!(index.line(text.len() as u32), 3);
    }
}
