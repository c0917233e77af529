//! Lines from a script, bounded.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// Bytes one command may have.
pub const COMMAND_BYTES: usize = 1024 * 1024;

/// A line, or what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A line of text.
    Text(String),
    /// It had more than [`COMMAND_BYTES`].
    TooLong,
    /// It was not UTF-8.
    NotText,
}

/// The next line; none at the end of the input. A line that is too long is read to its end and dropped.
pub async fn next(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Line>> {
    let mut line = Vec::new();
    let limit = COMMAND_BYTES as u64 + 1;
    if input.take(limit).read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") {
        line.pop();
    } else if line.len() > COMMAND_BYTES {
        skip_line(input).await?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(String::from_utf8(line).map_or(Line::NotText, Line::Text)))
}

async fn skip_line(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf().await?;
        if buffer.is_empty() {
            return Ok(());
        }
        if let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
            input.consume(end + 1);
            return Ok(());
        }
        let used = buffer.len();
        input.consume(used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_bounded_and_the_next_one_is_still_read() {
        let mut input = b"first\n\xff\xfe\n".to_vec();
        input.extend(vec![b'x'; 3 * COMMAND_BYTES]);
        input.extend(b"\n");
        input.extend(vec![b'y'; COMMAND_BYTES]);
        input.extend(b"\nlast without an end");
        let mut input = tokio::io::BufReader::new(input.as_slice());
        let mut seen = Vec::new();
        while let Some(line) = next(&mut input).await.unwrap() {
            seen.push(match line {
                Line::Text(text) if text.len() > 100 => "long".to_owned(),
                Line::Text(text) => text,
                other => format!("{other:?}"),
            });
        }
        assert_eq!(seen, ["first", "NotText", "TooLong", "long", "last without an end"]);
    }
}
