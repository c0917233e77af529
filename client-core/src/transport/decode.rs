//! From text to what the engine looks at. The page inside a delta stays text: the replica decodes it, once.

use std::{borrow::Cow, collections::BTreeMap};

use satchel_protocol::{ShapeError, wire::ServerMessage};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::engine::{Failure, Inbound, PageText};

/// Decodes a WebSocket message.
///
/// # Errors
/// When it has not the shape of any message.
pub fn message(text: &str) -> Result<Inbound, ShapeError> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> =
        serde_json::from_str(text).map_err(|_| ShapeError::new("message", "a JSON object with one member"))?;
    match members.get("delta") {
        Some(page) if members.len() == 1 => Ok(Inbound::Delta(PageText(page.get().into()))),
        _ => Ok(match ServerMessage::decode(text)? {
            ServerMessage::Pushed(response) => Inbound::Pushed(response),
            ServerMessage::Heartbeat(beat) => Inbound::Heartbeat(beat),
            ServerMessage::Error(error) => Inbound::Error(error),
            ServerMessage::Delta(_) | ServerMessage::Unknown => Inbound::Unknown,
        }),
    }
}

/// Decodes a server-sent event.
pub(super) fn event(name: &str, data: String) -> Result<Inbound, ShapeError> {
    Ok(match name {
        "delta" => Inbound::Delta(PageText(data.into())),
        "pushed" => Inbound::Pushed(body(name, &data)?),
        "heartbeat" => Inbound::Heartbeat(body(name, &data)?),
        "error" => Inbound::Error(body(name, &data)?),
        _ => Inbound::Unknown,
    })
}

fn body<T: DeserializeOwned>(name: &str, data: &str) -> Result<T, ShapeError> {
    serde_json::from_str(data).map_err(|error| {
        ShapeError::new("message", format!("the fields of `{name}` (line {}, column {})", error.line(), error.column()))
    })
}

/// What a message that makes no sense means for the connection.
pub(super) fn nonsense(error: &ShapeError) -> Failure {
    Failure::network(format!("The server sent something this app does not understand ({error})."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_text() {
        let page = message(r#"{"delta":{"cursor":"c","tables":[]}}"#).unwrap();
        assert_eq!(page, Inbound::Delta(PageText(r#"{"cursor":"c","tables":[]}"#.into())));
        assert_eq!(event("delta", "{}".to_owned()).unwrap(), Inbound::Delta(PageText("{}".into())));
    }

    #[test]
    fn messages_of_the_future_are_tolerated_and_broken_ones_are_not() {
        assert_eq!(message(r#"{"confetti":{}}"#).unwrap(), Inbound::Unknown);
        assert_eq!(event("confetti", "x".to_owned()).unwrap(), Inbound::Unknown);
        assert!(message("[]").is_err());
        assert!(message(r#"{"pushed":{"verdicts":7}}"#).is_err());
        assert!(event("heartbeat", "7".to_owned()).is_err());
    }
}
