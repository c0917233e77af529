//! Server-sent events from a stream of bytes.

use super::MESSAGE_BYTES;

/// An event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SseEvent {
    /// Its name; `message` when the server gave none.
    pub(super) name: String,
    /// Its data, lines joined by line feeds.
    pub(super) data: String,
}

/// Splits bytes into events. Comments, `id` and `retry` are skipped: where to go on is said by the pull itself.
#[derive(Debug, Default)]
pub(super) struct SseParser {
    buffer: Vec<u8>,
    /// Bytes of `buffer` known to hold no line end.
    scanned: usize,
    name: String,
    data: Option<String>,
}

/// The stream is not one of server-sent events within bounds.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of more than {MESSAGE_BYTES} bytes, or not UTF-8")]
pub(super) struct SseError;

impl SseParser {
    /// Takes bytes and gives the events they complete.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<SseEvent>, SseError> {
        self.buffer.extend_from_slice(bytes);
        let held = self.buffer.len() + self.data.as_ref().map_or(0, String::len);
        if held > MESSAGE_BYTES {
            return Err(SseError);
        }
        let mut events = Vec::new();
        let mut start = 0;
        while let Some(length) = self.buffer[self.scanned.max(start)..].iter().position(|byte| *byte == b'\n') {
            let end = self.scanned.max(start) + length;
            let line = std::str::from_utf8(&self.buffer[start..end]).map_err(|_| SseError)?;
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                if let Some(data) = self.data.take() {
                    let name = std::mem::take(&mut self.name);
                    let name = if name.is_empty() { "message".to_owned() } else { name };
                    events.push(SseEvent { name, data });
                }
                self.name.clear();
            } else {
                let (field, value) = line.split_once(':').unwrap_or((line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value);
                match field {
                    "event" => value.clone_into(&mut self.name),
                    "data" => match &mut self.data {
                        Some(data) => {
                            data.push('\n');
                            data.push_str(value);
                        }
                        None => self.data = Some(value.to_owned()),
                    },
                    _ => {}
                }
            }
            start = end + 1;
            self.scanned = start;
        }
        self.buffer.drain(..start);
        self.scanned = self.buffer.len();
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> SseEvent {
        SseEvent { name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn events_come_out_whole_however_the_bytes_are_cut() {
        let text =
            ": hello\r\nid: 1\nevent: delta\ndata: {\"a\":\ndata: \"ä\"}\r\n\r\nretry: 5\n\ndata:x\n\nevent: lost\n\n";
        let expected = vec![event("delta", "{\"a\":\n\"ä\"}"), event("message", "x")];
        for step in 1..text.len() {
            let mut parser = SseParser::default();
            let events: Vec<_> = text.as_bytes().chunks(step).flat_map(|bytes| parser.feed(bytes).unwrap()).collect();
            assert_eq!(events, expected, "cut every {step} bytes");
        }
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut parser = SseParser::default();
        let piece = vec![b'x'; MESSAGE_BYTES / 2];
        assert_eq!(parser.feed(&piece), Ok(vec![]));
        assert_eq!(parser.feed(&piece), Ok(vec![]));
        assert_eq!(parser.feed(b"x"), Err(SseError));
    }
}
