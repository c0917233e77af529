//! What people type: trimmed, bounded, and free of NUL, which Postgres cannot store.

use satchel_protocol::Rejection;

/// A text that must be there: trimmed, not empty, at most `max_chars` long.
///
/// `what` is the reason's stem (`job.title` gives `job.title_empty`), `label` how a person calls the field.
pub fn required(what: &str, label: &str, text: &str, max_chars: usize) -> Result<String, Rejection> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Rejection::bad_request(&format!("{what}_empty"), format!("Please enter {label}.")));
    }
    checked(what, label, text, max_chars)
}

/// A text that may be left out or empty; empty is none.
pub fn optional(what: &str, label: &str, text: Option<&str>, max_chars: usize) -> Result<Option<String>, Rejection> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => checked(what, label, text, max_chars).map(Some),
    }
}

/// A text that may be empty.
pub fn checked(what: &str, label: &str, text: &str, max_chars: usize) -> Result<String, Rejection> {
    if text.contains('\0') {
        let message = format!("There is a character in {label} that cannot be stored. Please type it again.");
        return Err(Rejection::bad_request(&format!("{what}_nul"), message));
    }
    // Bytes bound characters from above, so most texts need no counting.
    if text.len() > max_chars && text.chars().count() > max_chars {
        let message = format!("Please shorten {label} to at most {max_chars} characters.");
        return Err(Rejection::bad_request(&format!("{what}_too_long"), message));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(required("job.title", "a title", "  Leak \n", 4).unwrap(), "Leak");
        assert_eq!(required("job.title", "a title", "éééé", 4).unwrap(), "éééé", "characters count, not bytes");
        let reason = |text| required("job.title", "a title", text, 4).unwrap_err().reason;
        assert_eq!(reason(" \t"), "job.title_empty");
        assert_eq!(reason("Leaks"), "job.title_too_long");
        assert_eq!(reason("a\0b"), "job.title_nul");
        assert_eq!(optional("job.number", "the number", Some("  "), 4).unwrap(), None);
    }
}
