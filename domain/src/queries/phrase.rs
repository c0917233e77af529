//! What somebody types into a search field.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// Characters of the longest phrase.
pub const PHRASE_CHARS: usize = 200;
/// Words of the longest phrase.
const PHRASE_WORDS: usize = 8;

/// One to eight words, of which beginnings suffice: `smi fur` finds Smith's furnace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phrase(String);

impl Phrase {
    /// Takes a text that has something to search for.
    pub fn new(text: &str) -> Option<Self> {
        // As `satchel.search_words` divides it.
        let words = text.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty()).count();
        let fits = text.chars().count() <= PHRASE_CHARS && (1..=PHRASE_WORDS).contains(&words);
        fits.then(|| Self(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Phrase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| D::Error::custom("a phrase of one to eight words"))
    }
}

impl JsonSchema for Phrase {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Phrase".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": PHRASE_CHARS })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_has_words() {
        assert!(Phrase::new("smi fur").is_some() && Phrase::new("Ä").is_some());
        assert!(Phrase::new(" -.,").is_none() && Phrase::new("").is_none());
        assert!(Phrase::new("a b c d e f g h i").is_none());
        assert!(Phrase::new(&"x".repeat(PHRASE_CHARS + 1)).is_none());
    }
}
