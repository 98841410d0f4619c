use serde::Serialize;

/// A position for people and editors: both numbers are 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LineCol {
    pub line: u32,
    /// In characters (Unicode scalar values), not bytes.
    pub column: u32,
}

/// What editors count the columns of a line in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units: two for a character beyond U+FFFF.
    Utf16,
}

/// A position for editors: both numbers are 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    /// In the units of an [`Encoding`].
    pub character: u32,
}

/// Finds the line of a byte offset. Lines end with `\n`, `\r\n` or a lone `\r`, as in Flink.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters start before each block of [`BLOCK`] bytes: a long line is not counted anew for
    /// each place on it.
    characters: Vec<u32>,
    /// How many of them are beyond U+FFFF.
    beyond: Vec<u32>,
}

const BLOCK: usize = 256;

fn characters(bytes: &[u8]) -> u32 {
    let starts = |byte: &&u8| **byte & 0xc0 != 0x80;
    bytes.iter().filter(starts).count() as u32
}

/// Characters beyond U+FFFF: those of four bytes.
fn beyond(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte >= 0xf0).count() as u32
}

/// For each block, what is counted in those before it.
fn running(bytes: &[u8], count: impl Fn(&[u8]) -> u32) -> Vec<u32> {
    let mut sum = 0;
    let blocks = bytes.chunks(BLOCK).map(|block| {
        let before = sum;
        sum += count(block);
        before
    });
    blocks.collect()
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for i in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[i] == b'\n' || bytes.get(i + 1) != Some(&b'\n') {
                starts.push(i as u32 + 1);
            }
        }
        Self {
            starts,
            characters: running(bytes, characters),
            beyond: running(bytes, beyond),
        }
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

    /// Where an editor sees a byte offset.
    pub fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let line = self.line(offset);
        let start = self.starts[line];
        let character = match encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => {
                let units = |at| self.before(text, at) + self.beyond(text, at);
                units(offset) - units(start)
            }
        };
        Position {
            line: line as u32,
            character,
        }
    }

    /// The byte offset of an editor's position. Beyond the end of a line it is that end, beyond the last line the end of
    /// the text, within a character its start: as the Language Server Protocol has it.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line) else {
            return text.len() as u32;
        };
        let end = self
            .starts
            .get(line + 1)
            .map_or(text.len(), |e| *e as usize);
        let line = text[*start as usize..end].trim_end_matches(['\r', '\n']);
        let mut units = 0;
        for (at, c) in line.char_indices() {
            let next = match encoding {
                Encoding::Utf8 => units + c.len_utf8() as u32,
                Encoding::Utf16 => units + c.len_utf16() as u32,
            };
            if next > position.character {
                return start + at as u32;
            }
            units = next;
        }
        start + line.len() as u32
    }

    /// The number of characters before a byte offset.
    fn before(&self, text: &str, offset: u32) -> u32 {
        counted(text, offset, &self.characters, characters)
    }

    /// Likewise of those beyond U+FFFF.
    fn beyond(&self, text: &str, offset: u32) -> u32 {
        counted(text, offset, &self.beyond, beyond)
    }
}

fn counted(text: &str, offset: u32, sums: &[u32], count: impl Fn(&[u8]) -> u32) -> u32 {
    let offset = offset as usize;
    let Some(block) = offset.checked_sub(1).map(|last| last / BLOCK) else {
        return 0;
    };
    sums[block] + count(&text.as_bytes()[block * BLOCK..offset])
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

    #[test]
    fn positions_of_editors() {
        let text = "a\r\né表🙂x\rb\n";
        let index = LineIndex::new(text);
        let at = |needle: &str| text.find(needle).unwrap() as u32;
        for (encoding, column) in [(Encoding::Utf8, 9), (Encoding::Utf16, 4)] {
            let x = index.position(text, at("x"), encoding);
            assert_eq!((x.line, x.character), (1, column));
            for (offset, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                let position = index.position(text, offset as u32, encoding);
                assert_eq!(index.offset(text, position, encoding), offset as u32);
            }
            let offset =
                |line, character| index.offset(text, Position { line, character }, encoding);
            assert_eq!(offset(0, 99), 1, "the end of the line, before what ends it");
            assert_eq!(offset(9, 0), text.len() as u32);
        }
        let within = Position {
            line: 1,
            character: 3,
        };
        assert_eq!(index.offset(text, within, Encoding::Utf16), at("🙂"));
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let long = format!("x\n{}", "🙂".repeat(600));
            let index = LineIndex::new(&long);
            for (n, (at, _)) in long.char_indices().skip(2).enumerate() {
                let units = if encoding == Encoding::Utf8 { 4 } else { 2 };
                let position = index.position(&long, at as u32, encoding);
                assert_eq!((position.line, position.character as usize), (1, n * units));
            }
        }
    }
}
