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
    /// How many characters start before each block of [`BLOCK`] bytes: a long line is not counted anew for
    /// each place on it.
    characters: Vec<u32>,
}

const BLOCK: usize = 256;

fn characters(bytes: &[u8]) -> u32 {
    let starts = |byte: &&u8| **byte & 0xc0 != 0x80;
    bytes.iter().filter(starts).count() as u32
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
        let mut count = 0;
        let blocks = bytes.chunks(BLOCK).map(|block| {
            let before = count;
            count += self::characters(block);
            before
        });
        let characters = blocks.collect();
        Self { starts, characters }
    }

    /// 0-based line of a byte offset.
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|s| *s <= offset) - 1
    }

    /// Byte offset at which the 0-based line starts.
    pub fn line_start(&self, line: usize) -> u32 {
        self.starts[line]
    }

    /// `text` is the one that the index was made of.
    pub fn line_col(&self, text: &str, offset: u32) -> LineCol {
        let line = self.line(offset);
        let before = self.before(text, offset) - self.before(text, self.starts[line]);
        LineCol {
            line: line as u32 + 1,
            column: before + 1,
        }
    }

    /// The number of characters before a byte offset.
    fn before(&self, text: &str, offset: u32) -> u32 {
        let offset = offset as usize;
        let Some(block) = offset.checked_sub(1).map(|last| last / BLOCK) else {
            return 0;
        };
        self.characters[block] + characters(&text.as_bytes()[block * BLOCK..offset])
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

    #[test]
    fn columns_of_a_long_line() {
        for filler in ["a", "é", "表", "🙂"] {
            let text = format!("x\n{}", filler.repeat(600));
            let index = LineIndex::new(&text);
            for (n, (at, _)) in text.char_indices().skip(2).enumerate() {
                let LineCol { line, column } = index.line_col(&text, at as u32);
                assert_eq!((line, column as usize), (2, n + 1));
            }
            let end = index.line_col(&text, text.len() as u32);
            assert_eq!((end.line, end.column), (2, 601));
        }
    }
}
